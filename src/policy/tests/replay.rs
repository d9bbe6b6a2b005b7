//! Who may look at recordings.

use super::*;

/// What is answered to somebody who looks for a good reason on the Monday.
fn asked(world: &World, account: &Account, camera: CameraId) -> Result<Replay, Refusal> {
    replay(account, Some(&world.site), camera, "a fall at lunch", at(MONDAY, 10, 0))
}

#[test]
fn a_director_looks_at_recordings_only_with_a_reason() {
    let world = World::new();
    let yes = asked(&world, &world.director, world.room).unwrap();
    assert_eq!((yes.account(), yes.camera(), yes.reason()), (world.director.id, world.room, "a fall at lunch"));
    for reason in ["", "  \u{a0}"] {
        let refused = replay(&world.director, Some(&world.site), world.room, reason, at(MONDAY, 10, 0));
        assert_eq!(refused, Err(Refusal::ReasonMissing), "{reason:?}");
    }
}

#[test]
fn an_inspector_looks_between_the_days_of_the_assignment_with_or_without_a_reason() {
    let world = World::new();
    let ask = |date, hour| replay(&world.inspector, Some(&world.site), world.room, "", at(date, hour, 0));
    assert_eq!(ask(MONDAY, 3).unwrap().until(), at(date(2026, 3, 4), 0, 0));
    assert_eq!(ask(date(2026, 3, 4), 0), Err(Refusal::NotYours));
    assert_eq!(ask(date(2026, 2, 28), 23), Err(Refusal::NotYours));
}

#[test]
fn nobody_else_looks_at_a_recording_and_strangers_learn_nothing() {
    let (world, other) = (World::new(), World::new());
    assert_eq!(asked(&world, &world.parent, world.room), Err(Refusal::LiveOnly));
    assert_eq!(asked(&world, &world.parent, world.other_room), Err(Refusal::NotYours));
    assert_eq!(asked(&world, &other.director, world.room), Err(Refusal::NotYours));
    assert_eq!(replay(&world.director, None, world.room, "x", at(MONDAY, 10, 0)), Err(Refusal::NotYours));
    for role in [Role::Staff, Role::Operator] {
        let somebody = account(role, Some(world.site.kindergarten.id));
        assert_eq!(asked(&world, &somebody, world.room), Err(Refusal::RoleSeesNoVideo), "{role}");
    }
    let blocked = Account { blocked: true, ..world.director.clone() };
    assert_eq!(asked(&world, &blocked, world.room), Err(Refusal::AccountBlocked));
}

#[test]
fn what_a_camera_recorded_stays_open_when_the_camera_is_removed_but_nothing_else_does() {
    let mut world = World::new();
    let gone = world.site.cameras.remove(0);
    assert_eq!(asked(&world, &world.director, gone.id), Err(Refusal::NotYours));
    world.site.former_cameras.push(gone.clone());
    assert!(asked(&world, &world.director, gone.id).is_ok());
    assert_eq!(asked(&world, &world.parent, gone.id), Err(Refusal::LiveOnly));
    assert_eq!(world.ask(&world.director, gone.id, at(MONDAY, 10, 0)), Err(Refusal::NotYours));
}
