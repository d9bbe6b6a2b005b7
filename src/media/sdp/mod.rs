//! Offer in, answer out (RFC 8866, RFC 9429), and the trickle fragments of WHEP (RFC 8840).

mod answer;
mod codec;
mod fragment;
mod offer;
#[cfg(test)]
mod tests;

pub(super) use answer::{Answer, Local, SoundPlan, VideoPlan, negotiate};
pub(super) use fragment::{Fragment, restart_fragment};
pub(super) use offer::{Fingerprint, Hash, Offer};

use super::SdpError;

/// ICE credentials (RFC 8445 §5.3).
#[derive(Clone, PartialEq, Eq)]
pub(super) struct IceCredentials {
    /// The user name fragment.
    pub(super) ufrag: String,
    /// The password; it belongs in no log.
    pub(super) password: String,
}

impl IceCredentials {
    /// Takes what a client sent, within the lengths of RFC 8839 §5.4.
    fn parse(ufrag: &str, password: &str) -> Result<Self, SdpError> {
        // The standard allows letters, digits, '+' and '/'; some clients write more. What would break a line or a user name is refused.
        let tolerable = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
        let fits = (4..=256).contains(&ufrag.len()) && (22..=256).contains(&password.len());
        if !fits || !tolerable(ufrag) || !tolerable(password) {
            return Err(SdpError::IceCredentials);
        }
        Ok(Self { ufrag: ufrag.to_owned(), password: password.to_owned() })
    }
}

impl std::fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IceCredentials").field("ufrag", &self.ufrag).finish_non_exhaustive()
    }
}
