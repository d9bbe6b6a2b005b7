//! What of a record its reader needs in order to check it: the text and salt, and what its leaf was made of.

use super::{
    column,
    record::{Entry, commitment},
    tree::Hash,
};
use crate::{
    args,
    db::{DbError, Moment, Queries},
    id::KindergartenId,
};
use jiff::Timestamp;

/// A record as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Stored {
    position: i64,
    /// When.
    #[sqlx(try_from = "Moment")]
    pub at: Timestamp,
    /// What.
    pub action: String,
    /// Whose director may see it.
    #[sqlx(rename = "kindergarten_id")]
    pub kindergarten: KindergartenId,
    /// The text that was committed to; `None` when it was erased.
    pub record: Option<String>,
    /// The salt of the commitment; `None` when it was erased.
    pub salt: Option<String>,
    /// The commitment.
    pub commitment: String,
    erased_by: Option<i64>,
}

impl Stored {
    /// Its position in the log.
    pub fn position(&self) -> u64 {
        self.position.unsigned_abs()
    }

    /// The record that tells of its erasure.
    pub fn erased_by(&self) -> Option<u64> {
        self.erased_by.map(i64::unsigned_abs)
    }
}

/// The record at `position`, if it is one of `kindergarten`.
pub async fn of(db: &impl Queries, kindergarten: KindergartenId, position: u64) -> Result<Option<Stored>, DbError> {
    let sql = "select position, at, action, kindergarten_id, record, salt, commitment, erased_by from audit_records \
               where position = $1 and kindergarten_id = $2";
    db.row(sql, args![column(position), kindergarten]).await
}

/// The leaf of a record, from what a proof carries of it; `None` when the salt is none.
pub fn leaf(position: u64, at: Timestamp, action: &str, kindergarten: KindergartenId, text: &str, salt: &str) -> Option<Hash> {
    let (kindergarten, commitment) = (kindergarten.to_string(), commitment(salt, text)?);
    Some(Entry { position, at, action, kindergarten: Some(&kindergarten), commitment }.leaf())
}
