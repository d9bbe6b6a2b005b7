//! The policy's rules, one sentence a test, and properties where a rule has edges.

mod company;
mod consent;
mod days;
mod managing;
mod merging;
mod replay;

use super::*;
use crate::{id::*, model::*};
use jiff::{
    SignedDuration,
    civil::{Date, Weekday, date},
    tz::TimeZone,
};
use proptest::prelude::*;

/// Monday 2026-03-02, 10:00 in Almaty: inside the hours of [`World`].
const MONDAY: Date = date(2026, 3, 2);

struct World {
    site: Site,
    parent: Account,
    director: Account,
    inspector: Account,
    room: CameraId,
    other_room: CameraId,
    yard: CameraId,
}

impl World {
    /// Two groups with a camera each and a yard; one parent with a child in the first group; weekdays 09:00 to 18:00.
    fn new() -> Self {
        let made = Timestamp::UNIX_EPOCH;
        let kindergarten = KindergartenId::new(made);
        let groups = [GroupId::new(made), GroupId::new(made)];
        let cameras = [CameraId::new(made), CameraId::new(made), CameraId::new(made)];
        let child = ChildId::new(made);
        let parent = account(Role::Parent, None);
        let inspector = account(Role::Inspector, None);
        let camera = |index: usize, group| Camera { id: cameras[index], name: format!("camera {index}"), group, sound: false };
        let weekdays = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
        let span = DaySpan::new(9 * 60, 18 * 60).unwrap();
        let site = Site {
            kindergarten: Kindergarten {
                id: kindergarten,
                name: "Test".into(),
                district: None,
                zone: TimeZone::get("Asia/Almaty").unwrap(),
                limits: Limits { streams_per_account: 1, viewers_per_camera: 40 },
                languages: vec![Language::Kazakh],
                watermark: Watermark::NameAndLogin,
            },
            groups: groups.iter().map(|id| Group { id: *id, name: "group".into() }).collect(),
            cameras: vec![camera(0, Some(groups[0])), camera(1, Some(groups[1])), camera(2, None)],
            children: vec![Child { id: child, name: "child".into() }],
            absences: vec![],
            mergers: vec![],
            former_cameras: vec![],
            masks: vec![],
            enrolments: vec![Enrolment { id: EnrolmentId::new(made), child, group: groups[0], from: date(2026, 1, 1), to: None }],
            guardianships: vec![Guardianship {
                id: GuardianshipId::new(made),
                account: parent.id,
                child,
                from: None,
                to: None,
                restricted: false,
            }],
            postings: vec![],
            assignments: vec![Assignment {
                id: AssignmentId::new(made),
                account: inspector.id,
                from: date(2026, 3, 1),
                to: date(2026, 3, 3),
            }],
            hours: weekdays.iter().map(|weekday| HoursLine { group: None, weekday: *weekday, span }).collect(),
            exceptions: vec![],
            pauses: vec![],
            interruptions: vec![],
            recording_rules: RecordingRules::default(),
            consents: Consents::NONE,
        };
        let director = account(Role::Director, Some(kindergarten));
        Self { site, parent, director, inspector, room: cameras[0], other_room: cameras[1], yard: cameras[2] }
    }

    fn facts<'a>(&'a self, account: &'a Account, camera: CameraId) -> Facts<'a> {
        Facts { account, site: Some(&self.site), camera: Some(camera), purpose: Purpose::Live, viewers: 0 }
    }

    /// Asks with a token made at `now`.
    fn ask(&self, account: &Account, camera: CameraId, now: Timestamp) -> Result<Grant, Refusal> {
        decide(&self.facts(account, camera), &self.token(account, now), now)
    }

    fn token(&self, account: &Account, now: Timestamp) -> TokenScope {
        TokenScope {
            expires_at: now + SignedDuration::from_mins(10),
            grants: token_grants(account, std::slice::from_ref(&self.site), now),
        }
    }

