//! A feed's own time: it only goes forward, whatever the camera's clock does.

use std::time::{Duration, Instant};

/// A camera's step that differs by more than this from the time that passed here is a jump of its clock.
const JUMP: Duration = Duration::from_secs(1);
/// One part in this many of a later arrival moves the estimate of when pictures are taken: network jitter passes, drift is followed.
const DRIFT: i64 = 256;

/// Puts a camera's timestamps on a timeline that begins at zero and never goes back: over a restart of the camera, a jump of its
/// clock and repeated timestamps it goes on by the time that passed here. So a browser's decoder sees one stream.
#[derive(Debug)]
pub(in crate::media) struct Timeline {
    clock: u32,
    start: Instant,
    last: Option<Last>,
    /// By how many microseconds the start of the timeline lies after `start`, as far as the quickest arrivals tell.
    offset: i64,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    camera: u64,
    placed: u64,
    arrived: Instant,
}

impl Timeline {
    /// A timeline of `clock` ticks a second.
    pub(in crate::media) fn new(clock: u32, now: Instant) -> Self {
        Self { clock, start: now, last: None, offset: 0 }
    }

    /// Places a frame with the camera's timestamp `camera` that arrived at `arrived`: its timestamp here, greater than the one before,
    /// and when it was taken.
    pub(in crate::media) fn place(&mut self, camera: u64, arrived: Instant) -> (u64, Instant) {
        let placed = match self.last {
            None => self.ticks(arrived.saturating_duration_since(self.start)),
            Some(last) => {
                let passed = arrived.saturating_duration_since(last.arrived);
                let step = camera.checked_sub(last.camera).filter(|step| *step > 0 && self.span(*step).abs_diff(passed) <= JUMP);
                last.placed + step.unwrap_or_else(|| self.ticks(passed).max(1))
            }
        };
        self.last = Some(Last { camera, placed, arrived });
        (placed, self.captured(placed, arrived))
    }

    fn captured(&mut self, placed: u64, arrived: Instant) -> Instant {
        let late = micros(arrived.saturating_duration_since(self.start)) - micros(self.span(placed));
        // A frame cannot arrive before it was taken: the quickest one is the truest.
        self.offset = if late < self.offset { late } else { self.offset + (late - self.offset) / DRIFT };
        let since_start = (micros(self.span(placed)) + self.offset).max(0).unsigned_abs();
        (self.start + Duration::from_micros(since_start)).min(arrived)
    }

    fn ticks(&self, span: Duration) -> u64 {
        u64::try_from(span.as_micros() * u128::from(self.clock) / 1_000_000).unwrap_or(u64::MAX / 4)
    }

    fn span(&self, ticks: u64) -> Duration {
        let micros = u128::from(ticks) * 1_000_000 / u128::from(self.clock.max(1));
        Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn placed(frames: &[(u64, u64)]) -> Vec<u64> {
        let start = crate::clock::monotonic();
        let mut timeline = Timeline::new(90_000, start);
        frames.iter().map(|(camera, millis)| timeline.place(*camera, start + Duration::from_millis(*millis)).0).collect()
    }

    #[test]
    fn the_cameras_own_steps_are_kept_though_the_network_jitters() {
        assert_eq!(placed(&[(7_000, 0), (10_600, 55), (14_200, 80), (17_800, 119)]), [0, 3_600, 7_200, 10_800]);
    }

    #[test]
    fn a_jump_a_restart_and_a_repeat_go_on_by_the_time_that_passed() {
        let jump = placed(&[(0, 0), (3_600, 40), (900_000_000, 80), (900_003_600, 120)]);
        assert_eq!(jump, [0, 3_600, 7_200, 10_800]);
        let restart = placed(&[(900_000, 0), (903_600, 40), (0, 5_040), (3_600, 5_080)]);
        assert_eq!(restart, [0, 3_600, 453_600, 457_200]);
        assert_eq!(placed(&[(5, 0), (5, 0), (5, 40)]), [0, 1, 3_601]);
    }

    proptest! {
        #[test]
        fn it_only_goes_forward_and_nothing_is_taken_after_it_arrived(frames in prop::collection::vec((0..u64::MAX / 2, 0u64..5_000), 1..60)) {
            let start = crate::clock::monotonic();
            let mut timeline = Timeline::new(8_000, start);
            let (mut arrived, mut before) = (start, None);
            for (camera, wait) in frames {
                arrived += Duration::from_millis(wait);
                let (placed, captured) = timeline.place(camera, arrived);
                prop_assert!(before < Some(placed));
                prop_assert!(captured <= arrived);
                before = Some(placed);
            }
        }
    }
}
