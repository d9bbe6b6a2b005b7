//! Viewings as directors and inspectors read them: a page at a time, the newest first. Names are those of now, of accounts and
//! cameras that were removed as well.

use crate::{
    args,
    db::{DbError, Moment, Queries},
    id::{AccountId, CameraId, KindergartenId, LoginId, ViewingId},
    model::Role,
};
use jiff::Timestamp;

/// Which viewings.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Of which kindergarten.
    pub kindergarten: KindergartenId,
    /// Whose; everybody's when nothing is said.
    pub account: Option<AccountId>,
    /// Of which camera; of every one when nothing is said.
    pub camera: Option<CameraId>,
    /// Those that ran at this moment or later.
    pub from: Timestamp,
    /// Those that had begun before this moment.
    pub until: Timestamp,
}

/// A viewing with the names that belong to it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    /// Its id.
    pub id: ViewingId,
    /// Who watched.
    #[sqlx(rename = "account_id")]
    pub account: AccountId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// What was watched.
    #[sqlx(rename = "camera_id")]
    pub camera: CameraId,
    /// The camera's name.
    pub camera_name: String,
    /// The log-in that its token was given to.
    #[sqlx(rename = "login_id")]
    pub login: Option<LoginId>,
    /// What the browser of that log-in says of itself.
    pub agent: Option<String>,
    /// Where the client was.
    pub address: String,
    /// From when.
    #[sqlx(try_from = "Moment")]
    pub started_at: Timestamp,
    /// Until when.
    ended_at: Option<Moment>,
    /// Why it ended.
    pub end_code: Option<String>,
}

impl Listed {
    /// Until when; `None` while it runs.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at.map(Timestamp::from)
    }
}

/// The statement of a list: `listed!("further conditions and order")`. `$1` to `$5` are the filter.
macro_rules! listed {
    ($more:literal) => {
        concat!(
            "select v.id, v.account_id, a.name, a.role, v.camera_id, c.name as camera_name, v.login_id, l.agent, v.address, \
             v.started_at, v.ended_at, v.end_code \
             from viewings v join accounts a on a.id = v.account_id join cameras c on c.id = v.camera_id \
             left join logins l on l.id = v.login_id \
             where v.kindergarten_id = $1 and ($2 is null or v.account_id = $2) and ($3 is null or v.camera_id = $3) \
             and v.started_at < $5 and ",
            $more
        )
    };
}

/// Those that run, the newest first; `most` of them.
pub async fn running(db: &impl Queries, filter: Filter, most: u32) -> Result<Vec<Listed>, DbError> {
    let Filter { kindergarten, account, camera, from, until } = filter;
    // A viewing that runs is at work at every moment from its start on: only the filter's end can leave it out.
    let sql = listed!("v.ended_at is null and $4 = $4 order by v.id desc limit $6");
    db.rows(sql, args![kindergarten, account, camera, from, until, most]).await
}

/// Those that are over, the newest first: `most` of those that are older than `after`.
pub async fn over(db: &impl Queries, filter: Filter, after: Option<ViewingId>, most: u32) -> Result<Vec<Listed>, DbError> {
    let Filter { kindergarten, account, camera, from, until } = filter;
    let sql = listed!("v.ended_at >= $4 and ($6 is null or v.id < $6) order by v.id desc limit $7");
    db.rows(sql, args![kindergarten, account, camera, from, until, after, most]).await
}

/// What is looked through for unusual use.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Trace {
    /// The viewing.
    pub id: ViewingId,
    /// Who watched.
    #[sqlx(rename = "account_id")]
    pub account: AccountId,
    /// The log-in.
    #[sqlx(rename = "login_id")]
    pub login: Option<LoginId>,
    /// Where the client was.
    pub address: String,
    /// From when.
    #[sqlx(try_from = "Moment")]
    pub started_at: Timestamp,
    /// Until when.
    ended_at: Option<Moment>,
}

impl Trace {
    /// Until when; `None` while it runs.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at.map(Timestamp::from)
    }
}

/// The newest `most` viewings that the filter lets through, running or over.
pub async fn traces(db: &impl Queries, filter: Filter, most: u32) -> Result<Vec<Trace>, DbError> {
    let Filter { kindergarten, account, camera, from, until } = filter;
    let sql = "select id, account_id, login_id, address, started_at, ended_at from viewings \
               where kindergarten_id = $1 and ($2 is null or account_id = $2) and ($3 is null or camera_id = $3) \
               and started_at < $5 and (ended_at is null or ended_at >= $4) order by id desc limit $6";
    db.rows(sql, args![kindergarten, account, camera, from, until, most]).await
}

/// Somebody whom a list can be asked for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Somebody {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// Everybody who ever had to do with `kindergarten`: who works there, is or was a guardian, inspects or watched. By their names.
pub async fn people(db: &impl Queries, kindergarten: KindergartenId) -> Result<Vec<Somebody>, DbError> {
    let sql = "select id, name, role from accounts where role <> 'operator' and (kindergarten_id = $1 \
               or exists (select 1 from guardianships g where g.account_id = accounts.id and g.kindergarten_id = $1) \
               or exists (select 1 from assignments s where s.account_id = accounts.id and s.kindergarten_id = $1) \
               or exists (select 1 from viewings v where v.account_id = accounts.id and v.kindergarten_id = $1)) \
               order by name, id";
    db.rows(sql, args![kindergarten]).await
}

/// A camera that a list can be asked for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CameraName {
    /// The camera.
    pub id: CameraId,
    /// Its name.
    pub name: String,
    /// Whether it has been removed.
    pub removed: bool,
}

/// Every camera that `kindergarten` ever had, by name.
pub async fn cameras(db: &impl Queries, kindergarten: KindergartenId) -> Result<Vec<CameraName>, DbError> {
    let sql = "select id, name, removed_at is not null as removed from cameras where kindergarten_id = $1 order by name, id";
    db.rows(sql, args![kindergarten]).await
}
