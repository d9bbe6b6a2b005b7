//! What is kept of recordings and for how much longer: what retention reads, and how it lets go.

use super::{Db, DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{CameraId, SealId, SegmentId},
    model::SegmentPlace,
};
use jiff::Timestamp;

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeptRow {
    /// Its segment.
    pub id: SegmentId,
    /// Its first moment.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// The first moment after it.
    #[sqlx(try_from = "Moment")]
    pub ends_at: Timestamp,
    /// Its size.
    pub bytes: i64,
    /// Whether it is still written.
    pub growing: bool,
    /// Where it is.
    pub place: SegmentPlace,
}

/// The oldest `most` files of `camera` that are kept and not held, the oldest first; only those in `place`, where one is named.
pub async fn oldest(db: &impl Queries, camera: CameraId, place: Option<SegmentPlace>, most: u32) -> Result<Vec<KeptRow>, DbError> {
    let sql = "select id, starts_at, ends_at, bytes, sha256 is null as growing, place from segments s \
               where camera_id = $1 and removed_at is null and (place = $2 or $2 is null) \
               and not exists (select 1 from holds h where h.camera_id = s.camera_id and h.until is null \
               and h.starts_at < s.ends_at and h.ends_at > s.starts_at) order by starts_at, id limit $3";
    db.rows(sql, args![camera, place, most]).await
}

/// The size of everything that is kept of `camera`.
pub async fn bytes(db: &impl Queries, camera: CameraId) -> Result<u64, DbError> {
    let sql = "select cast(coalesce(sum(bytes), 0) as bigint) from segments where camera_id = $1 and removed_at is null";
    let row: Option<(i64,)> = db.row(sql, args![camera]).await?;
    Ok(row.map_or(0, |(bytes,)| bytes.unsigned_abs()))
}

/// How much is kept of a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Amount {
    /// The camera.
    pub camera_id: CameraId,
    /// The size of all its files.
    pub bytes: i64,
    /// The size of those in the folder.
    pub in_folder: i64,
    /// The first moment of the oldest.
    #[sqlx(try_from = "Moment")]
    pub since: Timestamp,
}

/// How much is kept of each camera of which there is anything. It reads the whole index: not for every minute.
pub async fn amounts(db: &impl Queries) -> Result<Vec<Amount>, DbError> {
    let sql = "select camera_id, cast(sum(bytes) as bigint) as bytes, \
               cast(sum(case when place = 'folder' then bytes else 0 end) as bigint) as in_folder, min(starts_at) as since \
               from segments where removed_at is null group by camera_id order by camera_id";
    db.rows(sql, args![]).await
}

/// What a camera recorded lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Lately {
    /// How many bytes.
    pub bytes: i64,
    /// In how many milliseconds of pictures.
    pub millis: i64,
}

/// What `camera` recorded in the files that began at `since` or later, removed or not.
pub async fn lately(db: &impl Queries, camera: CameraId, since: Timestamp) -> Result<Lately, DbError> {
    let sql = "select cast(coalesce(sum(bytes), 0) as bigint) as bytes, cast(coalesce(sum(ends_at - starts_at), 0) as bigint) as millis \
               from segments where camera_id = $1 and starts_at >= $2";
    Ok(db.row(sql, args![camera, since]).await?.unwrap_or(Lately { bytes: 0, millis: 0 }))
}

/// A span of a camera's recording that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldRow {
    /// The camera.
    pub camera_id: CameraId,
    /// The first moment.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// The first moment after.
    #[sqlx(try_from = "Moment")]
    pub ends_at: Timestamp,
}

/// Every span that is held now.
pub async fn held(db: &impl Queries) -> Result<Vec<HeldRow>, DbError> {
    db.rows("select camera_id, starts_at, ends_at from holds where until is null order by camera_id, starts_at", args![]).await
}

/// Lets go of a file that is whole, kept and not held at this very moment; `false` where that is not so. The file itself is removed after
/// the transaction.
pub async fn let_go(tx: &Tx, id: SegmentId, now: Timestamp) -> Result<bool, DbError> {
    let sql = "update segments set removed_at = $2 where id = $1 and removed_at is null and sha256 is not null \
               and not exists (select 1 from holds h where h.camera_id = segments.camera_id and h.until is null \
               and h.starts_at < segments.ends_at and h.ends_at > segments.starts_at)";
    Ok(tx.execute(sql, args![id, now]).await? > 0)
}

