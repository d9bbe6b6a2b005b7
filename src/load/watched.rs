//! What one viewer has seen of its stream.

use crate::demo::camera::read_stamp;
use std::time::{Duration, Instant};

/// H.264 in RTP (RFC 6184 §5.2), as far as a load looks into it.
const IDR: u8 = 5;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

/// Delays kept for one viewer: five minutes of 25 pictures a second.
const DELAYS: usize = 7_500;

/// What is read of an RTP header (RFC 3550 §5.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) payload_type: u8,
    pub(super) marker: bool,
    pub(super) sequence: u16,
    pub(super) timestamp: u32,
    pub(super) ssrc: u32,
}

impl Header {
    pub(super) fn read(datagram: &[u8]) -> Option<Self> {
        let head: [u8; 12] = *datagram.first_chunk()?;
        Some(Self {
            payload_type: head[1] & 0x7f,
            marker: head[1] & 0x80 != 0,
            sequence: u16::from_be_bytes([head[2], head[3]]),
            timestamp: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
            ssrc: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
        })
    }
}

/// What one viewer has seen since it joined, or since it was last told to begin anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Watched {
    /// Packets of the video, and their bytes.
    pub(super) packets: u64,
    pub(super) bytes: u64,
    /// Pictures: ends of pictures seen.
    pub(super) pictures: u64,
    /// The longest time between the ends of two pictures.
    pub(super) pause: Duration,
    /// From the sending of a stamped picture to the arrival of the packet with the stamp, and of the picture's last one, in microseconds.
    pub(super) delays: Vec<u32>,
    pub(super) whole_delays: Vec<u32>,
    /// Packets that never came, or have not yet.
    missing: i64,
    newest: Option<u16>,
    ended: Option<Instant>,
    stamped: Option<(u32, u64)>,
    key: KeyFrame,
}

/// How far the first key frame is.
#[derive(Debug, Clone, Copy, Default)]
enum KeyFrame {
    #[default]
    Awaited,
    /// Its packets are arriving: those of this timestamp, and the number of the one that must be next.
    Arriving {
        timestamp: u32,
        next: u16,
    },
    Whole(Instant),
}

impl Watched {
    /// Counts from now on; where the stream is stays known.
    pub(super) fn begin(&mut self) {
        *self = Self { newest: self.newest, ended: self.ended, key: self.key, ..Self::default() };
    }

    /// How many packets are missing.
    pub(super) fn lost(&self) -> u64 {
        u64::try_from(self.missing).unwrap_or(0)
    }

    /// The longest pause, the one that lasts at `now` included.
    pub(super) fn longest_pause(&self, now: Instant) -> Duration {
        self.ended.map_or(self.pause, |ended| self.pause.max(now.saturating_duration_since(ended)))
    }

    /// When the first key frame was whole.
    pub(super) fn key_frame(&self) -> Option<Instant> {
        if let KeyFrame::Whole(at) = self.key { Some(at) } else { None }
    }

    /// The newest sequence number.
    pub(super) fn newest(&self) -> u16 {
        self.newest.unwrap_or_default()
    }

    /// Takes a packet of the video. Returns whether it ends a picture.
    pub(super) fn packet(&mut self, header: Header, bytes: usize, now: Instant) -> bool {
        self.packets += 1;
        self.bytes += bytes as u64;
        // How far it is ahead of the newest one; what comes late fills a hole.
        let step = header.sequence.wrapping_sub(self.newest.unwrap_or(header.sequence.wrapping_sub(1))).cast_signed();
        if step > 0 {
            self.missing += i64::from(step) - 1;
            self.newest = Some(header.sequence);
        } else {
            self.missing -= 1;
        }
        if header.marker {
            self.pictures += 1;
            if let Some(ended) = self.ended.replace(now) {
                self.pause = self.pause.max(now.saturating_duration_since(ended));
            }
        }
        header.marker
    }