    fn pause(&mut self, scope: Scope, from: Timestamp, until: Timestamp) {
        self.site.pauses.push(Pause { id: PauseId::new(from), scope, from, until, reason: "nap".into(), by: None });
    }
}

fn account(role: Role, kindergarten: Option<KindergartenId>) -> Account {
    Account {
        id: AccountId::new(Timestamp::UNIX_EPOCH),
        login: "parent@example.org".into(),
        name: "Somebody".into(),
        role,
        kindergarten,
        language: Language::Kazakh,
        blocked: false,
    }
}

/// A moment by the clock of Almaty.
fn at(date: Date, hour: i8, minute: i8) -> Timestamp {
    let zone = TimeZone::get("Asia/Almaty").unwrap();
    zone.to_timestamp(date.at(hour, minute, 0, 0)).unwrap()
}

#[test]
fn a_parent_watches_the_own_childs_group_in_the_hours_until_the_token_ends() {
    let world = World::new();
    let grant = world.ask(&world.parent, world.room, at(MONDAY, 10, 0)).unwrap();
    assert_eq!(grant.until(), at(MONDAY, 10, 10));
    let late = world.ask(&world.parent, world.room, at(MONDAY, 17, 55)).unwrap();
    assert_eq!(late.until(), at(MONDAY, 18, 0));
}

#[test]
fn a_parent_cannot_watch_another_group_and_cannot_tell_it_from_a_camera_that_does_not_exist() {
    let world = World::new();
    let now = at(MONDAY, 10, 0);
    assert_eq!(world.ask(&world.parent, world.other_room, now), Err(Refusal::NotYours));
    assert_eq!(world.ask(&world.parent, CameraId::new(now), now), Err(Refusal::NotYours));
    let nowhere = Facts { site: None, camera: None, ..world.facts(&world.parent, world.room) };
    assert_eq!(decide(&nowhere, &world.token(&world.parent, now), now), Err(Refusal::NotYours));
}

#[test]
fn belonging_is_checked_before_hours_pauses_and_the_own_state() {
    let mut world = World::new();
    let night = at(MONDAY, 3, 0);
    world.pause(Scope::All, night, night + SignedDuration::from_hours(1));
    world.parent.blocked = true;
    assert_eq!(world.ask(&world.parent, world.other_room, night), Err(Refusal::NotYours));
    assert_eq!(world.ask(&world.parent, world.room, night), Err(Refusal::AccountBlocked));
}

#[test]
fn the_yard_is_open_to_whoever_has_a_child_in_an_open_group() {
    let mut world = World::new();
    let now = at(MONDAY, 10, 0);
    assert!(world.ask(&world.parent, world.yard, now).is_ok());
    world.pause(Scope::Group(world.site.groups[1].id), now, at(MONDAY, 12, 0));
    assert!(world.ask(&world.parent, world.yard, now).is_ok());
    world.pause(Scope::Group(world.site.groups[0].id), now, at(MONDAY, 12, 0));
    assert!(matches!(world.ask(&world.parent, world.yard, now), Err(Refusal::Paused { .. })));
}

#[test]
fn outside_the_hours_the_refusal_says_when_it_opens() {
    let world = World::new();
    let opens = |now| match world.ask(&world.parent, world.room, now) {
        Err(Refusal::OutsideHours { opens_at, .. }) => opens_at,
        other => panic!("{other:?}"),
    };
    assert_eq!(opens(at(MONDAY, 8, 59)), Some(at(MONDAY, 9, 0)));
    assert_eq!(opens(at(MONDAY, 18, 0)), Some(at(date(2026, 3, 3), 9, 0)));
    assert_eq!(opens(at(date(2026, 3, 6), 18, 0)), Some(at(date(2026, 3, 9), 9, 0)), "over the weekend");
}

