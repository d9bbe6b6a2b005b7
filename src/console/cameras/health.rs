//! How a camera was over some days: pure, from the stretches that were written down.

use crate::{db::camera_health::Stretch, media::Health, rounds::TOLERANCE};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// The outages that are told of, the newest first.
const MOST_OUTAGES: usize = 100;

/// How a camera was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Day by day, the first first.
    pub days: Vec<DayOf>,
    /// When it failed, the newest first.
    pub outages: Vec<Outage>,
}

/// How long a camera was online and offline; nobody knows of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOf {
    /// The day, by the kindergarten's clock.
    pub date: Date,
    /// Pictures arrived.
    pub online: SignedDuration,
    /// None did.
    pub offline: SignedDuration,
}

/// A time without a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// Why: the code of a [`Health`].
    pub code: String,
    /// The first moment that is known.
    pub from: Timestamp,
    /// The last; `None` when it goes on.
    pub until: Option<Timestamp>,
}

/// The last `days` days up to `now`, today among them.
pub fn history(stretches: Vec<Stretch>, days: u16, zone: &TimeZone, now: Timestamp) -> History {
    let stretches = joined(stretches, now);
    let today = zone.to_datetime(now).date();
    let dates = (0..i64::from(days)).rev().filter_map(|ago| today.checked_sub(jiff::Span::new().days(ago)).ok());
    let first = dates.clone().next().and_then(|date| midnight(date, zone)).unwrap_or(now);
    let outages = stretches.iter().rev().filter(|stretch| !is_online(stretch) && stretch.seen_at >= first);
    let outage = |stretch: &Stretch| Outage {
        code: stretch.code.clone(),
        from: stretch.started_at,
        until: (stretch.seen_at < now).then_some(stretch.seen_at),
    };
    History {
        outages: outages.take(MOST_OUTAGES).map(outage).collect(),
        days: dates.filter_map(|date| day(date, &stretches, zone)).collect(),
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

fn day(date: Date, stretches: &[Stretch], zone: &TimeZone) -> Option<DayOf> {
    let (from, until) = (midnight(date, zone)?, midnight(date.tomorrow().ok()?, zone)?);
    let mut day = DayOf { date, online: SignedDuration::ZERO, offline: SignedDuration::ZERO };
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
        history(stretches, 2, &TimeZone::get("Asia/Almaty").unwrap(), at(now))
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
}
