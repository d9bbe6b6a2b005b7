//! Offer and answer (RFC 8829, RFC 9725, draft-ietf-wish-whep): what a client asks for, what it gets.
//!
//! `rtc-sdp` reads the grammar; what the lines mean for a server that only sends is decided here.

mod answer;
mod codec;
mod fragment;
mod negotiate;
mod offer;

pub(crate) use answer::{Local, answer, restart_fragment};
pub(crate) use fragment::Fragment;
pub(crate) use negotiate::{Negotiated, SoundLine, VideoLine};
pub(crate) use offer::{Fingerprint, FingerprintHash, IceCredentials, Offer};

#[cfg(test)]
mod tests;