/// Where a file is, or was before it was let go of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct FileRow {
    /// Its segment.
    pub id: SegmentId,
    /// The camera.
    pub camera_id: CameraId,
    /// Its first moment.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// The first moment after it.
    #[sqlx(try_from = "Moment")]
    pub ends_at: Timestamp,
    /// Where it was.
    pub place: SegmentPlace,
}

/// The files that were let go of at `since` or later and whose rows are still there: one may be left over from a run that was cut short.
pub async fn let_go_since(db: &impl Queries, since: Timestamp) -> Result<Vec<FileRow>, DbError> {
    let sql = "select id, camera_id, starts_at, ends_at, place from segments where removed_at >= $1 order by camera_id, starts_at";
    db.rows(sql, args![since]).await
}

/// What `camera` recorded between two moments and was let go of, in the order of time; known until its days are over.
pub async fn let_go_between(db: &impl Queries, camera: CameraId, from: Timestamp, to: Timestamp) -> Result<Vec<FileRow>, DbError> {
    // No file is longer than ten minutes: so the index need not be read from the camera's first day on.
    let sql = "select id, camera_id, starts_at, ends_at, place from segments where camera_id = $1 and starts_at > $2 - 900000 \
               and starts_at < $3 and ends_at > $2 and removed_at is not null order by starts_at, id";
    db.rows(sql, args![camera, from, to]).await
}

/// The first `most` whole files of `camera` in the folder that began at `since` or later, in the order of time.
pub async fn movable(db: &impl Queries, camera: CameraId, since: Timestamp, most: u32) -> Result<Vec<FileRow>, DbError> {
    let sql = "select id, camera_id, starts_at, ends_at, place from segments where camera_id = $1 and starts_at >= $2 \
               and place = 'folder' and sha256 is not null and removed_at is null order by starts_at, id limit $3";
    db.rows(sql, args![camera, since, most]).await
}

/// A file is in the object storage now; `false` when it was let go of meanwhile.
pub async fn moved(db: &Db, id: SegmentId) -> Result<bool, DbError> {
    let sql = "update segments set place = $2 where id = $1 and removed_at is null";
    Ok(db.execute(sql, args![id, SegmentPlace::Objects]).await? > 0)
}

/// Whether the folder need not have the file of `id`: it was let go of, or is in the object storage. What has no row is nobody's to remove.
pub async fn is_elsewhere(db: &impl Queries, id: SegmentId) -> Result<bool, DbError> {
    let sql = "select place from segments where id = $1 and (removed_at is not null or place = 'objects')";
    Ok(db.row::<(SegmentPlace,)>(sql, args![id]).await?.is_some())
}

/// The seals of `camera` of which nothing is kept and nothing held, and whose last moment was at `before` or earlier: nothing of them need
/// be proved any more. `most` of them, the oldest first.
pub async fn spent_seals(db: &impl Queries, camera: CameraId, before: Timestamp, most: u32) -> Result<Vec<SealId>, DbError> {
    let sql = "select s.id from seals s where s.camera_id = $1 and s.expired_at is null and s.ends_at <= $2 \
               and not exists (select 1 from segments g where g.seal_id = s.id and g.removed_at is null) \
               and not exists (select 1 from holds h where h.camera_id = s.camera_id and h.until is null \
               and h.starts_at < s.ends_at and h.ends_at > s.starts_at) order by s.starts_at, s.id limit $3";
    let rows: Vec<(SealId,)> = db.rows(sql, args![camera, before, most]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many rows went with a seal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Files.
    pub segments: u64,
    /// Holes.
    pub gaps: u64,
}

/// Forgets what was sealed with `seal`: its files, which are gone, and its holes. The seal itself stays.
pub async fn forget(tx: &Tx, seal: SealId) -> Result<Forgotten, DbError> {
    let segments = tx.execute("delete from segments where seal_id = $1 and removed_at is not null", args![seal]).await?;
    let gaps = tx.execute("delete from gaps where seal_id = $1", args![seal]).await?;
    Ok(Forgotten { segments, gaps })
}

/// Says of `seal` that everything that it took together was let go of at `at`; the audit record at the position `record` tells of it.
pub async fn expire(tx: &Tx, seal: SealId, at: Timestamp, record: u64) -> Result<(), DbError> {
    let record = i64::try_from(record).unwrap_or(i64::MAX);
    tx.execute("update seals set expired_at = $2, expired_record = $3 where id = $1", args![seal, at, record]).await.map(drop)
}
