//! H.264 NAL units, as far as a gateway looks into them.

/// NAL unit types (ITU-T H.264 table 7-1).
pub(super) mod kind {
    pub(in crate::media::rtp) const SLICE: u8 = 1;
    pub(in crate::media::rtp) const SPS: u8 = 7;
    pub(in crate::media::rtp) const PPS: u8 = 8;
    pub(in crate::media::rtp) const DELIMITER: u8 = 9;
    pub(in crate::media::rtp) const FILLER: u8 = 12;
    /// From here on RTP payload formats have their own meanings (RFC 6184 §5.2).
    pub(in crate::media::rtp) const FIRST_OF_RTP: u8 = 24;
}

/// The type in a NAL unit's first byte.
pub(super) fn kind_of(header: u8) -> u8 {
    header & 0x1f
}

/// The NAL units of a frame's data, each behind a four-byte length. Stops where a length does not fit: what follows is not to be trusted.
pub(super) fn units(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = data.split_first_chunk()?;
        let unit = rest.get(..u32::from_be_bytes(*length) as usize)?;
        data = &rest[unit.len()..];
        Some(unit)
    })
    .filter(|unit| !unit.is_empty())
}

/// Whether a picture has a B slice, by the first two numbers of its slice header (ITU-T H.264 §7.3.3). Such a picture refers to later
/// ones, which browsers do not wait for.
pub(in crate::media) fn has_b_slice(data: &[u8]) -> bool {
    units(data).filter(|unit| kind_of(unit[0]) == kind::SLICE).any(|unit| {
        let mut bits = Bits { bytes: &unit[1..], at: 0 };
        bits.exp_golomb().and_then(|_first_macroblock| bits.exp_golomb()).is_some_and(|slice| slice % 5 == 1)
    })
}

/// Reads bits from the left. Emulation prevention (three bytes that cannot stand in so short a prefix of a real slice) is not undone.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn bit(&mut self) -> Option<u32> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = (byte >> (7 - self.at % 8)) & 1;
        self.at += 1;
        Some(u32::from(bit))
    }

    /// `ue(v)` (ITU-T H.264 §9.1).
    fn exp_golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.bit()? == 0 {
            zeros += 1;
            if zeros > 24 {
                return None;
            }
        }
        let mut value = 1;
        for _ in 0..zeros {
            value = (value << 1) | self.bit()?;
        }
        Some(value - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(units: &[&[u8]]) -> Vec<u8> {
        units.iter().flat_map(|unit| [&(unit.len() as u32).to_be_bytes()[..], unit].concat()).collect()
    }

    #[test]
    fn units_end_where_a_length_lies() {
        let mut data = frame(&[&[0x65, 1], &[0x41]]);
        data.extend([0, 0, 1, 0, 9]);
        assert_eq!(units(&data).collect::<Vec<_>>(), [&[0x65, 1][..], &[0x41]]);
        assert_eq!(units(&[0, 0]).count(), 0);
    }

    #[test]
    fn a_b_slice_is_seen_and_others_are_not() {
        // first_mb_in_slice = 0 is "1"; slice_type is 1 ("010"), 6 ("00111"), 0 ("1"), 5 ("00110"), 7 ("0001000").
        for (bits, b) in
            [(0b1010_0000, true), (0b1001_1100, true), (0b1100_0000, false), (0b1001_1000, false), (0b1000_1000, false)]
        {
            assert_eq!(has_b_slice(&frame(&[&[0x41, bits, 0]])), b, "{bits:08b}");
        }
        assert!(!has_b_slice(&frame(&[&[0x41], &[0x41, 0, 0, 0, 0, 0], &[0x65, 0b1010_0000]])));
    }
}
