//! From frames to RTP: packetised once, then numbered and timed for each viewer.

mod header;
mod nal;
mod packetise;
mod picture;
mod reel;
mod run;
mod timeline;

pub(super) use header::{Extensions, HEADER, write_header};
pub(super) use nal::has_b_slice;
pub(super) use packetise::packetise;
pub(super) use picture::{Payloads, Picture, SoundFrame};
pub(super) use reel::{REEL_BYTES, REEL_PICTURES, Reel};
pub(super) use run::{Runs, Slot};
pub(super) use timeline::Timeline;

/// The video clock of RTP (RFC 6184 §8.2.1), ticks a second.
pub(super) const VIDEO_CLOCK: u32 = 90_000;
/// The clock of G.711 (RFC 3551 §4.5.14), ticks a second.
pub(super) const SOUND_CLOCK: u32 = 8_000;

/// The longest payload of one packet. With header, extensions, RTX's two bytes and the tag the packet stays under 1,200 bytes, which
/// the tunnels of mobile networks let pass whole.
pub(super) const MAX_PAYLOAD: usize = 1_120;
