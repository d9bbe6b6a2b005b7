//! What changed for a child's parents, or is to come: derived from the facts, without a word of anybody but the director's reasons.
//!
//! What changed for good is told for a week; what holds on a day is told from two weeks before until the day is over.

use super::opening::{closes, exception_on, local_date, today as hours_of_today, week_spans};
use crate::{
    id::{CameraId, ChildId, GroupId},
    model::{Account, DaySpan, Pause, Recent, Site, Window},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
};
use std::collections::{BTreeMap, BTreeSet};

/// How many are told.
const MOST: usize = 6;
/// For how many days what changed is told.
const BACK: i32 = 7;
/// How many days ahead is told what is to come.
const AHEAD: i32 = 14;

/// One piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News<'a> {
    /// The day of it, or from which on.
    pub date: Date,
    /// What.
    pub what: What<'a>,
}

/// What changed, or is to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What<'a> {
    /// From the date until another the room has other hours than its week; none at all means closed.
    Hours {
        /// The last day of it.
        to: Date,
        /// The hours of each of the days.
        spans: &'a [DaySpan],
        /// Why, in the director's words.
        reason: &'a str,
    },
    /// The week has other hours since.
    Week,
    /// The child is in this group from then on.
    Moved(&'a str),
    /// On that day the group is in the room of this one.
    With(&'a str),
    /// On that day this group is in the own room.
    Joined(&'a str),
    /// This camera shows the room since.
    CameraAdded(&'a str),
    /// This camera shows it no more.
    CameraRemoved(&'a str),
    /// Today it was closed for a while.
    Paused {
        /// From when to when.
        window: Window,
        /// The camera that was closed alone.
        camera: Option<&'a str>,
        /// Why, in the director's words.
        reason: &'a str,
    },
}

/// The news for `account` about `child` at `now`, the nearest day first; none for whom an order keeps from looking, and nothing that
/// was changed before the account came, or that lies after its right to look.
pub fn news<'a>(account: &Account, site: &'a Site, recent: &'a Recent, child: ChildId, now: Timestamp) -> Vec<News<'a>> {
    let today = local_date(site, now);
    let ties = site.guardianships.iter().filter(|tie| tie.account == account.id && tie.child == child && !tie.restricted);
    let ties = ties.filter(|tie| tie.from.is_none_or(|from| from <= today) && tie.to.is_none_or(|to| today <= to));
    let ahead = today.saturating_add(AHEAD.days());
    let Some(last) = ties.map(|tie| tie.to.unwrap_or(ahead).min(ahead)).max() else { return Vec::new() };
    let came =
        recent.came.iter().filter(|(guardian, of, _)| (*guardian, *of) == (account.id, child)).map(|(.., since)| *since).min();
    let back = midnight(site, today.saturating_sub(BACK.days()));
    let child = Look { site, recent, child, today, last, now, since: came.map_or(back, |came| came.max(back)) };

    let mut news: Vec<News<'a>> = child.moves().collect();
    news.extend(child.days());
    if let Some(group) = child.group(today) {
        news.extend(child.week(group));
        news.extend(child.cameras(group));
        news.extend(child.pauses(group));
    }
    // What is to come goes before what was as long ago.
    news.sort_by_key(|piece| (days_between(today, piece.date).abs(), piece.date < today));
    news.truncate(MOST);
    news
}

/// Whose news, and between which moments.
struct Look<'a> {
    site: &'a Site,
    recent: &'a Recent,
    child: ChildId,
    today: Date,
    /// The last day of which is told.
    last: Date,
    now: Timestamp,
    /// What was so then is no news.
    since: Timestamp,
}

impl<'a> Look<'a> {
    /// The child's own group on `date`.
    fn group(&self, date: Date) -> Option<GroupId> {
        self.site.enrolments.iter().find(|stay| stay.child == self.child && stay.covers(date)).map(|stay| stay.group)
    }

    fn named(&self, group: GroupId) -> Option<&'a str> {
        self.site.group(group).map(|group| group.name.as_str())
    }

    /// Another group from a day on.
    fn moves(&self) -> impl Iterator<Item = News<'a>> {
        let first = local_date(self.site, self.since);
        let stays = self
            .site
            .enrolments
            .iter()
            .filter(move |stay| stay.child == self.child && first <= stay.from && stay.from <= self.last);
        stays.filter_map(move |stay| {
            let before = stay.from.yesterday().ok().and_then(|date| self.group(date))?;
            let what = What::Moved(self.named(stay.group).filter(|_| before != stay.group)?);
            Some(News { date: stay.from, what })
        })
    }

    /// What holds on single days that are not over.
    fn days(&self) -> Vec<News<'a>> {
        let mut news: Vec<News<'a>> = Vec::new();
        for date in self.today.series(1.day()).take_while(|date| *date <= self.last) {
            let Some(own) = self.group(date) else { continue };
            let mergers = || self.site.mergers.iter().filter(move |merger| merger.date == date);
            let host = mergers().find(|merger| merger.group == own).map(|merger| merger.host);
            let with = host.and_then(|host| self.named(host)).map(What::With);
            let joined =
                mergers().filter(|merger| merger.host == own).filter_map(|merger| self.named(merger.group)).map(What::Joined);
            let together: Vec<What<'a>> = with.into_iter().chain(joined).collect();
            self.other_hours(host.unwrap_or(own), date, &mut news);
            news.extend(together.into_iter().map(|what| News { date, what }));
        }
        news
    }

    /// Other hours of `room` on `date` than its week has; days in a row that are all alike are one piece of news.
    fn other_hours(&self, room: GroupId, date: Date, news: &mut Vec<News<'a>>) {
        let Some(exception) = exception_on(self.site, room, date) else { return };
        let (spans, reason) = (exception.spans.as_slice(), exception.reason.as_str());
        if spans.iter().copied().collect::<BTreeSet<_>>() == week_spans(self.site, room, date).into_iter().collect::<BTreeSet<_>>()
        {
            return;
        }
        let alike = news.iter_mut().find_map(|piece| match &mut piece.what {
            What::Hours { to, spans: before, reason: said } => {
                (to.tomorrow().is_ok_and(|next| next == date) && *before == spans && *said == reason).then_some(to)
            }
            _ => None,
        });
        match alike {
            Some(to) => *to = date,
            None => news.push(News { date, what: What::Hours { to: date, spans, reason } }),
        }
    }

    /// Another week than the one that was known before.
    fn week(&self, group: GroupId) -> Option<News<'a>> {
        let edges = self.recent.hours.iter().flat_map(|line| [Some(line.since), line.until]).flatten();
        let changed = self.last_change(edges, |at| self.week_at(group, at))?;
        Some(News { date: local_date(self.site, changed), what: What::Week })
    }

    /// The last of the moments `edges` at which `known` became another than it was, if that was lately.
    fn last_change<T: PartialEq>(
        &self,
        edges: impl Iterator<Item = Timestamp>,
        known: impl Fn(Timestamp) -> T,
    ) -> Option<Timestamp> {
        let edges: BTreeSet<Timestamp> = edges.filter(|at| self.since < *at && *at <= self.now).collect();
        let before = |at: Timestamp| edges.range(..at).next_back().copied().unwrap_or(self.since);
        edges.iter().rev().copied().find(|at| known(before(*at)) != known(*at))
    }

    /// The week of `group` as it was known at `at`.
    fn week_at(&self, group: GroupId, at: Timestamp) -> BTreeSet<(i8, DaySpan)> {
        let lines = || self.recent.hours.iter().filter(move |line| line.at(at)).map(|line| &line.what);
        let owner = lines().any(|line| line.group == Some(group)).then_some(group);
        lines().filter(|line| line.group == owner).map(|line| (Weekday::to_monday_one_offset(line.weekday), line.span)).collect()
    }

    /// Cameras that show the room of `group`, or all rooms, and did not; and the other way round.
    fn cameras(&self, group: GroupId) -> impl Iterator<Item = News<'a>> {
        let names: BTreeMap<CameraId, &'a str> =
            self.recent.cameras.iter().map(|camera| (camera.what.id, camera.what.name.as_str())).collect();
        names.into_iter().filter_map(move |(id, name)| {
            let own = || self.recent.cameras.iter().filter(move |camera| camera.what.id == id);
            let shows = |at| own().any(|camera| camera.at(at) && camera.what.group.is_none_or(|room| room == group));
            let changed = self.last_change(own().flat_map(|camera| [Some(camera.since), camera.until]).flatten(), shows)?;
            let what = if shows(self.now) { What::CameraAdded(name) } else { What::CameraRemoved(name) };
            Some(News { date: local_date(self.site, changed), what })
        })
    }

    /// Pauses that were today, in the hours, and are over.
    fn pauses(&self, own: GroupId) -> impl Iterator<Item = News<'a>> {
        let room = self
            .site
            .mergers
            .iter()
            .find(|merger| merger.group == own && merger.date == self.today)
            .map_or(own, |merger| merger.host);
        let hours = hours_of_today(self.site, room, self.now);
        let begins = midnight(self.site, self.today).max(self.since);
        let over = self.recent.pauses.iter().filter(move |pause| begins < pause.until && pause.until <= self.now);
        over.filter_map(move |pause| {
            let window = Window { start: pause.from, end: pause.until };
            let was = hours.iter().any(|open| open.start < window.end && window.start < open.end) && window.start < window.end;
            let whole = closes(pause, Some(room), None);
            let camera = if whole { None } else { Some(self.closed_camera(pause, room)?) };
            was.then_some(News { date: self.today, what: What::Paused { window, camera, reason: &pause.reason } })
        })
    }

    /// The camera of `room`, or of all rooms, that `pause` closed alone.
    fn closed_camera(&self, pause: &Pause, room: GroupId) -> Option<&'a str> {
        let mut cameras = self.site.cameras.iter().filter(|camera| camera.group.is_none_or(|group| group == room));
        cameras.find(|camera| closes(pause, None, Some(camera))).map(|camera| camera.name.as_str())
    }
}

fn midnight(site: &Site, date: Date) -> Timestamp {
    date.to_zoned(site.kindergarten.zone.clone()).map_or(Timestamp::MIN, |midnight| midnight.timestamp())
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}
