//! Runs of the program: each says every few seconds that it lives.

use super::{Db, DbError};
use crate::{args, id::RunId};
use jiff::Timestamp;

/// A run began.
pub async fn begin(db: &Db, run: RunId, now: Timestamp) -> Result<(), DbError> {
    db.execute("insert into runs (id, started_at, alive_at) values ($1, $2, $2)", args![run, now]).await.map(drop)
}

/// A run lives.
pub async fn beat(db: &Db, run: RunId, now: Timestamp) -> Result<(), DbError> {
    db.execute("update runs set alive_at = $2 where id = $1", args![run, now]).await.map(drop)
}

/// A run ended in good order.
pub async fn end(db: &Db, run: RunId, now: Timestamp) -> Result<(), DbError> {
    db.execute("update runs set alive_at = $2, ended_at = $2 where id = $1", args![run, now]).await.map(drop)
}
