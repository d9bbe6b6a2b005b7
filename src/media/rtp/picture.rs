//! What a feed hands to the threads that send, shared by all of them.

use std::time::Instant;

/// A picture, packetised once for every viewer.
#[derive(Debug)]
pub(in crate::media) struct Picture {
    /// Counts the feed's pictures, with no gap.
    pub(in crate::media) number: u64,
    /// Counts the feed's packets: the number of this picture's first one.
    pub(in crate::media) first_packet: u64,
    /// On the feed's own timeline, which only goes forward, at 90 kHz.
    pub(in crate::media) timestamp: u64,
    /// When it was taken, as far as arrivals tell: what sender reports tie the timestamp to.
    pub(in crate::media) captured: Instant,
    /// Whether a decoder can start here.
    pub(in crate::media) key: bool,
    /// Its packets.
    pub(in crate::media) payloads: Payloads,
}

impl Picture {
    /// The feed's number of the first packet after this picture.
    pub(in crate::media) fn end_packet(&self) -> u64 {
        self.first_packet + self.payloads.len() as u64
    }
}

/// The payloads of a picture's packets, one behind the other in one piece of memory.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::media) struct Payloads {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Payloads {
    pub(super) fn with_room_for(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ends: Vec::new() }
    }

    /// Appends a payload that consists of `parts`.
    pub(super) fn push(&mut self, parts: &[&[u8]]) {
        parts.iter().for_each(|part| self.bytes.extend_from_slice(part));
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// How many packets there are.
    pub(in crate::media) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub(in crate::media) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many bytes all have together.
    pub(in crate::media) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The payload of packet `packet`.
    pub(in crate::media) fn get(&self, packet: usize) -> Option<&[u8]> {
        let end = *self.ends.get(packet)? as usize;
        let start = packet.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.bytes.get(start..end)
    }
}

/// A packet's worth of G.711.
#[derive(Debug)]
pub(in crate::media) struct SoundFrame {
    /// On the feed's own timeline, at 8 kHz.
    pub(in crate::media) timestamp: u64,
    /// When it was taken, as far as arrivals tell.
    pub(in crate::media) captured: Instant,
    /// The codec's bytes, at most [`MAX_PAYLOAD`](super::MAX_PAYLOAD).
    pub(in crate::media) payload: bytes::Bytes,
}