#[test]
fn a_dated_exception_replaces_the_week_and_a_groups_goes_before_the_kindergartens() {
    let mut world = World::new();
    let closed = |group, spans| Exception {
        id: ExceptionId::new(at(MONDAY, 0, 0)),
        group,
        date: MONDAY,
        spans,
        reason: "holiday".into(),
        by: None,
    };
    world.site.exceptions.push(closed(None, vec![]));
    let refused = world.ask(&world.parent, world.room, at(MONDAY, 10, 0));
    assert!(matches!(refused, Err(Refusal::OutsideHours { reason: Some(reason), .. }) if reason == "holiday"));
    let group = world.site.groups[0].id;
    world.site.exceptions.push(closed(Some(group), vec!["10:00-11:00".parse().unwrap()]));
    assert!(world.ask(&world.parent, world.room, at(MONDAY, 10, 0)).is_ok());
    assert!(world.ask(&world.parent, world.room, at(MONDAY, 11, 0)).is_err());
}

#[test]
fn a_group_with_hours_of_its_own_has_its_own_week_and_none_of_the_kindergartens() {
    let mut world = World::new();
    let group = Some(world.site.groups[0].id);
    world.site.hours.push(HoursLine { group, weekday: Weekday::Tuesday, span: "12:00-13:00".parse().unwrap() });
    assert!(world.ask(&world.parent, world.room, at(MONDAY, 10, 0)).is_err());
    assert!(world.ask(&world.parent, world.room, at(date(2026, 3, 3), 12, 30)).is_ok());
}

#[test]
fn a_pause_closes_with_its_reason_and_says_when_it_really_opens_again() {
    let mut world = World::new();
    world.pause(Scope::Camera(world.room), at(MONDAY, 12, 0), at(MONDAY, 14, 30));
    let before = world.ask(&world.parent, world.room, at(MONDAY, 11, 55)).unwrap();
    assert_eq!(before.until(), at(MONDAY, 12, 0), "a pause that is announced ends the grant");
    let paused = |until, opens_at| Err(Refusal::Paused { until, reason: "nap".into(), opens_at: Some(opens_at) });
    let now = at(MONDAY, 13, 0);
    assert_eq!(world.ask(&world.parent, world.room, now), paused(at(MONDAY, 14, 30), at(MONDAY, 14, 30)));
    world.pause(Scope::All, now, at(MONDAY, 20, 0));
    assert_eq!(world.ask(&world.parent, world.room, now), paused(at(MONDAY, 20, 0), at(date(2026, 3, 3), 9, 0)));
    assert!(world.ask(&world.director, world.room, now).is_ok(), "a director still looks");
}

#[test]
fn a_restricted_guardian_is_refused_but_the_other_childs_group_stays_open() {
    let mut world = World::new();
    world.site.guardianships[0].restricted = true;
    let now = at(MONDAY, 10, 0);
    assert_eq!(world.ask(&world.parent, world.room, now), Err(Refusal::Restricted));
    let second = ChildId::new(now);
    let (group, from) = (world.site.groups[1].id, date(2026, 1, 1));
    world.site.enrolments.push(Enrolment { id: EnrolmentId::new(now), child: second, group, from, to: None });
    let tie = Guardianship { child: second, restricted: false, ..world.site.guardianships[0].clone() };
    world.site.guardianships.push(tie);
    assert!(world.ask(&world.parent, world.other_room, now).is_ok());
    assert_eq!(world.ask(&world.parent, world.room, now), Err(Refusal::Restricted));
}

#[test]
fn a_temporary_guardian_is_a_stranger_after_the_last_day_and_the_grant_ends_with_it() {
    let mut world = World::new();
    world.site.guardianships[0].to = Some(MONDAY);
    world.site.hours.iter_mut().for_each(|line| line.span = "00:00-24:00".parse().unwrap());
    let last = world.ask(&world.parent, world.room, at(MONDAY, 23, 55)).unwrap();
    assert_eq!(last.until(), at(date(2026, 3, 3), 0, 0));
    assert_eq!(world.ask(&world.parent, world.room, at(date(2026, 3, 3), 0, 0)), Err(Refusal::NotYours));
}

