//! When a frame was taken, by this machine's clock: the camera's own clock, whose drift against ours is measured and taken out.

use std::time::{Duration, Instant};

/// Nanoseconds since a recorder began.
pub(super) type Nanos = i64;

const SECOND: Nanos = 1_000_000_000;
/// A frame is late by the network's delay. One that is later than this, or as much too early as that, means that the camera's clock has jumped.
const LATE: Nanos = 10 * SECOND;
const EARLY: Nanos = 2 * SECOND;
/// Over how long the quickest arrival is looked for.
const WINDOW: Nanos = 8 * SECOND;
/// By which part of the time that passes the camera's clock is corrected at most: what is corrected shows in no picture and no sound.
const SLEW: Nanos = 50;

/// Puts the timestamps of one stream on the recorder's time.
#[derive(Debug)]
pub(super) struct CameraTime {
    rate: u64,
    origin: Instant,
    stream: Option<Stream>,
}

/// A stretch without a jump.
#[derive(Debug)]
struct Stream {
    /// The first timestamp.
    first: u64,
    /// The newest time of the camera, since the first timestamp.
    newest: Nanos,
    /// What has to be added to the camera's time.
    offset: Nanos,
    /// What should be, as far as the last window tells.
    target: Nanos,
    /// The least that was seen in this window, and when it began.
    least: Nanos,
    since: Nanos,
}

impl CameraTime {
    /// For timestamps of `rate` ticks a second; times are counted from `origin`.
    pub(super) fn new(rate: u32, origin: Instant) -> Self {
        Self { rate: rate.into(), origin, stream: None }
    }

    /// When the frame with the camera's timestamp `timestamp`, which arrived at `arrived`, was taken. After a jump of the camera's clock
    /// that is when it arrived.
    pub(super) fn place(&mut self, timestamp: u64, arrived: Instant) -> Nanos {
        let arrived = nanos(arrived.saturating_duration_since(self.origin));
        if let Some(stream) = &mut self.stream
            && let Some(at) = stream.place(since(stream.first, timestamp, self.rate), arrived)
        {
            return at;
        }
        self.stream =
            Some(Stream { first: timestamp, newest: 0, offset: arrived, target: arrived, least: arrived, since: arrived });
        arrived
    }
}

impl Stream {
    /// `None` when the clock has jumped.
    fn place(&mut self, camera: Nanos, arrived: Nanos) -> Option<Nanos> {
        let late = arrived.checked_sub(camera)?;
        let against = late.checked_sub(self.offset)?;
        if !(-EARLY..=LATE).contains(&against) {
            return None;
        }
        // A frame cannot arrive before it was taken: the quickest one is the truest.
        self.least = self.least.min(late);
        if arrived - self.since >= WINDOW {
            (self.target, self.least, self.since) = (self.least, late, arrived);
        }
        let passed = camera - self.newest;
        if passed > 0 {
            self.newest = camera;
            self.offset += (self.target - self.offset).clamp(-passed / SLEW, passed / SLEW);
        }
        Some(camera + self.offset)
    }
}

/// The time from one timestamp to another, in nanoseconds; far away when it is too long to be one.
fn since(first: u64, timestamp: u64, rate: u64) -> Nanos {
    let ticks = i128::from(timestamp.wrapping_sub(first).cast_signed());
    i64::try_from(ticks * i128::from(SECOND) / i128::from(rate.max(1))).unwrap_or(i64::MAX)
}

/// A span in nanoseconds.
pub(super) fn nanos(span: Duration) -> Nanos {
    i64::try_from(span.as_nanos()).unwrap_or(i64::MAX)
}

/// A span in ticks of `rate` a second, rounded; nothing before zero.
pub(super) fn ticks(span: Nanos, rate: u32) -> u64 {
    let ticks = (i128::from(span) * i128::from(rate) + i128::from(SECOND / 2)).div_euclid(i128::from(SECOND));
    u64::try_from(ticks).unwrap_or(0)
}

/// Ticks of `rate` a second as a span.
pub(super) fn span(ticks: u64, rate: u32) -> Nanos {
    i64::try_from(i128::from(ticks) * i128::from(SECOND) / i128::from(rate)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A camera with 25 pictures a second whose clock is fast by `fast` millionths; every picture is late by `jitter` of its number, in
    /// milliseconds. Gives by how many milliseconds the time of the last is wrong.
    fn wrong_after(seconds: u64, fast: i128, jitter: impl Fn(u64) -> u64) -> i64 {
        let origin = crate::clock::monotonic();
        let mut time = CameraTime::new(90_000, origin);
        let mut wrong = 0;
        for number in 0..seconds * 25 {
            let taken = Duration::from_millis(40 * number);
            let shown = i128::from(nanos(taken)) * (1_000_000 + fast) / 1_000_000;
            let timestamp = 7 + ticks(i64::try_from(shown).unwrap(), 90_000);
            let placed = time.place(timestamp, origin + taken + Duration::from_millis(jitter(number)));
            wrong = (placed - nanos(taken)) / 1_000_000;
        }
        wrong
    }

    #[test]
    fn a_clock_that_is_wrong_by_a_thousandth_is_corrected_over_a_day() {
        for fast in [1_000, -1_000, 0] {
            let wrong = wrong_after(24 * 60 * 60, fast, |number| if number % 50 == 49 { 0 } else { number * 7 % 60 });
            assert!(wrong.abs() < 25, "{fast}: {wrong} ms");
        }
    }

    #[test]
    fn a_stall_of_the_network_moves_nothing() {
        let wrong = wrong_after(60, 0, |number| if (500..600).contains(&number) { (600 - number) * 40 } else { 5 });
        assert!((0..6).contains(&wrong), "{wrong} ms");
    }

    #[test]
    fn a_clock_that_jumps_is_begun_anew() {
        let origin = crate::clock::monotonic();
        let mut time = CameraTime::new(90_000, origin);
        let at = |seconds| origin + Duration::from_secs(seconds);
        let placed = [(900_000, 1), (990_000, 2), (u64::MAX, 3), (89_999, 5), (90_000_000, 6)];
        let placed = placed.map(|(timestamp, seconds)| time.place(timestamp, at(seconds)) / SECOND);
        assert_eq!(placed, [1, 2, 3, 4, 6]);
    }

    proptest! {
        #[test]
        fn whatever_a_camera_says_times_stay_near_the_arrival(frames in prop::collection::vec((any::<u64>(), 0_u64..5_000), 1..60)) {
            let origin = crate::clock::monotonic();
            let (mut time, mut arrived) = (CameraTime::new(90_000, origin), origin);
            for (timestamp, wait) in frames {
                arrived += Duration::from_millis(wait);
                let placed = time.place(timestamp, arrived);
                let since = nanos(arrived.duration_since(origin));
                prop_assert!(placed >= since - LATE - SECOND && placed <= since + EARLY + LATE + SECOND);
            }
        }

        #[test]
        fn ticks_come_back_from_a_span(number in 0_u64..1 << 40) {
            prop_assert_eq!(ticks(span(number, 90_000), 90_000), number);
            prop_assert_eq!(ticks(span(number, 8_000), 8_000), number);
        }
    }
}
