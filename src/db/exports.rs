//! Spans of recordings that were taken out of the gateway.

use super::{DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, CameraId, ExportId, KindergartenId},
    model::Role,
};
use jiff::Timestamp;

/// Somebody took a span of a camera's recording out.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ExportRow {
    /// Its id.
    pub id: ExportId,
    /// Who.
    pub account_id: AccountId,
    /// Where.
    pub kindergarten_id: KindergartenId,
    /// Of which camera.
    pub camera_id: CameraId,
    /// Why.
    pub reason: String,
    /// The first moment.
    #[sqlx(try_from = "Moment")]
    pub starts_at: Timestamp,
    /// The first moment after.
    #[sqlx(try_from = "Moment")]
    pub ends_at: Timestamp,
    /// When it was asked for.
    #[sqlx(try_from = "Moment")]
    pub made_at: Timestamp,
    /// The position of the audit record that tells of it.
    pub record: i64,
    /// Whether the camera's privacy masks are burnt into it.
    pub masked: bool,
}

/// Writes down an export. Whoever calls this has appended its record.
pub async fn insert(tx: &Tx, row: &ExportRow) -> Result<(), DbError> {
    let sql = "insert into exports (id, account_id, kindergarten_id, camera_id, reason, starts_at, ends_at, made_at, record, masked) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let ExportRow { id, account_id, kindergarten_id, camera_id, reason, starts_at, ends_at, made_at, record, masked } = row;
    let args = args![*id, *account_id, *kindergarten_id, *camera_id, reason, *starts_at, *ends_at, *made_at, *record, *masked];
    tx.execute(sql, args).await.map(drop)
}

/// The export with this id.
pub async fn by_id(db: &impl Queries, id: ExportId) -> Result<Option<ExportRow>, DbError> {
    let sql = "select id, account_id, kindergarten_id, camera_id, reason, starts_at, ends_at, made_at, record, masked \
               from exports where id = $1";
    db.row(sql, args![id]).await
}

/// The names of now that belong to an export.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Names {
    /// Of who took it out.
    pub account: String,
    /// The role.
    pub role: Role,
    /// Of the kindergarten.
    pub kindergarten: String,
    /// Of the camera.
    pub camera: String,
}

/// The names that belong to `row`.
pub async fn names(db: &impl Queries, row: &ExportRow) -> Result<Option<Names>, DbError> {
    let sql = "select a.name as account, a.role, k.name as kindergarten, c.name as camera from exports e \
               join accounts a on a.id = e.account_id join kindergartens k on k.id = e.kindergarten_id \
               join cameras c on c.id = e.camera_id where e.id = $1";
    db.row(sql, args![row.id]).await
}
