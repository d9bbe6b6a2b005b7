//! Who manages a kindergarten, and how a director sees its groups.

use super::*;

#[test]
fn a_director_manages_the_own_kindergarten() {
    let world = World::new();
    let mandate = manage(&world.director, Some(&world.site)).unwrap();
    assert_eq!((mandate.account(), mandate.kindergarten()), (world.director.id, world.site.kindergarten.id));
}

#[test]
fn nobody_but_a_director_manages_anything() {
    let world = World::new();
    let here = Some(world.site.kindergarten.id);
    for role in [Role::Parent, Role::Staff, Role::Inspector, Role::Operator] {
        for kindergarten in [None, here] {
            assert_eq!(manage(&account(role, kindergarten), Some(&world.site)).unwrap_err(), Refusal::NotYours, "{role}");
        }
    }
    assert_eq!(manage(&world.parent, Some(&world.site)).unwrap_err(), Refusal::NotYours);
    assert_eq!(manage(&world.inspector, Some(&world.site)).unwrap_err(), Refusal::NotYours);
}

#[test]
fn another_kindergarten_and_none_at_all_look_the_same_to_a_director() {
    let (world, other) = (World::new(), World::new());
    assert_eq!(manage(&world.director, Some(&other.site)).unwrap_err(), Refusal::NotYours);
    assert_eq!(manage(&world.director, None).unwrap_err(), Refusal::NotYours);
}

#[test]
fn a_blocked_director_manages_nothing() {
    let world = World::new();
    let blocked = Account { blocked: true, ..world.director.clone() };
    assert_eq!(manage(&blocked, Some(&world.site)).unwrap_err(), Refusal::AccountBlocked);
}

#[test]
fn a_director_sees_a_group_as_its_parents_do_at_every_moment() {
    let mut world = World::new();
    let group = world.site.groups[0].id;
    world.pause(Scope::Group(group), at(MONDAY, 10, 0), at(MONDAY, 11, 0));
    world.pause(Scope::All, at(MONDAY, 10, 30), at(MONDAY, 20, 0));
    world.pause(Scope::Group(world.site.groups[1].id), at(MONDAY, 9, 0), at(MONDAY, 10, 0));
    for minutes in (0..4 * 24 * 60).step_by(15) {
        let now = at(MONDAY, 0, 0) + SignedDuration::from_mins(minutes);
        let parents = outlook(&world.facts(&world.parent, world.room), now);
        match (standing(&world.site, group, now), parents) {
            (Standing::Open { until }, Ok(Some(parents))) => assert_eq!(until, parents, "{now}"),
            (Standing::Closed { opens_at, reason }, Err(Refusal::OutsideHours { opens_at: parents, reason: told })) => {
                assert_eq!((opens_at, reason), (parents, told.as_deref()), "{now}");
            }
            (Standing::Paused { pause, opens_at }, Err(Refusal::Paused { until, opens_at: parents, .. })) => {
                assert_eq!((pause.until, opens_at), (until, parents), "{now}");
            }
            (standing, parents) => panic!("{now}: {standing:?} is not {parents:?}"),
        }
    }
}
