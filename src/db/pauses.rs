//! Pauses that a person orders, or ends before their time. Those of `site.toml` are written by `apply`.

use super::{DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, CameraId, GroupId, KindergartenId, PauseId},
    model::{Pause, Scope},
};
use jiff::Timestamp;

/// The kindergarten of a pause, over or not; `None` when there is no such pause.
pub async fn kindergarten(db: &impl Queries, id: PauseId) -> Result<Option<KindergartenId>, DbError> {
    let row: Option<(KindergartenId,)> = db.row("select kindergarten_id from pauses where id = $1", args![id]).await?;
    Ok(row.map(|(kindergarten,)| kindergarten))
}

/// Closes what `pause` says, known from its first moment on. Whoever calls this writes the audit record.
pub async fn begin(tx: &Tx, kindergarten: KindergartenId, pause: &Pause) -> Result<(), DbError> {
    tx.touch().await?;
    let (group, camera) = match pause.scope {
        Scope::All => (None, None),
        Scope::Group(group) => (Some(group), None),
        Scope::Camera(camera) => (None, Some(camera)),
    };
    let sql = "insert into pauses (id, kindergarten_id, group_id, camera_id, starts_at, ends_at, reason, account_id, since) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $5)";
    tx.execute(sql, args![pause.id, kindergarten, group, camera, pause.from, pause.until, &pause.reason, pause.by]).await.map(drop)
}

/// Ends a pause of `kindergarten` at `now`; `None` when it is over already, or another's. Whoever calls this writes the audit record.
pub async fn end(
    tx: &Tx,
    kindergarten: KindergartenId,
    id: PauseId,
    by: AccountId,
    now: Timestamp,
) -> Result<Option<Pause>, DbError> {
    tx.touch().await?;
    let sql = "update pauses set until = $3, ended_by = $4 \
               where id = $1 and kindergarten_id = $2 and until is null and ends_at > $3 returning *";
    let row: Option<PauseRow> = tx.row(sql, args![id, kindergarten, now, by]).await?;
    Ok(row.map(Pause::from))
}

#[derive(sqlx::FromRow)]
pub(super) struct PauseRow {
    id: PauseId,
    group_id: Option<GroupId>,
    camera_id: Option<CameraId>,
    account_id: Option<AccountId>,
    starts_at: Moment,
    ends_at: Moment,
    reason: String,
}

impl From<PauseRow> for Pause {
    fn from(row: PauseRow) -> Self {
        let scope = match (row.group_id, row.camera_id) {
            (_, Some(camera)) => Scope::Camera(camera),
            (Some(group), None) => Scope::Group(group),
            (None, None) => Scope::All,
        };
        Self { id: row.id, scope, from: row.starts_at.0, until: row.ends_at.0, reason: row.reason, by: row.account_id }
    }
}
