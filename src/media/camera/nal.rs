//! NAL units and the packets that they come in, whichever codec they are of.

use super::{h264, h265};
use crate::media::VideoCodec;
use memchr::memmem;

/// What begins each unit of a byte stream.
const START_CODE: [u8; 3] = [0, 0, 1];

/// What a packet holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Payload<'a> {
    /// A part of a unit.
    Fragment {
        /// Whether it is the first part.
        first: bool,
        /// Whether it is the last.
        last: bool,
        /// The unit's header, of which as many bytes count as the codec's headers have.
        header: [u8; 2],
        /// What comes behind the header.
        part: &'a [u8],
    },
    /// Units, each behind its length in two bytes.
    Aggregate(&'a [u8]),
    /// One unit, or what some cameras take for one.
    Unit(&'a [u8]),
}

/// What a NAL unit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A slice of a picture.
    Slice {
        /// Whether it is the first of its picture.
        first: bool,
        /// Whether a decoder can start with its picture.
        key: bool,
        /// Whether it may refer to pictures that are shown later, so that browsers cannot show it; told of H.264 only.
        bidirectional: bool,
    },
    /// What helps to show the picture that follows.
    Sei,
    /// What helps to show the picture before.
    SuffixSei,
    /// A parameter set.
    Parameters,
    /// The beginning of an access unit.
    Delimiter,
    /// What is left out: filler, ends of sequences, and what nobody here knows.
    Other,
}

impl VideoCodec {
    /// Looks into a packet.
    pub(super) fn payload(self, bytes: &[u8]) -> Payload<'_> {
        match self {
            Self::H264 => h264::payload(bytes),
            Self::H265 => h265::payload(bytes),
        }
    }

    /// Looks into a NAL unit.
    pub(super) fn unit(self, nal: &[u8]) -> Unit {
        match self {
            Self::H264 => h264::unit(nal),
            Self::H265 => h265::unit(nal),
        }
    }

    /// How many bytes the header of a NAL unit has.
    pub(super) const fn header(self) -> usize {
        match self {
            Self::H264 => 1,
            Self::H265 => 2,
        }
    }
}

/// The NAL units in `bytes`, which should be one, but in some cameras are a byte stream with start codes (ITU-T H.264 Annex B, ITU-T H.265
/// Annex B). Zeros at their ends, which no NAL unit has (§7.4.1, §7.4.2), are taken off.
pub(super) fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let start_code = find_start_code(bytes);
        rest = start_code.map(|at| &bytes[at + START_CODE.len()..]);
        Some(&bytes[..start_code.unwrap_or(bytes.len())])
    })
    .map(without_zeros)
    .filter(|nal| !nal.is_empty())
}

/// The NAL unit in `bytes`, if it is one and no byte stream.
pub(super) fn sole(bytes: &[u8]) -> Option<&[u8]> {
    find_start_code(bytes).is_none().then(|| without_zeros(bytes)).filter(|nal| !nal.is_empty())
}

/// Every byte of every camera is looked through for this.
fn find_start_code(bytes: &[u8]) -> Option<usize> {
    memmem::find(bytes, &START_CODE)
}

fn without_zeros(nal: &[u8]) -> &[u8] {
    &nal[..nal.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1)]
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
}
