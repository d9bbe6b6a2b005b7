//! Bits of a raw byte sequence payload (ITU-T H.264 §7.2, §9.1), and their wrapping into a NAL unit (§7.4.1).

/// Writes a raw byte sequence payload, most significant bit first.
#[derive(Debug, Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, in the low `pending` bits.
    partial: u64,
    pending: u32,
}

impl Bits {
    /// `u(n)`: the low `n` bits of `value`, at most 32.
    pub(super) fn put(&mut self, value: u32, n: u32) {
        debug_assert!(n == 32 || value >> n == 0, "{value} needs more than {n} bits");
        self.partial = self.partial << n | u64::from(value);
        self.pending += n;
        while self.pending >= 8 {
            self.pending -= 8;
            self.bytes.push((self.partial >> self.pending) as u8);
        }
        self.partial &= (1 << self.pending) - 1;
    }

    /// `u(1)`.
    pub(super) fn flag(&mut self, value: bool) {
        self.put(u32::from(value), 1);
    }

    /// `ue(v)`: Exp-Golomb, unsigned (§9.1).
    pub(super) fn ue(&mut self, value: u32) {
        let length = 32 - (value + 1).leading_zeros();
        self.put(0, length - 1);
        self.put(value + 1, length);
    }

    /// Several `ue(v)`. Zeros are the same in `se(v)`.
    pub(super) fn ues<const N: usize>(&mut self, values: [u32; N]) {
        for value in values {
            self.ue(value);
        }
    }

    /// `se(v)`: Exp-Golomb, signed (§9.1.1).
    pub(super) fn se(&mut self, value: i32) {
        let magnitude = value.unsigned_abs();
        self.ue(if value > 0 { 2 * magnitude - 1 } else { 2 * magnitude });
    }

    /// Ends the payload (§7.3.2.11) and wraps it into a NAL unit with emulation prevention (§7.4.1.1), without start code.
    pub(super) fn into_nal(mut self, ref_idc: u8, unit_type: u8) -> Vec<u8> {
        self.put(1, 1);
        if self.pending > 0 {
            self.put(0, 8 - self.pending);
        }
        let mut nal = Vec::with_capacity(self.bytes.len() + self.bytes.len() / 64 + 2);
        nal.push(ref_idc << 5 | unit_type);
        let mut zeros = 0;
        for byte in self.bytes {
            if zeros == 2 && byte <= 3 {
                nal.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            nal.push(byte);
        }
        nal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb_codes_are_those_of_the_standard() {
        let mut bits = Bits::default();
        for value in 0..5 {
            bits.ue(value); // 1 010 011 00100 00101
        }
        bits.se(1); // 010
        bits.se(-1); // 011
        assert_eq!(bits.into_nal(0, 0), [0, 0b1010_0110, 0b0100_0010, 0b1010_0111]);
    }

    #[test]
    fn three_zero_bytes_never_appear_in_a_nal_unit() {
        let mut bits = Bits::default();
        bits.put(0, 32);
        bits.put(1, 8);
        assert_eq!(bits.into_nal(3, 5), [0x65, 0, 0, 3, 0, 0, 3, 1, 0x80]);
    }
}
