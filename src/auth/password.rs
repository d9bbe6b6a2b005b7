//! Passwords: argon2id (RFC 9106) with the parameters that OWASP advises for it: 19 MiB, two passes, one lane.
//!
//! Hashing is meant to be slow, so it runs on threads of its own, and only a few at a time: a flood of log-ins must cost neither the
//! streams their processor nor the machine its memory.

use crate::random;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// The longest password, in bytes. A longer one is refused before it is hashed, though not faster than a wrong one.
pub const MAX_LENGTH: usize = 1024;
/// The shortest that may be set, in characters (NIST SP 800-63B-4 §3.1.1.2 for a password that stands alone).
pub const MIN_CHARACTERS: usize = 8;
/// Kibibytes of memory, passes, lanes.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// How many are hashed at a time: 4 × 19 MiB.
const AT_ONCE: usize = 4;

static PERMITS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));

/// A hash that no password has: what the password of an unknown login is compared with, so that it takes as long as a known one's.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash_now(&random::bytes::<32>()).ok());

/// A password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Shorter than [`MIN_CHARACTERS`].
    #[error("a password has at least {MIN_CHARACTERS} characters")]
    TooShort,
    /// Longer than [`MAX_LENGTH`].
    #[error("a password has at most {MAX_LENGTH} bytes")]
    TooLong,
    /// The hash function failed: no memory, most likely.
    #[error("the password could not be hashed")]
    Failed,
}

/// The hash of a new password, with a salt of its own, in the PHC string form.
pub async fn hash(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < MIN_CHARACTERS {
        return Err(PasswordError::TooShort);
    }
    if password.len() > MAX_LENGTH {
        return Err(PasswordError::TooLong);
    }
    let password = zeroize::Zeroizing::new(password.as_bytes().to_vec());
    apart(move || hash_now(&password)).await.unwrap_or(Err(PasswordError::Failed))
}

/// Whether `password` is the one that `stored` is the hash of. Without a stored hash the answer is no, and takes as long.
pub async fn verify(password: &str, stored: Option<String>) -> bool {
    let possible = password.len() <= MAX_LENGTH;
    let password = zeroize::Zeroizing::new(if possible { password.as_bytes().to_vec() } else { Vec::new() });
    let compare = move || {
        let known = stored.is_some();
        let hash = stored.or_else(|| NOBODYS.clone());
        let parsed = hash.as_deref().and_then(|hash| PasswordHash::new(hash).ok());
        let same = parsed.is_some_and(|hash| Argon2::default().verify_password(&password, &hash).is_ok());
        same && known && possible
    };
    apart(compare).await.unwrap_or(false)
}

/// Runs `work` on a thread where it blocks nobody, when one of the few places is free. `None` when the runtime is shutting down.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let permit = Arc::clone(&PERMITS).acquire_owned().await.ok()?;
    // The permit goes along: somebody who stops waiting does not stop the work.
    let run = move || (work(), drop(permit)).0;
    tokio::task::spawn_blocking(run).await.ok()
}

fn hash_now(password: &[u8]) -> Result<String, PasswordError> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|_| PasswordError::Failed)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password_with_salt(password, &random::bytes::<16>()).map_err(|_| PasswordError::Failed)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_no_other_does() {
        let stored = hash("correct horse").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("correct horse", Some(stored.clone())).await);
        for wrong in ["correct hors", "correct horse ", "Correct horse", ""] {
            assert!(!verify(wrong, Some(stored.clone())).await, "{wrong:?}");
        }
        assert_ne!(hash("correct horse").await.unwrap(), stored, "the same password twice must not look the same");
    }

    #[tokio::test]
    async fn nobody_has_a_password_that_fits() {
        assert!(!verify("", None).await);
        assert!(!verify("correct horse", Some("not a hash".to_owned())).await);
    }

    #[tokio::test]
    async fn too_short_and_too_long_passwords_are_not_set() {
        assert_eq!(hash("Әсел123").await, Err(PasswordError::TooShort));
        assert!(hash("Әсел1234").await.is_ok());
        assert_eq!(hash(&"x".repeat(MAX_LENGTH + 1)).await, Err(PasswordError::TooLong));
    }
}
