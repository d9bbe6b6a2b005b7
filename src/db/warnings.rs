//! What directors are told of by message, and whom that reaches.

use super::{DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, CameraId, KindergartenId},
    model::Language,
};
use jiff::Timestamp;

/// Writes down that the directors of `kindergarten` are told of `matter` now; `false` when they were after `before` already.
pub async fn tell(tx: &Tx, kindergarten: KindergartenId, matter: &str, before: Timestamp, now: Timestamp) -> Result<bool, DbError> {
    // What a clock that was ahead has written down of the future keeps nothing back.
    let sql = "insert into warnings (kindergarten_id, matter, told_at) values ($1, $2, $4) \
               on conflict (kindergarten_id, matter) do update set told_at = excluded.told_at \
               where warnings.told_at <= $3 or warnings.told_at > $4";
    Ok(tx.execute(sql, args![kindergarten, matter, before, now]).await? > 0)
}

/// A director who can be told.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Receiver {
    /// The account.
    pub id: AccountId,
    /// Phone number or e-mail address.
    pub login: String,
    /// In which language.
    pub language: Language,
}

/// The directors of `kindergarten` who can log in at `now`.
pub async fn receivers(db: &impl Queries, kindergarten: KindergartenId, now: Timestamp) -> Result<Vec<Receiver>, DbError> {
    let sql = "select id, login, language from accounts where kindergarten_id = $1 and role = 'director' and removed_at is null \
               and not exists (select 1 from account_blocks b where b.account_id = accounts.id and b.since <= $2 \
               and (b.until is null or b.until > $2)) order by id";
    db.rows(sql, args![kindergarten, now]).await
}

/// Since when a camera may not have been recorded although it was to be.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Silence {
    /// The camera.
    pub camera_id: CameraId,
    /// Its name.
    pub name: String,
    /// When it was added.
    #[sqlx(try_from = "Moment")]
    pub created_at: Timestamp,
    /// When its newest file ends.
    pub recorded_at: Option<Moment>,
    /// The last moment at which somebody did not want it recorded.
    pub ordered_at: Option<Moment>,
}

impl Silence {
    /// The first moment of it.
    pub fn since(&self) -> Timestamp {
        let known = [self.recorded_at, self.ordered_at].into_iter().flatten().map(Timestamp::from);
        known.fold(self.created_at, Timestamp::max)
    }
}

/// The cameras of `kindergarten` with when each was recorded last, by name.
pub async fn silences(db: &impl Queries, kindergarten: KindergartenId) -> Result<Vec<Silence>, DbError> {
    let sql = "select c.id as camera_id, c.name, c.created_at, \
               (select s.ends_at from segments s where s.camera_id = c.id order by s.starts_at desc limit 1) as recorded_at, \
               (select max(g.seen_at) from gaps g where g.camera_id = c.id and g.cause = 'ordered') as ordered_at \
               from cameras c where c.kindergarten_id = $1 and c.removed_at is null order by c.name, c.id";
    db.rows(sql, args![kindergarten]).await
}
