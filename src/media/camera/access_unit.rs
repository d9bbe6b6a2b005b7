//! From RTP packets to access units (RFC 6184 §5, RFC 7798 §4), forgiving what real cameras do wrong.
//!
//! `retina` can do this too, but ends the stream at the first packet that it dislikes; here such a packet costs one picture at most.

use super::nal::{self, Payload, Unit};
use crate::media::VideoCodec;
use bytes::Bytes;
use std::time::Instant;

/// The largest access unit; a key frame of a 4K camera has about 2 MB.
const MAX_SIZE: usize = 8 << 20;
/// As much memory is kept from one access unit to the next.
const KEPT: usize = 1 << 20;
/// The length before a NAL unit.
const LENGTH: usize = 4;

/// What is needed of a packet.
pub(super) struct Packet<'a> {
    pub(super) payload: &'a [u8],
    /// Unwrapped, in ticks of 90 kHz.
    pub(super) timestamp: u64,
    /// The marker bit: the last packet of an access unit.
    pub(super) marker: bool,
    /// How many packets are missing before this one.
    pub(super) lost: u16,
    pub(super) arrived: Instant,
}

/// A whole access unit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AccessUnit {
    pub(super) timestamp: u64,
    pub(super) arrived: Instant,
    /// The NAL units of the picture, each behind its length in four bytes.
    pub(super) data: Bytes,
    /// The parameter sets that came with it.
    pub(super) parameters: Vec<Vec<u8>>,
    /// Whether a decoder can start here.
    pub(super) key: bool,
    /// Whether it has B slices; told of H.264 only.
    pub(super) bidirectional: bool,
    /// Whether it has a slice at all.
    picture: bool,
}

/// Puts access units together.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    codec: VideoCodec,
    unit: Option<AccessUnit>,
    /// The NAL units of it, and behind them what there is of one in fragments: each byte is copied here once, and once more when all are there.
    data: Vec<u8>,
    /// Where in it the one in fragments begins, with room for its length.
    fragments: Option<usize>,
    /// The timestamp of a picture of which something is missing: the rest of it is passed over.
    broken: Option<u64>,
}

impl Assembler {
    /// Of packets of this codec.
    pub(super) fn new(codec: VideoCodec) -> Self {
        Self { codec, ..Self::default() }
    }

    /// Takes the next packet; gives the access units that it completes, at most two.
    pub(super) fn push(&mut self, packet: &Packet<'_>) -> impl Iterator<Item = AccessUnit> + use<> {
        let mut done = [None, None];
        if packet.lost > 0 {
            // What was lost belongs to the picture at hand, or to the one that this packet belongs to.
            self.forget();
            self.broken = (!starts_picture(self.codec, packet.payload)).then_some(packet.timestamp);
        }
        if self.broken != Some(packet.timestamp) {
            self.broken = None;
            // A timestamp that changes before the first slice, or inside a fragmented unit, is the camera's mistake.
            let changed = self.unit.as_ref().is_some_and(|unit| unit.timestamp != packet.timestamp && unit.picture);
            if changed && !(self.fragments.is_some() && continues(&self.codec.payload(packet.payload))) {
                self.end_fragments();
                done[0] = self.complete();
            }
            self.take(packet);
        }
        if packet.marker {
            self.end_fragments();
            // Some cameras also mark parameter sets, which are no picture yet.
            done[1] = self.complete();
            self.broken = None;
        }
        done.into_iter().flatten()
    }

    /// Gives the access unit at hand, if it has a picture.
    fn complete(&mut self) -> Option<AccessUnit> {
        let unit = self.unit.take_if(|unit| unit.picture)?;
        let data = Bytes::copy_from_slice(&self.data);
        self.data.clear();
        self.data.shrink_to(KEPT);
        Some(AccessUnit { data, ..unit })
    }

    /// Lets go of what is at hand.
    fn forget(&mut self) {
        (self.unit, self.fragments) = (None, None);
        self.data.clear();
    }

    fn take(&mut self, packet: &Packet<'_>) {
        if self.data.len() + packet.payload.len() > MAX_SIZE {
            self.forget();
            self.broken = Some(packet.timestamp);
            return;
        }
        let unit = self.unit.get_or_insert_with(|| AccessUnit::new(packet));
        if !unit.picture {
            unit.timestamp = packet.timestamp;
        }
        unit.arrived = packet.arrived;
        match self.codec.payload(packet.payload) {
            Payload::Fragment { first, last, header, part } => {
                if first {
                    self.end_fragments();
                    self.fragments = Some(self.data.len());
                    self.data.extend([0; LENGTH]);
                    self.data.extend(&header[..self.codec.header()]);
                }
                if self.fragments.is_some() {
                    self.data.extend_from_slice(part);
                }
                if last {
                    self.end_fragments();
                }
            }
            Payload::Aggregate(units) => {
                self.end_fragments();
                self.take_aggregate(units);
            }
            Payload::Unit(unit) => {
                self.end_fragments();
                self.take_units(unit);
            }
        }
    }

