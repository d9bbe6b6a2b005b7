//! What takes the pieces of recordings together for the evidence.

use super::{DbError, Moment, Queries, Tx, gaps::GapRow, segments::SegmentRow};
use crate::{
    args,
    id::{CameraId, GapId, SealId, SegmentId},
};
use jiff::Timestamp;

/// How many pieces are taken at once: more than are made in a quarter of an hour. What is left waits for the next look.
const MOST: u32 = 10_000;

/// A seal: one Merkle tree over pieces of one camera's recording.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SealRow {
    /// Its id.
    pub id: SealId,
    /// The camera.
    pub camera_id: CameraId,
    /// The root of the tree, in base64.
    pub root: String,
    /// How many pieces.
    pub leaves: i64,
    /// When the first of them begins.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// When the last of them ends.
    #[sqlx(try_from = "Moment")]
    pub ends_at: Timestamp,
    /// When it was sealed.
    #[sqlx(try_from = "Moment")]
    pub sealed_at: Timestamp,
    /// The position of the audit record that tells of it.
    pub record: i64,
    /// When the last of its pieces was let go of.
    pub expired_at: Option<Moment>,
    /// The position of the audit record that tells of that.
    pub expired_record: Option<i64>,
}

/// Writes down a seal. Whoever calls this has appended its record.
pub async fn insert(tx: &Tx, row: &SealRow) -> Result<(), DbError> {
    let SealRow { id, camera_id, root, leaves, starts_at, ends_at, sealed_at, record, .. } = row;
    let sql = "insert into seals (id, camera_id, root, leaves, starts_at, ends_at, sealed_at, record) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.execute(sql, args![*id, *camera_id, root, *leaves, *starts_at, *ends_at, *sealed_at, *record]).await.map(drop)
}

/// Puts a segment into a seal; `false` when it is in one already.
pub async fn take_segment(tx: &Tx, seal: SealId, segment: SegmentId) -> Result<bool, DbError> {
    let sql = "update segments set seal_id = $1 where id = $2 and seal_id is null and sha256 is not null";
    Ok(tx.execute(sql, args![seal, segment]).await? > 0)
}

/// Puts a gap into a seal; `false` when it is in one already.
pub async fn take_gap(tx: &Tx, seal: SealId, gap: GapId) -> Result<bool, DbError> {
    let sql = "update gaps set seal_id = $1 where id = $2 and seal_id is null and ended_at is not null";
    Ok(tx.execute(sql, args![seal, gap]).await? > 0)
}

/// The segments that are whole and in no seal.
pub async fn unsealed_segments(db: &impl Queries) -> Result<Vec<SegmentRow>, DbError> {
    let sql = "select id, camera_id, codec, width, height, starts_at, ends_at, bytes, sha256, tree, place, seal_id, removed_at, key_id \
               from segments where seal_id is null and sha256 is not null order by starts_at, id limit $1";
    db.rows(sql, args![MOST]).await
}

/// The gaps that are over and in no seal.
pub async fn unsealed_gaps(db: &impl Queries) -> Result<Vec<GapRow>, DbError> {
    let sql = "select id, camera_id, cause, starts_at, seen_at, ended_at, seal_id \
               from gaps where seal_id is null and ended_at is not null order by starts_at, id limit $1";
    db.rows(sql, args![MOST]).await
}

/// The seal with this id.
pub async fn by_id(db: &impl Queries, id: SealId) -> Result<Option<SealRow>, DbError> {
    let sql = "select id, camera_id, root, leaves, starts_at, ends_at, sealed_at, record, expired_at, expired_record \
               from seals where id = $1";
    db.row(sql, args![id]).await
}

/// The segments of a seal.
pub async fn segments(db: &impl Queries, id: SealId) -> Result<Vec<SegmentRow>, DbError> {
    let sql = "select id, camera_id, codec, width, height, starts_at, ends_at, bytes, sha256, tree, place, seal_id, removed_at, key_id \
               from segments where seal_id = $1";
    db.rows(sql, args![id]).await
}

/// The gaps of a seal.
pub async fn gaps(db: &impl Queries, id: SealId) -> Result<Vec<GapRow>, DbError> {
    let sql = "select id, camera_id, cause, starts_at, seen_at, ended_at, seal_id from gaps where seal_id = $1";
    db.rows(sql, args![id]).await
}
