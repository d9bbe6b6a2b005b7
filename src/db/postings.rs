//! In whose room a staff member works: rows that are ended and replaced, never changed.

use super::{DbError, Queries, Tx};
use crate::{
    args,
    id::{AccountId, GroupId, KindergartenId, PostingId},
};
use jiff::Timestamp;

/// The staff member works in the room of `group` from `now` on. Whoever calls this has ended the posting that there was, and writes the
/// audit record.
pub async fn begin(
    tx: &Tx,
    kindergarten: KindergartenId,
    account: AccountId,
    group: GroupId,
    now: Timestamp,
) -> Result<PostingId, DbError> {
    tx.touch().await?;
    let id = PostingId::new(now);
    let sql = "insert into postings (id, kindergarten_id, account_id, group_id, since) values ($1, $2, $3, $4, $5)";
    tx.execute(sql, args![id, kindergarten, account, group, now]).await?;
    Ok(id)
}

/// Ends the postings to the room of `group`, and returns whose they were. Whoever calls this writes the audit records.
pub async fn end_all(tx: &Tx, group: GroupId, now: Timestamp) -> Result<Vec<(PostingId, AccountId)>, DbError> {
    tx.touch().await?;
    let sql = "update postings set until = $2 where group_id = $1 and until is null returning id, account_id";
    tx.rows(sql, args![group, now]).await
}

/// Ends the posting of `account`; `None` when it has none. Whoever calls this writes the audit record.
pub async fn end(tx: &Tx, account: AccountId, now: Timestamp) -> Result<Option<(PostingId, GroupId)>, DbError> {
    tx.touch().await?;
    let sql = "update postings set until = $2 where account_id = $1 and until is null returning id, group_id";
    tx.row(sql, args![account, now]).await
}