    /// What was put together of fragments stays where it lies, if it is the one unit that it should be.
    fn end_fragments(&mut self) {
        let Some(start) = self.fragments.take() else { return };
        let bytes = &self.data[start + LENGTH..];
        let (Some(nal), Some(unit)) = (nal::sole(bytes), &mut self.unit) else {
            let bytes = self.data.split_off(start);
            return self.take_units(&bytes[LENGTH..]);
        };
        let length = nal.len();
        if unit.take(self.codec.unit(nal), nal) {
            self.data.truncate(start + LENGTH + length);
            self.data[start..start + LENGTH].copy_from_slice(&length_of(length));
        } else {
            self.data.truncate(start);
        }
    }

    /// Units, each behind its length in two bytes; zeros after the last are padding.
    fn take_aggregate(&mut self, mut units: &[u8]) {
        while let [high, low, rest @ ..] = units {
            let Some((unit, rest)) = rest.split_at_checked(usize::from(u16::from_be_bytes([*high, *low]))) else { return };
            self.take_units(unit);
            units = rest;
        }
    }

    fn take_units(&mut self, bytes: &[u8]) {
        let Some(unit) = &mut self.unit else { return };
        for nal in nal::split(bytes) {
            if unit.take(self.codec.unit(nal), nal) {
                self.data.extend(length_of(nal.len()));
                self.data.extend_from_slice(nal);
            }
        }
    }
}

/// The length of a NAL unit as it is written before it. None is longer than `MAX_SIZE`.
fn length_of(nal: usize) -> [u8; LENGTH] {
    u32::try_from(nal).unwrap_or(u32::MAX).to_be_bytes()
}

impl AccessUnit {
    fn new(packet: &Packet<'_>) -> Self {
        Self {
            timestamp: packet.timestamp,
            arrived: packet.arrived,
            data: Bytes::new(),
            parameters: Vec::new(),
            key: false,
            bidirectional: false,
            picture: false,
        }
    }

    /// Learns of a NAL unit; tells whether it belongs among the data.
    fn take(&mut self, unit: Unit, nal: &[u8]) -> bool {
        match unit {
            Unit::Slice { key, bidirectional, .. } => {
                self.picture = true;
                self.key |= key;
                self.bidirectional |= bidirectional;
            }
            Unit::Sei | Unit::SuffixSei => {}
            Unit::Parameters | Unit::Delimiter | Unit::Other => {
                if unit == Unit::Parameters && self.parameters.len() < 8 {
                    self.parameters.push(nal.to_vec());
                }
                return false;
            }
        }
        true
    }
}

/// Whether a packet goes on with a fragmented unit.
fn continues(payload: &Payload<'_>) -> bool {
    matches!(payload, Payload::Fragment { first: false, .. })
}

