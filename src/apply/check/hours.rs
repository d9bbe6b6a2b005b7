//! Hours, exceptions and pauses.

use super::values::Checker;
use crate::{
    apply::{
        fact::Fact,
        file::{ExceptionTable, PauseTable, Spans, Week},
        thing::Key,
    },
    model::DaySpan,
};
use jiff::{Timestamp, tz::TimeZone};
use std::collections::BTreeSet;

/// More spans in a day than any kindergarten needs.
const MOST_SPANS: usize = 12;
/// A pause that lasts longer is a mistake in its date.
const LONGEST_PAUSE_DAYS: i64 = 366;

/// The weekly lines of a kindergarten or of `group`.
pub(super) fn week(checker: &mut Checker<'_>, week: &Week, group: Option<&Key>) -> Vec<Fact> {
    let days = [&week.monday, &week.tuesday, &week.wednesday, &week.thursday, &week.friday, &week.saturday, &week.sunday];
    let mut facts = Vec::new();
    for (weekday, day) in (1..).zip(days) {
        let weekdays = week.weekdays.as_ref().filter(|_| weekday <= 5);
        let Some(given) = day.as_ref().or(weekdays).or(week.every_day.as_ref()) else { continue };
        facts.extend(spans(checker, given).into_iter().map(|span| Fact::Hours { group: group.cloned(), weekday, span }));
    }
    facts
}

/// A date on which other hours hold.
pub(super) fn exception(
    checker: &mut Checker<'_>,
    table: &ExceptionTable,
    groups: &[Key],
    taken: &mut BTreeSet<(Option<Key>, String)>,
) -> Fact {
    let group = table.group.as_ref().map(|group| checker.reference("group", group, groups.contains(group.get_ref())));
    let date = checker.date(&table.date);
    if !taken.insert((group.clone(), date.to_string())) {
        checker.fault(table.date.span(), "a second exception for this date");
    }
    let spans = spans(checker, &table.hours).iter().map(DaySpan::to_string).collect::<Vec<_>>().join(",");
    Fact::Exception { group, date, spans, reason: checker.name(&table.reason) }
}

/// A pause; none when it is over at `now`.
pub(super) fn pause(
    checker: &mut Checker<'_>,
    table: &PauseTable,
    (groups, cameras): (&[Key], &[Key]),
    zone: &TimeZone,
    now: Timestamp,
) -> Option<Fact> {
    let group = table.group.as_ref().map(|group| checker.reference("group", group, groups.contains(group.get_ref())));
    let camera = table.camera.as_ref().map(|camera| checker.reference("camera", camera, cameras.contains(camera.get_ref())));
    if let (Some(_), Some(place)) = (&group, &table.camera) {
        checker.fault(place.span(), "a pause is of a group, of a camera, or of all");
    }
    let (from, until) = (checker.moment(&table.from, zone), checker.moment(&table.until, zone));
    if until <= from {
        checker.fault(table.until.span(), "is not after 'from'");
    } else if until.duration_since(from).as_hours() > LONGEST_PAUSE_DAYS * 24 {
        checker.fault(table.until.span(), "a pause lasts a year at most");
    }
    let reason = checker.name(&table.reason);
    (until > now).then_some(Fact::Pause { group, camera, from, until, reason })
}

fn spans(checker: &mut Checker<'_>, texts: &Spans) -> BTreeSet<DaySpan> {
    if let Some(extra) = texts.get(MOST_SPANS) {
        checker.fault(extra.span(), format!("a day has at most {MOST_SPANS} spans"));
    }
    let mut spans = BTreeSet::new();
    for text in texts {
        match text.get_ref().parse() {
            Ok(span) => drop(spans.insert(span)),
            Err(error) => checker.fault(text.span(), format!("{error}")),
        }
    }
    spans
}
