//! The only 'now'. Everything that depends on the time takes it from a [`Clock`], so that a test can hold it.

use jiff::{SignedDuration, Timestamp};
use std::{
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    time::{Interval, MissedTickBehavior},
};

/// Microseconds since 1970 by the machine's clock, for measuring delays across processes; everything else asks a [`Clock`].
#[allow(clippy::disallowed_methods, reason = "a held clock measures nothing")]
pub fn unix_micros() -> u64 {
    u64::try_from(Timestamp::now().as_microsecond()).unwrap_or_default()
}

/// Where the time of day comes from: the machine, or a test.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Held(Arc<watch::Sender<Held>>),
}

/// What a held clock shows, and how much time has passed on it.
#[derive(Clone, Copy, Debug)]
struct Held {
    now: Timestamp,
    passed: SignedDuration,
}

/// When this was first asked for; that is soon after the start.
static BEGAN: LazyLock<Instant> = LazyLock::new(monotonic);

/// The longest sleep before the machine's clock is read again: it may have been set meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `now` until it is moved.
    pub fn held(now: Timestamp) -> Self {
        Self(Source::Held(Arc::new(watch::Sender::new(Held { now, passed: SignedDuration::ZERO }))))
    }

    /// The moment that this clock shows, cut to the millisecond: that is what the database keeps.
    #[allow(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> Timestamp {
        let now = match &self.0 {
            Source::System => Timestamp::now(),
            Source::Held(held) => held.borrow().now,
        };
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// How much time has passed since the program began, whatever anybody sets the clock to.
    pub fn passed(&self) -> SignedDuration {
        match &self.0 {
            Source::System => SignedDuration::try_from(BEGAN.elapsed()).unwrap_or(SignedDuration::MAX),
            Source::Held(held) => held.borrow().passed,
        }
    }

    /// When the program began, by what the clock shows now: this moves when somebody sets the clock, and only then.
    pub fn began(&self) -> Timestamp {
        self.now().saturating_sub(self.passed()).unwrap_or(Timestamp::MIN)
    }

    /// Lets time pass on a held clock, and wakes those who sleep until then. The machine's clock is not moved.
    pub fn advance(&self, by: SignedDuration) {
        if let Source::Held(held) = &self.0 {
            held.send_modify(|held| {
                held.now = held.now.saturating_add(by).unwrap_or(Timestamp::MAX);
                held.passed = held.passed.saturating_add(by);
            });
        }
    }

    /// Sets a held clock to `now`, as somebody might: no time passes. The machine's clock is not set.
    pub fn set(&self, now: Timestamp) {
        if let Source::Held(held) = &self.0 {
            held.send_modify(|held| held.now = now);
        }
    }

    /// Sleeps until this clock shows `moment` or later.
    pub async fn sleep_until(&self, moment: Timestamp) {
        match &self.0 {
            Source::System => loop {
                let left = self.now().duration_until(moment);
                if left <= SignedDuration::ZERO {
                    return;
                }
                tokio::time::sleep(left.unsigned_abs().min(LOOK_AGAIN)).await;
            },
            Source::Held(held) => {
                let mut seen = held.subscribe();
                // The sender lives in this clock, so the channel cannot close while we wait.
                let _ = seen.wait_for(|held| held.now >= moment).await;
            }
        }
    }
}

/// Time for measuring spans, never set back; it says nothing of the time of day.
#[allow(clippy::disallowed_methods, reason = "this is the one place")]
pub fn monotonic() -> Instant {
    Instant::now()
}

/// Ticks every `period`, at the same moments for all who ask for the same one: a machine that wakes up for one of them serves all. Ticks that
/// nobody was there for are left out.
pub fn in_step(period: Duration) -> Interval {
    static ORIGIN: LazyLock<tokio::time::Instant> = LazyLock::new(|| monotonic().into());
    let passed = ORIGIN.elapsed().as_nanos() / period.as_nanos().max(1);
    let first = *ORIGIN + period.saturating_mul(u32::try_from(passed + 1).unwrap_or(u32::MAX));
    let mut ticks = tokio::time::interval_at(first, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_held_clock_wakes_the_sleeper_when_it_is_moved_there() {
        let clock = Clock::held(Timestamp::UNIX_EPOCH);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep_until(Timestamp::from_second(60).unwrap()).await;
                clock.now()
            }
        });
        clock.advance(SignedDuration::from_secs(30));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(SignedDuration::from_secs(30));
        assert_eq!(sleeper.await.unwrap(), Timestamp::from_second(60).unwrap());
    }
}
