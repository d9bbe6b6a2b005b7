//! How the media plane is set up.

use std::{io, net::IpAddr, num::NonZeroUsize};

/// How the media plane is set up; the defaults suit a machine of its own.
#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// The one UDP port on which every viewer is served; 0 takes a free one.
    pub udp_port: u16,
    /// The addresses that viewers are told to send to. Empty: those of the machine's interfaces. When all of one family are loopback
    /// addresses, that family is bound to loopback only.
    pub addresses: Vec<IpAddr>,
    /// How many threads send. `None`: one a core.
    pub shards: Option<NonZeroUsize>,
    /// How many viewers are served at once; the next one is told to come back later.
    pub viewers: usize,
}

impl Default for MediaConfig {
    fn default() -> Self {
        Self { udp_port: 0, addresses: Vec::new(), shards: None, viewers: 2_000 }
    }
}

/// The media plane could not start.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The UDP port cannot be had.
    #[error("UDP port {port}: {source}")]
    Port {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The machine has no address to announce, and none is configured.
    #[error("this machine has no network address to announce to viewers: set media.addresses")]
    NoAddress,
    /// The process's DTLS certificate could not be made.
    #[error("DTLS certificate: {0}")]
    Certificate(String),
    /// A thread could not be started.
    #[error("a media thread: {0}")]
    Thread(io::Error),
}
