//! Which keys recordings need that are not there.

use super::Keys;
use crate::db::{Db, DbError, segments};
use std::fmt;

/// Recordings that cannot be read as long as their key is missing. They are kept, and let go of when their days are over, all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The key's id.
    pub key_id: String,
    /// How many files are encrypted under it.
    pub files: i64,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key_id, files } = self;
        write!(f, "{files} files of recordings are encrypted under the key {key_id}, which is not in [recordings] key_file")
    }
}

/// What is missing among `keys`.
pub async fn missing(db: &Db, keys: &Keys) -> Result<Vec<Missing>, DbError> {
    let needed = segments::key_ids(db).await?.into_iter();
    Ok(needed.filter(|(id, _)| keys.by_id(id).is_none()).map(|(key_id, files)| Missing { key_id, files }).collect())
}
