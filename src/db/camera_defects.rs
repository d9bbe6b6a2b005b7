//! What was wrong with cameras whose pictures arrived.

use super::{Db, DbError, Moment, Queries};
use crate::{
    args,
    id::{CameraId, DefectId},
};
use jiff::Timestamp;

/// A camera had something for a while.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DefectRow {
    /// Its id.
    pub id: DefectId,
    /// The camera.
    pub camera_id: CameraId,
    /// What: the code of a [`Defect`](crate::rounds::Defect).
    pub code: String,
    /// The first moment at which it was so.
    #[sqlx(try_from = "Moment")]
    pub started_at: Timestamp,
    /// The last at which it was seen to be so.
    #[sqlx(try_from = "Moment")]
    pub seen_at: Timestamp,
    /// The first after that at which it was seen not to be so; or the last, if the camera then failed.
    pub ended_at: Option<Moment>,
}

/// Writes down that a camera has something.
pub async fn begin(db: &Db, row: &DefectRow) -> Result<(), DbError> {
    let sql = "insert into camera_defects (id, camera_id, code, started_at, seen_at) values ($1, $2, $3, $4, $5)";
    db.execute(sql, args![row.id, row.camera_id, &row.code, row.started_at, row.seen_at]).await.map(drop)
}

/// It was seen again.
pub async fn go_on(db: &Db, id: DefectId, now: Timestamp) -> Result<(), DbError> {
    db.execute("update camera_defects set seen_at = $2 where id = $1 and seen_at < $2", args![id, now]).await.map(drop)
}

/// It is over.
pub async fn end(db: &Db, id: DefectId, at: Timestamp) -> Result<(), DbError> {
    db.execute("update camera_defects set ended_at = $2 where id = $1 and ended_at is null", args![id, at]).await.map(drop)
}

/// What was seen since `since` and is not over.
pub async fn open(db: &impl Queries, since: Timestamp) -> Result<Vec<DefectRow>, DbError> {
    let sql = "select id, camera_id, code, started_at, seen_at, ended_at from camera_defects \
               where ended_at is null and seen_at >= $1 order by started_at, id";
    db.rows(sql, args![since]).await
}

/// What was wrong with `camera` from `from` on, in the order of time.
pub async fn of(db: &impl Queries, camera: CameraId, from: Timestamp) -> Result<Vec<DefectRow>, DbError> {
    let sql = "select id, camera_id, code, started_at, seen_at, ended_at from camera_defects \
               where camera_id = $1 and (seen_at >= $2 or ended_at >= $2) order by started_at, id";
    db.rows(sql, args![camera, from]).await
}

/// Forgets what was before `before`; returns how many that were.
pub async fn forget(db: &Db, before: Timestamp) -> Result<u64, DbError> {
    db.execute("delete from camera_defects where seen_at < $1", args![before]).await
}
