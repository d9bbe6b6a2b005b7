//! Why a viewer could not be made.

/// Why a viewer could not be made.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The server cannot be reached, or breaks off.
    #[error("the server cannot be reached: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// It said no.
    #[error("refused with {status} {code}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The code in its problem document.
        code: String,
    },
    /// Its description of the stream is of no use.
    #[error("the answer has no {0}")]
    Answer(&'static str),
    /// No socket could be had, or the client's half of DTLS could not be made.
    #[error("the client cannot be made: {0}")]
    Client(String),
}
