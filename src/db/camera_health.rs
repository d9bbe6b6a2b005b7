//! How cameras were, in stretches.

use super::{Db, DbError, Moment, Queries};
use crate::{
    args,
    id::{CameraId, StretchId},
};
use jiff::Timestamp;

/// A camera was so for a while.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Stretch {
    /// How it was: the code of a [`Health`](crate::media::Health) that is online or failed.
    pub code: String,
    /// Since when.
    #[sqlx(try_from = "Moment")]
    pub started_at: Timestamp,
    /// The last moment at which it was known to be so.
    #[sqlx(try_from = "Moment")]
    pub seen_at: Timestamp,
}

/// Writes down that a camera is so.
pub async fn begin(db: &Db, id: StretchId, camera: CameraId, stretch: &Stretch) -> Result<(), DbError> {
    let sql = "insert into camera_health (id, camera_id, code, started_at, seen_at) values ($1, $2, $3, $4, $5)";
    db.execute(sql, args![id, camera, &stretch.code, stretch.started_at, stretch.seen_at]).await.map(drop)
}

/// A camera is still so.
pub async fn go_on(db: &Db, id: StretchId, now: Timestamp) -> Result<(), DbError> {
    db.execute("update camera_health set seen_at = $2 where id = $1 and seen_at < $2", args![id, now]).await.map(drop)
}

/// How `camera` was from `from` on, in the order of time.
pub async fn of(db: &impl Queries, camera: CameraId, from: Timestamp) -> Result<Vec<Stretch>, DbError> {
    let sql = "select code, started_at, seen_at from camera_health where camera_id = $1 and seen_at >= $2 order by started_at, id";
    db.rows(sql, args![camera, from]).await
}

/// Forgets what was before `before`; returns how many stretches that were.
pub async fn forget(db: &Db, before: Timestamp) -> Result<u64, DbError> {
    db.execute("delete from camera_health where seen_at < $1", args![before]).await
}
