//! Bits in the order of FLAC: the most significant first (RFC 9639 §5).

/// Puts bits into bytes.
#[derive(Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, in the lowest places.
    pending: u64,
    count: u32,
}

impl Bits {
    /// Writes the lowest `count` bits of `value`, at most 32.
    pub(super) fn put(&mut self, value: u32, count: u32) {
        let mask = (1_u64 << count) - 1;
        self.pending = self.pending << count | u64::from(value) & mask;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            #[allow(clippy::cast_possible_truncation, reason = "a byte of it")]
            self.bytes.push((self.pending >> self.count) as u8);
        }
        self.pending &= (1 << self.count) - 1;
    }

    /// Writes `zeros` zeros and a one (RFC 9639 §5.1).
    pub(super) fn unary(&mut self, mut zeros: u32) {
        while zeros >= 32 {
            self.put(0, 32);
            zeros -= 32;
        }
        self.put(1, zeros + 1);
    }

    /// Fills the last byte with zeros; the bytes so far.
    pub(super) fn align(&mut self) -> &[u8] {
        self.put(0, (8 - self.count % 8) % 8);
        &self.bytes
    }

    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.align();
        self.bytes
    }
}
