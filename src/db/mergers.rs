//! Groups that are with another for a day.

use super::{Day, DbError, Queries, Tx};
use crate::{
    args,
    id::{GroupId, KindergartenId, MergerId},
    model::Merger,
};
use jiff::{Timestamp, civil::Date};

/// The mergers of `kindergarten` on `date`, as they are known now.
pub async fn on(db: &impl Queries, kindergarten: KindergartenId, date: Date) -> Result<Vec<Merger>, DbError> {
    let sql = "select * from mergers where kindergarten_id = $1 and date = $2 and until is null order by id";
    let rows: Vec<MergerRow> = db.rows(sql, args![kindergarten, date]).await?;
    Ok(rows.into_iter().map(Merger::from).collect())
}

/// The children of a group are with another on a day, known from `now` on. Whoever calls this writes the audit record.
pub async fn begin(tx: &Tx, kindergarten: KindergartenId, merger: &Merger, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let sql = "insert into mergers (id, kindergarten_id, group_id, host_id, date, since) values ($1, $2, $3, $4, $5, $6)";
    let Merger { id, group, host, date } = *merger;
    tx.execute(sql, args![id, kindergarten, group, host, date, now]).await.map(drop)
}

/// It is known no more from `now` on; `None` when it was over already, or another kindergarten's. Whoever calls this writes the audit
/// record.
pub async fn end(tx: &Tx, kindergarten: KindergartenId, id: MergerId, now: Timestamp) -> Result<Option<Merger>, DbError> {
    tx.touch().await?;
    let sql = "update mergers set until = $3 where id = $1 and kindergarten_id = $2 and until is null returning *";
    let row: Option<MergerRow> = tx.row(sql, args![id, kindergarten, now]).await?;
    Ok(row.map(Merger::from))
}

#[derive(sqlx::FromRow)]
pub(super) struct MergerRow {
    id: MergerId,
    group_id: GroupId,
    host_id: GroupId,
    date: Day,
}

impl From<MergerRow> for Merger {
    fn from(row: MergerRow) -> Self {
        Self { id: row.id, group: row.group_id, host: row.host_id, date: row.date.0 }
    }
}
