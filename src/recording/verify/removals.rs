//! What was let go of, against the records that tell of it. What goes because its days are over has no record of its own but its seal's.

use super::{BATCH, Place, Report, Wrong};
use crate::{
    args,
    db::{Db, DbError, Moment, Queries},
    id::{SealId, SegmentId},
};
use jiff::SignedDuration;
use serde::Deserialize;
use std::collections::BTreeSet;

/// What is kept where no rule says otherwise, in days.
const DAYS: i64 = 30;

/// What the text of such a record says.
#[derive(Deserialize)]
struct Text<D> {
    details: D,
}

#[derive(Deserialize)]
struct Removed {
    segments: Vec<SegmentId>,
}

#[derive(Deserialize)]
struct Expired {
    seals: Vec<SealId>,
}

/// Every file that went before its time, and every seal that is over, is told of.
pub(super) async fn check(db: &Db, report: &mut Report) -> Result<(), DbError> {
    let early = early(db).await?;
    if !early.is_empty() {
        let told = told::<Removed, _>(db, "recording_removed", |removed| removed.segments).await?;
        for id in early.difference(&told) {
            report.add(Place::Segment(*id), Wrong::Early);
        }
    }
    let over: Vec<(SealId,)> = db.rows("select id from seals where expired_at is not null", args![]).await?;
    if !over.is_empty() {
        let told = told::<Expired, _>(db, "recording_expired", |expired| expired.seals).await?;
        for (id,) in over.into_iter().filter(|(id,)| !told.contains(id)) {
            report.add(Place::Seal(id), Wrong::Expired);
        }
    }
    Ok(())
}

/// The segments that were let go of sooner than by any rule that their camera ever had.
async fn early(db: &Db) -> Result<BTreeSet<SegmentId>, DbError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        id: SegmentId,
        ends_at: Moment,
        removed_at: Moment,
        days: Option<i64>,
    }
    let sql = "select s.id, s.ends_at, s.removed_at, (select min(r.days) from recording_rules r \
         where r.camera_id = s.camera_id or (r.camera_id is null and r.kindergarten_id = c.kindergarten_id)) as days \
         from segments s join cameras c on c.id = s.camera_id where s.removed_at is not null";
    let rows: Vec<Row> = db.rows(sql, args![]).await?;
    let early = rows.into_iter().filter(|Row { ends_at, removed_at, days, .. }| {
        let days = days.unwrap_or(DAYS).clamp(0, DAYS);
        removed_at.0.duration_since(ends_at.0) < SignedDuration::from_hours(24 * days)
    });
    Ok(early.map(|row| row.id).collect())
}

/// The ids that the records of one kind tell of.
async fn told<D, I>(db: &Db, action: &'static str, ids: impl Fn(D) -> Vec<I>) -> Result<BTreeSet<I>, DbError>
where
    D: for<'de> Deserialize<'de>,
    I: Ord,
{
    let (mut told, mut last) = (BTreeSet::new(), -1);
    loop {
        let sql = "select position, record from audit_records where action = $1 and position > $2 and record is not null \
             order by position limit $3";
        let rows: Vec<(i64, String)> = db.rows(sql, args![action, last, BATCH]).await?;
        let Some((position, _)) = rows.last() else { return Ok(told) };
        last = *position;
        let texts = rows.iter().filter_map(|(_, text)| serde_json::from_str::<Text<D>>(text).ok());
        told.extend(texts.flat_map(|text| ids(text.details)));
    }
}