#[test]
fn an_enrolment_counts_from_its_first_day_to_its_last() {
    let mut world = World::new();
    world.site.enrolments[0].from = date(2026, 3, 3);
    world.site.enrolments[0].to = Some(date(2026, 3, 4));
    let answer = |day| world.ask(&world.parent, world.room, at(date(2026, 3, day), 10, 0)).is_ok();
    assert_eq!([2, 3, 4, 5].map(answer), [false, true, true, false]);
}

#[test]
fn a_director_looks_at_the_own_kindergarten_at_any_hour_and_at_no_other() {
    let world = World::new();
    let night = at(MONDAY, 3, 0);
    assert!(world.ask(&world.director, world.room, night).is_ok());
    let stranger = account(Role::Director, Some(KindergartenId::new(night)));
    assert_eq!(world.ask(&stranger, world.room, night), Err(Refusal::NotYours));
}

#[test]
fn an_inspector_looks_between_the_assigned_dates_only() {
    let world = World::new();
    let night = |day| world.ask(&world.inspector, world.room, at(date(2026, 3, day), 3, 0));
    assert!(night(1).is_ok() && night(3).is_ok());
    assert_eq!(night(4), Err(Refusal::NotYours));
    let last = world.ask(&world.inspector, world.room, at(date(2026, 3, 3), 23, 55)).unwrap();
    assert_eq!(last.until(), at(date(2026, 3, 4), 0, 0));
}

#[test]
fn staff_and_operators_see_no_video() {
    let world = World::new();
    for role in [Role::Staff, Role::Operator] {
        let account = account(role, Some(world.site.kindergarten.id));
        assert_eq!(world.ask(&account, world.room, at(MONDAY, 10, 0)), Err(Refusal::RoleSeesNoVideo));
    }
}

#[test]
fn recordings_are_not_for_parents_and_a_director_must_say_why() {
    let world = World::new();
    let now = at(MONDAY, 10, 0);
    let ask = |account: &Account, reason: &str| {
        let purpose = Purpose::Recording { reason: reason.into() };
        decide(&Facts { purpose, ..world.facts(account, world.room) }, &world.token(account, now), now).map(|_| ())
    };
    assert_eq!(ask(&world.parent, "curious"), Err(Refusal::LiveOnly));
    assert_eq!(ask(&world.director, " "), Err(Refusal::ReasonMissing));
    assert_eq!(ask(&world.director, "a child fell"), Ok(()));
    assert_eq!(ask(&world.inspector, ""), Ok(()));
}

#[test]
fn a_full_camera_takes_no_more_parents_but_its_director() {
    let world = World::new();
    let now = at(MONDAY, 10, 0);
    let full = |account: &Account| {
        let facts = Facts { viewers: 40, ..world.facts(account, world.room) };
        decide(&facts, &world.token(account, now), now).map(|_| ())
    };
    assert_eq!(full(&world.parent), Err(Refusal::TooManyViewers { limit: 40 }));
    assert_eq!(full(&world.director), Ok(()));
}

#[test]
fn a_token_that_is_over_or_names_another_group_opens_nothing() {
    let world = World::new();
    let now = at(MONDAY, 10, 0);
    let facts = world.facts(&world.parent, world.room);
    let mut token = world.token(&world.parent, now);
    token.expires_at = now;
    assert_eq!(decide(&facts, &token, now), Err(Refusal::TokenExpired));
    let mut token = world.token(&world.parent, now);
    token.grants[0].subject = TokenSubject::Group(world.site.groups[1].id);
    assert_eq!(decide(&facts, &token, now), Err(Refusal::TokenDoesNotCover));
    let mut token = world.token(&world.parent, now);
    token.grants[0].windows = vec![Window { start: at(MONDAY, 11, 0), end: at(MONDAY, 12, 0) }];
    assert_eq!(decide(&facts, &token, now), Err(Refusal::TokenDoesNotCover));
}

