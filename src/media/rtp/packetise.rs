//! H.264 into RTP payloads (RFC 6184, packetization-mode 1).

use super::{
    MAX_PAYLOAD,
    nal::{kind, kind_of, units},
    picture::Payloads,
};
use crate::media::ParameterSets;

const STAP_A: u8 = 24;
const FU_A: u8 = 28;
/// An aggregation packet's own byte, and the length before each unit in it.
const AGGREGATE: usize = 1;
const LENGTH: usize = 2;
/// More padding would cost those who pay for their bytes more than a send costs us.
const MAX_PADDING: u8 = 16;
const START: u8 = 0x80;
const END: u8 = 0x40;

/// Packetises an access unit: `data` has each NAL unit behind a four-byte length; `parameters` go before it.
///
/// Units that fit into one packet together go together (RFC 6184 §5.7.1): each packet costs every viewer's server as much, long or short.
/// A unit that does not fit is cut into fragments of the same size, so that a run of them is one GSO send; the last may be shorter where nothing
/// follows, and is padded by some bytes where something does: in one send, only the last packet may be shorter.
/// Delimiters, filler and in-band parameter sets are left out. No packets: nothing in it can be shown.
pub(in crate::media) fn packetise(data: &[u8], parameters: Option<&ParameterSets>) -> Payloads {
    let mut payloads = Payloads::with_room_for(data.len() + data.len() / 256 + 128);
    let mut pictures = units(data).filter(|unit| shown(kind_of(unit[0]))).peekable();
    if pictures.peek().is_none() {
        return payloads;
    }
    let parameters = parameters.map(|sets| [&sets.sps[..], &sets.pps[..]]).into_iter().flatten().filter(|set| !set.is_empty());
    let (mut together, mut size) = (Vec::new(), AGGREGATE);
    for unit in parameters.chain(pictures) {
        if size + LENGTH + unit.len() > MAX_PAYLOAD {
            push_together(&mut payloads, &together, true);
            together.clear();
            size = AGGREGATE;
        }
        size += LENGTH + unit.len();
        together.push(unit);
    }
    push_together(&mut payloads, &together, false);
    payloads
}

fn shown(kind: u8) -> bool {
    kind > 0 && kind < kind::FIRST_OF_RTP && !matches!(kind, kind::SPS | kind::PPS | kind::DELIMITER | kind::FILLER)
}

/// Several units in one aggregation packet; the importance is that of the most important (RFC 6184 §5.7).
fn push_together(payloads: &mut Payloads, units: &[&[u8]], more: bool) {
    match units {
        [] => {}
        [unit] => push_unit(payloads, unit, more),
        units => {
            let importance = units.iter().map(|unit| unit[0] & 0x60).max().unwrap_or_default();
            let lengths: Vec<[u8; LENGTH]> =
                units.iter().map(|unit| u16::try_from(unit.len()).unwrap_or_default().to_be_bytes()).collect();
            let parts = lengths.iter().zip(units).flat_map(|(length, unit)| [&length[..], unit]);
            let header = [importance | STAP_A];
            payloads.push(&std::iter::once(&header[..]).chain(parts).collect::<Vec<_>>());
        }
    }
}

