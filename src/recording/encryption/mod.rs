//! Encryption at rest of the files of segments, with a key that the configuration names.
//!
//! # The form
//! ```text
//! tereze encrypted 1      36 bytes that say what this is
//! 9f3c…d2                 and under which key
//! record record …         the file's bytes, in the order in which they were added
//! 0 index                 once the file is whole: how long the records are
//! ```
//!
//! A *record* is the length of its plain bytes (32 bits, big-endian; 64 KiB at most, never 0), a random nonce (96 bits), the bytes under
//! AES-256-GCM (NIST SP 800-38D), and the tag (128 bits). Authenticated with it is its number (64 bits, big-endian, from 0), so that no record
//! takes another's place. What is added at once begins a record of its own, so a file that is cut off anywhere keeps its last whole
//! fragment, and records can be added after that.
//!
//! The *index* is a length of 0, then a nonce, the lengths of all records (32 bits each) under the same cipher with the number 2⁶⁴-1, the tag,
//! and how many bytes all that is (32 bits). With it a reader finds any byte of the plain file after one read at the end; and a file from
//! which records were cut off is none.
//!
//! # The keys
//! A file's own key is derived (HKDF-SHA-256, RFC 5869) from the configured one and the segment's id: a file in another's place does not
//! open, nothing has to be stored for it, and the file, its name and the key are enough to read it. A key is known by its id, which is
//! derived from it and stands in the file and in its row.

mod index;
mod keys;
mod missing;
mod reader;
mod record;
mod writer;

pub use keys::{Key, Keys, KeysError};
pub use missing::{Missing, missing};
pub use record::FileKey;

pub(super) use index::{Ending, Index};
pub(super) use reader::Decrypted;
pub(super) use record::LENGTH;
pub use writer::Encryptor;

/// What every encrypted file begins with; the key's id and the line's end follow.
const FORM: &str = "tereze encrypted 1\n";
/// The bytes before the first record: the form, 16 letters, the line's end.
const HEADER: u64 = FORM.len() as u64 + 17;

/// The cipher refuses: encrypted bytes are not as they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes were altered, or encrypted under another key")]
pub struct Refused;

impl From<Refused> for std::io::Error {
    fn from(refused: Refused) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, refused)
    }
}

#[cfg(test)]
mod tests;
