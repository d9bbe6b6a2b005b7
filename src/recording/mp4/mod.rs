//! A segment's file: fragmented MP4 (ISO/IEC 14496-12), whose boxes `mp4-atom` writes and reads.
//!
//! ```text
//! ftyp moov │ moof mdat │ moof mdat │ … │ mfra
//! head      │ fragments                 │ what random access needs, once the file is whole
//! ```
//!
//! Track 1 has the pictures, track 2 the sound where there is some. Every fragment has its own decode times, counted from the file's
//! beginning, so that a file that was cut off anywhere plays up to its last whole fragment.

mod access;
mod fragment;
mod head;
mod layout;
mod pictures;
mod read;

pub use access::Access;
pub use fragment::{Block, Fragment, Sample, Sound};
pub use head::Head;
pub use layout::{FragmentPlace, Layout, LayoutError};

/// Ticks a second of the pictures' track; that of RTP (RFC 6184 §5.1).
pub const VIDEO_TIMESCALE: u32 = 90_000;
/// Ticks a second of the sound's track: a tick is a sample.
pub const SOUND_TIMESCALE: u32 = 8_000;

const VIDEO_TRACK: u32 = 1;
const SOUND_TRACK: u32 = 2;
