//! Viewings: one account watched one camera from when to when, and why it ended.

pub mod list;

use super::{Db, DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, CameraId, KindergartenId, LoginId, RunId, ViewingId},
    model::Role,
};
use jiff::Timestamp;

/// A viewing that begins.
#[derive(Debug, Clone)]
pub struct Start {
    /// Its id.
    pub id: ViewingId,
    /// The run of the program that serves it.
    pub run: RunId,
    /// Who watches.
    pub account: AccountId,
    /// Whose the camera is.
    pub kindergarten: KindergartenId,
    /// What is watched.
    pub camera: CameraId,
    /// The log-in that its token was given to.
    pub login: Option<LoginId>,
    /// Which picture.
    pub quality: &'static str,
    /// Where the client is.
    pub address: String,
    /// When.
    pub at: Timestamp,
    /// The position of the audit record that says so.
    pub record: u64,
}

/// A viewing that has begun and not ended.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Running {
    /// Its id.
    pub id: ViewingId,
    /// Who watches.
    #[sqlx(rename = "account_id")]
    pub account: AccountId,
    /// Whose the camera is.
    #[sqlx(rename = "kindergarten_id")]
    pub kindergarten: KindergartenId,
    /// What is watched.
    #[sqlx(rename = "camera_id")]
    pub camera: CameraId,
}

/// A viewing whose run died.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LeftBehind {
    /// The viewing.
    #[sqlx(flatten)]
    pub viewing: Running,
    /// When its run was last known to live.
    #[sqlx(try_from = "Moment")]
    pub alive_at: Timestamp,
}

/// Writes down that a viewing began.
pub async fn start(tx: &Tx, start: Start) -> Result<(), DbError> {
    tx.execute(
        "insert into viewings (id, run_id, account_id, kindergarten_id, camera_id, login_id, quality, address, started_at, started_record)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            start.id,
            start.run,
            start.account,
            start.kindergarten,
            start.camera,
            start.login,
            start.quality,
            start.address,
            start.at,
            position(start.record)
        ],
    )
    .await
    .map(drop)
}

/// Whether the viewing has not ended; until the transaction is over, nobody else can end it.
pub async fn is_open(tx: &Tx, id: ViewingId) -> Result<bool, DbError> {
    let locked = tx.execute("update viewings set ended_at = null where id = $1 and ended_at is null", args![id]).await?;
    Ok(locked == 1)
}

/// Writes down that a viewing ended.
pub async fn end(tx: &Tx, id: ViewingId, code: &str, at: Timestamp, record: u64) -> Result<(), DbError> {
    let sql = "update viewings set ended_at = $2, end_code = $3, ended_record = $4 where id = $1 and ended_at is null";
    tx.execute(sql, args![id, at, code, position(record)]).await.map(drop)
}

/// The open viewings of other runs than `run` that have been silent since `silent_since` or have ended.
pub async fn left_behind(db: &Db, run: RunId, silent_since: Timestamp) -> Result<Vec<LeftBehind>, DbError> {
    db.rows(
        "select viewings.id, account_id, kindergarten_id, camera_id,
             case when alive_at < viewings.started_at then viewings.started_at else alive_at end as alive_at
         from viewings join runs on runs.id = viewings.run_id
         where viewings.ended_at is null and runs.id <> $1 and (runs.alive_at < $2 or runs.ended_at is not null)
         order by viewings.started_at",
        args![run, silent_since],
    )
    .await
}

/// A viewing whose end somebody asks for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Watched {
    /// Who watches.
    #[sqlx(rename = "account_id")]
    pub account: AccountId,
    /// As what.
    pub role: Role,
    /// Whether it is over.
    pub ended: bool,
}

/// The viewing, if it is one of `kindergarten`.
pub async fn watched(db: &impl Queries, kindergarten: KindergartenId, id: ViewingId) -> Result<Option<Watched>, DbError> {
    let sql = "select v.account_id, a.role, v.ended_at is not null as ended from viewings v \
               join accounts a on a.id = v.account_id where v.id = $1 and v.kindergarten_id = $2";
    db.row(sql, args![id, kindergarten]).await
}

/// The kindergarten of a viewing, over or not; `None` when there is no such viewing.
pub async fn kindergarten(db: &impl Queries, id: ViewingId) -> Result<Option<KindergartenId>, DbError> {
    let row: Option<(KindergartenId,)> = db.row("select kindergarten_id from viewings where id = $1", args![id]).await?;
    Ok(row.map(|(kindergarten,)| kindergarten))
}

/// How many viewings began at `since` or later.
pub async fn count_since(db: &impl Queries, since: Timestamp) -> Result<u64, DbError> {
    let row: Option<(i64,)> = db.row("select count(*) from viewings where started_at >= $1", args![since]).await?;
    Ok(row.map_or(0, |(count,)| count.unsigned_abs()))
}

/// A position in the audit log as the database keeps it.
fn position(record: u64) -> i64 {
    i64::try_from(record).unwrap_or(i64::MAX)
}
