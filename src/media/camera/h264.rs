//! H.264 in packets (RFC 6184 §5), and its NAL units (ITU-T H.264 §7.3.1).

use super::nal::{Payload, Unit};

/// Packets of several units (RFC 6184 §5.7.1) and of parts of one (§5.8).
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

/// `nal_unit_type` (Table 7-1).
const NON_IDR: u8 = 1;
const IDR: u8 = 5;
const SEI: u8 = 6;
pub(super) const SPS: u8 = 7;
pub(super) const PPS: u8 = 8;
const DELIMITER: u8 = 9;

/// The type of a NAL unit; 0, which the standard leaves open, for an empty one.
pub(super) fn unit_type(nal: &[u8]) -> u8 {
    nal.first().map_or(0, |header| header & 0x1f)
}

/// Looks into a packet.
pub(super) fn payload(bytes: &[u8]) -> Payload<'_> {
    match (unit_type(bytes), bytes) {
        (FU_A, [indicator, header, part @ ..]) => Payload::Fragment {
            first: header & 0x80 != 0,
            last: header & 0x40 != 0,
            header: [indicator & 0xe0 | header & 0x1f, 0],
            part,
        },
        (STAP_A, [_, units @ ..]) => Payload::Aggregate(units),
        _ => Payload::Unit(bytes),
    }
}

/// Looks into a NAL unit.
pub(super) fn unit(nal: &[u8]) -> Unit {
    match unit_type(nal) {
        kind @ NON_IDR..=IDR => {
            let slice = slice(nal);
            Unit::Slice {
                first: slice.is_some_and(|slice| slice.first),
                key: kind == IDR,
                bidirectional: slice.is_some_and(|slice| slice.bidirectional),
            }
        }
        SEI => Unit::Sei,
        SPS | PPS => Unit::Parameters,
        DELIMITER => Unit::Delimiter,
        _ => Unit::Other,
    }
}

/// What the beginning of a slice header tells (§7.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slice {
    /// Whether it is the first of its picture.
    first: bool,
    /// Whether it may refer to pictures that are shown later (Table 7-6).
    bidirectional: bool,
}

/// Reads the beginning of a slice's header; `None` for what is no slice.
fn slice(nal: &[u8]) -> Option<Slice> {
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
    fn slices_say_whether_they_are_first_and_whether_they_are_b() {
        // first_mb_in_slice 0 is `1`; slice_type 5 is `00110`, 6 is `00111`; first_mb_in_slice 3 is `00100`.
        assert_eq!(slice(&[0x41, 0b1001_1000]), Some(Slice { first: true, bidirectional: false }));
        assert_eq!(slice(&[0x01, 0b1001_1100]), Some(Slice { first: true, bidirectional: true }));
        assert_eq!(slice(&[0x41, 0b0010_0001, 0b1000_0000]), Some(Slice { first: false, bidirectional: false }));
        assert_eq!(slice(&[0x41, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(slice(&[0x67, 0x42]), None);
    }
}