    /// Takes the payload of the same packet, opened; `micros` is the time since 1970.
    pub(super) fn opened(&mut self, header: Header, payload: &[u8], now: Instant, micros: u64) {
        let since = |sent: u64| u32::try_from(micros.saturating_sub(sent)).unwrap_or(u32::MAX);
        if let Some(sent) = read_stamp(payload) {
            self.stamped = Some((header.timestamp, sent));
            if self.delays.len() < DELAYS {
                self.delays.push(since(sent));
            }
        }
        if let Some((_, sent)) = self.stamped.take_if(|(timestamp, _)| header.marker && *timestamp == header.timestamp)
            && self.whole_delays.len() < DELAYS
        {
            self.whole_delays.push(since(sent));
        }
        self.key = match self.key {
            KeyFrame::Awaited if begins_key_frame(payload) => {
                KeyFrame::Arriving { timestamp: header.timestamp, next: header.sequence }.then(header, now)
            }
            KeyFrame::Arriving { .. } => self.key.then(header, now),
            other => other,
        };
    }
}

impl KeyFrame {
    fn then(self, header: Header, now: Instant) -> Self {
        match self {
            Self::Arriving { timestamp, next } if timestamp == header.timestamp && next == header.sequence => {
                let next = header.sequence.wrapping_add(1);
                if header.marker { Self::Whole(now) } else { Self::Arriving { timestamp, next } }
            }
            // A hole: the next one, then.
            Self::Arriving { .. } => Self::Awaited,
            other => other,
        }
    }
}

/// Whether a packet is the first of a key frame: its parameter sets, or the first of its slices.
fn begins_key_frame(payload: &[u8]) -> bool {
    const SPS: u8 = 7;
    let kind = |byte: Option<&u8>| byte.map_or(0, |byte| byte & 0x1f);
    match kind(payload.first()) {
        STAP_A => matches!(kind(payload.get(3)), SPS | IDR),
        FU_A => payload.get(1).is_some_and(|byte| byte & 0x80 != 0) && kind(payload.get(1)) == IDR,
        kind => matches!(kind, SPS | IDR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::monotonic;

    fn packet(sequence: u16, timestamp: u32, marker: bool) -> Header {
        Header { payload_type: 102, marker, sequence, timestamp, ssrc: 1 }
    }

    #[test]
    fn losses_are_counted_until_the_late_arrive() {
        let (mut watched, now) = (Watched::default(), monotonic());
        for sequence in [65_534, 65_535, 0, 3, 4] {
            watched.packet(packet(sequence, 0, false), 100, now);
        }
        assert_eq!((watched.lost(), watched.packets, watched.newest()), (2, 5, 4));
        watched.packet(packet(2, 0, false), 100, now);
        assert_eq!(watched.lost(), 1);
        watched.begin();
        watched.packet(packet(5, 0, true), 100, now + Duration::from_millis(40));
        assert_eq!((watched.lost(), watched.packets, watched.pictures), (0, 1, 1));
        assert_eq!(watched.longest_pause(now + Duration::from_millis(90)), Duration::from_millis(50));
    }

    #[test]
    fn a_key_frame_is_whole_with_all_its_packets_and_no_sooner() {
        let (mut watched, now) = (Watched::default(), monotonic());
        let mut see = |sequence, marker, payload: &[u8]| {
            watched.opened(packet(sequence, 9, marker), payload, now, 0);
            watched.key_frame().is_some()
        };
        assert!(!see(1, true, &[0x41, 0]));
        assert!(!see(2, false, &[0x78, 0, 1, 0x67]));
        assert!(!see(4, true, &[0x7c, 0x45]), "a hole before it");
        assert!(!see(5, false, &[0x78, 0, 1, 0x67]));
        assert!(!see(6, false, &[0x7c, 0x85]));
        assert!(see(7, true, &[0x7c, 0x45]));
    }
}
