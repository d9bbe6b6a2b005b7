//! The time of day that was believed last, across restarts.

use super::{Db, DbError, Moment, Queries};
use crate::args;
use jiff::Timestamp;

/// The table has one row.
const ID: &str = "recordings";

/// The time that was believed last, and whether the clock has been doubted since; `None` when it never was asked for.
pub async fn last(db: &impl Queries) -> Result<Option<(Timestamp, bool)>, DbError> {
    let row: Option<(Moment, bool)> = db.row("select at, doubted from believed_time where id = $1", args![ID]).await?;
    Ok(row.map(|(at, doubted)| (at.into(), doubted)))
}

/// Writes down that `at` is believed; or that since then the clock is doubted.
pub async fn set(db: &Db, at: Timestamp, doubted: bool) -> Result<(), DbError> {
    let sql = "insert into believed_time (id, at, doubted) values ($1, $2, $3) \
               on conflict (id) do update set at = excluded.at, doubted = excluded.doubted";
    db.execute(sql, args![ID, at, doubted]).await.map(drop)
}
