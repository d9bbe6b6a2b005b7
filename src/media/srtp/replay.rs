//! Which SRTCP packets have been seen (RFC 3711 §3.3.2).

/// A sliding window over the last 64 indexes.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// One more than the newest index seen; 0 before the first.
    next: u64,
    /// Bit *n* is set when the index *n* before the newest has been seen.
    seen: u64,
}

impl Window {
    /// Whether `index` has not been seen and is not too old to tell.
    pub(super) fn is_new(&self, index: u32) -> bool {
        let index = u64::from(index);
        match self.next.checked_sub(index + 1) {
            None => true,
            Some(age) => age < 64 && self.seen & (1 << age) == 0,
        }
    }

    /// Notes that `index` was authentic.
    pub(super) fn note(&mut self, index: u32) {
        let next = u64::from(index) + 1;
        if next > self.next {
            let ahead = next - self.next;
            self.seen = if ahead < 64 { self.seen << ahead } else { 0 };
            self.next = next;
        }
        self.seen |= 1u64.checked_shl(u32::try_from(self.next - next).unwrap_or(64)).unwrap_or(0);
    }
}
