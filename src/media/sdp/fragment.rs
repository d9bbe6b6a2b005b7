//! Trickle fragments (RFC 8840 §9): what a client sends with PATCH.

use super::super::SdpError;
use super::offer::IceCredentials;

/// More candidates than any client gathers.
const LONGEST_FRAGMENT: usize = 16 * 1024;

/// A fragment that has been read. Its candidates are not kept: an ICE-lite server answers whoever checks with the right password
/// (RFC 8445 §2.5), so mDNS names, TCP candidates and IPv6 addresses all do no harm.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fragment {
    /// The credentials in it: new ones ask for an ICE restart.
    pub(crate) ice: Option<IceCredentials>,
}

impl Fragment {
    /// Reads a fragment; an empty one is one.
    pub(crate) fn parse(text: &str) -> Result<Self, SdpError> {
        if text.len() > LONGEST_FRAGMENT {
            return Err(SdpError::TooLong);
        }
        let (mut ufrag, mut pwd) = (None, None);
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (kind, value) = line.split_once('=').ok_or(SdpError::Form)?;
            if kind.len() != 1 || !kind.as_bytes()[0].is_ascii_lowercase() {
                return Err(SdpError::Form);
            }
            match value.split_once(':').filter(|_| kind == "a") {
                Some(("ice-ufrag", value)) => ufrag = ufrag.or(Some(value)),
                Some(("ice-pwd", value)) => pwd = pwd.or(Some(value)),
                _ => {}
            }
        }
        let ice = match (ufrag, pwd) {
            (Some(ufrag), Some(pwd)) => Some(IceCredentials::new(ufrag, pwd)?),
            (None, None) => None,
            _ => return Err(SdpError::IceCredentials),
        };
        Ok(Self { ice })
    }
}
