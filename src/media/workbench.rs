//! One step of the send path each, for the micro-benchmarks in `benches/send_path`. Nothing else uses it.

use super::{
    config::{MediaConfig, MediaError},
    port::{Path, Port},
    rtp::{Extensions, MAX_PAYLOAD, Payloads, packetise},
    shard::{Batch, Head},
    srtp::{Exported, Profile, Sealer},
};
use std::net::SocketAddr;

/// The ciphers of SRTP, by their names in RFC 5764 and RFC 7714.
pub const CIPHERS: [&str; 3] = ["AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80"];

/// Many viewers' keys and one memory: packets are written, sealed and sent as a shard does.
pub struct Workbench {
    sealers: Vec<Sealer>,
    batch: Batch,
    port: Port,
    payload: Vec<u8>,
    sequence: u64,
}

impl Workbench {
    /// The keys of `viewers`, for the cipher with this name, and a port on loopback.
    pub fn new(cipher: &str, viewers: usize) -> Result<Self, MediaError> {
        let profile = match cipher {
            "AEAD_AES_128_GCM" => Profile::Aes128Gcm,
            "AEAD_AES_256_GCM" => Profile::Aes256Gcm,
            _ => Profile::Aes128CmSha1,
        };
        let sealer = |viewer: usize| {
            let keys: Vec<u8> = (0..profile.export_length()).map(|at| (at * 7 + viewer).to_le_bytes()[0]).collect();
            Exported::split(profile, &keys).and_then(|keys| Sealer::new(&keys)).ok()
        };
        let sealers = (0..viewers).filter_map(sealer).collect();
        let config = MediaConfig { addresses: vec![[127, 0, 0, 1].into()], udp_port: 0, ..MediaConfig::default() };
        Ok(Self { sealers, batch: Batch::new(), port: Port::bind(&config)?, payload: vec![0xa5; MAX_PAYLOAD], sequence: 0 })
    }

    /// Writes and seals `packets` of full length for `viewer`; they stay where they lie until [`send`](Self::send) or [`drop_all`](Self::drop_all).
    pub fn seal(&mut self, viewer: usize, packets: usize) {
        let extensions = Extensions::default();
        for _ in 0..packets {
            self.sequence += 1;
            let (sequence, timestamp) = (self.sequence, 3_600 * self.sequence);
            let head =
                Head { payload_type: 102, marker: false, padded: false, sequence, timestamp, ssrc: 1, extensions: &extensions };
            self.batch.push(&self.sealers[viewer % self.sealers.len()], &head, &[&self.payload]);
        }
    }

    /// Sends what was sealed to `remote`, in one system call.
    pub fn send(&mut self, remote: SocketAddr) {
        self.batch.send(&self.port, &Path { remote, local: None });
    }

    /// Forgets what was sealed.
    pub fn drop_all(&mut self) {
        self.batch.clear();
    }
}

/// Cuts a picture, NAL units behind four-byte lengths, into packets; returns how many.
pub fn cut(picture: &[u8]) -> usize {
    let payloads: Payloads = packetise(picture, None);
    payloads.len()
}
