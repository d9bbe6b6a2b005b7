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

/// A pause with the names that belong to it, over or not.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Past {
    /// Its id.
    pub id: PauseId,
    /// The group that it closed.
    #[sqlx(rename = "group_id")]
    pub group: Option<GroupId>,
    /// The camera that it closed.
    #[sqlx(rename = "camera_id")]
    pub camera: Option<CameraId>,
    /// The name of what it closed, where that is not everything.
    pub name: Option<String>,
    /// The first moment.
    #[sqlx(rename = "starts_at", try_from = "Moment")]
    pub from: Timestamp,
    /// The first moment after, as it was ordered.
    #[sqlx(rename = "ends_at", try_from = "Moment")]
    pub until: Timestamp,
    ended_at: Option<Moment>,
    /// Why.
    pub reason: String,
    /// The name of who ordered it.
    #[sqlx(rename = "ordered_by")]
    pub by: Option<String>,
    /// The name of who ended it before its time.
    pub ended_by: Option<String>,
}

impl Past {
    /// When it was ended before its time.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at.map(Timestamp::from)
    }
}

/// The pauses of `kindergarten` that lie between `from` and `until`, the newest first; `most` of them.
pub async fn history(
    db: &impl Queries,
    kindergarten: KindergartenId,
    from: Timestamp,
    until: Timestamp,
    most: u32,
) -> Result<Vec<Past>, DbError> {
    let sql = "select p.id, p.group_id, p.camera_id, coalesce(g.name, c.name) as name, p.starts_at, p.ends_at, \
               case when p.until < p.ends_at then p.until end as ended_at, p.reason, o.name as ordered_by, e.name as ended_by \
               from pauses p left join groups g on g.id = p.group_id left join cameras c on c.id = p.camera_id \
               left join accounts o on o.id = p.account_id left join accounts e on e.id = p.ended_by \
               where p.kindergarten_id = $1 and p.ends_at > $2 and p.starts_at < $3 order by p.starts_at desc, p.id desc limit $4";
    db.rows(sql, args![kindergarten, from, until, most]).await
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
