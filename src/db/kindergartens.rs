//! The kindergartens of this gateway, and who manages and inspects each: what an operator looks after.

use super::{Day, DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, AssignmentId, KindergartenId},
    model::{Language, Limits, Ownership},
};
use jiff::{Timestamp, civil::Date};

/// What is written down of a new kindergarten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founded {
    /// Its id.
    pub id: KindergartenId,
    /// Its name.
    pub name: String,
    /// Its business identification number.
    pub bin: Option<String>,
    /// Where it lies.
    pub district: Option<String>,
    /// Who owns it.
    pub ownership: Option<Ownership>,
    /// The zone of its hours (IANA name).
    pub zone: String,
    /// The languages that its people speak.
    pub languages: Vec<Language>,
}

/// A kindergarten in the operator's list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// Its id.
    pub id: KindergartenId,
    /// Its name.
    pub name: String,
    /// Its business identification number.
    pub bin: Option<String>,
    /// Where it lies.
    pub district: Option<String>,
    /// Who owns it.
    pub ownership: Option<Ownership>,
    /// The zone of its hours.
    pub zone: String,
}

/// A director of a kindergarten.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Director {
    /// The account.
    pub id: AccountId,
    /// Where.
    pub kindergarten_id: KindergartenId,
    /// The name.
    pub name: String,
    /// Phone number or e-mail address.
    pub login: String,
    /// Whether it has chosen a password.
    pub has_password: bool,
    /// Until when a link waits for it, used or not.
    pub link_until: Option<Moment>,
}

/// An inspector's right to look at a kindergarten, past ones included.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Inspection {
    /// The assignment.
    pub id: AssignmentId,
    /// Where.
    pub kindergarten_id: KindergartenId,
    /// The inspector.
    pub account_id: AccountId,
    /// The name.
    pub name: String,
    /// Phone number or e-mail address.
    pub login: String,
    /// The first day.
    pub first_day: Day,
    /// The last day.
    pub last_day: Day,
    /// Whether the inspector has chosen a password.
    pub has_password: bool,
}

/// Every kindergarten, by name.
pub async fn all(db: &impl Queries) -> Result<Vec<Listed>, DbError> {
    let sql = "select id, name, bin, district, ownership, zone from kindergartens where removed_at is null order by name, id";
    db.rows(sql, args![]).await
}

/// The directors of all kindergartens, by name.
pub async fn directors(db: &impl Queries) -> Result<Vec<Director>, DbError> {
    let sql = "select a.id, a.kindergarten_id, a.name, a.login, a.password_hash is not null as has_password, i.expires_at as link_until \
               from accounts a left join invitations i on i.account_id = a.id and i.ended_at is null \
               where a.role = 'director' and a.removed_at is null and a.kindergarten_id is not null order by a.name, a.id";
    db.rows(sql, args![]).await
}

/// The assignments of inspectors that have not been taken back, the newest first.
pub async fn inspections(db: &impl Queries) -> Result<Vec<Inspection>, DbError> {
    let sql = "select f.id, f.kindergarten_id, f.account_id, a.name, a.login, f.first_day, f.last_day, \
               a.password_hash is not null as has_password from assignments f join accounts a on a.id = f.account_id \
               where f.until is null order by f.first_day desc, f.id";
    db.rows(sql, args![]).await
}

/// The kindergarten of an assignment that stands.
pub async fn of_assignment(db: &impl Queries, id: AssignmentId) -> Result<Option<KindergartenId>, DbError> {
    let row: Option<(KindergartenId,)> =
        db.row("select kindergarten_id from assignments where id = $1 and until is null", args![id]).await?;
    Ok(row.map(|(kindergarten,)| kindergarten))
}

/// Whether there is this kindergarten.
pub async fn exists(db: &impl Queries, id: KindergartenId) -> Result<bool, DbError> {
    let row: Option<(i64,)> = db.row("select 1 from kindergartens where id = $1 and removed_at is null", args![id]).await?;
    Ok(row.is_some())
}

/// A new kindergarten under `key`. Whoever calls this writes the audit record.
pub async fn found(tx: &Tx, it: &Founded, key: &str, limits: Limits, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let sql = "insert into kindergartens (id, key, name, bin, district, ownership, zone, languages, streams_per_account, viewers_per_camera, \
               created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let languages: Vec<&str> = it.languages.iter().map(|language| language.word()).collect();
    let Limits { streams_per_account: streams, viewers_per_camera: viewers } = limits;
    let (bin, district) = (it.bin.clone(), it.district.clone());
    tx.execute(sql, args![it.id, key, &it.name, bin, district, it.ownership, &it.zone, languages.join(","), streams, viewers, now])
        .await
        .map(drop)
}

/// An inspector may look from `from` to `to`, both included. Whoever calls this writes the audit record.
pub async fn assign(
    tx: &Tx,
    id: AssignmentId,
    kindergarten: KindergartenId,
    account: AccountId,
    (from, to): (Date, Date),
    now: Timestamp,
) -> Result<(), DbError> {
    tx.touch().await?;
    let sql =
        "insert into assignments (id, kindergarten_id, account_id, first_day, last_day, since) values ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, args![id, kindergarten, account, from, to, now]).await.map(drop)
}

/// Takes an assignment back. `false` when it was already. Whoever calls this writes the audit record.
pub async fn unassign(tx: &Tx, id: AssignmentId, now: Timestamp) -> Result<bool, DbError> {
    tx.touch().await?;
    Ok(tx.execute("update assignments set until = $2 where id = $1 and until is null", args![id, now]).await? > 0)
}

/// Removes the account of a director of `kindergarten`. `false` when there is none. Whoever calls this ends the log-ins and writes the
/// audit record.
pub async fn dismiss(tx: &Tx, kindergarten: KindergartenId, account: AccountId, now: Timestamp) -> Result<bool, DbError> {
    tx.touch().await?;
    let sql =
        "update accounts set removed_at = $3 where id = $1 and kindergarten_id = $2 and role = 'director' and removed_at is null";
    Ok(tx.execute(sql, args![account, kindergarten, now]).await? > 0)
}
