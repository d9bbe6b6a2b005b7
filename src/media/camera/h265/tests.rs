use super::*;
use crate::{
    clock::monotonic,
    media::{
        VideoCodec,
        camera::{
            access_unit::{AccessUnit, Assembler, Packet},
            parameters::Parameters,
        },
    },
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use proptest::prelude::*;

/// Parameter sets of a camera, 704 × 480.
const SETS: [&str; 3] = [
    "QAEMAf//AWAAAAMAsAAAAwAAAwBarAwAAAMABAAAAwAyqA==",
    "QgEBAWAAAAMAsAAAAwAAAwBaoAWCAeFja5JFL83BQYFBAAADAAEAAAMADKE=",
    "RAHA8saNA7NA",
];
/// The first and another slice of a picture, of these types.
const IDR: [u8; 4] = [19 << 1, 1, 0x80, 7];
const CRA: [u8; 4] = [21 << 1, 1, 0x80, 7];
const TRAIL: [u8; 4] = [1 << 1, 1, 0x80, 7];
const MORE_OF_TRAIL: [u8; 4] = [1 << 1, 1, 0x40, 7];

fn sets() -> Vec<Vec<u8>> {
    SETS.iter().map(|set| BASE64.decode(set).unwrap()).collect()
}

/// The access units of packets: timestamp, marker, how many are lost before, payload.
fn assemble<'a>(packets: impl IntoIterator<Item = (u64, bool, u16, &'a [u8])>) -> Vec<AccessUnit> {
    let mut assembler = Assembler::new(VideoCodec::H265);
    let packet = |(timestamp, marker, lost, payload)| Packet { payload, timestamp, marker, lost, arrived: monotonic() };
    packets.into_iter().flat_map(|told| assembler.push(&packet(told)).collect::<Vec<_>>()).collect()
}

/// Timestamp, whether a decoder can start there, and the types of the units, of each.
fn told(units: &[AccessUnit]) -> Vec<(u64, bool, Vec<u8>)> {
    units.iter().map(|unit| (unit.timestamp, unit.key, types(&unit.data))).collect()
}

/// The types of units behind four-byte lengths, which must be right.
fn types(mut data: &[u8]) -> Vec<u8> {
    let mut types = Vec::new();
    while let Some((length, rest)) = data.split_first_chunk() {
        let (nal, rest) = rest.split_at(u32::from_be_bytes(*length) as usize);
        types.push(unit_type(nal));
        data = rest;
    }
    assert!(data.is_empty());
    types
}

#[test]
fn units_come_alone_together_and_in_parts() {
    let vps = sets().remove(0);
    let aggregate = [&[48 << 1, 1][..], &[0, 4], &IDR, &[0, vps.len() as u8], &vps, &[0, 0]].concat();
    let packets: [(u64, bool, u16, &[u8]); 7] = [
        (1, true, 0, &aggregate),
        (2, false, 0, &[49 << 1, 1, 0x80 | 0x15, 0x80]),
        (2, false, 0, &[49 << 1, 1, 0x15, 1]),
        (2, true, 0, &[49 << 1, 1, 0x40 | 0x15, 2]),
        (3, false, 0, &TRAIL),
        (3, false, 0, &MORE_OF_TRAIL),
        (3, true, 0, &[40 << 1, 1, 9]),
    ];
    let units = assemble(packets);
    assert_eq!(told(&units), [(1, true, vec![19]), (2, true, vec![21]), (3, false, vec![1, 1, 40])]);
    assert_eq!((&units[0].parameters, &units[1].data[4..]), (&vec![vps], &[21 << 1, 1, 0x80, 1, 2][..]));
}

#[test]
fn a_picture_of_which_something_is_lost_is_left_out_and_the_next_is_whole() {
    let packets: [(u64, bool, u16, &[u8]); 6] = [
        (1, true, 0, &IDR),
        (2, false, 0, &TRAIL),
        (2, true, 1, &MORE_OF_TRAIL),
        (3, true, 1, &TRAIL),
        (4, true, 1, &[49 << 1, 1, 1, 7]),
        (5, true, 0, &CRA),
    ];
    assert_eq!(told(&assemble(packets)), [(1, true, vec![19]), (3, false, vec![1]), (5, true, vec![21])]);
}

