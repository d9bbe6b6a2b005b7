//! What panic buttons show to ring an alarm: digests of their keys.

use super::{DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AlarmKeyId, CameraId, GroupId, KindergartenId},
};
use jiff::Timestamp;

/// A key, without what it is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AlarmKeyRow {
    /// Its id.
    pub id: AlarmKeyId,
    /// Whose.
    pub kindergarten_id: KindergartenId,
    /// The group whose cameras it keeps; those of the whole kindergarten when there is none.
    pub group_id: Option<GroupId>,
    /// Where the button is.
    pub name: String,
    /// When it was made.
    #[sqlx(try_from = "Moment")]
    pub created_at: Timestamp,
}

/// Writes down a key by its digest. Whoever calls this writes the audit record.
pub async fn insert(tx: &Tx, row: &AlarmKeyRow, digest: &str) -> Result<(), DbError> {
    let sql = "insert into alarm_keys (id, kindergarten_id, group_id, name, digest, created_at) values ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, args![row.id, row.kindergarten_id, row.group_id, &row.name, digest, row.created_at]).await.map(drop)
}

/// Takes a key away; returns what it was, `None` when it is not one of `kindergarten` any more. Whoever calls this writes the audit record.
pub async fn remove(tx: &Tx, kindergarten: KindergartenId, id: AlarmKeyId, now: Timestamp) -> Result<Option<AlarmKeyRow>, DbError> {
    let sql = "update alarm_keys set removed_at = $3 where id = $1 and kindergarten_id = $2 and removed_at is null \
               returning id, kindergarten_id, group_id, name, created_at";
    tx.row(sql, args![id, kindergarten, now]).await
}

/// The keys of a kindergarten, the oldest first.
pub async fn list(db: &impl Queries, kindergarten: KindergartenId) -> Result<Vec<AlarmKeyRow>, DbError> {
    let sql = "select id, kindergarten_id, group_id, name, created_at from alarm_keys \
               where kindergarten_id = $1 and removed_at is null order by created_at, id";
    db.rows(sql, args![kindergarten]).await
}

/// The kindergarten of a key, taken away or not; `None` when there was none.
pub async fn kindergarten(db: &impl Queries, id: AlarmKeyId) -> Result<Option<KindergartenId>, DbError> {
    let row: Option<(KindergartenId,)> = db.row("select kindergarten_id from alarm_keys where id = $1", args![id]).await?;
    Ok(row.map(|(kindergarten,)| kindergarten))
}

/// The key with this digest.
pub async fn by_digest(db: &impl Queries, digest: &str) -> Result<Option<AlarmKeyRow>, DbError> {
    let sql = "select id, kindergarten_id, group_id, name, created_at from alarm_keys where digest = $1 and removed_at is null";
    db.row(sql, args![digest]).await
}

/// The cameras that a key's alarm is about: those in the group's room now, or all of the kindergarten.
pub async fn cameras(db: &impl Queries, key: &AlarmKeyRow) -> Result<Vec<CameraId>, DbError> {
    let sql = "select c.id from cameras c where c.kindergarten_id = $1 and c.removed_at is null and ($2 is null or exists \
               (select 1 from placements p where p.camera_id = c.id and p.group_id = $2 and p.until is null)) order by c.id";
    let rows: Vec<(CameraId,)> = db.rows(sql, args![key.kindergarten_id, key.group_id]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
