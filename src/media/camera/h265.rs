//! H.265 in packets (RFC 7798 §4.4), and its NAL units.
//!
//! Decoding order is that of the packets: cameras do not interleave (`sprop-max-don-diff` is 0).

use super::nal::{Payload, Unit};
use crate::media::h265::{DELIMITER, IRAP, LAST_OTHER, PPS, PREFIX_SEI, SPS, SUFFIX_SEI, VPS, unit_type};

const AGGREGATION_PACKET: u8 = 48;
const FRAGMENTATION_UNIT: u8 = 49;

/// Looks into a packet.
pub(super) fn payload(bytes: &[u8]) -> Payload<'_> {
    match (bytes.first().map(|high| (high >> 1) & 0x3f), bytes) {
        (Some(FRAGMENTATION_UNIT), [high, low, header, part @ ..]) => Payload::Fragment {
            first: header & 0x80 != 0,
            last: header & 0x40 != 0,
            header: [(high & 0x81) | ((header & 0x3f) << 1), *low],
            part,
        },
        (Some(AGGREGATION_PACKET), [_, _, units @ ..]) => Payload::Aggregate(units),
        _ => Payload::Unit(bytes),
    }
}

/// Looks into a NAL unit.
pub(super) fn unit(nal: &[u8]) -> Unit {
    match unit_type(nal) {
        kind if kind <= LAST_OTHER || IRAP.contains(&kind) => Unit::Slice {
            first: nal.get(2).is_some_and(|byte| byte & 0x80 != 0), // first_slice_segment_in_pic_flag (§7.3.6.1)
            key: IRAP.contains(&kind),
            bidirectional: false,
        },
        VPS | SPS | PPS => Unit::Parameters,
        DELIMITER => Unit::Delimiter,
        PREFIX_SEI => Unit::Sei,
        SUFFIX_SEI => Unit::SuffixSei,
        _ => Unit::Other,
    }
}

#[cfg(test)]
mod tests;
