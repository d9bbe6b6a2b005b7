//! What a camera's reports tell of its clock.

use jiff::Timestamp;
use retina::rtcp::ReceivedCompoundPacket;

/// The time of day in a sender report (RFC 3550 §6.4.1); `None` where there is none. The way from the camera, some milliseconds, is
/// not in it.
pub(crate) fn time_of_day(report: &ReceivedCompoundPacket) -> Option<Timestamp> {
    let sent = report.pkts().find_map(|packet| packet.as_sender_report().ok().flatten())?;
    from_ntp(sent.ntp_timestamp().0)
}

/// An NTP timestamp in its first era (RFC 3550 §4); `None` for zero, which says that the camera knows no time of day.
fn from_ntp(ntp: u64) -> Option<Timestamp> {
    const UNIX_EPOCH: u64 = 2_208_988_800;
    let seconds = (ntp >> 32).checked_sub(UNIX_EPOCH)?;
    let nanoseconds = ((ntp & 0xffff_ffff) * 1_000_000_000) >> 32;
    Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanoseconds).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_day_in_a_report_is_read() {
        assert_eq!(from_ntp(0), None);
        assert_eq!(from_ntp(2_208_988_800 << 32 | 1 << 31), Timestamp::from_millisecond(500).ok());
    }
}