#[test]
fn a_parents_token_names_only_the_childs_group_and_what_is_left_of_today() {
    let world = World::new();
    let grants = token_grants(&world.parent, std::slice::from_ref(&world.site), at(MONDAY, 10, 0));
    let windows = vec![Window { start: at(MONDAY, 9, 0), end: at(MONDAY, 18, 0) }];
    assert_eq!(grants, [TokenGrant { subject: TokenSubject::Group(world.site.groups[0].id), windows }]);
    assert!(token_grants(&world.parent, std::slice::from_ref(&world.site), at(MONDAY, 18, 0)).is_empty());
}

#[test]
fn kazakhstan_is_one_zone_since_march_2024() {
    let zone = TimeZone::get("Asia/Almaty").unwrap();
    let nine: DaySpan = "09:00-10:00".parse().unwrap();
    let hour = |day| nine.on(day, &zone).unwrap().start.to_zoned(TimeZone::UTC).hour();
    assert_eq!((hour(date(2024, 2, 1)), hour(date(2026, 2, 1))), (3, 4));
}

#[test]
fn explain_names_the_rule_that_decided() {
    let world = World::new();
    let explanation = explain(&world.facts(&world.parent, world.room), at(MONDAY, 8, 0));
    assert_eq!(explanation.steps.last().map(|step| (step.rule, step.passed)), Some(("hours", false)));
    assert!(explanation.verdict.is_err());
}

proptest! {
    #[test]
    fn a_grant_holds_at_every_moment_before_its_until_and_is_asked_again_there(
        minute in 0_i64..14 * 24 * 60, start in 0_u16..1440, length in 1_u16..1440,
        pause_from in 0_i64..14 * 24 * 60, pause_length in 0_i64..600, later in 0_i64..600,
    ) {
        let mut world = World::new();
        let span = DaySpan::new(start, (start + length) % 1440).unwrap();
        world.site.hours.iter_mut().for_each(|line| line.span = span);
        let begin = at(MONDAY, 0, 0);
        let from = begin + SignedDuration::from_mins(pause_from);
        world.pause(Scope::All, from, from + SignedDuration::from_mins(pause_length));
        let now = begin + SignedDuration::from_mins(minute);
        let facts = world.facts(&world.parent, world.room);
        if let Ok(until) = outlook(&facts, now) {
            let until = until.unwrap();
            prop_assert!(until > now);
            let moment = (now + SignedDuration::from_secs(later * 37)).min(until - SignedDuration::from_millis(1));
            prop_assert!(outlook(&facts, moment).is_ok());
            prop_assert!(decide(&facts, &world.token(&world.parent, now), now).is_ok());
        } else if let Err(Refusal::OutsideHours { opens_at: Some(opens), .. } | Refusal::Paused { opens_at: Some(opens), .. }) = outlook(&facts, now) {
            prop_assert!(opens > now);
            prop_assert!(outlook(&facts, opens).is_ok(), "it opens when it was said to open");
            prop_assert!(outlook(&facts, opens - SignedDuration::from_millis(1)).is_err());
        }
    }

    #[test]
    fn a_span_reads_back_from_its_own_text(start in 0_u16..1440, end in 1_u16..=1440) {
        prop_assume!(start != end);
        let span = DaySpan::new(start, end).unwrap();
        prop_assert_eq!(span.to_string().parse(), Ok(span));
    }

    #[test]
    fn the_length_of_a_day_at_a_zone_change_never_breaks_a_window(start in 0_u16..1440, end in 1_u16..=1440, day in 0_i32..366) {
        prop_assume!(start != end);
        // Berlin changes its clock twice a year; Almaty did once, in 2024.
        for name in ["Europe/Berlin", "Asia/Almaty"] {
            let zone = TimeZone::get(name).unwrap();
            let date = date(2024, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
            if let Some(window) = DaySpan::new(start, end).unwrap().on(date, &zone) {
                prop_assert!(window.start < window.end);
                prop_assert!(window.start.duration_until(window.end) <= SignedDuration::from_hours(25));
            }
        }
    }
}
