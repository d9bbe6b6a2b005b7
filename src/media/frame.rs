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
    /// An access unit, in the codec of its parameter sets.
    Video {
        /// Whether a decoder can start here: IDR in H.264, IRAP in H.265 (ITU-T H.265 §3.70).
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

/// How video is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum VideoCodec {
    /// ITU-T H.264.
    #[default]
    H264,
    /// ITU-T H.265. It is recorded, but not shown live: over WebRTC most browsers take none of it.
    H265,
}

impl VideoCodec {
    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::H264 => "H.264",
            Self::H265 => "H.265",
        }
    }

    /// As SDP's `rtpmap` has it (RFC 6184 §8.2.1, RFC 7798 §7.2.1).
    pub const fn encoding(self) -> &'static str {
        match self {
            Self::H264 => "H264",
            Self::H265 => "H265",
        }
    }
}

/// Parameter sets (ITU-T H.264 §7.3.2.1, §7.3.2.2; ITU-T H.265 §7.3.2.1 to §7.3.2.3), each one NAL unit without start code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterSets {
    /// The video parameter set, which H.265 has and H.264 has not.
    pub vps: Option<Bytes>,
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
    /// What they are for.
    pub const fn codec(&self) -> VideoCodec {
        if self.vps.is_some() { VideoCodec::H265 } else { VideoCodec::H264 }
    }

    /// `profile_idc`, constraint flags and `level_idc` as in SDP's `profile-level-id` (RFC 6184 §8.1); H.265 has none.
    pub fn profile_level_id(&self) -> Option<[u8; 3]> {
        match self.codec() {
            VideoCodec::H264 => self.sps.get(1..4)?.try_into().ok(),
            VideoCodec::H265 => None,
        }
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
