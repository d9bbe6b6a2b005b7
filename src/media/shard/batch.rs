//! Packets of one viewer, sealed one behind the other, sent with one system call.

use crate::media::{
    port::{Path, Port},
    rtp::{Extensions, HEADER, write_header},
    srtp::Sealer,
};
use std::io;

/// UDP carries no more in one send, segmented or not.
const MAX_BYTES: usize = 65_000;

/// The memory in which a shard seals; it is made once.
pub(in crate::media) struct Batch {
    bytes: Vec<u8>,
    segment: usize,
    packets: usize,
    /// A packet shorter than the first must be the last.
    closed: bool,
}

/// What goes into the header of a packet.
pub(in crate::media) struct Head<'a> {
    pub(in crate::media) payload_type: u8,
    pub(in crate::media) marker: bool,
    /// Whether the payload ends in padding.
    pub(in crate::media) padded: bool,
    /// Counted on over 16 bits: the bits above are the rollover counter.
    pub(in crate::media) sequence: u64,
    pub(in crate::media) timestamp: u64,
    pub(in crate::media) ssrc: u32,
    pub(in crate::media) extensions: &'a Extensions,
}

/// How a send went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) enum Sent {
    /// They are on their way, or lost on it.
    Gone,
    /// The kernel has no room; nothing was sent.
    Blocked,
}

impl Batch {
    pub(in crate::media) fn new() -> Self {
        Self { bytes: Vec::with_capacity(MAX_BYTES), segment: 0, packets: 0, closed: false }
    }

    /// How many bytes a packet takes: header, payload, tag.
    pub(in crate::media) fn size(sealer: &Sealer, extensions: &Extensions, payload: usize) -> usize {
        HEADER + extensions.len() + payload + sealer.tag()
    }

    /// Whether a packet of `size` bytes can join those that lie here, if `segments` may go in one send.
    pub(in crate::media) fn takes(&self, size: usize, segments: usize) -> bool {
        self.packets == 0
            || (!self.closed && size <= self.segment && self.packets < segments && self.bytes.len() + size <= MAX_BYTES)
    }

    /// Writes a packet behind the others and seals it where it lies. The payload is `parts`, one behind the other.
    pub(in crate::media) fn push(&mut self, sealer: &Sealer, head: &Head<'_>, parts: &[&[u8]]) {
        let start = self.bytes.len();
        let (sequence, rollover) = split(head.sequence);
        #[allow(clippy::cast_possible_truncation, reason = "RTP timestamps wrap (RFC 3550 §5.1)")]
        let timestamp = head.timestamp as u32;
        write_header(
            &mut self.bytes,
            (head.payload_type, head.marker, head.padded),
            sequence,
            timestamp,
            head.ssrc,
            head.extensions,
        );
        let header = self.bytes.len() - start;
        parts.iter().for_each(|part| self.bytes.extend_from_slice(part));
        self.bytes.resize(self.bytes.len() + sealer.tag(), 0);
        if sealer.rtp(&mut self.bytes[start..], header, rollover).is_err() {
            // It cannot happen to a packet of this form; if it does, nothing leaves unsealed.
            self.bytes.truncate(start);
            return;
        }
        let size = self.bytes.len() - start;
        if self.packets == 0 {
            self.segment = size;
        }
        self.closed |= size < self.segment;
        self.packets += 1;
    }

    /// How many packets and bytes lie here.
    pub(in crate::media) fn load(&self) -> (u64, u64) {
        (self.packets as u64, self.bytes.len() as u64)
    }

    /// Is empty again.
    pub(in crate::media) fn clear(&mut self) {
        self.bytes.clear();
        (self.packets, self.closed) = (0, false);
    }

    /// Sends what lies here and is empty again.
    pub(in crate::media) fn send(&mut self, port: &Port, path: &Path) -> Sent {
        let sent = if self.packets == 0 { Ok(()) } else { port.send(path, &self.bytes, self.segment) };
        self.clear();
        match sent {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Sent::Blocked,
            _ => Sent::Gone,
        }
    }
}

/// The sequence number on the wire and the rollover counter.
#[allow(clippy::cast_possible_truncation, reason = "that is the split: 16 bits and the 32 above them (RFC 3711 §3.3.1)")]
fn split(sequence: u64) -> (u16, u32) {
    (sequence as u16, (sequence >> 16) as u32)
}
