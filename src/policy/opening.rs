//! Hours, exceptions, pauses and the days without everybody's consent: when a group can be watched.

use super::{Refusal, Tie, TokenSubject, Trail, consent, guardian_ties, room::room_on};
use crate::{
    id::{ChildId, GroupId},
    model::{Account, Camera, ConsentRule, DaySpan, Exception, Pause, Scope, Site, Window, day_windows, merge},
};
use jiff::{Timestamp, ToSpan, civil::Date};
use std::collections::BTreeSet;

/// How many days ahead `opens_at` looks: longer than any school holiday's gap between two exceptions needs to be shown.
const LOOK_AHEAD_DAYS: i32 = 14;

/// The hours of `group` that start on `date`, before pauses: its exception, else the kindergarten's, else its own week, else the
/// kindergarten's week.
pub fn group_windows(site: &Site, group: GroupId, date: Date) -> Vec<Window> {
    let spans = match exception_on(site, group, date) {
        Some(Exception { spans, .. }) => spans.clone(),
        None => week_spans(site, group, date),
    };
    day_windows(&spans, date, &site.kindergarten.zone)
}

/// The exception that holds for `group` on `date`.
pub(super) fn exception_on(site: &Site, group: GroupId, date: Date) -> Option<&Exception> {
    let on_date = |of: Option<GroupId>| site.exceptions.iter().find(|exception| exception.date == date && exception.group == of);
    on_date(Some(group)).or_else(|| on_date(None))
}

/// What the week has for `group` on `date`.
pub(super) fn week_spans(site: &Site, group: GroupId, date: Date) -> Vec<DaySpan> {
    let owner = site.hours.iter().any(|line| line.group == Some(group)).then_some(group);
    let lines = site.hours.iter().filter(|line| line.group == owner && line.weekday == date.weekday());
    lines.map(|line| line.span).collect()
}

/// The hours of `group` that touch the local day of `now`, one that began yesterday and runs over midnight included.
pub fn today(site: &Site, group: GroupId, now: Timestamp) -> Vec<Window> {
    let date = local_date(site, now);
    let mut windows = hours_between(site, group, date, 0);
    let begins = date.to_zoned(site.kindergarten.zone.clone()).map(|midnight| midnight.timestamp());
    windows.retain(|window| begins.as_ref().is_ok_and(|begins| window.end > *begins));
    windows
}

/// When the parents of `group` can look from the day of `now` on, for two weeks: on each day on which the room where its children are may be
/// shown, the hours of that room without its pauses.
pub fn open_windows(site: &Site, group: GroupId, now: Timestamp) -> Vec<Window> {
    let days = days_ahead(site, now);
    let mut windows: Vec<Window> = days.flat_map(|date| open_on(site, room_on(site, group, date), date, None)).collect();
    merge(&mut windows);
    windows
}

/// When the room of `group` is open on `date`, from midnight to midnight: its hours without its pauses, and without those of `camera`. Never
/// when not every family has agreed, and the rule wants that.
fn open_on(site: &Site, group: GroupId, date: Date, camera: Option<&Camera>) -> Vec<Window> {
    let Some(day) = whole_day(site, date).filter(|_| !consent::closes(site, group, date)) else { return Vec::new() };
    let closed: Vec<&Pause> = site.pauses.iter().filter(|pause| closes(pause, Some(group), camera)).collect();
    let within = |window: Window| Window { start: window.start.max(day.start), end: window.end.min(day.end) };
    let open = without_pauses(hours_between(site, group, date, 0), &closed).into_iter().map(within);
    open.filter(|window| window.start < window.end).collect()
}

/// When somebody who looks through `camera` for the sake of `child` can look next after `now`, within two weeks: each day counts by the room
/// in which the child is on it, whichever camera shows that.
fn opens_next(account: &Account, site: &Site, child: ChildId, camera: &Camera, now: Timestamp) -> Option<Timestamp> {
    let on = |date: Date| {
        let day = whole_day(site, date)?;
        let ties = guardian_ties(account, site, None, now.max(day.start)).into_iter();
        let own = ties.filter(|tie| tie.child == Some(child) && !tie.restricted && tie.agreed);
        let starts = own.filter_map(|tie| {
            let TokenSubject::Group(room) = tie.subject else { return None };
            // The camera's own pause closes it, and not the room of another day.
            let camera = Some(camera).filter(|camera| camera.group.is_none_or(|group| group == room));
            let starts = open_on(site, room, date, camera).into_iter().map(|window| window.start);
            starts.filter(|start| now < *start && *start < tie.until).min()
        });
        starts.min()
    };
    days_ahead(site, now).find_map(on)
}

/// The day of `now`, and those after it that are looked at.
fn days_ahead(site: &Site, now: Timestamp) -> impl Iterator<Item = Date> {
    let today = local_date(site, now);
    (0..=LOOK_AHEAD_DAYS).filter_map(move |days| today.checked_add(days.days()).ok())
}

/// `date` by the kindergarten's clock.
pub(super) fn whole_day(site: &Site, date: Date) -> Option<Window> {
    let midnight = |date: Date| Some(date.to_zoned(site.kindergarten.zone.clone()).ok()?.timestamp());
    Some(Window { start: midnight(date)?, end: midnight(date.tomorrow().ok()?)? })
}

