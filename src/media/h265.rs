//! H.265, as far as a gateway looks into it (ITU-T H.265): what a NAL unit is, and what a sequence parameter set says of all pictures.

mod bits;
mod sps;

pub use sps::Sps;

/// `nal_unit_type` (Table 7-1): leading pictures are shown before the picture at which a decoder starts, though decoded after it; the last two
/// kinds of them refer to what was before it.
const LEADING: std::ops::RangeInclusive<u8> = 6..=9;
/// Pictures at which a decoder can start: BLA, IDR, CRA.
pub(super) const IRAP: std::ops::RangeInclusive<u8> = 16..=21;
/// The last kind of a slice of other pictures; what lies between is reserved.
pub(super) const LAST_OTHER: u8 = 9;
/// A video parameter set.
pub const VPS: u8 = 32;
/// A sequence parameter set.
pub const SPS: u8 = 33;
/// A picture parameter set.
pub const PPS: u8 = 34;
pub(super) const DELIMITER: u8 = 35;
pub(super) const PREFIX_SEI: u8 = 39;
pub(super) const SUFFIX_SEI: u8 = 40;

/// What stands for no type: the standard leaves it open.
const UNSPECIFIED: u8 = 63;

/// The type of a NAL unit (§7.3.1.2). A unit without anything behind its header, with a header that nothing sends, or of another layer, which a
/// decoder of one layer passes over, is of none.
pub fn unit_type(nal: &[u8]) -> u8 {
    match nal {
        [high, low, _, ..] if high & 0x81 == 0 && low & 0xf8 == 0 && low & 0x07 != 0 => high >> 1,
        _ => UNSPECIFIED,
    }
}

/// Whether a picture, its NAL units each behind a four-byte length, is shown before the key frame that it follows (§3.78). Where that is the
/// first picture that there is, such a one cannot be decoded, or lies before the beginning.
pub(crate) fn is_leading(mut data: &[u8]) -> bool {
    while let Some((length, rest)) = data.split_first_chunk::<4>() {
        let Some((nal, rest)) = rest.split_at_checked(u32::from_be_bytes(*length) as usize) else { return false };
        // All slices of a picture are of one type (§7.4.2.2).
        let kind = unit_type(nal);
        if kind < VPS {
            return LEADING.contains(&kind);
        }
        data = rest;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn units_that_nothing_sends_are_of_no_type() {
        assert_eq!(unit_type(&[0x26, 0x01, 0xaf]), 19);
        for odd in [&[][..], &[0x26], &[0x26, 1], &[0x26, 0, 1], &[0xa6, 1, 1], &[0x27, 1, 1], &[0x26, 9, 1]] {
            assert_eq!(unit_type(odd), UNSPECIFIED, "{odd:02x?}");
        }
    }

    #[test]
    fn a_leading_picture_is_known_by_its_first_slice() {
        let picture = |kinds: &[u8]| kinds.iter().flat_map(|kind| [0, 0, 0, 3, kind << 1, 1, 0x80]).collect::<Vec<_>>();
        for (kinds, leading) in
            [(&[9][..], true), (&[39, 8, 8], true), (&[6], true), (&[1], false), (&[39, 21], false), (&[], false)]
        {
            assert_eq!(is_leading(&picture(kinds)), leading, "{kinds:?}");
        }
        assert!(!is_leading(&[0, 0, 0, 9, 0x12, 1, 0x80]));
    }

    proptest! {
        #[test]
        fn whatever_stands_there_is_read_without_a_panic(data in prop::collection::vec(any::<u8>(), 0..80)) {
            is_leading(&data);
        }
    }
}
