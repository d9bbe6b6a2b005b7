//! Records: what is encrypted at once.

use super::Refused;
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use std::{fmt, sync::Arc};

/// The most plain bytes of a record: what is decrypted at least to read one byte of it.
pub(super) const MOST: usize = 64 << 10;
/// The bytes of a length.
pub(in crate::recording) const LENGTH: usize = 4;
const TAG: usize = 16;
/// How many bytes more than plain a record has.
pub(super) const OVERHEAD: u64 = (LENGTH + NONCE_LEN + TAG) as u64;

/// The key of one file. Cheap to clone.
///
/// Nonces are random: what is written again in a place, after a crash, is never under a nonce that was there before.
#[derive(Clone)]
pub struct FileKey {
    id: Arc<str>,
    key: Arc<RandomizedNonceKey>,
}

/// Shows whose it is, and no key.
impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl FileKey {
    /// Made of 32 bytes, derived from the configured key with this id.
    pub(super) fn new(id: &str, key: &[u8]) -> Result<Self, Refused> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, key).map_err(|_| Refused)?;
        Ok(Self { id: id.into(), key: Arc::new(key) })
    }

    /// The id of the configured key.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Adds to `to` the nonce, the encrypted bytes of `plain`, and the tag.
    pub(super) fn encrypt(&self, number: u64, plain: &[u8], to: &mut Vec<u8>) -> Result<(), Refused> {
        let nonce_at = to.len();
        to.extend_from_slice(&[0; NONCE_LEN]);
        let body = to.len();
        to.extend_from_slice(plain);
        let (nonce, tag) =
            self.key.seal_in_place_separate_tag(Aad::from(number.to_be_bytes()), &mut to[body..]).map_err(|_| Refused)?;
        to[nonce_at..body].copy_from_slice(nonce.as_ref());
        to.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Decrypts what [`encrypt`](Self::encrypt) gave, in its place, if it is as it was.
    pub(in crate::recording) fn decrypt<'r>(&self, number: u64, record: &'r mut [u8]) -> Result<&'r [u8], Refused> {
        let (nonce, body) = record.split_at_mut_checked(NONCE_LEN).ok_or(Refused)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Refused)?;
        let plain = self.key.open_in_place(nonce, Aad::from(number.to_be_bytes()), body).map_err(|_| Refused)?;
        Ok(plain)
    }
}
