//! RTP packets and sender reports of one track (RFC 3550 §5.1, §6.4.1; H.264 as in RFC 6184).

use bytes::Bytes;
use jiff::Timestamp;

/// The largest payload of a packet: what fits into an Ethernet frame, as cameras do it.
const MAX_PAYLOAD: usize = 1_400;

/// Seconds from the era of NTP to that of Unix (RFC 3550 §4).
const NTP_OFFSET: u64 = 2_208_988_800;

/// The sending side of one track.
#[derive(Debug)]
pub(super) struct Sender {
    payload_type: u8,
    pub(super) ssrc: u32,
    /// The number of the next packet.
    pub(super) sequence: u16,
    packets: u32,
    octets: u32,
}

impl Sender {
    /// Starts a track; cameras begin at random numbers (RFC 3550 §5.1).
    pub(super) fn new(payload_type: u8, ssrc: u32, sequence: u16) -> Self {
        Self { payload_type, ssrc, sequence, packets: 0, octets: 0 }
    }

    /// The packets of a picture: whole NAL units where they fit, else FU-A fragments (RFC 6184 §5.6, §5.8).
    pub(super) fn picture(&mut self, nals: &[Bytes], timestamp: u32) -> Vec<Vec<u8>> {
        let mut packets = Vec::new();
        for (i, nal) in nals.iter().enumerate() {
            let last = i + 1 == nals.len();
            let (Some(&header), true) = (nal.first(), nal.len() > MAX_PAYLOAD) else {
                packets.push(self.packet(last, timestamp, &[], nal));
                continue;
            };
            let fragments = nal[1..].chunks(MAX_PAYLOAD - 2);
            let end = fragments.len() - 1;
            for (j, fragment) in fragments.enumerate() {
                let (first, final_) = (u8::from(j == 0) << 7, u8::from(j == end) << 6);
                let prefix = [header & 0xe0 | 0x1c, first | final_ | header & 0x1f];
                packets.push(self.packet(last && j == end, timestamp, &prefix, fragment));
            }
        }
        packets
    }

    /// One packet of sound.
    pub(super) fn sound(&mut self, data: &[u8], timestamp: u32) -> Vec<u8> {
        self.packet(false, timestamp, &[], data)
    }

    fn packet(&mut self, marker: bool, timestamp: u32, prefix: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut packet = Vec::with_capacity(12 + prefix.len() + payload.len());
        packet.extend([0x80, u8::from(marker) << 7 | self.payload_type]);
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(timestamp.to_be_bytes());
        packet.extend(self.ssrc.to_be_bytes());
        packet.extend(prefix);
        packet.extend(payload);
        self.sequence = self.sequence.wrapping_add(1);
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add((prefix.len() + payload.len()) as u32);
        packet
    }

    /// A sender report that ties `timestamp` to the time of day `now`, with the obligatory CNAME (RFC 3550 §6.1, §6.4.1, §6.5).
    pub(super) fn report(&self, timestamp: u32, now: Timestamp) -> Vec<u8> {
        let seconds = NTP_OFFSET.wrapping_add_signed(now.as_second());
        let fraction = (u64::from(now.subsec_nanosecond().unsigned_abs()) << 32) / 1_000_000_000;
        let mut report = vec![0x80, 200, 0, 6];
        for word in [self.ssrc, seconds as u32, fraction as u32, timestamp, self.packets, self.octets] {
            report.extend(word.to_be_bytes());
        }
        report.extend([0x81, 202, 0, 4]); // source description: one chunk of four words
        report.extend(self.ssrc.to_be_bytes());
        report.extend(b"\x01\x06camera"); // CNAME
        report.extend([0; 4]); // the end of the items, padded
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_unit_is_cut_into_fragments_that_make_it_whole_again() {
        let nal = Bytes::from((0..4_000).map(|i| if i == 0 { 0x65 } else { i as u8 }).collect::<Vec<u8>>());
        let packets = Sender::new(96, 1, 65_535).picture(&[Bytes::from_static(&[0x67, 1]), nal.clone()], 90);
        assert_eq!(packets.len(), 4);
        assert_eq!(packets.iter().map(|p| p[1] >> 7).collect::<Vec<_>>(), [0, 0, 0, 1], "the marker ends the picture");
        assert_eq!(packets.iter().map(|p| u16::from_be_bytes([p[2], p[3]])).collect::<Vec<_>>(), [65_535, 0, 1, 2]);
        let mut whole = vec![packets[1][12] & 0xe0 | packets[1][13] & 0x1f];
        packets[1..].iter().for_each(|p| whole.extend(&p[14..]));
        assert_eq!(whole, nal);
    }

    #[test]
    fn a_sender_report_is_as_long_as_it_says() {
        let report = Sender::new(96, 7, 0).report(1, Timestamp::UNIX_EPOCH);
        let first = 4 * (1 + usize::from(report[3]));
        assert_eq!(report.len(), first + 4 * (1 + usize::from(report[first + 3])));
        assert_eq!(report[8..12], 0x83aa_7e80_u32.to_be_bytes(), "1970 in NTP");
    }
}
