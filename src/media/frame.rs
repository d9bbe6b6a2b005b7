//! What travels from a camera to its viewers.

use bytes::Bytes;
use std::{fmt, sync::Arc, time::Instant};

/// One access unit of video, or one packet's worth of sound, as it came from the camera.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Video or sound, and what only that kind has.
    pub kind: FrameKind,
    /// The camera's RTP timestamp, unwrapped to 64 bits, in units of the codec's clock (90 kHz for video, 8 kHz for G.711). It may
    /// jump when the camera's clock does.
    pub timestamp: u64,
    /// When its last byte arrived here.
    pub arrived: Instant,
    /// Video: the NAL units, each behind a four-byte big-endian length (ISO/IEC 14496-15 §5.3), without access unit delimiters and
    /// without parameter sets, which are in [`FrameKind::Video`]. Sound: the codec's bytes.
    pub data: Bytes,
}

/// What kind of frame it is.
#[derive(Debug, Clone)]
pub enum FrameKind {
    /// An access unit of H.264.
    Video {
        /// Whether a decoder can start here (IDR).
        key: bool,
        /// The parameter sets in force.
        parameters: Arc<ParameterSets>,
    },
    /// Sound.
    Sound {
        /// Its codec.
        codec: SoundCodec,
    },
}

/// A picture by itself: one access unit at which a decoder can start.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyFrame {
    /// The parameter sets in force.
    pub parameters: Arc<ParameterSets>,
    /// When its last byte arrived here.
    pub arrived: Instant,
    /// Its NAL units, as in [`Frame::data`].
    pub data: Bytes,
}

/// Shows its size only: what it shows belongs in no log.
impl fmt::Debug for KeyFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFrame").field("bytes", &self.data.len()).finish_non_exhaustive()
    }
}

/// H.264 parameter sets (ITU-T H.264 §7.3.2.1, §7.3.2.2), each one NAL unit without start code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterSets {
    /// The sequence parameter set.
    pub sps: Bytes,
    /// The picture parameter set.
    pub pps: Bytes,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
}

impl ParameterSets {
    /// `profile_idc`, constraint flags and `level_idc` as in SDP's `profile-level-id` (RFC 6184 §8.1).
    pub fn profile_level_id(&self) -> Option<[u8; 3]> {
        self.sps.get(1..4)?.try_into().ok()
    }
}

/// The sound codecs that pass through to browsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SoundCodec {
    /// G.711 A-law (RFC 3551 §4.5.14).
    Pcma,
    /// G.711 µ-law (RFC 3551 §4.5.14).
    Pcmu,
}