/// One packet (RFC 6184 §5.6), or fragments (§5.8).
fn push_unit(payloads: &mut Payloads, unit: &[u8], more: bool) {
    if unit.len() <= MAX_PAYLOAD {
        return payloads.push(&[unit]);
    }
    let (header, body) = (unit[0], &unit[1..]);
    let fragments = body.len().div_ceil(MAX_PAYLOAD - 2);
    let size = body.len().div_ceil(fragments);
    let indicator = (header & 0xe0) | FU_A;
    let mut chunks = body.chunks(size).peekable();
    let mut mark = START;
    while let Some(chunk) = chunks.next() {
        let end = if chunks.peek().is_none() { END } else { 0 };
        let short = u8::try_from(size - chunk.len()).ok().filter(|short| more && *short <= MAX_PADDING);
        payloads.push_padded(&[&[indicator, mark | end | kind_of(header)], chunk], short.unwrap_or(0));
        mark = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use proptest::prelude::*;

    fn parameters() -> ParameterSets {
        let (sps, pps) = (Bytes::from_static(&[0x67, 0x64, 0, 0x1f, 1]), Bytes::from_static(&[0x68, 0xee]));
        ParameterSets { vps: None, sps, pps, width: 1280, height: 720 }
    }

    fn frame(units: &[Vec<u8>]) -> Vec<u8> {
        units.iter().flat_map(|unit| [&(unit.len() as u32).to_be_bytes()[..], unit].concat()).collect()
    }

    /// What a receiver makes of the payloads (RFC 6184 §5.6 to §5.8).
    fn depacketise(payloads: &Payloads) -> Vec<Vec<u8>> {
        let mut units: Vec<Vec<u8>> = Vec::new();
        for packet in 0..payloads.len() {
            let payload = payloads.get(packet).unwrap();
            let padding = if payloads.padded(packet) { usize::from(*payload.last().unwrap()) } else { 0 };
            let payload = &payload[..payload.len() - padding];
            match kind_of(payload[0]) {
                STAP_A => {
                    let mut rest = &payload[1..];
                    while let Some((length, after)) = rest.split_first_chunk::<2>() {
                        let length = usize::from(u16::from_be_bytes(*length));
                        units.push(after[..length].to_vec());
                        rest = &after[length..];
                    }
                }
                FU_A => {
                    if payload[1] & START != 0 {
                        units.push(vec![(payload[0] & 0xe0) | kind_of(payload[1])]);
                    }
                    units.last_mut().unwrap().extend(&payload[2..]);
                }
                _ => units.push(payload.to_vec()),
            }
        }
        units
    }

    #[test]
    fn parameter_sets_go_before_the_key_frame_and_nothing_else_does() {
        let idr = vec![0x65; 3_000];
        let data = frame(&[vec![9, 0xf0], parameters().sps.to_vec(), vec![6, 5], idr.clone(), vec![12; 40]]);
        let units = depacketise(&packetise(&data, Some(&parameters())));
        assert_eq!(units, [parameters().sps.to_vec(), parameters().pps.to_vec(), vec![6, 5], idr]);
    }

    #[test]
    fn a_frame_with_nothing_to_show_has_no_packets() {
        assert!(packetise(&frame(&[vec![9, 0xf0], vec![12; 9]]), Some(&parameters())).is_empty());
        assert!(packetise(&[], None).is_empty());
        assert!(packetise(&[0, 0, 0, 200, 0x65], None).is_empty());
    }

    proptest! {
        #[test]
        fn a_receiver_gets_the_units_back_from_packets_of_equal_size(lengths in prop::collection::vec(1usize..9_000, 1..5)) {
            let units: Vec<Vec<u8>> = lengths.iter().map(|length| (0..*length).map(|n| if n == 0 { 0x41 } else { n as u8 }).collect()).collect();
            let payloads = packetise(&frame(&units), None);
            prop_assert_eq!(&depacketise(&payloads), &units);
            let packets: usize = lengths.iter().map(|length| length.div_ceil(MAX_PAYLOAD - 2)).sum();
            prop_assert!(payloads.len() <= packets);
            let sizes: Vec<usize> = (0..payloads.len()).map(|packet| payloads.get(packet).unwrap().len()).collect();
            prop_assert!(sizes.iter().all(|size| *size <= MAX_PAYLOAD));
            for (packet, size) in sizes.iter().enumerate().skip(1) {
                let payload = payloads.get(packet).unwrap();
                let inside = kind_of(payload[0]) == FU_A && payload[1] & START == 0;
                prop_assert!(!inside || *size == sizes[packet - 1] || payload[1] & END != 0);
                // A few fragments are a run with what follows them.
                let few = inside && payload[1] & END != 0 && packet + 1 < sizes.len() && units.iter().all(|unit| unit.len() < 17 * 1_118);
                prop_assert!(!few || *size == sizes[packet - 1]);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(data in prop::collection::vec(any::<u8>(), 0..300)) {
            packetise(&data, Some(&parameters()));
        }
    }
}
