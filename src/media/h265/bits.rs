//! Bits from the left, without the bytes that only keep start codes out (ITU-T H.265 §7.3.1.1, §9.2).

/// Reads a payload. What lies beyond its end is `None`.
pub(super) struct Bits {
    bytes: Vec<u8>,
    at: usize,
}

impl Bits {
    /// Of a NAL unit behind its header.
    pub(super) fn of(payload: &[u8]) -> Self {
        let (mut bytes, mut zeros) = (Vec::with_capacity(payload.len()), 0);
        for &byte in payload {
            if zeros >= 2 && byte == 3 {
                zeros = 0;
                continue;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            bytes.push(byte);
        }
        Self { bytes, at: 0 }
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = (byte >> (7 - self.at % 8)) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    /// `u(8)`.
    pub(super) fn byte(&mut self) -> Option<u8> {
        self.number(8).and_then(|number| u8::try_from(number).ok())
    }

    /// `u(count)`, of at most 32 bits.
    pub(super) fn number(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0_u32, |number, _| Some((number << 1) | u32::from(self.flag()?)))
    }

    /// `ue(v)`.
    pub(super) fn exp_golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some((1 << zeros) - 1 + self.number(zeros)?)
    }

    /// Passes over bits.
    pub(super) fn skip(&mut self, count: usize) -> Option<()> {
        self.at += count;
        (self.at <= self.bytes.len() * 8).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_standard_codes_them() {
        let mut bits = Bits::of(&[0b1010_0110, 0b0100_0101, 0x80]);
        let read: Vec<_> = std::iter::from_fn(|| bits.exp_golomb()).collect();
        assert_eq!(read, [0, 1, 2, 3, 1, 0, 0]);
        assert_eq!(Bits::of(&[0, 0, 0, 1]).exp_golomb(), None);
        assert_eq!(Bits::of(&[0, 0, 0, 0, 1, 0, 0]).exp_golomb(), None, "more than 31 zeros");
        assert_eq!(Bits::of(&[0, 0, 0, 2, 0, 0, 0, 0]).exp_golomb(), Some((1 << 30) - 1));
    }

    #[test]
    fn bytes_that_keep_start_codes_out_are_left_out() {
        let mut bits = Bits::of(&[0, 0, 3, 1, 0, 0, 3]);
        assert_eq!(bits.number(32), Some(0x0000_0100));
        assert_eq!((bits.byte(), bits.byte()), (Some(0), None));
        assert_eq!((bits.skip(0), bits.skip(1)), (Some(()), None));
    }
}
