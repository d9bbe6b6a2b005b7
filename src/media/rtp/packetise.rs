//! H.264 into RTP payloads (RFC 6184, packetization-mode 1).

use super::{
    MAX_PAYLOAD,
    nal::{kind, kind_of, units},
    picture::Payloads,
};
use crate::media::ParameterSets;

const STAP_A: u8 = 24;
const FU_A: u8 = 28;
const START: u8 = 0x80;
const END: u8 = 0x40;

/// Packetises an access unit: `data` has each NAL unit behind a four-byte length; `parameters` go before it, in a packet of their own.
///
/// A unit that does not fit is cut into fragments of the same size (the last may be shorter), so that a run of them is one GSO send.
/// Delimiters, filler and in-band parameter sets are left out. No packets: nothing in it can be shown.
pub(in crate::media) fn packetise(data: &[u8], parameters: Option<&ParameterSets>) -> Payloads {
    let mut payloads = Payloads::with_room_for(data.len() + data.len() / 256 + 128);
    let pictures = units(data).filter(|unit| shown(kind_of(unit[0])));
    let mut first = true;
    for unit in pictures {
        if std::mem::take(&mut first)
            && let Some(parameters) = parameters
        {
            push_parameters(&mut payloads, parameters);
        }
        push_unit(&mut payloads, unit);
    }
    payloads
}

fn shown(kind: u8) -> bool {
    kind > 0 && kind < kind::FIRST_OF_RTP && !matches!(kind, kind::SPS | kind::PPS | kind::DELIMITER | kind::FILLER)
}

/// Both parameter sets in one aggregation packet (RFC 6184 §5.7.1); those too long for that go alone.
fn push_parameters(payloads: &mut Payloads, parameters: &ParameterSets) {
    let (sps, pps) = (&parameters.sps[..], &parameters.pps[..]);
    let together = 1 + 2 + sps.len() + 2 + pps.len();
    match (u16::try_from(sps.len()), u16::try_from(pps.len())) {
        (Ok(sps_length), Ok(pps_length)) if together <= MAX_PAYLOAD && !sps.is_empty() && !pps.is_empty() => {
            let importance = (sps[0] | pps[0]) & 0x60;
            payloads.push(&[&[importance | STAP_A], &sps_length.to_be_bytes(), sps, &pps_length.to_be_bytes(), pps]);
        }
        _ => [sps, pps].into_iter().filter(|unit| !unit.is_empty()).for_each(|unit| push_unit(payloads, unit)),
    }
}

/// One packet (RFC 6184 §5.6), or fragments (§5.8).
fn push_unit(payloads: &mut Payloads, unit: &[u8]) {
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
        payloads.push(&[&[indicator, mark | end | kind_of(header)], chunk]);
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
        ParameterSets { sps, pps, width: 1280, height: 720 }
    }

    fn frame(units: &[Vec<u8>]) -> Vec<u8> {
        units.iter().flat_map(|unit| [&(unit.len() as u32).to_be_bytes()[..], unit].concat()).collect()
    }

    /// What a receiver makes of the payloads (RFC 6184 §5.6 to §5.8).
    fn depacketise(payloads: &Payloads) -> Vec<Vec<u8>> {
        let mut units: Vec<Vec<u8>> = Vec::new();
        for payload in (0..payloads.len()).map(|packet| payloads.get(packet).unwrap()) {
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
            prop_assert_eq!(depacketise(&payloads), units);
            let sizes: Vec<usize> = (0..payloads.len()).map(|packet| payloads.get(packet).unwrap().len()).collect();
            prop_assert!(sizes.iter().all(|size| *size <= MAX_PAYLOAD));
            for (packet, size) in sizes.iter().enumerate().skip(1) {
                let payload = payloads.get(packet).unwrap();
                let inside = kind_of(payload[0]) == FU_A && payload[1] & START == 0;
                prop_assert!(!inside || *size == sizes[packet - 1] || payload[1] & END != 0);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(data in prop::collection::vec(any::<u8>(), 0..300)) {
            packetise(&data, Some(&parameters()));
        }
    }
}
