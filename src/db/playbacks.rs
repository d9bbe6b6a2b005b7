//! Who looks and looked at recordings.

use super::{Db, DbError, Moment, Queries, Tx, viewings::list::Filter};
use crate::{
    args,
    id::{AccountId, CameraId, KindergartenId, PlaybackId},
    model::Role,
};
use jiff::{SignedDuration, Timestamp};

/// Somebody looks at a span of what a camera recorded.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PlaybackRow {
    /// Its id.
    pub id: PlaybackId,
    /// Who looks.
    #[sqlx(rename = "account_id")]
    pub account: AccountId,
    /// Whose the camera is.
    #[sqlx(rename = "kindergarten_id")]
    pub kindergarten: KindergartenId,
    /// The camera.
    #[sqlx(rename = "camera_id")]
    pub camera: CameraId,
    /// The reason that was stated; empty where an inspector stated none.
    pub reason: String,
    /// The first moment of the span.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// The first moment after it.
    #[sqlx(try_from = "Moment")]
    pub ends_at: Timestamp,
    /// When it was opened.
    #[sqlx(try_from = "Moment")]
    pub opened_at: Timestamp,
    /// When a piece of it was last asked for.
    #[sqlx(try_from = "Moment")]
    pub seen_at: Timestamp,
    /// When the page was left, as far as it said so.
    pub ended_at: Option<Moment>,
}

/// That it goes on is written down so often, and not with every piece.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(10);

/// Writes down that somebody looks. Whoever calls this writes the audit record.
pub async fn open(tx: &Tx, row: &PlaybackRow) -> Result<(), DbError> {
    let sql = "insert into playbacks (id, account_id, kindergarten_id, camera_id, reason, starts_at, ends_at, opened_at, seen_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let PlaybackRow { id, account, kindergarten, camera, reason, starts_at, ends_at, opened_at, seen_at, .. } = row;
    tx.execute(sql, args![*id, *account, *kindergarten, *camera, reason, *starts_at, *ends_at, *opened_at, *seen_at])
        .await
        .map(drop)
}

/// The one with this id.
pub async fn by_id(db: &impl Queries, id: PlaybackId) -> Result<Option<PlaybackRow>, DbError> {
    let sql = "select id, account_id, kindergarten_id, camera_id, reason, starts_at, ends_at, opened_at, seen_at, ended_at \
               from playbacks where id = $1";
    db.row(sql, args![id]).await
}

/// A piece of it was asked for.
pub async fn seen(db: &Db, row: &PlaybackRow, now: Timestamp) -> Result<(), DbError> {
    if row.seen_at.duration_until(now) < SEEN_EVERY {
        return Ok(());
    }
    db.execute("update playbacks set seen_at = $2 where id = $1 and seen_at < $2", args![row.id, now]).await.map(drop)
}

/// It is over. `false` when it was already. Whoever calls this writes the audit record.
pub async fn end(tx: &Tx, id: PlaybackId, now: Timestamp) -> Result<bool, DbError> {
    let sql = "update playbacks set ended_at = $2 where id = $1 and ended_at is null";
    Ok(tx.execute(sql, args![id, now]).await? > 0)
}

/// A playback with the names that belong to it, of accounts and cameras that were removed as well.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    /// The playback.
    #[sqlx(flatten)]
    pub playback: PlaybackRow,
    /// Who looked.
    pub name: String,
    /// As what.
    pub role: Role,
    /// The camera's name.
    pub camera_name: String,
}

/// Those that the filter lets through, by when somebody looked: the newest first, `most` of those that are older than `after`.
pub async fn list(db: &impl Queries, filter: Filter, after: Option<PlaybackId>, most: u32) -> Result<Vec<Listed>, DbError> {
    let Filter { kindergarten, account, camera, from, until } = filter;
    let sql = "select p.id, p.account_id, p.kindergarten_id, p.camera_id, p.reason, p.starts_at, p.ends_at, p.opened_at, p.seen_at, \
               p.ended_at, a.name, a.role, c.name as camera_name from playbacks p \
               join accounts a on a.id = p.account_id join cameras c on c.id = p.camera_id \
               where p.kindergarten_id = $1 and ($2 is null or p.account_id = $2) and ($3 is null or p.camera_id = $3) \
               and p.seen_at >= $4 and p.opened_at < $5 and ($6 is null or p.id < $6) order by p.id desc limit $7";
    db.rows(sql, args![kindergarten, account, camera, from, until, after, most]).await
}
