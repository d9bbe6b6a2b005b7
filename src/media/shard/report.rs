//! Sender reports (RFC 3550 §6.4.1): they tie RTP's time to the time of day, so that sound and picture meet.

use crate::clock::{Clock, monotonic};
use rtc_rtcp::{
    Packet,
    goodbye::Goodbye,
    packet::marshal,
    receiver_report::ReceiverReport,
    sender_report::SenderReport,
    source_description::{SdesType, SourceDescription, SourceDescriptionChunk, SourceDescriptionItem},
};
use std::time::{Duration, Instant};

/// From 1900, where NTP begins, to 1970 (RFC 5905 §6), in seconds.
const NTP_TO_UNIX: u64 = 2_208_988_800;

/// Turns moments of the monotonic clock into the time of day. Taken once for all shards: what matters is that all reports agree.
#[derive(Debug, Clone, Copy)]
pub(in crate::media) struct Wall {
    moment: Instant,
    since_epoch: Duration,
}

impl Wall {
    /// Ties the two clocks together now.
    pub(in crate::media) fn new(clock: &Clock) -> Self {
        Self { moment: monotonic(), since_epoch: clock.now().duration_since(jiff::Timestamp::UNIX_EPOCH).unsigned_abs() }
    }

    /// A moment as a 64-bit NTP timestamp (RFC 5905 §6).
    fn ntp(&self, moment: Instant) -> u64 {
        let since = self.since_epoch + moment.saturating_duration_since(self.moment);
        let fraction = (u64::from(since.subsec_nanos()) << 32) / 1_000_000_000;
        ((since.as_secs() + NTP_TO_UNIX) << 32) | fraction
    }
}

/// What a report says of one stream.
pub(super) struct Account {
    pub(super) ssrc: u32,
    /// Ticks a second.
    pub(super) clock: u32,
    /// A timestamp of the stream, and when what it belongs to was taken.
    pub(super) timestamp: u64,
    pub(super) captured: Instant,
    pub(super) packets: u64,
    /// Bytes sent, headers and tags included.
    pub(super) bytes: u64,
}

/// A compound packet with a sender report for each account, and the name that ties them together (RFC 3550 §6.5.1). `overhead` is what
/// header and tag take of each packet: reports count payload only.
#[allow(clippy::cast_possible_truncation, reason = "RTP's counters and timestamps wrap at 32 bits (RFC 3550 §6.4.1)")]
pub(super) fn sender_report(wall: &Wall, now: Instant, accounts: &[Account], overhead: u64, cname: &str) -> Vec<u8> {
    let report = |account: &Account| {
        let since = now.saturating_duration_since(account.captured).as_micros() * u128::from(account.clock) / 1_000_000;
        let report = SenderReport {
            ssrc: account.ssrc,
            ntp_time: wall.ntp(now),
            rtp_time: account.timestamp.wrapping_add(since as u64) as u32,
            packet_count: account.packets as u32,
            octet_count: account.bytes.saturating_sub(account.packets * overhead) as u32,
            ..SenderReport::default()
        };
        Box::new(report) as Box<dyn Packet>
    };
    let chunk = |account: &Account| SourceDescriptionChunk {
        source: account.ssrc,
        items: vec![SourceDescriptionItem { sdes_type: SdesType::SdesCname, text: cname.to_owned().into() }],
    };
    let mut packets: Vec<Box<dyn Packet>> = accounts.iter().map(report).collect();
    packets.push(Box::new(SourceDescription { chunks: accounts.iter().map(chunk).collect() }));
    marshal(&packets).map(|bytes| bytes.to_vec()).unwrap_or_default()
}

/// A compound packet that says that the streams end (RFC 3550 §6.6).
pub(super) fn goodbye(ssrcs: Vec<u32>) -> Vec<u8> {
    let ssrc = ssrcs.first().copied().unwrap_or_default();
    let packets: [Box<dyn Packet>; 2] = [
        Box::new(ReceiverReport { ssrc, ..ReceiverReport::default() }),
        Box::new(Goodbye { sources: ssrcs, ..Goodbye::default() }),
    ];
    marshal(&packets).map(|bytes| bytes.to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rtc_rtcp::packet::unmarshal;

    #[test]
    fn a_report_carries_the_time_that_has_passed_since_the_picture_in_both_clocks() {
        let clock = Clock::held("2026-11-22T09:00:00.5Z".parse().unwrap());
        let wall = Wall::new(&clock);
        let captured = wall.moment + Duration::from_secs(10);
        let account = Account { ssrc: 7, clock: 90_000, timestamp: u64::from(u32::MAX), captured, packets: 3, bytes: 99 };
        let report = sender_report(&wall, captured + Duration::from_millis(500), &[account], 28, "name");
        let packets = unmarshal(&mut &report[..]).unwrap();
        let sender = packets[0].as_any().downcast_ref::<SenderReport>().unwrap();
        let seconds = "2026-11-22T09:00:11Z".parse::<jiff::Timestamp>().unwrap().as_second() as u64 + NTP_TO_UNIX;
        assert_eq!((sender.ntp_time >> 32, sender.ntp_time & 0xffff_ffff), (seconds, 0));
        assert_eq!((sender.rtp_time, sender.packet_count, sender.octet_count), (44_999, 3, 15));
        let description = packets[1].as_any().downcast_ref::<SourceDescription>().unwrap();
        assert_eq!(&description.chunks[0].items[0].text[..], b"name");
    }

    #[test]
    fn a_goodbye_names_every_stream() {
        let packets = unmarshal(&mut &goodbye(vec![1, 2])[..]).unwrap();
        assert_eq!(packets[1].as_any().downcast_ref::<Goodbye>().unwrap().sources, [1, 2]);
    }
}
