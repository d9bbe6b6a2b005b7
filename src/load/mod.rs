//! Many viewers at once, without a screen: what `tereze-load` and the benchmark are made of.
//!
//! ```text
//! whep ──answer──▶ crowd (thread) ──▶ peer: ICE, DTLS ──▶ watched: headers counted ──▶ report
//! ```
//!
//! A viewer counts what RTP headers tell; some open their packets as well, and find key frames and the stamps of simulated cameras.
//! Nothing is decoded. The client's SRTP is not the server's: one checks the other.

pub mod cli;
mod crowd;
mod error;
mod ice;
mod peer;
mod people;
mod report;
mod sdp;
mod watched;
mod whep;

pub use crowd::{Crowd, ViewerId};
pub use error::LoadError;
pub use peer::Behaviour;
pub use report::{Figures, Spread};
pub use sdp::{Caller, Remote};
pub use whep::{Opened, Whep};
