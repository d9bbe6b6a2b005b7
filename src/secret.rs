//! Sealing at rest: what the database keeps of camera passwords and private keys is worth nothing without the master key.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac, rand,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::{fmt, fs, io, io::Write, path::Path, sync::Arc};
use zeroize::Zeroizing;

const KEY_LEN: usize = 32;

/// Names the form, so that another can follow: AES-256-GCM (NIST SP 800-38D), base64 of nonce and ciphertext with its tag.
const FORM: &str = "v1:";

/// What can go wrong with secrets. Nothing here holds one.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The master key is not 32 bytes in base64.
    #[error("the master key is not 32 bytes in base64")]
    NotAKey,
    /// The master key's file cannot be read or made.
    #[error("the master key's file: {0}")]
    File(#[from] io::Error),
    /// Sealed under another key or for another purpose, or altered.
    #[error("sealed under another master key, or altered")]
    Sealed,
}

/// The master key. Cheap to clone.
#[derive(Clone)]
pub struct Secrets(Arc<Keys>);

struct Keys {
    sealing: RandomizedNonceKey,
    digesting: hmac::Key,
}

/// Shows nothing.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

impl Secrets {
    /// Takes the master key as base64 text.
    pub fn from_base64(text: &str) -> Result<Self, SecretError> {
        let key = Zeroizing::new(BASE64_STANDARD.decode(text.trim()).map_err(|_| SecretError::NotAKey)?);
        if key.len() != KEY_LEN {
            return Err(SecretError::NotAKey);
        }
        let sealing = RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| SecretError::NotAKey)?;
        // One key, one use: what is digested is not keyed with what seals.
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), b"tereze digest 1");
        let digesting = hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref());
        Ok(Self(Arc::new(Keys { sealing, digesting })))
    }

    /// Reads the master key from `path`; the first time, makes one there that only its owner can read.
    pub fn from_file(path: &Path) -> Result<Self, SecretError> {
        match fs::read_to_string(path) {
            Ok(text) => Self::from_base64(&Zeroizing::new(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut key = Zeroizing::new([0; KEY_LEN]);
                rand::fill(&mut *key).map_err(|_| io::Error::other("no randomness"))?;
                let text = Zeroizing::new(BASE64_STANDARD.encode(*key) + "\n");
                write_private(path, text.as_bytes())?;
                Self::from_base64(&text)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Seals `plain`. `purpose` says what it is and whose; it is opened for the same purpose only, so that sealed values cannot be
    /// swapped in the database.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String, SecretError> {
        let mut sealed = plain.to_vec();
        let nonce = self.0.sealing.seal_in_place_append_tag(Aad::from(purpose), &mut sealed).map_err(|_| SecretError::Sealed)?;
        Ok(format!("{FORM}{}", BASE64_STANDARD.encode([&nonce.as_ref()[..], &sealed].concat())))
    }

    /// Opens what [`seal`](Self::seal) gave for the same `purpose`.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let bytes = sealed.strip_prefix(FORM).and_then(|text| BASE64_STANDARD.decode(text).ok()).ok_or(SecretError::Sealed)?;
        let (nonce, body) = bytes.split_at_checked(NONCE_LEN).ok_or(SecretError::Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SecretError::Sealed)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self.0.sealing.open_in_place(nonce, Aad::from(purpose), &mut body).map_err(|_| SecretError::Sealed)?.len();
        body.truncate(length);
        Ok(body)
    }

    /// A digest of `value` by which it is known again, and which tells nothing of it to whoever has no master key: HMAC-SHA-256 (RFC 2104)
    /// in base64. `purpose` says what it is: the same value has another digest elsewhere.
    pub fn digest(&self, purpose: &str, value: &str) -> String {
        let mut context = hmac::Context::with_key(&self.0.digesting);
        // The length keeps what is purpose and what is value apart.
        context.update(&(purpose.len() as u64).to_be_bytes());
        context.update(purpose.as_bytes());
        context.update(value.as_bytes());
        BASE64_STANDARD.encode(context.sign())
    }
}

/// Writes a new file that only its owner can read; one that is already there is an error.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(byte: u8) -> Secrets {
        Secrets::from_base64(&BASE64_STANDARD.encode([byte; KEY_LEN])).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_purpose_under_the_same_key_only() {
        let sealed = secrets(1).seal("camera a", b"rtsp://10.0.0.7/1").unwrap();
        assert_eq!(secrets(1).open("camera a", &sealed).unwrap().as_slice(), b"rtsp://10.0.0.7/1");
        assert!(secrets(1).open("camera b", &sealed).is_err());
        assert!(secrets(2).open("camera a", &sealed).is_err());
    }

    #[test]
    fn no_altered_byte_and_no_cut_goes_unseen() {
        let sealed = secrets(1).seal("x", b"secret").unwrap();
        let bytes = BASE64_STANDARD.decode(&sealed[FORM.len()..]).unwrap();
        for i in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[i] ^= 1;
            assert!(secrets(1).open("x", &format!("{FORM}{}", BASE64_STANDARD.encode(altered))).is_err());
            assert!(secrets(1).open("x", &format!("{FORM}{}", BASE64_STANDARD.encode(&bytes[..i]))).is_err());
        }
    }

    #[test]
    fn the_same_plain_text_never_looks_the_same() {
        assert_ne!(secrets(1).seal("x", b"secret").unwrap(), secrets(1).seal("x", b"secret").unwrap());
    }

    #[test]
    fn a_digest_knows_its_value_again_for_the_same_purpose_under_the_same_key_only() {
        let digest = secrets(1).digest("a", "correct horse");
        assert_eq!(secrets(1).digest("a", "correct horse"), digest);
        for other in [
            secrets(2).digest("a", "correct horse"),
            secrets(1).digest("b", "correct horse"),
            secrets(1).digest("a", "battery staple"),
            secrets(1).digest("ac", "orrect horse"),
        ] {
            assert_ne!(other, digest);
        }
    }

    #[test]
    fn the_first_start_makes_a_key_that_only_its_owner_reads_and_the_second_takes_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/master.key");
        let sealed = Secrets::from_file(&path).unwrap().seal("x", b"secret").unwrap();
        assert_eq!(Secrets::from_file(&path).unwrap().open("x", &sealed).unwrap().as_slice(), b"secret");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
    }
}
