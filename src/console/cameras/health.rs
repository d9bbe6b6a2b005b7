//! How a camera was over some days: pure, from the stretches that were written down.

use crate::{
    db::{camera_defects::DefectRow, camera_health::Stretch},
    media::Health,
    rounds::TOLERANCE,
};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use std::{cmp::Reverse, collections::BTreeSet};

/// The outages that are told of, the newest first.
const MOST_OUTAGES: usize = 100;

/// How a camera was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Day by day, the first first.
    pub days: Vec<DayOf>,
    /// When it failed, or something was wrong with its picture or clock, the newest first.
    pub outages: Vec<Outage>,
}

/// How long a camera was online and offline; nobody knows of the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOf {
    /// The day, by the kindergarten's clock.
    pub date: Date,
    /// Pictures arrived.
    pub online: SignedDuration,
    /// None did.
    pub offline: SignedDuration,
    /// What was wrong with its picture or clock: the codes of [`Defect`](crate::rounds::Defect)s.
    pub defects: BTreeSet<String>,
}

/// A time without a picture, or with one that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// Why: the code of a [`Health`] or a [`Defect`](crate::rounds::Defect).
    pub code: String,
    /// The first moment that is known.
    pub from: Timestamp,
    /// The last; `None` when it goes on.
    pub until: Option<Timestamp>,
}

/// The last `days` days up to `now`, today among them.
pub fn history(stretches: Vec<Stretch>, defects: Vec<DefectRow>, days: u16, zone: &TimeZone, now: Timestamp) -> History {
    let (stretches, defects) = (joined(stretches, now), defects_of(defects, now));
    let today = zone.to_datetime(now).date();
    let dates = (0..i64::from(days)).rev().filter_map(|ago| today.checked_sub(jiff::Span::new().days(ago)).ok());
    let first = dates.clone().next().and_then(|date| midnight(date, zone)).unwrap_or(now);
    let failed = stretches.iter().filter(|stretch| !is_online(stretch));
    let mut outages: Vec<&Stretch> = failed.chain(&defects).filter(|stretch| stretch.seen_at >= first).collect();
    outages.sort_by_key(|stretch| Reverse(stretch.started_at));
    let outage = |stretch: &Stretch| Outage {
        code: stretch.code.clone(),
        from: stretch.started_at,
        until: (stretch.seen_at < now).then_some(stretch.seen_at),
    };
    History {
        outages: outages.into_iter().take(MOST_OUTAGES).map(outage).collect(),
        days: dates.filter_map(|date| day(date, &stretches, &defects, zone)).collect(),
    }
}

/// Stretches without the holes that are no longer than what may go unseen: what was so and then still so, was so all the time; what
/// changed, changed when that was seen.
fn joined(stretches: Vec<Stretch>, now: Timestamp) -> Vec<Stretch> {
    let mut joined: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if stretch.started_at.duration_since(last.seen_at) <= TOLERANCE => {
                if last.code == stretch.code {
                    last.seen_at = last.seen_at.max(stretch.seen_at);
                    continue;
                }
                last.seen_at = stretch.started_at.max(last.started_at);
                joined.push(stretch);
            }
            _ => joined.push(stretch),
        }
    }
    if let Some(last) = joined.last_mut()
        && now.duration_since(last.seen_at) <= TOLERANCE
    {
        last.seen_at = now;
    }
    joined
}

/// What was wrong, from when to when: to where it was seen to be over, or last seen; or to `now`, where it goes on. What several runs or
/// nodes saw at the same time is one.
fn defects_of(rows: Vec<DefectRow>, now: Timestamp) -> Vec<Stretch> {
    let mut defects: Vec<Stretch> = Vec::new();
    for DefectRow { code, started_at, seen_at, ended_at, .. } in rows {
        let goes_on = ended_at.is_none() && now.duration_since(seen_at) <= TOLERANCE;
        let last = if goes_on { now } else { ended_at.map_or(seen_at, Timestamp::from) };
        match defects.iter_mut().find(|defect| defect.code == code && started_at <= defect.seen_at) {
            Some(defect) => defect.seen_at = defect.seen_at.max(last),
            None => defects.push(Stretch { code, started_at, seen_at: last }),
        }
    }
    defects
}

fn day(date: Date, stretches: &[Stretch], defects: &[Stretch], zone: &TimeZone) -> Option<DayOf> {
    let (from, until) = (midnight(date, zone)?, midnight(date.tomorrow().ok()?, zone)?);
    let mut day = DayOf { date, online: SignedDuration::ZERO, offline: SignedDuration::ZERO, defects: BTreeSet::new() };
    let touching = defects.iter().filter(|defect| defect.started_at < until && from <= defect.seen_at);
    day.defects.extend(touching.map(|defect| defect.code.clone()));
    for stretch in stretches {
        let within = stretch.seen_at.min(until).duration_since(stretch.started_at.max(from)).max(SignedDuration::ZERO);
        if is_online(stretch) {
            day.online += within;
        } else {
            day.offline += within;
        }
    }
    Some(day)
}

