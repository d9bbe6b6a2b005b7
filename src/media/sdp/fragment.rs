//! Trickle fragments (RFC 8840, as WHEP sends them in PATCH).

use super::{IceCredentials, SdpError, answer::write_candidates};
use std::{fmt::Write, net::SocketAddr};

const MAX_LENGTH: usize = 16 << 10;

/// What a fragment says that matters to an ICE-lite server.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::media) struct Fragment {
    /// The client's credentials; new ones restart ICE.
    pub(in crate::media) ice: Option<IceCredentials>,
}

impl Fragment {
    /// Reads a fragment. An empty one is one: it says nothing.
    pub(in crate::media) fn parse(text: &str) -> Result<Self, SdpError> {
        if text.len() > MAX_LENGTH {
            return Err(SdpError::TooLong);
        }
        let (mut ufrag, mut password) = (None, None);
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            let (kind, value) = line.split_once('=').filter(|(kind, _)| kind.len() == 1).ok_or(SdpError::Form)?;
            match (kind, value.split_once(':')) {
                ("a", Some(("ice-ufrag", value))) => ufrag = ufrag.or(Some(value.trim())),
                ("a", Some(("ice-pwd", value))) => password = password.or(Some(value.trim())),
                ("a" | "m" | "c", _) => {}
                _ => return Err(SdpError::Form),
            }
        }
        let ice = match (ufrag, password) {
            (None, None) => None,
            (Some(ufrag), Some(password)) => Some(IceCredentials::parse(ufrag, password)?),
            // Some clients name only the user name fragment with a candidate.
            (Some(_), None) => None,
            (None, Some(_)) => return Err(SdpError::IceCredentials),
        };
        Ok(Self { ice })
    }
}

/// The server's fragment after an ICE restart: new credentials, the same candidates.
pub(in crate::media) fn restart_fragment(mid: &str, ice: &IceCredentials, candidates: &[SocketAddr]) -> String {
    let mut fragment = String::from("a=ice-lite\r\n");
    if !mid.is_empty() {
        let _ = write!(fragment, "a=group:BUNDLE {mid}\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:{mid}\r\n");
    }
    let _ = write!(fragment, "a=ice-ufrag:{}\r\na=ice-pwd:{}\r\n", ice.ufrag, ice.password);
    write_candidates(&mut fragment, candidates);
    fragment
}
