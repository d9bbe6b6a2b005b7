//! Finds cameras in the network, and asks one for the addresses of its streams (WS-Discovery 1.1, ONVIF Core and Media).
//!
//! Everything that is answered here comes from strangers: it is bounded in size, depth and time, no entity of it is expanded, and an
//! address in it counts only with the host that answered. Some cameras say `0.0.0.0`, and others could say anything.

mod discovery;
mod profiles;
mod soap;
mod target;
mod xml;

pub use discovery::{Device, find};
pub use profiles::{Streams, streams};
pub use target::{NoTarget, Target};

/// Why a device gave no addresses. No text here holds an address or a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OnvifError {
    /// Nothing answers, or too late.
    #[error("the device does not answer")]
    Unreachable,
    /// It refuses the user name or the password.
    #[error("the device refuses the user name or the password")]
    WrongPassword,
    /// What it answers is not ONVIF, or too much of it.
    #[error("the device's answer is not understood")]
    NotUnderstood,
}
