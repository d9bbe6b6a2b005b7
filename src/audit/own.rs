//! What the log says of one account: what it did, and what was done to it.

use super::Action;
use crate::{
    args,
    db::{DbError, Moment, Queries},
    id::AccountId,
};
use jiff::Timestamp;

/// One record of an account, without its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnRecord {
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: Action,
    /// Whether the account did it itself.
    pub own: bool,
}

/// The last `most` records of what `account` did, and of what was done to it; the newest first.
pub async fn own(db: &impl Queries, account: AccountId, most: u32) -> Result<Vec<OwnRecord>, DbError> {
    let sql = "select at, action, actor from audit_records where actor = $1 or subject = $2 order by position desc limit $3";
    let rows: Vec<(Moment, String, Option<AccountId>)> = db.rows(sql, args![account, format!("account:{account}"), most]).await?;
    let read = |(at, action, actor): (Moment, String, Option<AccountId>)| {
        let action = action.parse().map_err(|error| DbError::Unreadable(format!("an audit record: {error}")))?;
        Ok(OwnRecord { at: at.0, action, own: actor == Some(account) })
    };
    rows.into_iter().map(read).collect()
}