#[test]
fn what_has_no_end_is_let_go_of() {
    let mut part = vec![1; 1 << 20];
    part[..3].copy_from_slice(&[49 << 1, 1, 1]);
    let first = [&[49 << 1, 1, 0x81, 0x80][..]];
    let parts = first.into_iter().chain(std::iter::repeat_n(&part[..], 40)).map(|part| (1, false, 0, part));
    assert_eq!(told(&assemble(parts.chain([(2, true, 0, &IDR[..])]))), [(2, true, vec![19])]);
}

#[test]
fn all_three_parameter_sets_are_needed_from_the_sdp_or_the_stream() {
    let sdp = format!("a=fmtp:96 sprop-vps={};sprop-sps={}, {};sprop-pps={}\r\n", SETS[0], SETS[1], "x", SETS[2]);
    let told = Parameters::from_sdp(sdp.as_bytes(), VideoCodec::H265).current().unwrap();
    assert_eq!((told.codec(), told.width, told.height, told.profile_level_id()), (VideoCodec::H265, 704, 480, None));
    for (missing, name) in SETS.iter().enumerate() {
        let mut parameters = Parameters::from_sdp(b"", VideoCodec::H265);
        sets().iter().enumerate().filter(|(at, _)| *at != missing).for_each(|(_, set)| parameters.update(set));
        assert_eq!(parameters.current(), None, "without {name}");
        parameters.update(&sets()[missing]);
        assert_eq!(parameters.current().as_ref(), Some(&told));
        parameters.update(&[33 << 1, 1, 0xff, 0xff]);
        assert_eq!(parameters.current(), None, "garbage does not pass");
    }
}

proptest! {
    /// Packets that look like some, with anything in them, and parameter sets among it.
    #[test]
    fn whatever_a_camera_sends_gives_whole_units_or_none(
        packets in prop::collection::vec(
            (0_u64..4, any::<bool>(), 0_u16..3, prop::sample::select(vec![1, 19, 21, 32, 33, 34, 48, 49, 50, 63]), prop::collection::vec(any::<u8>(), 0..40)),
            1..60,
        ),
        codec in prop::sample::select(vec![VideoCodec::H264, VideoCodec::H265]),
    ) {
        let (mut assembler, mut parameters) = (Assembler::new(codec), Parameters::from_sdp(b"", codec));
        for (timestamp, marker, lost, kind, rest) in packets {
            let payload = [&[kind << 1, 1][..], &rest].concat();
            let packet = Packet { payload: &payload[..payload.len() - usize::from(rest.len() == 1) * 2], timestamp, marker, lost, arrived: monotonic() };
            for unit in assembler.push(&packet) {
                types(&unit.data);
                unit.parameters.iter().for_each(|set| parameters.update(set));
                parameters.current();
            }
        }
    }
}

#[test]
fn fragments_bear_the_header_of_their_unit() {
    let first = Payload::Fragment { first: true, last: false, header: [19 << 1, 1], part: &[7] };
    assert_eq!(payload(&[49 << 1, 1, 0x80 | 0x13, 7]), first);
    let last = Payload::Fragment { first: false, last: true, header: [1 << 1, 2], part: &[] };
    assert_eq!(payload(&[49 << 1, 2, 0x40 | 1]), last);
    assert_eq!(payload(&[48 << 1, 1, 0, 3]), Payload::Aggregate(&[0, 3]));
    for single in [&[][..], &[49 << 1], &[49 << 1, 1], &[48 << 1], &[19 << 1, 1, 0x80]] {
        assert_eq!(payload(single), Payload::Unit(single));
    }
}

#[test]
fn decoders_start_at_every_kind_of_irap_picture() {
    let slice = |first, key| Unit::Slice { first, key, bidirectional: false };
    for kind in 16..=21 {
        assert_eq!(unit(&[kind << 1, 1, 0x80]), slice(true, true), "{kind}");
    }
    for kind in 0..=9 {
        assert_eq!(unit(&[kind << 1, 1, 0x40]), slice(false, false), "{kind}");
    }
    for kind in [10, 15, 22, 31, 36, 38, 41, 47, 48, 63] {
        assert_eq!(unit(&[kind << 1, 1, 0x80]), Unit::Other, "{kind}");
    }
    let others = [32, 33, 34, 35, 39, 40].map(|kind| unit(&[kind << 1, 1, 1]));
    assert_eq!(others, [Unit::Parameters, Unit::Parameters, Unit::Parameters, Unit::Delimiter, Unit::Sei, Unit::SuffixSei]);
}