/// Whether nothing of the packet's picture can be missing before it.
fn starts_picture(codec: VideoCodec, payload: &[u8]) -> bool {
    let beginning = |unit: &[u8]| unit[..unit.len().min(10)].to_vec();
    let unit = match codec.payload(payload) {
        Payload::Fragment { first: false, .. } => return false,
        Payload::Fragment { header, part, .. } => [&header[..codec.header()], &beginning(part)].concat(),
        Payload::Aggregate([_, _, unit @ ..]) | Payload::Unit(unit) => beginning(unit),
        Payload::Aggregate(_) => return false,
    };
    match codec.unit(&unit) {
        Unit::Slice { first, .. } => first,
        Unit::Sei | Unit::Parameters | Unit::Delimiter => true,
        Unit::SuffixSei | Unit::Other => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::monotonic;

    /// Feeds packets of (timestamp, marker, lost, payload); gives (timestamp, key, NAL unit types, parameter sets) of each access unit.
    fn assemble(packets: &[(u64, bool, u16, &[u8])]) -> Vec<(u64, bool, Vec<u8>, usize)> {
        let mut assembler = Assembler::default();
        let arrived = monotonic();
        let units = packets.iter().flat_map(|&(timestamp, marker, lost, payload)| {
            assembler.push(&Packet { payload, timestamp, marker, lost, arrived }).collect::<Vec<_>>()
        });
        units
            .map(|unit| {
                let (mut types, mut data) = (Vec::new(), &unit.data[..]);
                while let Some((length, rest)) = data.split_at_checked(4) {
                    let (nal, rest) = rest.split_at(u32::from_be_bytes(length.try_into().unwrap()) as usize);
                    types.push(nal[0] & 0x1f);
                    data = rest;
                }
                (unit.timestamp, unit.key, types, unit.parameters.len())
            })
            .collect()
    }

    const IDR: &[u8] = &[0x65, 0x88, 7];
    const P: &[u8] = &[0x41, 0x98, 7];

    #[test]
    fn delimiters_and_parameter_sets_are_kept_out_of_the_picture() {
        let packets: [(u64, bool, u16, &[u8]); 4] =
            [(1, false, 0, &[9, 0xf0]), (1, false, 0, &[0x67, 1]), (1, false, 0, &[0x68, 2]), (1, true, 0, IDR)];
        assert_eq!(assemble(&packets), [(1, true, vec![5], 2)]);
    }

    #[test]
    fn a_marker_on_parameter_sets_does_not_end_the_picture_nor_does_their_other_timestamp() {
        let packets: [(u64, bool, u16, &[u8]); 3] = [(1, true, 0, &[0x67, 1]), (2, true, 0, &[0x68, 2]), (3, true, 0, IDR)];
        assert_eq!(assemble(&packets), [(3, true, vec![5], 2)]);
    }

    #[test]
    fn without_markers_the_timestamp_ends_the_picture() {
        assert_eq!(
            assemble(&[(1, false, 0, IDR), (2, false, 0, P), (3, false, 0, P)]),
            [(1, true, vec![5], 0), (2, false, vec![1], 0)]
        );
    }

    #[test]
    fn fragments_are_put_together_even_when_odd() {
        let whole: &[(u64, bool, u16, &[u8])] =
            &[(1, false, 0, &[0x7c, 0x85, 0x88]), (1, false, 0, &[0x7c, 5]), (1, true, 0, &[0x7c, 0x45, 1])];
        assert_eq!(assemble(whole), [(1, true, vec![5], 0)]);
        let both_bits: &[(u64, bool, u16, &[u8])] = &[(1, true, 0, &[0x7c, 0xc5, 0x88, 1])];
        assert_eq!(assemble(both_bits), [(1, true, vec![5], 0)]);
        let without_end: &[(u64, bool, u16, &[u8])] = &[(1, false, 0, &[0x7c, 0x85, 0x88]), (1, true, 0, &[0x7c, 5, 1])];
        assert_eq!(assemble(without_end), [(1, true, vec![5], 0)]);
        let timestamp_changes_inside: &[(u64, bool, u16, &[u8])] =
            &[(1, false, 0, &[0x7c, 0x85, 0x88]), (2, true, 0, &[0x7c, 0x45, 1])];
        assert_eq!(assemble(timestamp_changes_inside).len(), 1);
    }

    #[test]
    fn a_byte_stream_inside_a_packet_or_a_fragment_is_split() {
        let packet: &[(u64, bool, u16, &[u8])] = &[(1, true, 0, &[0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65, 0x88])];
        assert_eq!(assemble(packet), [(1, true, vec![5], 2)]);
        let fragment: &[(u64, bool, u16, &[u8])] =
            &[(1, false, 0, &[0x7c, 0x87, 1, 0, 0]), (1, true, 0, &[0x7c, 0x47, 1, 0x65, 0x88])];
        assert_eq!(assemble(fragment), [(1, true, vec![5], 1)]);
    }

    #[test]
    fn an_aggregate_may_have_padding_and_a_length_too_long() {
        let padded: &[(u64, bool, u16, &[u8])] = &[(1, true, 0, &[0x78, 0, 2, 0x67, 1, 0, 2, 0x65, 0x88, 0, 0, 0])];
        assert_eq!(assemble(padded), [(1, true, vec![5], 1)]);
        let too_long: &[(u64, bool, u16, &[u8])] = &[(1, true, 0, &[0x78, 0, 2, 0x65, 0x88, 0xff, 0xff, 1])];
        assert_eq!(assemble(too_long), [(1, true, vec![5], 0)]);
    }

    #[test]
    fn a_picture_of_which_a_packet_is_lost_is_left_out_and_the_next_is_whole() {
        let inside: &[(u64, bool, u16, &[u8])] =
            &[(1, false, 0, &[0x7c, 0x81, 0x98]), (1, false, 1, &[0x7c, 1, 2]), (1, true, 0, &[0x7c, 0x41, 3]), (2, true, 0, P)];
        assert_eq!(assemble(inside), [(2, false, vec![1], 0)]);
        let between: &[(u64, bool, u16, &[u8])] =
            &[(1, false, 0, P), (2, true, 3, P), (3, true, 1, &[0x41, 0x20, 1]), (4, true, 0, P)];
        assert_eq!(assemble(between), [(2, false, vec![1], 0), (4, false, vec![1], 0)]);
    }

    #[test]
    fn b_slices_are_seen() {
        let packet = Packet { payload: &[0x01, 0b1001_1100], timestamp: 1, marker: true, lost: 0, arrived: monotonic() };
        assert!(Assembler::default().push(&packet).next().unwrap().bidirectional);
    }
}
