//! From what DTLS exports to session keys (RFC 5764 §4.2, RFC 3711 §4.3, RFC 7714 §11).

use super::SrtpError;
use aws_lc_rs::{
    cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey},
    iv::FixedLength,
};
use zeroize::Zeroizing;

/// The salt that key derivation works with; the shorter one of GCM is filled up with zeros (RFC 7714 §11).
pub(super) const SALT: usize = 14;

/// A protection profile (RFC 5764 §4.1.2, RFC 7714 §14.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::media) enum Profile {
    /// `SRTP_AEAD_AES_128_GCM`: the cheapest, and the one that is preferred.
    Aes128Gcm,
    /// `SRTP_AEAD_AES_256_GCM`.
    Aes256Gcm,
    /// `SRTP_AES128_CM_HMAC_SHA1_80`: four times dearer; for clients that have nothing else.
    Aes128CmSha1,
}

impl Profile {
    /// The length of the master key and of the master salt, in bytes.
    const fn lengths(self) -> (usize, usize) {
        match self {
            Self::Aes128Gcm => (16, 12),
            Self::Aes256Gcm => (32, 12),
            Self::Aes128CmSha1 => (16, 14),
        }
    }

    /// How many bytes must be exported from DTLS.
    pub(in crate::media) const fn export_length(self) -> usize {
        let (key, salt) = self.lengths();
        2 * (key + salt)
    }
}

/// One side's master key and salt.
pub(super) struct Master {
    key: Zeroizing<Vec<u8>>,
    salt: Zeroizing<[u8; SALT]>,
}

impl Master {
    pub(super) fn new(key: &[u8], salt: &[u8]) -> Result<Self, SrtpError> {
        let mut padded = Zeroizing::new([0; SALT]);
        padded.get_mut(..salt.len()).ok_or(SrtpError)?.copy_from_slice(salt);
        Ok(Self { key: Zeroizing::new(key.to_vec()), salt: padded })
    }

    /// Fills `out` with the key stream for `label` (RFC 3711 §4.3.1 and §4.3.3 with a key derivation rate of 0; with a key of 256 bits
    /// RFC 6188 §3).
    pub(super) fn derive(&self, label: u8, out: &mut [u8]) -> Result<(), SrtpError> {
        let mut counter = [0; 16];
        counter[..SALT].copy_from_slice(&*self.salt);
        counter[7] ^= label;
        out.fill(0);
        key_stream(&counter_key(&self.key)?, counter, out)
    }
}

/// An AES key for counter mode, of 128 or 256 bits by its length.
pub(super) fn counter_key(key: &[u8]) -> Result<EncryptingKey, SrtpError> {
    let algorithm = if key.len() == 32 { &AES_256 } else { &AES_128 };
    let key = UnboundCipherKey::new(algorithm, key).map_err(|_| SrtpError)?;
    EncryptingKey::ctr(key).map_err(|_| SrtpError)
}

/// Adds the AES counter-mode key stream that begins at `counter` to `data`: that both encrypts and decrypts.
pub(super) fn key_stream(key: &EncryptingKey, counter: [u8; 16], data: &mut [u8]) -> Result<(), SrtpError> {
    let context = EncryptionContext::Iv128(FixedLength::from(counter));
    key.less_safe_encrypt(data, context).map(drop).map_err(|_| SrtpError)
}

/// What a session key is for (RFC 3711 §4.3.2): the label of the cipher key; those of the authentication key and the salt follow.
#[derive(Debug, Clone, Copy)]
pub(super) enum Label {
    Rtp = 0,
    Rtcp = 3,
}

/// The keys of both sides, as DTLS exports them.
pub(in crate::media) struct Exported {
    pub(super) profile: Profile,
    pub(super) client: Master,
    pub(super) server: Master,
}

impl Exported {
    /// The label under which DTLS exports them (RFC 5764 §4.2).
    pub(in crate::media) const LABEL: &str = "EXTRACTOR-dtls_srtp";

    /// Splits the exported bytes: the clients' key, the server's key, the client's salt, the server's salt.
    pub(in crate::media) fn split(profile: Profile, bytes: &[u8]) -> Result<Self, SrtpError> {
        let (key, salt) = profile.lengths();
        if bytes.len() != profile.export_length() {
            return Err(SrtpError);
        }
        let (keys, salts) = bytes.split_at(2 * key);
        Ok(Self { profile, client: Master::new(&keys[..key], &salts[..salt])?, server: Master::new(&keys[key..], &salts[salt..])? })
    }

    /// The keys as the client sees them: its own and the other side's exchanged.
    #[cfg(test)]
    pub(in crate::media) fn exchange(self) -> Self {
        Self { client: self.server, server: self.client, ..self }
    }
}
