//! Why a camera gives no picture. No text here holds an address, a name or a password.

use crate::media::Health;

/// What was asked of the camera when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Connecting, and DESCRIBE.
    Describe,
    /// SETUP of a track.
    SetUp,
    /// PLAY.
    Play,
}

/// Why a camera gives no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CameraError {
    /// Nothing answers at its address.
    #[error("the camera cannot be reached")]
    Unreachable,
    /// It took too long to answer.
    #[error("the camera did not answer in time ({0:?})")]
    TimedOut(Step),
    /// It refuses the user name or the password, or wants some where there are none.
    #[error("the camera refuses the user name or the password")]
    WrongPassword,
    /// It refused a request with this status (RFC 2326 §7.1.1).
    #[error("the camera refused with status {1} ({0:?})")]
    Refused(Step, u16),
    /// What it answered makes no sense.
    #[error("the camera's answer is not understood ({0:?})")]
    NotUnderstood(Step),
    /// It has neither H.264 nor H.265 video; perhaps another.
    #[error("the camera sends neither H.264 nor H.265 but {found}")]
    WrongCodec {
        /// What it has instead: the name in its SDP.
        found: String,
    },
    /// It is connected, but for too long no picture came.
    #[error("the camera sends no picture")]
    NoPicture,
    /// The connection ended.
    #[error("the connection to the camera was lost")]
    Lost,
}

impl CameraError {
    /// What a failed request tells. `retina`'s own text holds addresses, so that nothing of it is kept.
    pub(super) fn of(step: Step, error: &retina::Error) -> Self {
        match error.status_code() {
            // Later than this a 401 means that the camera has changed its nonce; the next try uses the new one.
            Some(401) if step == Step::Describe => Self::WrongPassword,
            Some(200..300) => Self::NotUnderstood(step),
            Some(status) => Self::Refused(step, status),
            None if is_connecting(error) => Self::Unreachable,
            None => Self::Lost,
        }
    }

    /// How the camera is then.
    pub(crate) fn health(&self) -> Health {
        match self {
            Self::WrongPassword => Health::WrongPassword,
            Self::WrongCodec { .. } => Health::WrongCodec,
            Self::Refused(..) | Self::NotUnderstood(_) | Self::NoPicture => Health::NoVideo,
            Self::Unreachable | Self::TimedOut(_) | Self::Lost => Health::Unreachable,
        }
    }
}

/// `retina` does not tell the kinds of its errors apart but in their text, which begins with a fixed phrase.
fn is_connecting(error: &retina::Error) -> bool {
    error.to_string().starts_with("Unable to connect")
}
