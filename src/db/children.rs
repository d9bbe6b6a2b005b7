//! Children, the groups in which they stay, and the days on which they stay away, as a person writes them down. What `site.toml`
//! declares is written by `apply`.

use super::{
    DbError, Queries, Tx,
    site::{AbsenceRow, EnrolmentRow},
};
use crate::{
    args,
    id::{AbsenceId, ChildId, EnrolmentId, KindergartenId},
    model::{Absence, Child, Enrolment},
};
use jiff::Timestamp;

/// New children, each with its key. Whoever calls this writes the audit records.
pub async fn create(tx: &Tx, kindergarten: KindergartenId, children: &[(Child, String)], now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let row =
        |(child, key): &(Child, String)| vec![child.id.into(), kindergarten.into(), key.into(), (&child.name).into(), now.into()];
    tx.insert("children (id, kindergarten_id, key, name, created_at)", children.iter().map(row).collect()).await
}

/// Gives the child another name. Whoever calls this writes the audit record.
pub async fn rename(tx: &Tx, id: ChildId, name: &str) -> Result<(), DbError> {
    tx.touch().await?;
    tx.execute("update children set name = $2 where id = $1", args![id, name]).await.map(drop)
}

/// The name of a child of `kindergarten`; `None` when it is removed, another's, or never was.
pub async fn name(db: &impl Queries, kindergarten: KindergartenId, id: ChildId) -> Result<Option<String>, DbError> {
    let sql = "select name from children where id = $1 and kindergarten_id = $2 and removed_at is null";
    let row: Option<(String,)> = db.row(sql, args![id, kindergarten]).await?;
    Ok(row.map(|(name,)| name))
}

/// Where the child stays, has stayed and will, as it is known now; the earliest first.
pub async fn stays(db: &impl Queries, child: ChildId) -> Result<Vec<Enrolment>, DbError> {
    let sql = "select * from enrolments where child_id = $1 and until is null order by first_day, id";
    let rows: Vec<EnrolmentRow> = db.rows(sql, args![child]).await?;
    Ok(rows.into_iter().map(Enrolment::from).collect())
}

/// The children stay so, known from `now` on. Whoever calls this writes the audit records.
pub async fn begin_stays(tx: &Tx, kindergarten: KindergartenId, stays: &[Enrolment], now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let row = |stay: &Enrolment| {
        let Enrolment { id, child, group, from, to } = *stay;
        vec![id.into(), kindergarten.into(), child.into(), group.into(), from.into(), to.into(), now.into()]
    };
    let into = "enrolments (id, kindergarten_id, child_id, group_id, first_day, last_day, since)";
    tx.insert(into, stays.iter().map(row).collect()).await
}

/// A stay is known no more from `now` on. Whoever calls this writes the audit record.
pub async fn end_stay(tx: &Tx, id: EnrolmentId, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    tx.execute("update enrolments set until = $2 where id = $1", args![id, now]).await.map(drop)
}

/// The days on which the child stays away or has, as it is known now; the earliest first.
pub async fn absences(db: &impl Queries, child: ChildId) -> Result<Vec<Absence>, DbError> {
    let sql = "select * from absences where child_id = $1 and until is null order by first_day, id";
    let rows: Vec<AbsenceRow> = db.rows(sql, args![child]).await?;
    Ok(rows.into_iter().map(Absence::from).collect())
}

/// A child stays away, known from `now` on. Whoever calls this writes the audit record.
pub async fn begin_absence(tx: &Tx, kindergarten: KindergartenId, absence: &Absence, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let sql = "insert into absences (id, kindergarten_id, child_id, first_day, last_day, since) values ($1, $2, $3, $4, $5, $6)";
    let Absence { id, child, from, to } = *absence;
    tx.execute(sql, args![id, kindergarten, child, from, to, now]).await.map(drop)
}

/// An absence is known no more from `now` on. Whoever calls this writes the audit record.
pub async fn end_absence(tx: &Tx, id: AbsenceId, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    tx.execute("update absences set until = $2 where id = $1", args![id, now]).await.map(drop)
}
