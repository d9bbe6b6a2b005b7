//! How late a shard is: whether it can carry more viewers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// A new reading moves the average by one part in this many.
const SMOOTH: u64 = 16;

/// How old pictures are by the time the last viewer has them, on average over the last rounds. Clones share it: the shard writes, others read.
#[derive(Debug, Clone, Default)]
pub(super) struct Lateness(Arc<AtomicU64>);

impl Lateness {
    /// The last viewer got a picture that had waited for `waited`.
    pub(super) fn note(&self, waited: Duration) {
        let (waited, before) = (u64::try_from(waited.as_micros()).unwrap_or(u64::MAX), self.0.load(Ordering::Relaxed));
        // Only the shard writes.
        self.0.store(before - before / SMOOTH + waited / SMOOTH, Ordering::Relaxed);
    }

    /// Nothing waits.
    pub(super) fn none(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// The average.
    pub(super) fn get(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_late_round_is_nothing_and_many_are_told() {
        let late = Lateness::default();
        late.note(Duration::from_millis(800));
        assert!(late.get() <= Duration::from_millis(50));
        (0..200).for_each(|_| late.note(Duration::from_millis(800)));
        assert!(late.get() > Duration::from_millis(790) && late.get() <= Duration::from_millis(800), "{:?}", late.get());
        late.none();
        assert_eq!(late.get(), Duration::ZERO);
    }
}
