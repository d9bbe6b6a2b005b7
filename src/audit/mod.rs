#![doc = include_str!("README.md")]

mod action;
pub mod checkpoint;
pub mod evidence;
pub mod list;
pub mod note;
mod own;
pub mod proof;
pub mod prover;
mod record;
pub mod seal;
pub mod tree;
#[cfg(test)]
mod vectors;
pub mod verify;
mod words;

pub use action::Action;
pub use checkpoint::Checkpoints;
pub use own::{OwnRecord, own};
pub use prover::Prover;
pub use record::Record;
pub use seal::Sealer;
pub use words::digest;

use crate::{
    args,
    db::{DbError, Moment, Queries, Tx, Value},
    id::AccountId,
};
use jiff::Timestamp;
use record::{Entry, at_millisecond};
use serde_json::json;
use tree::Frontier;

/// Appends `record` in the transaction of what it tells of, and returns its position, counted from 0.
///
/// From here to the end of the transaction no other can append: the row of the head is locked. So a transaction appends last.
pub async fn append(tx: &Tx, record: Record) -> Result<u64, DbError> {
    append_all(tx, vec![record]).await
}

/// Appends `records` in their order, as [`append`] does one; returns how many there were in the log before the last of them.
pub async fn append_all(tx: &Tx, records: Vec<Record>) -> Result<u64, DbError> {
    let head: Option<Head> = tx.row("update audit_head set size = size where id = 1 returning size, frontier", args![]).await?;
    let mut frontier = head.ok_or_else(|| DbError::Unreadable("audit_head is empty".to_owned()))?.frontier()?;
    let rows: Vec<Vec<Value>> = records.into_iter().map(|record| row(record, &mut frontier)).collect();
    tx.insert("audit_records (position, at, action, kindergarten_id, actor, subject, record, salt, commitment, root)", rows)
        .await?;
    tx.execute("update audit_head set size = $1, frontier = $2 where id = 1", args![column(frontier.size()), frontier.peaks()])
        .await?;
    Ok(frontier.size().saturating_sub(1))
}

/// Pushes `record` onto the tree, and returns its row.
fn row(record: Record, frontier: &mut Frontier) -> Vec<Value> {
    let position = frontier.size();
    let (kindergarten, committed) = (record.kindergarten.map(|id| id.to_string()), record.commit());
    let entry = Entry {
        position,
        at: at_millisecond(record.at),
        action: record.action.word(),
        kindergarten: kindergarten.as_deref(),
        commitment: committed.commitment,
    };
    frontier.push(entry.leaf());
    vec![
        column(position).into(),
        entry.at.into(),
        entry.action.into(),
        record.kindergarten.into(),
        record.actor.into(),
        record.subject.into(),
        committed.text.into(),
        committed.salt.into(),
        committed.commitment.to_string().into(),
        frontier.root().to_string().into(),
    ]
}

/// Erases what the record at `position` says of persons, and appends that this was done, by whom and why. Its time, action and
/// kindergarten stay, and the tree still verifies.
///
/// Returns the position of the new record; `None` when there is nothing to erase: no such record, an erased one, or one that tells
/// of an erasure (without those, an erased record could not be told from one that was destroyed).
pub async fn erase(tx: &Tx, position: u64, actor: Option<AccountId>, reason: &str, at: Timestamp) -> Result<Option<u64>, DbError> {
    let whole = "select position from audit_records where position = $1 and erased_by is null and action <> 'record_erased'";
    if tx.row::<(i64,)>(whole, args![column(position)]).await?.is_none() {
        return Ok(None);
    }
    let subject = erased(position);
    let details = json!({ "reason": reason });
    let erased_by = append(tx, Record { at, actor, kindergarten: None, action: Action::RecordErased, subject, details }).await?;
    let erase = "update audit_records set actor = null, subject = null, record = null, salt = null, erased_by = $2
         where position = $1 and erased_by is null";
    // Somebody else may have been faster: then this transaction must not claim it.
    match tx.execute(erase, args![column(position), column(erased_by)]).await? {
        0 => Err(DbError::Unreadable(format!("record {position} was erased meanwhile"))),
        _ => Ok(Some(erased_by)),
    }
}

/// How far the log has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// How many records there are.
    pub size: u64,
    /// When the newest checkpoint was signed.
    pub last_checkpoint_at: Option<Timestamp>,
}

/// How far the log has come.
pub async fn state(db: &impl Queries) -> Result<State, DbError> {
    let row: Option<(i64, Option<Moment>)> =
        db.row("select size, (select max(at) from audit_checkpoints) from audit_head where id = 1", args![]).await?;
    let (size, at) = row.unwrap_or_default();
    Ok(State { size: size.unsigned_abs(), last_checkpoint_at: at.map(Timestamp::from) })
}

/// The one row of `audit_head`.
#[derive(sqlx::FromRow)]
struct Head {
    size: i64,
    frontier: String,
}

impl Head {
    fn frontier(&self) -> Result<Frontier, DbError> {
        let read = u64::try_from(self.size).ok().and_then(|size| Frontier::read(size, &self.frontier).ok());
        read.ok_or_else(|| DbError::Unreadable("audit_head is not the head of a tree".to_owned()))
    }
}

/// The subject of the record that tells of the erasure of the one at `position`.
fn erased(position: u64) -> String {
    format!("record:{position}")
}

/// A position or size as the database keeps it.
fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
