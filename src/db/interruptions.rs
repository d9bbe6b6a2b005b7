//! Interruptions: a director ended somebody's viewing, and keeps the account out for a while.

use super::{DbError, Moment, Queries, Tx, known::known};
use crate::{
    args,
    id::{AccountId, InterruptionId, KindergartenId, ViewingId},
    model::Interruption,
};
use jiff::Timestamp;

/// Those of `kindergarten` that were known and not over at `at`.
pub(super) async fn in_force(db: &impl Queries, kindergarten: KindergartenId, at: Timestamp) -> Result<Vec<Interruption>, DbError> {
    let sql = known!("select * from interruptions where kindergarten_id = $1 and ends_at > $2");
    let rows: Vec<InterruptionRow> = db.rows(sql, args![kindergarten, at]).await?;
    Ok(rows.into_iter().map(Interruption::from).collect())
}

/// Those of `kindergarten` that began at `from` or later, over or not; one that was lifted ends when it was.
pub async fn since(db: &impl Queries, kindergarten: KindergartenId, from: Timestamp) -> Result<Vec<Interruption>, DbError> {
    let sql = "select * from interruptions where kindergarten_id = $1 and since >= $2 order by id";
    let rows: Vec<InterruptionRow> = db.rows(sql, args![kindergarten, from]).await?;
    Ok(rows.into_iter().map(Interruption::from).collect())
}

/// Whether something keeps `account` out of `kindergarten` at `now`.
pub async fn keeps_out(
    db: &impl Queries,
    kindergarten: KindergartenId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "select id from interruptions where kindergarten_id = $1 and account_id = $2 and until is null and ends_at > $3";
    let row: Option<(InterruptionId,)> = db.row(sql, args![kindergarten, account, now]).await?;
    Ok(row.is_some())
}

/// Keeps the account out. Whoever calls this writes the audit record.
pub async fn begin(tx: &Tx, kindergarten: KindergartenId, interruption: &Interruption) -> Result<(), DbError> {
    tx.touch().await?;
    let Interruption { id, account, viewing, from, until, reason, by } = interruption;
    let sql = "insert into interruptions (id, kindergarten_id, account_id, viewing_id, ends_at, reason, ordered_by, since) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.execute(sql, args![*id, kindergarten, *account, *viewing, *until, reason, *by, *from]).await.map(drop)
}

/// Lets in again whom the end of `viewing` keeps out; `None` when nothing does. Whoever calls this writes the audit record.
pub async fn lift(
    tx: &Tx,
    kindergarten: KindergartenId,
    viewing: ViewingId,
    by: AccountId,
    now: Timestamp,
) -> Result<Option<Interruption>, DbError> {
    tx.touch().await?;
    let sql = "update interruptions set until = $3, let_in_by = $4 \
               where viewing_id = $1 and kindergarten_id = $2 and until is null and ends_at > $3 returning *";
    let row: Option<InterruptionRow> = tx.row(sql, args![viewing, kindergarten, now, by]).await?;
    Ok(row.map(Interruption::from))
}

#[derive(sqlx::FromRow)]
struct InterruptionRow {
    id: InterruptionId,
    account_id: AccountId,
    viewing_id: ViewingId,
    ends_at: Moment,
    reason: String,
    ordered_by: AccountId,
    since: Moment,
    until: Option<Moment>,
}

impl From<InterruptionRow> for Interruption {
    fn from(row: InterruptionRow) -> Self {
        let until = row.until.map_or(row.ends_at.0, |until| until.0.min(row.ends_at.0));
        Self {
            id: row.id,
            account: row.account_id,
            viewing: row.viewing_id,
            from: row.since.0,
            until,
            reason: row.reason,
            by: row.ordered_by,
        }
    }
}
