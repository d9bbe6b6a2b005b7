//! What a client says in RTCP, as far as a sender listens (RFC 3550 §6.4, RFC 4585 §6, RFC 5104 §4.3.1).
//!
//! Read by hand: it is a dozen fields at fixed places, a client may send it in masses, and nothing here can fail but by ending early.

const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const TRANSPORT_FEEDBACK: u8 = 205;
const PAYLOAD_FEEDBACK: u8 = 206;
const NACK: u8 = 1;
const PLI: u8 = 1;
const FIR: u8 = 4;

/// One thing that a client says of the stream with the SSRC `ssrc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feedback {
    /// These packets are missing: a sequence number, and a bit for each of the sixteen after it.
    Missing { ssrc: u32, first: u16, after: u16 },
    /// The decoder cannot go on without a key frame.
    KeyFrame { ssrc: u32 },
    /// So many packets are lost in all.
    Lost { ssrc: u32, total: u32 },
}

/// The sequence numbers of a [`Feedback::Missing`].
pub(super) fn missing(first: u16, after: u16) -> impl Iterator<Item = u16> {
    let rest = (0..16).filter(move |bit| after & (1 << bit) != 0).map(move |bit| first.wrapping_add(bit + 1));
    std::iter::once(first).chain(rest)
}

/// Reads a compound packet up to the first thing that does not fit.
pub(super) fn read(mut compound: &[u8], mut say: impl FnMut(Feedback)) {
    while let Some(&[first, kind, high, low]) = compound.first_chunk() {
        let length = 4 * (usize::from(u16::from_be_bytes([high, low])) + 1);
        let Some((packet, rest)) = compound.split_at_checked(length).filter(|_| first >> 6 == 2) else { return };
        compound = rest;
        let (format, body) = (first & 0x1f, &packet[4..]);
        let media = word(body, 4);
        match (kind, format) {
            (RECEIVER_REPORT, blocks) => lost(body.get(4..), blocks, &mut say),
            (SENDER_REPORT, blocks) => lost(body.get(24..), blocks, &mut say),
            (TRANSPORT_FEEDBACK, NACK) => {
                for pair in body.get(8..).unwrap_or_default().chunks_exact(4) {
                    let (first, after) = (u16::from_be_bytes([pair[0], pair[1]]), u16::from_be_bytes([pair[2], pair[3]]));
                    media.into_iter().for_each(|ssrc| say(Feedback::Missing { ssrc, first, after }));
                }
            }
            (PAYLOAD_FEEDBACK, PLI) => media.into_iter().for_each(|ssrc| say(Feedback::KeyFrame { ssrc })),
            (PAYLOAD_FEEDBACK, FIR) => {
                let entries = body.get(8..).unwrap_or_default().chunks_exact(8);
                entries.filter_map(|entry| word(entry, 0)).for_each(|ssrc| say(Feedback::KeyFrame { ssrc }));
            }
            _ => {}
        }
    }
}

fn lost(blocks: Option<&[u8]>, count: u8, say: &mut impl FnMut(Feedback)) {
    for block in blocks.unwrap_or_default().chunks_exact(24).take(usize::from(count)) {
        if let (Some(ssrc), Some(total)) = (word(block, 0), word(block, 4)) {
            // 24 bits, signed: duplicates can make it negative.
            let total = total & 0x00ff_ffff;
            say(Feedback::Lost { ssrc, total: if total & 0x0080_0000 == 0 { total } else { 0 } });
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_be_bytes(*word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rtc_rtcp::{
        Packet,
        packet::marshal,
        payload_feedbacks::{
            full_intra_request::{FirEntry, FullIntraRequest},
            picture_loss_indication::PictureLossIndication,
        },
        receiver_report::ReceiverReport,
        reception_report::ReceptionReport,
        transport_feedbacks::transport_layer_nack::{NackPair, TransportLayerNack},
    };

    fn heard(packet: &[u8]) -> Vec<Feedback> {
        let mut heard = Vec::new();
        read(packet, |feedback| heard.push(feedback));
        heard
    }

    #[test]
    fn a_compound_packet_is_heard_whole() {
        let packets: Vec<Box<dyn Packet>> = vec![
            Box::new(ReceiverReport {
                ssrc: 1,
                reports: vec![ReceptionReport { ssrc: 7, total_lost: 12, ..ReceptionReport::default() }],
                ..ReceiverReport::default()
            }),
            Box::new(TransportLayerNack {
                sender_ssrc: 1,
                media_ssrc: 7,
                nacks: vec![NackPair { packet_id: 65_535, lost_packets: 0b10_0000_0001 }],
            }),
            Box::new(PictureLossIndication { sender_ssrc: 1, media_ssrc: 7 }),
            Box::new(FullIntraRequest { sender_ssrc: 1, media_ssrc: 0, fir: vec![FirEntry { ssrc: 8, sequence_number: 1 }] }),
        ];
        let compound = marshal(&packets).unwrap();
        let expected = [
            Feedback::Lost { ssrc: 7, total: 12 },
            Feedback::Missing { ssrc: 7, first: 65_535, after: 0b10_0000_0001 },
            Feedback::KeyFrame { ssrc: 7 },
            Feedback::KeyFrame { ssrc: 8 },
        ];
        assert_eq!(heard(&compound), expected);
        assert_eq!(missing(65_535, 0b10_0000_0001).collect::<Vec<_>>(), [65_535, 0, 9]);
        for end in 0..compound.len() {
            assert!(heard(&compound[..end]).len() < expected.len());
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            heard(&bytes);
        }
    }
}
