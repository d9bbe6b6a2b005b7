//! Whether recordings will fit, from how much cameras really send: pure. It is told before anything has to go early.

use crate::{id::CameraId, model::RecordingRule};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How much a camera sends, and how long it is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// The camera.
    pub camera: CameraId,
    /// Bytes that a day of it takes.
    pub per_day: u64,
    /// How long and how much.
    pub rule: RecordingRule,
    /// The first moment of what is kept of it.
    pub since: Timestamp,
}

/// How much there is room for, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Room {
    /// What recordings take now.
    pub kept: u64,
    /// What is free beside them, the reserve apart.
    pub free: u64,
}

/// What will happen if cameras go on as they do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Bytes a day, of all cameras.
    pub per_day: u64,
    /// The most days that any camera is to be kept; 0 while nothing is known.
    pub wanted: u32,
    /// How many whole days of all cameras the disk holds, where that is less.
    pub fits: Option<u32>,
    /// The cameras of which less will be kept than asked for.
    pub shortfalls: BTreeMap<CameraId, Shortfall>,
}

/// Less of a camera will be kept than is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortfall {
    /// The days that are asked for.
    pub wanted: u32,
    /// The whole days that will be kept.
    pub fits: u32,
    /// What stands in the way.
    pub cause: ShortOf,
    /// From about when on something goes early, to the hour; what is past has begun.
    pub from: Timestamp,
}

/// What there is too little of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShortOf {
    /// Room on the disk: the operator's to add.
    Room,
    /// The bytes that the camera may have: the director's to change.
    Bytes,
}

impl ShortOf {
    /// The word that the API uses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Bytes => "bytes",
        }
    }
}

/// What will happen to `flows` from `now` on; without `room` the disk is no limit.
pub fn forecast(flows: &[Flow], room: Option<Room>, now: Timestamp) -> Forecast {
    let wanted = flows.iter().map(|flow| flow.rule.days).max().unwrap_or(0);
    let fits = room.and_then(|room| {
        let all = room.kept.saturating_add(room.free);
        let need = |days: u32| flows.iter().map(|flow| flow.after(days)).fold(0, u64::saturating_add);
        (need(wanted) > all).then(|| (0..wanted).rev().find(|days| need(*days) <= all).unwrap_or(0))
    });
    let full_at = room.map_or(Timestamp::MAX, |room| full_at(flows, room, now));
    let shortfalls = flows.iter().filter_map(|flow| {
        let by_bytes = flow.rule.bytes.and_then(|most| most.checked_div(flow.per_day)).and_then(|days| u32::try_from(days).ok());
        let short = |fits: Option<u32>| fits.filter(|fits| *fits < flow.rule.days);
        let (fits, cause) = match (short(fits), short(by_bytes)) {
            (Some(room), bytes) if bytes.is_none_or(|bytes| room < bytes) => (room, ShortOf::Room),
            (_, bytes) => (bytes?, ShortOf::Bytes),
        };
        let from = match cause {
            ShortOf::Room => full_at,
            ShortOf::Bytes => flow.since.saturating_add(SignedDuration::from_hours(24 * i64::from(fits))).unwrap_or(Timestamp::MAX),
        };
        Some((flow.camera, Shortfall { wanted: flow.rule.days, fits, cause, from: to_the_hour(from) }))
    });
    Forecast {
        per_day: flows.iter().map(|flow| flow.per_day).fold(0, u64::saturating_add),
        wanted,
        fits,
        shortfalls: shortfalls.collect(),
    }
}

impl Flow {
    /// What the last `days` days of it take, as far as its rule keeps them.
    fn after(&self, days: u32) -> u64 {
        let bytes = self.per_day.saturating_mul(u64::from(days.min(self.rule.days)));
        self.rule.bytes.map_or(bytes, |most| bytes.min(most))
    }

    /// Whether more of it is kept every day: nothing of it goes yet.
    fn grows(&self, now: Timestamp) -> bool {
        let kept = now.duration_since(self.since).as_hours();
        let bytes = self.per_day.saturating_mul(u64::try_from(kept).unwrap_or(0)) / 24;
        kept < 24 * i64::from(self.rule.days) && self.rule.bytes.is_none_or(|most| bytes < most)
    }
}

