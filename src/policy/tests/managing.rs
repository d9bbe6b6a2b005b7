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

#[test]
fn a_director_looks_after_the_own_guardians_and_staff_and_nobody_else() {
    let world = World::new();
    let mandate = manage(&world.director, Some(&world.site)).unwrap();
    let charged = |account: Account, here, elsewhere| charge(mandate, Some(account), Ties { here, elsewhere });
    assert!(!charged(world.parent.clone(), true, false).unwrap().is_shared());
    assert!(charged(world.parent.clone(), true, true).unwrap().is_shared());
    let own = Some(world.site.kindergarten.id);
    assert!(!charged(account(Role::Staff, own), false, false).unwrap().is_shared());
    let strangers = [
        charged(world.parent.clone(), false, true),
        charged(world.parent.clone(), false, false),
        charged(account(Role::Staff, Some(World::new().site.kindergarten.id)), true, false),
        charged(world.director.clone(), true, false),
        charged(world.inspector.clone(), true, false),
        charged(account(Role::Operator, own), true, false),
        charge(mandate, None, Ties { here: true, elsewhere: false }),
    ];
    assert!(strangers.iter().all(|refused| matches!(refused, Err(Refusal::NotYours))));
}

#[test]
fn a_staff_member_has_the_room_of_the_own_group_and_nobody_else_has_one() {
    let mut world = World::new();
    let (here, group) = (world.site.kindergarten.id, world.site.groups[0].id);
    let staff = account(Role::Staff, Some(here));
    assert_eq!(own_room(&staff, &world.site), None);
    world.site.postings = [&staff, &world.parent, &world.director].map(|one| Posting { account: one.id, group }).to_vec();
    assert_eq!(own_room(&staff, &world.site), Some(group));
    let blocked = Account { blocked: true, ..staff.clone() };
    let elsewhere = Account { kindergarten: Some(World::new().site.kindergarten.id), ..staff.clone() };
    for nobody in [&blocked, &elsewhere, &world.parent, &world.director] {
        assert_eq!(own_room(nobody, &world.site), None);
    }
    world.site.groups.clear();
    assert_eq!(own_room(&staff, &world.site), None, "a group that is gone has no room");
}
