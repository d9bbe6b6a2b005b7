//! Holes in recordings, and why they are there.

use super::{Db, DbError, Moment, Queries};
use crate::{
    args,
    id::{CameraId, GapId, SealId},
    model::GapCause,
};
use jiff::Timestamp;

/// A hole.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GapRow {
    /// Its id.
    pub id: GapId,
    /// The camera.
    pub camera_id: CameraId,
    /// Why.
    pub cause: GapCause,
    /// The first moment of which there is nothing.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// The last moment at which it was known to last.
    #[sqlx(try_from = "Moment")]
    pub seen_at: Timestamp,
    /// The first moment of which there is something again; `None` while it lasts.
    pub ended_at: Option<Moment>,
    /// What it was sealed with.
    pub seal_id: Option<SealId>,
}

/// Writes down that a hole begins, or one that is over already.
pub async fn begin(db: &Db, row: &GapRow) -> Result<(), DbError> {
    let sql = "insert into gaps (id, camera_id, cause, starts_at, seen_at, ended_at) values ($1, $2, $3, $4, $5, $6)";
    let ended_at = row.ended_at.map(Timestamp::from);
    db.execute(sql, args![row.id, row.camera_id, row.cause, row.starts_at, row.seen_at, ended_at]).await.map(drop)
}

/// It still lasts.
pub async fn go_on(db: &Db, id: GapId, now: Timestamp) -> Result<(), DbError> {
    db.execute("update gaps set seen_at = $2 where id = $1 and ended_at is null and seen_at < $2", args![id, now]).await.map(drop)
}

/// Its cause has come to light.
pub async fn know_better(db: &Db, id: GapId, cause: GapCause) -> Result<(), DbError> {
    db.execute("update gaps set cause = $2 where id = $1 and ended_at is null", args![id, cause]).await.map(drop)
}

/// When the newest of a camera ended, or was last known to last; `None` when there never was one.
pub async fn last_end(db: &impl Queries, camera: CameraId) -> Result<Option<Timestamp>, DbError> {
    let sql = "select seen_at from gaps where camera_id = $1 order by starts_at desc limit 1";
    let row: Option<(Moment,)> = db.row(sql, args![camera]).await?;
    Ok(row.map(|(seen_at,)| seen_at.into()))
}

/// It is over.
pub async fn end(db: &Db, id: GapId, at: Timestamp) -> Result<(), DbError> {
    db.execute("update gaps set seen_at = $2, ended_at = $2 where id = $1 and ended_at is null", args![id, at]).await.map(drop)
}

/// Those that last, of every camera.
pub async fn open(db: &impl Queries) -> Result<Vec<GapRow>, DbError> {
    let sql = "select id, camera_id, cause, starts_at, seen_at, ended_at, seal_id from gaps where ended_at is null order by starts_at, id";
    db.rows(sql, args![]).await
}

/// Those of `camera` between two moments, in the order of time.
pub async fn between(db: &impl Queries, camera: CameraId, from: Timestamp, to: Timestamp) -> Result<Vec<GapRow>, DbError> {
    let sql = "select id, camera_id, cause, starts_at, seen_at, ended_at, seal_id from gaps \
               where camera_id = $1 and starts_at < $3 and (ended_at is null or ended_at > $2) order by starts_at, id";
    db.rows(sql, args![camera, from, to]).await
}
