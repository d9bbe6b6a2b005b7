//! A duty group: on a day the children of one group are in the room of another.

use super::*;

/// The first group is with the second on Tuesday.
fn merged() -> World {
    let mut world = World::new();
    let [group, host] = [world.site.groups[0].id, world.site.groups[1].id];
    world.site.mergers.push(Merger { id: MergerId::new(Timestamp::UNIX_EPOCH), group, host, date: date(2026, 3, 3) });
    world
}

const TUESDAY: Date = date(2026, 3, 3);
const WEDNESDAY: Date = date(2026, 3, 4);

#[test]
fn on_the_day_parents_see_the_room_where_their_child_is_and_not_their_own() {
    let world = merged();
    for (day, own) in [(MONDAY, true), (TUESDAY, false), (WEDNESDAY, true)] {
        let now = at(day, 10, 0);
        let (open, shut) = if own { (world.room, world.other_room) } else { (world.other_room, world.room) };
        assert!(world.ask(&world.parent, open, now).is_ok(), "{day}");
        assert_eq!(world.ask(&world.parent, shut, now), Err(Refusal::NotYours), "{day}");
        assert!(world.ask(&world.parent, world.yard, now).is_ok(), "{day}");
    }
}

#[test]
fn a_grant_ends_at_the_midnight_at_which_the_rooms_change() {
    let mut world = merged();
    world.site.hours.iter_mut().for_each(|line| line.span = "00:00-24:00".parse().unwrap());
    let until = |camera, now| world.ask(&world.parent, camera, now).unwrap().until();
    assert_eq!(until(world.room, at(MONDAY, 23, 55)), at(TUESDAY, 0, 0));
    assert_eq!(until(world.other_room, at(TUESDAY, 23, 55)), at(WEDNESDAY, 0, 0));
}

#[test]
fn the_hours_and_pauses_of_the_room_are_those_that_count() {
    let mut world = merged();
    let now = at(TUESDAY, 10, 0);
    world.pause(Scope::Group(world.site.groups[0].id), now, at(TUESDAY, 12, 0));
    assert!(world.ask(&world.parent, world.other_room, now).is_ok(), "the empty room is closed, not this");
    world.pause(Scope::Group(world.site.groups[1].id), now, at(TUESDAY, 12, 0));
    assert!(matches!(world.ask(&world.parent, world.other_room, now), Err(Refusal::Paused { .. })));
}

#[test]
fn a_restriction_goes_along_and_a_token_names_the_room_of_the_day() {
    let mut world = merged();
    let now = at(TUESDAY, 10, 0);
    let grants = token_grants(&world.parent, std::slice::from_ref(&world.site), now);
    let named: Vec<_> = grants.iter().map(|grant| grant.subject).collect();
    assert_eq!(named, [TokenSubject::Group(world.site.groups[1].id)]);
    world.site.guardianships[0].restricted = true;
    assert_eq!(world.ask(&world.parent, world.other_room, now), Err(Refusal::Restricted));
}

#[test]
fn explain_names_the_room_that_the_child_was_in() {
    let world = merged();
    let explanation = explain(&world.facts(&world.parent, world.other_room), at(TUESDAY, 10, 0));
    let belonging = explanation.steps.iter().find(|step| step.rule == "belonging").unwrap();
    assert!(belonging.passed);
    assert_eq!(belonging.facts, [("group", world.site.groups[1].id.to_string())]);
}
