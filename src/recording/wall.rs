//! The recorder's time as the time of day.

use super::time::{Nanos, nanos};
use crate::clock::{Clock, monotonic};
use jiff::{SignedDuration, Timestamp};
use std::time::Instant;

/// The clock on the wall is believed to have been set when it is off by more; less is how long it took to read it.
const SET: SignedDuration = SignedDuration::from_millis(250);

/// Whoever sets it by more breaks what follows at once off from what was before.
const SEAM: SignedDuration = SignedDuration::from_secs(2);

/// Tells the time of day of a moment.
#[derive(Debug)]
pub(super) struct Wall {
    clock: Clock,
    origin: Instant,
    /// The time of day of the origin.
    at: Timestamp,
    /// The time of day when the program began, as the clock told it when it was last asked whether it was set.
    began: Timestamp,
}

impl Wall {
    pub(super) fn new(clock: Clock, origin: Instant) -> Self {
        let mut wall = Self { at: clock.now(), began: clock.began(), clock, origin };
        wall.at = wall.origin_now();
        wall
    }

    /// The time of day at `moment`. The same clock tells it as long as nobody sets it, so that spans are as long as they were.
    pub(super) fn moment(&mut self, moment: Nanos) -> Timestamp {
        let now = self.origin_now();
        if now.duration_since(self.at).abs() > SET {
            self.at = now;
        }
        let at = self.at + SignedDuration::from_nanos(moment);
        // To the millisecond, as the database keeps it.
        Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
    }

    /// By how much the clock was set since this was last asked, where that is more than a picture that is late.
    pub(super) fn set_by(&mut self) -> Option<SignedDuration> {
        let began = self.clock.began();
        let by = began.duration_since(self.began);
        (by.abs() > SEAM).then(|| {
            self.began = began;
            by
        })
    }

    /// The time of day of the origin, as the clock tells it now.
    fn origin_now(&self) -> Timestamp {
        self.clock.now() - SignedDuration::from_nanos(nanos(monotonic().saturating_duration_since(self.origin)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_as_long_as_they_were_until_somebody_sets_the_clock() {
        let clock = Clock::held("2026-11-23T05:31:00Z".parse().unwrap());
        let mut wall = Wall::new(clock.clone(), monotonic());
        let first = wall.moment(0);
        clock.advance(SignedDuration::from_millis(120));
        assert_eq!(wall.moment(5_000_000_000).duration_since(first), SignedDuration::from_secs(5));
        clock.advance(SignedDuration::from_hours(1));
        let set = wall.moment(5_000_000_000).duration_since(first);
        assert!((SignedDuration::from_secs(3_604)..SignedDuration::from_secs(3_606)).contains(&set), "{set:?}");
    }
}
