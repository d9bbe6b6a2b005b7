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

/// When the parent is told that the room opens next.
fn opens_at(world: &World, camera: CameraId, now: Timestamp) -> Option<Timestamp> {
    match outlook(&world.facts(&world.parent, camera), now) {
        Err(Refusal::OutsideHours { opens_at, .. } | Refusal::Paused { opens_at, .. }) => opens_at,
        other => panic!("{other:?}"),
    }
}

/// Tuesdays of the second group begin at 07:30 and end at 20:00.
fn early(world: &mut World) {
    let host = Some(world.site.groups[1].id);
    world.site.hours.push(HoursLine { group: host, weekday: Weekday::Tuesday, span: "07:30-20:00".parse().unwrap() });
}

#[test]
fn the_evening_before_the_page_says_when_the_other_room_opens() {
    let mut world = merged();
    early(&mut world);
    assert_eq!(opens_at(&world, world.room, at(MONDAY, 20, 0)), Some(at(TUESDAY, 7, 30)));
    assert_eq!(opens_at(&world, world.yard, at(MONDAY, 20, 0)), Some(at(TUESDAY, 7, 30)));
    assert_eq!(opens_at(&world, world.other_room, at(TUESDAY, 21, 0)), Some(at(WEDNESDAY, 9, 0)), "and then the own one again");
    // The room of the day is closed: what counts is the next day on which one is open.
    let host = Some(world.site.groups[1].id);
    let (id, reason) = (ExceptionId::new(at(MONDAY, 0, 0)), "repair".to_owned());
    world.site.exceptions.push(Exception { id, group: host, date: TUESDAY, spans: vec![], reason, by: None });
    assert_eq!(opens_at(&world, world.room, at(MONDAY, 20, 0)), Some(at(WEDNESDAY, 9, 0)));
}

#[test]
fn a_pause_of_the_empty_room_keeps_nobody_waiting_and_one_of_the_other_does() {
    let mut world = merged();
    let [group, host] = [world.site.groups[0].id, world.site.groups[1].id];
    world.pause(Scope::Group(group), at(MONDAY, 17, 0), at(WEDNESDAY, 12, 0));
    assert_eq!(opens_at(&world, world.room, at(MONDAY, 17, 30)), Some(at(TUESDAY, 9, 0)));
    world.pause(Scope::Camera(world.room), at(MONDAY, 17, 0), at(WEDNESDAY, 14, 0));
    assert_eq!(opens_at(&world, world.room, at(MONDAY, 17, 30)), Some(at(TUESDAY, 9, 0)));
    world.pause(Scope::Group(host), at(TUESDAY, 8, 0), at(TUESDAY, 10, 0));
    assert_eq!(opens_at(&world, world.room, at(MONDAY, 17, 30)), Some(at(TUESDAY, 10, 0)));
}

#[test]
fn a_child_that_moves_to_another_group_is_waited_for_there() {
    let mut world = World::new();
    early(&mut world);
    let (child, group) = (world.site.children[0].id, world.site.groups[1].id);
    world.site.enrolments[0].to = Some(MONDAY);
    let id = EnrolmentId::new(at(MONDAY, 0, 0));
    world.site.enrolments.push(Enrolment { id, child, group, from: TUESDAY, to: None });
    assert_eq!(opens_at(&world, world.room, at(MONDAY, 20, 0)), Some(at(TUESDAY, 7, 30)));
    world.site.guardianships[0].to = Some(MONDAY);
    assert_eq!(opens_at(&world, world.room, at(MONDAY, 20, 0)), None, "the right to look ends before");
}

#[test]
fn a_director_is_shown_the_day_and_the_standing_of_the_room_where_the_children_are() {
    let mut world = merged();
    early(&mut world);
    let [group, host] = [world.site.groups[0].id, world.site.groups[1].id];
    assert_eq!(day(&world.site, group, TUESDAY), day(&world.site, host, TUESDAY));
    assert_eq!(day(&world.site, group, WEDNESDAY)[1].window.start, at(WEDNESDAY, 9, 0));
    world.pause(Scope::Group(group), at(TUESDAY, 10, 0), at(TUESDAY, 12, 0));
    assert_eq!(standing(&world.site, group, at(TUESDAY, 10, 30)), Standing::Open { until: at(TUESDAY, 20, 0) });
    let closed = Standing::Closed { opens_at: Some(at(TUESDAY, 7, 30)), reason: None };
    assert_eq!(standing(&world.site, group, at(MONDAY, 20, 0)), closed);
    for minute in 0..1440 {
        let now = at(TUESDAY, 0, 0) + SignedDuration::from_mins(minute);
        let open = day(&world.site, group, TUESDAY).iter().any(|stretch| stretch.window.contains(now) && stretch.why == Why::Open);
        assert_eq!(outlook(&world.facts(&world.parent, world.other_room), now).is_ok(), open, "{now}");
    }
}
