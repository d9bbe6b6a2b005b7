//! Why a stream does not open.

use super::Health;
use jiff::Timestamp;
use std::time::Duration;

/// A stream does not open. Its [`code`](OpenError::code) is stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The offer cannot be read, or does not ask to receive video.
    #[error("the offer is no use: {0}")]
    BadOffer(#[from] SdpError),
    /// The client can decode nothing that the camera sends.
    #[error("the client does not take {camera}")]
    NoCommonCodec {
        /// What the camera sends, as in SDP's `rtpmap`.
        camera: &'static str,
    },
    /// Of all that the camera sends, nothing can be shown in a browser.
    #[error("browsers cannot show what the camera sends")]
    WrongCodec {
        /// What that is, where it is known, as in SDP's `rtpmap`.
        camera: Option<&'static str>,
    },
    /// The camera has no picture to show.
    #[error("the camera is {}", health.code())]
    CameraOffline {
        /// How it is.
        health: Health,
        /// Since when.
        since: Timestamp,
        /// When it is worth asking again.
        retry_after: Duration,
    },
    /// As many viewers are served as this machine is set up for.
    #[error("as many viewers as this machine may serve")]
    Overloaded {
        /// When it is worth asking again.
        retry_after: Duration,
    },
}

impl OpenError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadOffer(_) => "bad_offer",
            Self::NoCommonCodec { .. } => "no_common_codec",
            Self::WrongCodec { .. } => Health::WrongCodec.code(),
            Self::CameraOffline { .. } => "camera_offline",
            Self::Overloaded { .. } => "overloaded",
        }
    }

    /// When it is worth asking again, where that is known.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::CameraOffline { retry_after, .. } | Self::Overloaded { retry_after } => Some(*retry_after),
            Self::BadOffer(_) | Self::NoCommonCodec { .. } | Self::WrongCodec { .. } => None,
        }
    }
}

/// What is wrong with an offer or a trickle fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    /// Longer than any browser writes.
    #[error("too long")]
    TooLong,
    /// Not SDP (RFC 8866) or not a fragment of it (RFC 8840).
    #[error("cannot be parsed")]
    Form,
    /// An offer must ask for exactly one video and at most one sound, each media section with its `mid`.
    #[error("one video section, at most one of sound, and few others")]
    Sections,
    /// The offer does not want to receive video.
    #[error("does not ask to receive video")]
    NotReceiving,
    /// No ICE user name fragment or password, or impossible ones (RFC 8839 §5.4).
    #[error("no usable ICE credentials")]
    IceCredentials,
    /// No certificate fingerprint, or of a hash that is not taken (RFC 8122).
    #[error("no usable certificate fingerprint")]
    Fingerprint,
    /// The client wants to be the DTLS server, which an offer for WHEP must leave open (RFC 8842).
    #[error("the client must be able to start DTLS")]
    Setup,
    /// No BUNDLE or no RTP/RTCP multiplexing: everything goes through one port here.
    #[error("needs BUNDLE and rtcp-mux")]
    NotMultiplexed,
    /// The stream that the fragment is for has ended.
    #[error("the stream has ended")]
    Ended,
}
