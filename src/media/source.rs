//! A camera as the media plane sees it: where its streams come from, and how it is.

use crate::id::CameraId;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use url::Url;

/// Where the streams of a camera come from.
#[derive(Clone, PartialEq, Eq)]
pub struct CameraSource {
    /// The camera.
    pub camera: CameraId,
    /// The main stream, without credentials in it.
    pub main: Url,
    /// The sub stream, without credentials in it.
    pub sub: Option<Url>,
    /// User name and password.
    pub credentials: Option<Credentials>,
    /// How its packets travel.
    pub transport: Transport,
}

/// A camera's user name and password; they appear in no text that this program writes.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// Shows the camera's id only: its address and password belong in no log.
impl fmt::Debug for CameraSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CameraSource").field("camera", &self.camera).finish_non_exhaustive()
    }
}

/// Shows nothing.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// How a camera's RTP travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    /// Interleaved in the RTSP connection (RFC 2326 §10.12).
    #[default]
    Tcp,
    /// In UDP packets of its own.
    Udp,
}

/// Which of a camera's streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Quality {
    /// The large picture.
    #[default]
    Main,
    /// The small picture.
    Sub,
}

impl Quality {
    /// The word that the database and the API use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Sub => "sub",
        }
    }

    /// That of the camera's other stream.
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Main => Self::Sub,
            Self::Sub => Self::Main,
        }
    }
}

/// How a camera is, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraState {
    /// How it is.
    pub health: Health,
    /// Since when.
    pub since: Timestamp,
}

/// What a camera's sender reports say of its clock (RFC 3550 §6.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraClock {
    /// How far it is ahead of ours; negative when it is behind.
    pub ahead: SignedDuration,
    /// When it was compared.
    pub seen_at: Timestamp,
}

/// How a camera is. Its [`code`](Health::code) is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Health {
    /// Nobody has asked for it yet, so nobody has looked.
    Idle,
    /// The first connection is being made.
    Connecting,
    /// Pictures arrive.
    Online,
    /// Connected, but no picture arrives.
    NoVideo,
    /// It refuses the user name or password.
    WrongPassword,
    /// It sends something that browsers cannot show.
    WrongCodec,
    /// It cannot be reached.
    Unreachable,
}

impl Health {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Online => "online",
            Self::NoVideo => "no_video",
            Self::WrongPassword => "wrong_password",
            Self::WrongCodec => "wrong_codec",
            Self::Unreachable => "unreachable",
        }
    }

    /// Whether it has failed: a screen then says 'offline since'.
    pub const fn failed(self) -> bool {
        matches!(self, Self::NoVideo | Self::WrongPassword | Self::WrongCodec | Self::Unreachable)
    }
}