fn midnight(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(date.to_zoned(zone.clone()).ok()?.timestamp())
}

fn is_online(stretch: &Stretch) -> bool {
    stretch.code == Health::Online.code()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-11-23T{time}:00+05:00").parse().unwrap()
    }

    fn stretch(code: &str, from: &str, until: &str) -> Stretch {
        Stretch { code: code.to_owned(), started_at: at(from), seen_at: at(until) }
    }

    fn of(stretches: Vec<Stretch>, now: &str) -> History {
        history(stretches, Vec::new(), 2, &TimeZone::get("Asia/Almaty").unwrap(), at(now))
    }

    /// Minutes online and offline today.
    fn today(history: &History) -> (i64, i64) {
        let day = history.days.last().unwrap();
        (day.online.as_mins(), day.offline.as_mins())
    }

    #[test]
    fn rounds_that_found_the_same_make_one_stretch_and_longer_silence_is_unknown() {
        let seen =
            vec![stretch("online", "08:00", "08:01"), stretch("online", "08:20", "08:21"), stretch("online", "10:00", "10:05")];
        let history = of(seen, "12:00");
        assert_eq!((today(&history), history.outages.len()), ((26, 0), 0));
        assert_eq!(history.days.len(), 2);
        assert_eq!(history.days[0].online, SignedDuration::ZERO);
    }

    #[test]
    fn an_outage_lasts_from_where_it_was_seen_to_where_it_was_over_or_goes_on() {
        let seen = vec![
            stretch("online", "08:00", "08:10"),
            stretch("unreachable", "08:20", "09:00"),
            stretch("online", "09:10", "09:30"),
            stretch("wrong_password", "09:30", "09:50"),
        ];
        let history = of(seen, "10:00");
        assert_eq!(today(&history), (40, 80));
        let outage =
            |code: &str, from: &str, until: Option<&str>| Outage { code: code.to_owned(), from: at(from), until: until.map(at) };
        assert_eq!(history.outages, [outage("wrong_password", "09:30", None), outage("unreachable", "08:20", Some("09:10"))]);
    }

    #[test]
    fn a_run_that_died_leaves_the_end_where_the_camera_was_seen_last() {
        let history = of(vec![stretch("unreachable", "08:00", "08:30")], "12:00");
        assert_eq!((today(&history), history.outages[0].until), ((0, 30), Some(at("08:30"))));
    }

    #[test]
    fn a_stretch_over_midnight_belongs_to_both_days() {
        let night =
            Stretch { code: "online".to_owned(), started_at: "2026-11-22T23:00:00+05:00".parse().unwrap(), seen_at: at("01:00") };
        let history = of(vec![night], "12:00");
        assert_eq!((history.days[0].online.as_mins(), history.days[1].online.as_mins()), (60, 60));
    }

    fn defect(code: &str, from: &str, seen: &str, ended: Option<&str>) -> DefectRow {
        let id = crate::id::DefectId::new(at(from));
        let camera_id = crate::id::CameraId::new(at("00:00"));
        let ended_at = ended.map(|ended| crate::db::Moment(at(ended)));
        DefectRow { id, camera_id, code: code.to_owned(), started_at: at(from), seen_at: at(seen), ended_at }
    }

    #[test]
    fn what_was_wrong_stands_among_the_outages_and_ends_where_it_was_seen_to_be_over_or_seen_last() {
        let rows = vec![
            defect("black", "06:00", "07:00", None),
            defect("covered", "08:00", "08:20", Some("08:30")),
            defect("covered", "08:10", "08:35", Some("08:40")),
            defect("wrong_clock", "09:00", "11:50", None),
        ];
        let history = history(vec![stretch("unreachable", "08:50", "08:55")], rows, 2, &TimeZone::UTC, at("12:00"));
        let told: Vec<_> = history.outages.iter().map(|outage| (outage.code.as_str(), outage.from, outage.until)).collect();
        let expected = [
            ("wrong_clock", at("09:00"), None),
            ("unreachable", at("08:50"), Some(at("08:55"))),
            ("covered", at("08:00"), Some(at("08:40"))),
            ("black", at("06:00"), Some(at("07:00"))),
        ];
        assert_eq!(told, expected);
        let codes: Vec<_> = history.days[1].defects.iter().map(String::as_str).collect();
        assert_eq!((codes, history.days[0].defects.len()), (vec!["black", "covered", "wrong_clock"], 0));
    }
}
