//! The pieces of recordings, one file each.

use super::{Db, DbError, Moment, Queries};
use crate::{
    args,
    id::{CameraId, SealId, SegmentId},
    model::SegmentPlace,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A file that is written or was.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SegmentRow {
    /// Its id.
    pub id: SegmentId,
    /// The camera.
    pub camera_id: CameraId,
    /// Its codecs, as in the `codecs` parameter of RFC 6381.
    pub codec: String,
    /// The width of its pictures, in pixels.
    pub width: i64,
    /// Their height.
    pub height: i64,
    /// When its first picture was taken, by this machine's clock.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// When its last picture ended. While it is written: that of the last one that is safe on the disk.
    #[sqlx(try_from = "Moment")]
    pub ends_at: Timestamp,
    /// How many bytes are safe on the disk. Encrypted they take some more there, a two-thousandth or so.
    pub bytes: i64,
    /// The SHA-256 of the file as it lies there, encrypted or not, in hexadecimal; `None` while it is written.
    pub sha256: Option<String>,
    /// The root of the Merkle tree (RFC 6962) over the plain pieces of the file: what comes before the first fragment, each fragment, and what
    /// comes after the last; `None` while it is written. So a clip of some fragments can be proved without the others.
    pub tree: Option<String>,
    /// Where the file is.
    pub place: SegmentPlace,
    /// What it was sealed with.
    pub seal_id: Option<SealId>,
    /// When retention let go of the file.
    pub removed_at: Option<Moment>,
    /// The id of the key that the file is encrypted under; `None` where it lies as it is.
    pub key_id: Option<String>,
}

/// Writes down that a file has begun.
pub async fn begin(db: &Db, row: &SegmentRow) -> Result<(), DbError> {
    let sql = "insert into segments (id, camera_id, codec, width, height, starts_at, ends_at, bytes, place, key_id) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let SegmentRow { id, camera_id, width, height, starts_at, ends_at, bytes, place, key_id, .. } = row;
    db.execute(sql, args![*id, *camera_id, &row.codec, *width, *height, *starts_at, *ends_at, *bytes, *place, key_id.as_deref()])
        .await
        .map(drop)
}

/// More of it is safe: up to `ends_at`, in `bytes`.
pub async fn go_on(db: &Db, id: SegmentId, ends_at: Timestamp, bytes: i64) -> Result<(), DbError> {
    let sql = "update segments set ends_at = $2, bytes = $3 where id = $1 and sha256 is null";
    db.execute(sql, args![id, ends_at, bytes]).await.map(drop)
}

/// More is safe of some of them: up to when, in how many bytes.
pub async fn all_go_on(db: &Db, safe: &BTreeMap<SegmentId, (Timestamp, u64)>) -> Result<(), DbError> {
    if safe.is_empty() {
        return Ok(());
    }
    let tx = db.begin().await?;
    for (id, (ends_at, bytes)) in safe {
        let bytes = i64::try_from(*bytes).unwrap_or(i64::MAX);
        let sql = "update segments set ends_at = $2, bytes = $3 where id = $1 and sha256 is null";
        tx.execute(sql, args![*id, *ends_at, bytes]).await?;
    }
    tx.commit().await
}

/// When the newest of a camera ends; `None` when there never was one.
pub async fn last_end(db: &impl Queries, camera: CameraId) -> Result<Option<Timestamp>, DbError> {
    let sql = "select ends_at from segments where camera_id = $1 order by starts_at desc limit 1";
    let row: Option<(Moment,)> = db.row(sql, args![camera]).await?;
    Ok(row.map(|(ends_at,)| ends_at.into()))
}

/// It is whole, and will not change again; `sha256` and `tree` are those of [`SegmentRow`].
pub async fn end(db: &Db, id: SegmentId, ends_at: Timestamp, bytes: i64, sha256: &str, tree: &str) -> Result<(), DbError> {
    let sql = "update segments set ends_at = $2, bytes = $3, sha256 = $4, tree = $5 where id = $1 and sha256 is null";
    db.execute(sql, args![id, ends_at, bytes, sha256, tree]).await.map(drop)
}

/// Takes back a file that holds nothing.
pub async fn discard(db: &Db, id: SegmentId) -> Result<(), DbError> {
    db.execute("delete from segments where id = $1 and sha256 is null", args![id]).await.map(drop)
}

/// The files that were still written when the program died, in the order of time.
pub async fn unfinished(db: &impl Queries) -> Result<Vec<SegmentRow>, DbError> {
    let sql = "select id, camera_id, codec, width, height, starts_at, ends_at, bytes, sha256, tree, place, seal_id, removed_at, key_id \
               from segments where sha256 is null and removed_at is null order by starts_at, id";
    db.rows(sql, args![]).await
}

/// What there is of `camera` between two moments, whole or being written, in the order of time.
pub async fn between(db: &impl Queries, camera: CameraId, from: Timestamp, to: Timestamp) -> Result<Vec<SegmentRow>, DbError> {
    let sql = "select id, camera_id, codec, width, height, starts_at, ends_at, bytes, sha256, tree, place, seal_id, removed_at, key_id \
               from segments where camera_id = $1 and starts_at > $4 and starts_at < $3 and ends_at > $2 and removed_at is null \
               order by starts_at, id";
    db.rows(sql, args![camera, from, to, earliest(from)]).await
}

/// No file is longer than ten minutes: what covers a moment began at most so long before it, whatever happened at its end.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// From when to when the files of `camera` that have anything between two moments reach, in the order of time; those that follow each
/// other within `seam` are one. They are joined in the database because a day of a room has ten thousand files, and a few stretches.
pub async fn spans(
    db: &impl Queries,
    camera: CameraId,
    from: Timestamp,
    to: Timestamp,
    seam: SignedDuration,
) -> Result<Vec<(Timestamp, Timestamp)>, DbError> {
    // A row wherever something begins, with how far what was before it had reached; and how far the last reached. All of it is in the index.
    let sql = "select reached, starts_at from ( \
                 select starts_at, max(ends_at) over (order by starts_at rows between unbounded preceding and 1 preceding) as reached \
                 from segments where camera_id = $1 and starts_at > $4 and starts_at < $3 and ends_at > $2 and removed_at is null \
               ) files where reached is null or starts_at - reached > $5 \
               union all \
               select max(ends_at), null from segments \
               where camera_id = $1 and starts_at > $4 and starts_at < $3 and ends_at > $2 and removed_at is null \
               order by 2 nulls last";
    let seam = i64::try_from(seam.as_millis()).unwrap_or(i64::MAX);
    let rows: Vec<(Option<Moment>, Option<Moment>)> = db.rows(sql, args![camera, from, to, earliest(from), seam]).await?;
    let begins = rows.iter().filter_map(|(_, starts_at)| *starts_at);
    let ends = rows.iter().filter_map(|(reached, _)| *reached);
    Ok(begins.map(Timestamp::from).zip(ends.map(Timestamp::from)).collect())
}

/// Nothing that began before reaches to `moment`: so a look at a day does not go through all that is older.
fn earliest(moment: Timestamp) -> Timestamp {
    moment.saturating_sub(LONGEST).unwrap_or(Timestamp::MIN)
}

/// The keys that files which are kept are encrypted under, by id, and how many files there are of each.
pub async fn key_ids(db: &impl Queries) -> Result<Vec<(String, i64)>, DbError> {
    let sql =
        "select key_id, count(*) from segments where key_id is not null and removed_at is null group by key_id order by key_id";
    db.rows(sql, args![]).await
}

/// The file with this id, if it is one of `camera` and there.
pub async fn of_camera(db: &impl Queries, camera: CameraId, id: SegmentId) -> Result<Option<SegmentRow>, DbError> {
    let sql = "select id, camera_id, codec, width, height, starts_at, ends_at, bytes, sha256, tree, place, seal_id, removed_at, key_id \
               from segments where id = $2 and camera_id = $1 and removed_at is null";
    db.row(sql, args![camera, id]).await
}
