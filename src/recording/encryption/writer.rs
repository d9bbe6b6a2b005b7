//! What lies on the disk for what is written.

use super::{
    FORM, FileKey, Refused,
    index::{INDEX, Index},
    record::{LENGTH, MOST, OVERHEAD},
};

/// Encrypts what is added to a file.
#[derive(Debug)]
pub struct Encryptor {
    key: FileKey,
    index: Index,
}

impl Encryptor {
    /// For a new file; also gives what it begins with.
    pub fn begin(key: FileKey) -> (Self, Vec<u8>) {
        let header = format!("{FORM}{}\n", key.id()).into_bytes();
        (Self { key, index: Index::default() }, header)
    }

    /// For a file that has these records already.
    pub(in crate::recording) fn resume(key: FileKey, index: Index) -> Self {
        Self { key, index }
    }

    /// The records of `plain`.
    ///
    /// # Errors
    /// The cryptography refused.
    pub fn add(&mut self, plain: &[u8]) -> Result<Vec<u8>, Refused> {
        let records = plain.len().div_ceil(MOST);
        let mut lies = Vec::with_capacity(plain.len() + records * usize::try_from(OVERHEAD).unwrap_or_default());
        for part in plain.chunks(MOST) {
            lies.extend_from_slice(&length(part.len()));
            self.key.encrypt(self.index.count(), part, &mut lies)?;
            self.index.push(part.len() as u64);
        }
        Ok(lies)
    }

    /// What a whole file ends with.
    ///
    /// # Errors
    /// The cryptography refused.
    pub fn finish(self) -> Result<Vec<u8>, Refused> {
        let lengths: Vec<u8> =
            self.index.lengths().flat_map(|bytes| length(usize::try_from(bytes).unwrap_or(usize::MAX))).collect();
        let mut lies = length(0).to_vec();
        self.key.encrypt(INDEX, &lengths, &mut lies)?;
        lies.extend_from_slice(&length(lies.len() + LENGTH));
        Ok(lies)
    }
}

fn length(bytes: usize) -> [u8; LENGTH] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes()
}
