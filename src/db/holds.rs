//! Orders not to delete a span of a camera's recording. Facts: they hold until they are released.

use super::{DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, CameraId, HoldId, KindergartenId},
    model::{HoldOrigin, Role},
};
use jiff::Timestamp;

/// An order that is in force, or was.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HoldRow {
    /// Its id.
    pub id: HoldId,
    /// Where.
    pub kindergarten_id: KindergartenId,
    /// The camera.
    pub camera_id: CameraId,
    /// The first moment that is kept.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// The first moment after.
    #[sqlx(try_from = "Moment")]
    pub ends_at: Timestamp,
    /// What made it.
    pub origin: HoldOrigin,
    /// The appeal or the alarm that made it: what cameras held for one cause have in common.
    pub subject: Option<String>,
    /// Why, in words; of an appeal none, since the words are the family's.
    pub reason: String,
    /// Who ordered it; nobody for an alarm.
    pub held_by: Option<AccountId>,
    /// Since when it holds.
    #[sqlx(try_from = "Moment")]
    pub since: Timestamp,
    /// When it was released.
    pub until: Option<Moment>,
    /// By whom.
    pub released_by: Option<AccountId>,
    /// Why.
    pub release_reason: Option<String>,
}

/// An order as lists show it, with the names of now.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// The order.
    #[sqlx(flatten)]
    pub hold: HoldRow,
    /// The camera's name.
    pub camera_name: String,
    /// The name of who ordered it.
    pub held_by_name: Option<String>,
    /// The role of who ordered it.
    pub held_by_role: Option<Role>,
    /// The name of who released it.
    pub released_by_name: Option<String>,
}

/// Writes down an order. Whoever calls this writes the audit record.
pub async fn begin(tx: &Tx, hold: &HoldRow) -> Result<(), DbError> {
    let sql = "insert into holds (id, kindergarten_id, camera_id, starts_at, ends_at, origin, subject, reason, held_by, since) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let HoldRow { id, kindergarten_id, camera_id, starts_at, ends_at, origin, subject, reason, held_by, since, .. } = hold;
    let subject = subject.as_deref();
    tx.execute(sql, args![*id, *kindergarten_id, *camera_id, *starts_at, *ends_at, *origin, subject, reason, *held_by, *since])
        .await
        .map(drop)
}

/// Releases an order; `false` when that is done already. Whoever calls this writes the audit record.
pub async fn release(tx: &Tx, id: HoldId, by: AccountId, reason: &str, now: Timestamp) -> Result<bool, DbError> {
    let sql = "update holds set until = $2, released_by = $3, release_reason = $4 where id = $1 and until is null";
    Ok(tx.execute(sql, args![id, now, by, reason]).await? > 0)
}

/// The order with this id, with its names.
pub async fn by_id(db: &impl Queries, id: HoldId) -> Result<Option<Listed>, DbError> {
    let sql = "select h.id, h.kindergarten_id, h.camera_id, h.starts_at, h.ends_at, h.origin, h.subject, h.reason, h.held_by, h.since, \
               h.until, h.released_by, h.release_reason, c.name as camera_name, b.name as held_by_name, b.role as held_by_role, \
               r.name as released_by_name from holds h join cameras c on c.id = h.camera_id \
               left join accounts b on b.id = h.held_by left join accounts r on r.id = h.released_by where h.id = $1";
    db.row(sql, args![id]).await
}

/// The orders of a kindergarten, the newest first: those in force, and those that were released after `since`. `most` of them.
pub async fn list(db: &impl Queries, kindergarten: KindergartenId, since: Timestamp, most: u32) -> Result<Vec<Listed>, DbError> {
    let sql = "select h.id, h.kindergarten_id, h.camera_id, h.starts_at, h.ends_at, h.origin, h.subject, h.reason, h.held_by, h.since, \
               h.until, h.released_by, h.release_reason, c.name as camera_name, b.name as held_by_name, b.role as held_by_role, \
               r.name as released_by_name from holds h join cameras c on c.id = h.camera_id \
               left join accounts b on b.id = h.held_by left join accounts r on r.id = h.released_by \
               where h.kindergarten_id = $1 and (h.until is null or h.until > $2) order by h.since desc, h.id desc limit $3";
    db.rows(sql, args![kindergarten, since, most]).await
}

/// The orders in force for one cause that were given after `since`, the newest first.
pub async fn of_subject(db: &impl Queries, subject: &str, since: Timestamp) -> Result<Vec<HoldRow>, DbError> {
    let sql = "select id, kindergarten_id, camera_id, starts_at, ends_at, origin, subject, reason, held_by, since, until, released_by, \
               release_reason from holds where subject = $1 and until is null and since > $2 order by since desc, id";
    db.rows(sql, args![subject, since]).await
}

/// An alarm that was rung, and what it keeps.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AlarmRow {
    /// Where the button is.
    pub name: String,
    /// When it was rung.
    #[sqlx(try_from = "Moment")]
    pub at: Timestamp,
    /// The first moment that is kept.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// The first moment after.
    #[sqlx(try_from = "Moment")]
    pub ends_at: Timestamp,
}

/// The alarms of a kindergarten that were rung after `since` and of which nothing was released yet, the newest first.
pub async fn alarms(db: &impl Queries, kindergarten: KindergartenId, since: Timestamp) -> Result<Vec<AlarmRow>, DbError> {
    let sql = "select reason as name, since as at, min(starts_at) as starts_at, max(ends_at) as ends_at from holds \
               where kindergarten_id = $1 and origin = 'alarm' and until is null and since > $2 \
               group by subject, reason, since order by since desc";
    db.rows(sql, args![kindergarten, since]).await
}

/// How many orders are in force in a kindergarten.
pub async fn count(db: &impl Queries, kindergarten: KindergartenId) -> Result<i64, DbError> {
    let sql = "select count(*) from holds where kindergarten_id = $1 and until is null";
    let row: Option<(i64,)> = db.row(sql, args![kindergarten]).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// The orders in force on a camera's recordings.
pub async fn in_force(db: &impl Queries, camera: CameraId) -> Result<Vec<HoldRow>, DbError> {
    let sql = "select id, kindergarten_id, camera_id, starts_at, ends_at, origin, subject, reason, held_by, since, until, released_by, \
               release_reason from holds where camera_id = $1 and until is null order by starts_at, id";
    db.rows(sql, args![camera]).await
}

/// The orders in force on what `camera` recorded between two moments, in the order of time.
pub async fn between(db: &impl Queries, camera: CameraId, from: Timestamp, to: Timestamp) -> Result<Vec<HoldRow>, DbError> {
    let sql = "select id, kindergarten_id, camera_id, starts_at, ends_at, origin, subject, reason, held_by, since, until, released_by, \
               release_reason from holds where camera_id = $1 and until is null and starts_at < $3 and ends_at > $2 \
               order by starts_at, id";
    db.rows(sql, args![camera, from, to]).await
}