/// When the free room is used up, if those that grow go on growing; where none does, it is used up by what they send more than before.
fn full_at(flows: &[Flow], room: Room, now: Timestamp) -> Timestamp {
    let per_day: u64 = flows.iter().filter(|flow| flow.grows(now)).map(|flow| flow.per_day).fold(0, u64::saturating_add);
    let minutes = room.free.saturating_mul(24 * 60).checked_div(per_day).and_then(|minutes| i64::try_from(minutes).ok());
    let until = minutes.map(SignedDuration::from_mins);
    until.and_then(|until| now.saturating_add(until).ok()).unwrap_or(now)
}

fn to_the_hour(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second() / 3600 * 3600).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RecordedQuality;
    use proptest::prelude::*;

    const GB: u64 = 1_000_000_000;

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    /// A camera of `per_day` GB a day that has been recorded for so many days.
    fn flow(per_day: u64, recorded: i64, days: u32, bytes: Option<u64>) -> Flow {
        let rule = RecordingRule { recorded: true, quality: RecordedQuality::Main, days, bytes };
        let since = now() - SignedDuration::from_hours(24 * recorded);
        Flow { camera: CameraId::new(now()), per_day: per_day * GB, rule, since }
    }

    #[test]
    fn thirty_days_that_will_not_fit_are_told_while_there_is_still_room() {
        // 20 GB a day; after ten days 200 GB are kept and 180 GB free: room for 19 days, and nine days until it is full.
        let flows = [flow(12, 10, 30, None), flow(8, 10, 30, None)];
        let told = forecast(&flows, Some(Room { kept: 200 * GB, free: 180 * GB }), now());
        assert_eq!((told.per_day, told.wanted, told.fits), (20 * GB, 30, Some(19)));
        let expected = Shortfall { wanted: 30, fits: 19, cause: ShortOf::Room, from: now() + SignedDuration::from_hours(9 * 24) };
        assert_eq!(told.shortfalls, flows.iter().map(|flow| (flow.camera, expected)).collect());
    }

    #[test]
    fn what_fits_is_not_spoken_of() {
        let told = forecast(&[flow(10, 3, 30, None)], Some(Room { kept: 30 * GB, free: 270 * GB }), now());
        assert_eq!((told.fits, told.shortfalls.len()), (None, 0));
        assert_eq!(forecast(&[flow(10, 3, 30, None)], None, now()).shortfalls.len(), 0, "where the disk is no limit");
        assert_eq!(forecast(&[], Some(Room::default()), now()), Forecast::default());
    }

    #[test]
    fn a_limit_of_bytes_that_holds_fewer_days_is_told_apart_from_a_small_disk() {
        let flows = [flow(10, 5, 30, Some(100 * GB)), flow(10, 5, 30, Some(400 * GB))];
        let told = forecast(&flows, Some(Room { kept: 100 * GB, free: 900 * GB }), now());
        let from = now() + SignedDuration::from_hours(5 * 24);
        let expected = Shortfall { wanted: 30, fits: 10, cause: ShortOf::Bytes, from };
        assert_eq!(told.shortfalls, BTreeMap::from([(flows[0].camera, expected)]));
    }

    #[test]
    fn a_camera_that_has_its_days_no_longer_fills_the_disk() {
        let flows = [flow(10, 30, 30, None), flow(10, 1, 30, None)];
        let told = forecast(&flows, Some(Room { kept: 310 * GB, free: 100 * GB }), now());
        assert_eq!(told.shortfalls[&flows[1].camera].from, now() + SignedDuration::from_hours(10 * 24));
    }

    proptest! {
        #[test]
        fn the_days_that_fit_do_fit_and_one_more_would_not(
            cameras in proptest::collection::vec((0_u64..50, 30_u32..60, proptest::option::of(1_u64..2000)), 1..6),
            room in 0_u64..6000,
        ) {
            let flows: Vec<Flow> = cameras.into_iter().map(|(per_day, days, bytes)| flow(per_day, 1, days, bytes.map(|it| it * GB))).collect();
            let told = forecast(&flows, Some(Room { kept: 0, free: room * GB }), now());
            let need = |days: u32| flows.iter().map(|flow| flow.after(days)).sum::<u64>();
            match told.fits {
                Some(days) => prop_assert!(need(days) <= room * GB && need(days + 1) > room * GB),
                None => prop_assert!(need(told.wanted) <= room * GB),
            }
            for (camera, short) in &told.shortfalls {
                let flow = flows.iter().find(|flow| flow.camera == *camera).unwrap();
                prop_assert!(short.fits < short.wanted && short.wanted == flow.rule.days);
            }
        }
    }
}
