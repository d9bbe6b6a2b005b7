//! NAL units as real cameras send them (ITU-T H.264 §7.3.1, Annex B).

/// `nal_unit_type` (Table 7-1).
pub(super) const NON_IDR: u8 = 1;
pub(super) const IDR: u8 = 5;
pub(super) const SEI: u8 = 6;
pub(super) const SPS: u8 = 7;
pub(super) const PPS: u8 = 8;

/// The type of a NAL unit; 0, which the standard leaves open, for an empty one.
pub(super) fn unit_type(nal: &[u8]) -> u8 {
    nal.first().map_or(0, |header| header & 0x1f)
}

/// The NAL units in `bytes`, which should be one, but in some cameras are a byte stream with start codes (Annex B). Zeros at their
/// ends, which no NAL unit has (§7.4.1), are taken off.
pub(super) fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let start_code = bytes.windows(3).position(|three| three == [0, 0, 1]);
        rest = start_code.map(|at| &bytes[at + 3..]);
        Some(&bytes[..start_code.unwrap_or(bytes.len())])
    })
    .map(|nal| &nal[..nal.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1)])
    .filter(|nal| !nal.is_empty())
}

/// What the beginning of a slice header tells (§7.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    /// Whether it is the first of its picture.
    pub(super) first: bool,
    /// Whether it may refer to pictures that are shown later (Table 7-6).
    pub(super) bidirectional: bool,
}

/// Reads the beginning of a slice's header; `None` for what is no slice.
pub(super) fn slice(nal: &[u8]) -> Option<Slice> {
    if !matches!(unit_type(nal), NON_IDR | IDR) {
        return None;
    }
    // Two Exp-Golomb codes of at most 31 bits each; none of these bytes can be an emulation prevention byte, except in pictures
    // larger than any camera's.
    let head = nal.iter().skip(1).take(8).enumerate().fold(0_u64, |bits, (i, byte)| bits | u64::from(*byte) << (56 - 8 * i));
    let (first_macroblock, used) = exp_golomb(head)?;
    let (kind, _) = exp_golomb(head << used)?;
    Some(Slice { first: first_macroblock == 0, bidirectional: kind % 5 == 1 })
}

/// `ue(v)` at the top of `bits`: its value and its length (§9.1).
fn exp_golomb(bits: u64) -> Option<(u64, u32)> {
    let zeros = bits.leading_zeros();
    (zeros < 32).then(|| ((bits >> (63 - 2 * zeros)) - 1, 2 * zeros + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_codes_and_trailing_zeros_are_taken_off() {
        let units = |bytes: &'static [u8]| split(bytes).collect::<Vec<_>>();
        assert_eq!(units(&[0x67, 1, 2]), [&[0x67, 1, 2]]);
        assert_eq!(units(&[0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 2, 0, 0]), [&[0x67, 1], &[0x68, 2]]);
        assert!(units(&[0, 0, 0, 1]).is_empty());
    }

    #[test]
    fn slices_say_whether_they_are_first_and_whether_they_are_b() {
        // first_mb_in_slice 0 is `1`; slice_type 5 is `00110`, 6 is `00111`; first_mb_in_slice 3 is `00100`.
        assert_eq!(slice(&[0x41, 0b1001_1000]), Some(Slice { first: true, bidirectional: false }));
        assert_eq!(slice(&[0x01, 0b1001_1100]), Some(Slice { first: true, bidirectional: true }));
        assert_eq!(slice(&[0x41, 0b0010_0001, 0b1000_0000]), Some(Slice { first: false, bidirectional: false }));
        assert_eq!(slice(&[0x41, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(slice(&[0x67, 0x42]), None);
    }
}
