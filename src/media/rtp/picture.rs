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
    /// When it was handed to the shards.
    pub(in crate::media) ready: Instant,
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
    packets: Vec<Packet>,
}

/// Where a payload ends, and whether padding does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Packet {
    end: u32,
    padded: bool,
}

impl Payloads {
    pub(super) fn with_room_for(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), packets: Vec::new() }
    }

    /// Appends a payload that consists of `parts`.
    pub(super) fn push(&mut self, parts: &[&[u8]]) {
        self.push_padded(parts, 0);
    }

    /// The same with so many bytes of padding behind it, the last of which says how many they are (RFC 3550 §5.1).
    pub(super) fn push_padded(&mut self, parts: &[&[u8]], padding: u8) {
        parts.iter().for_each(|part| self.bytes.extend_from_slice(part));
        if padding > 0 {
            self.bytes.resize(self.bytes.len() + usize::from(padding) - 1, 0);
            self.bytes.push(padding);
        }
        let end = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.packets.push(Packet { end, padded: padding > 0 });
    }

    /// How many packets there are.
    pub(in crate::media) fn len(&self) -> usize {
        self.packets.len()
    }

    /// Whether there are none.
    pub(in crate::media) fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    /// How many bytes all have together.
    pub(in crate::media) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The payload of packet `packet`, with its padding.
    pub(in crate::media) fn get(&self, packet: usize) -> Option<&[u8]> {
        let end = self.packets.get(packet)?.end as usize;
        let start = packet.checked_sub(1).map_or(0, |before| self.packets[before].end as usize);
        self.bytes.get(start..end)
    }

    /// Whether that payload ends in padding.
    pub(in crate::media) fn padded(&self, packet: usize) -> bool {
        self.packets.get(packet).is_some_and(|packet| packet.padded)
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