/// The hours that start from the day before `date` until `days` after it.
pub(super) fn hours_between(site: &Site, group: GroupId, date: Date, days: i32) -> Vec<Window> {
    let dates = (-1..=days).filter_map(|offset| date.checked_add(offset.days()).ok());
    let mut windows: Vec<Window> = dates.flat_map(|date| group_windows(site, group, date)).collect();
    merge(&mut windows);
    windows
}

/// Whether `pause` closes the cameras of `group`, or `camera` in particular.
pub(super) fn closes(pause: &Pause, group: Option<GroupId>, camera: Option<&Camera>) -> bool {
    match pause.scope {
        Scope::All => true,
        Scope::Group(closed) => Some(closed) == group,
        Scope::Camera(closed) => camera.is_some_and(|camera| camera.id == closed),
    }
}

fn without_pauses(windows: Vec<Window>, pauses: &[&Pause]) -> Vec<Window> {
    pauses.iter().fold(windows, |windows, pause| {
        let cut = |window: Window| {
            let before = Window { start: window.start, end: window.end.min(pause.from) };
            let after = Window { start: window.start.max(pause.until), end: window.end };
            let whole = pause.until <= window.start || window.end <= pause.from || pause.until <= pause.from;
            let parts = if whole { [Some(window), None] } else { [Some(before), Some(after)] };
            parts.into_iter().flatten().filter(|part| part.start < part.end)
        };
        windows.into_iter().flat_map(cut).collect()
    })
}

/// Keeps the ties whose group is open now, each cut to the end of that opening; a refusal when none is left.
pub(super) fn narrow_to_open(
    account: &Account,
    ties: &mut Vec<Tie>,
    site: &Site,
    camera: &Camera,
    now: Timestamp,
    trail: &mut Trail,
) -> Result<(), Refusal> {
    let date = local_date(site, now);
    let (mut in_hours, mut unpaused) = (false, false);
    let mut opens_at: Option<Timestamp> = None;
    let mut pause_now: Option<&Pause> = None;
    let mut open = Vec::new();
    for tie in &*ties {
        let TokenSubject::Group(group) = tie.subject else { continue };
        let pauses: Vec<&Pause> = site.pauses.iter().filter(|pause| closes(pause, Some(group), Some(camera))).collect();
        let hours = hours_between(site, group, date, LOOK_AHEAD_DAYS);
        in_hours |= hours.iter().any(|window| window.contains(now));
        let hours = without_pauses(hours, &pauses);
        unpaused |= hours.iter().any(|window| window.contains(now));
        let effective = consent::on_agreed_days(site, group, hours);
        if let Some(window) = effective.iter().find(|window| window.contains(now)) {
            open.push(Tie { until: tie.until.min(window.end), ..*tie });
        } else {
            let next = tie.child.and_then(|child| opens_next(account, site, child, camera, now));
            opens_at = [opens_at, next].into_iter().flatten().min();
            let longest = pauses.into_iter().filter(|pause| pause.from <= now && now < pause.until).max_by_key(|pause| pause.until);
            pause_now = [pause_now, longest].into_iter().flatten().max_by_key(|pause| pause.until);
        }
    }
    let exception = ties.iter().find_map(|tie| match tie.subject {
        TokenSubject::Group(group) => exception_on(site, group, date),
        TokenSubject::Kindergarten(_) => None,
    });
    trail.step("hours", in_hours, || {
        let exception = exception.map(|exception| ("exception", exception.id.to_string()));
        [("date", date.to_string())].into_iter().chain(exception).collect()
    });
    if !in_hours {
        return Err(Refusal::OutsideHours { opens_at, reason: exception.map(|exception| exception.reason.clone()) });
    }
    trail.step("pause", unpaused, || pause_now.map(told).into_iter().flatten().collect());
    if !unpaused {
        // In the hours and yet not open: only a pause does that.
        return Err(match pause_now {
            Some(pause) => Refusal::Paused { until: pause.until, reason: pause.reason.clone(), opens_at },
            None => Refusal::OutsideHours { opens_at, reason: None },
        });
    }
    if site.consents.rule == ConsentRule::Group {
        trail.step("group_consent", !open.is_empty(), || {
            let rooms: BTreeSet<GroupId> = ties.iter().filter_map(Tie::room).collect();
            let lacking: usize = rooms.into_iter().map(|room| consent::without_consent(site, room, date).len()).sum();
            vec![("without_consent", lacking.to_string())]
        });
    }
    if open.is_empty() {
        return Err(Refusal::GroupConsent { opens_at });
    }
    *ties = open;
    Ok(())
}

fn told(pause: &Pause) -> [(&'static str, String); 3] {
    [("pause", pause.id.to_string()), ("reason", pause.reason.clone()), ("until", pause.until.to_string())]
}

/// The date by the kindergarten's own clock.
pub(super) fn local_date(site: &Site, now: Timestamp) -> Date {
    site.kindergarten.zone.to_datetime(now).date()
}

/// The first moment of `day` by the kindergarten's own clock.
pub(super) fn beginning(site: &Site, day: Date) -> Timestamp {
    day.to_zoned(site.kindergarten.zone.clone()).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

/// If `now` lies on one of the days `from` to `to` (both included), the first moment after them.
pub(super) fn day_range(site: &Site, from: Option<Date>, to: Option<Date>, now: Timestamp) -> Option<Timestamp> {
    let date = local_date(site, now);
    if from.is_some_and(|from| date < from) || to.is_some_and(|to| date > to) {
        return None;
    }
    let Some(to) = to else { return Some(Timestamp::MAX) };
    Some(to.tomorrow().map_or(Timestamp::MAX, |day| beginning(site, day)))
}
