//! The people of a kindergarten: its guardians and its staff, as its director looks after them.

use super::{DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, KindergartenId},
    model::{Account, Language, Role},
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Somebody of a kindergarten.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// The account.
    pub id: AccountId,
    /// Phone number (E.164) or e-mail address (lower case).
    pub login: String,
    /// The name.
    pub name: String,
    /// A parent or a staff member.
    pub role: Role,
    /// The language of its pages.
    pub language: Language,
    /// Whether it has a password, and so can log in.
    pub has_password: bool,
    /// Whether it is a guardian in another kindergarten, too.
    pub elsewhere: bool,
    /// Since when it is blocked.
    pub blocked_since: Option<Moment>,
    /// Why.
    pub block_reason: Option<String>,
}

/// How an account stands to a kindergarten now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Ties {
    /// It is a guardian here, or was made here and is a guardian nowhere.
    pub here: bool,
    /// It is a guardian in another kindergarten, too.
    pub elsewhere: bool,
}

/// `$1` is the kindergarten. Who was made here and is a guardian elsewhere only has moved on with the child.
macro_rules! here {
    () => {
        "(exists (select 1 from guardianships where account_id = a.id and kindergarten_id = $1 and until is null) \
          or (a.kindergarten_id = $1 and not exists (select 1 from guardianships where account_id = a.id and until is null)))"
    };
}

macro_rules! elsewhere {
    () => {
        "exists (select 1 from guardianships where account_id = a.id and kindergarten_id <> $1 and until is null)"
    };
}

/// The guardians and staff members of a kindergarten, by name.
pub async fn all(db: &impl Queries, kindergarten: KindergartenId) -> Result<Vec<Person>, DbError> {
    let sql = concat!(
        "select a.id, a.login, a.name, a.role, a.language, a.password_hash is not null as has_password, ",
        elsewhere!(),
        " as elsewhere, b.since as blocked_since, b.reason as block_reason \
         from accounts a left join account_blocks b on b.account_id = a.id and b.until is null \
         where a.removed_at is null and ((a.role = 'staff' and a.kindergarten_id = $1) or (a.role = 'parent' and ",
        here!(),
        ")) order by a.name, a.id"
    );
    db.rows(sql, args![kindergarten]).await
}

/// How `account` stands to `kindergarten`.
pub async fn ties(db: &impl Queries, account: AccountId, kindergarten: KindergartenId) -> Result<Ties, DbError> {
    let sql = concat!("select ", here!(), " as here, ", elsewhere!(), " as elsewhere from accounts a where a.id = $2");
    let row: Option<Ties> = db.row(sql, args![kindergarten, account]).await?;
    Ok(row.unwrap_or(Ties { here: false, elsewhere: false }))
}

/// A new account of `kindergarten` under `key`, which has no password yet. Whoever calls this writes the audit record.
pub async fn create(tx: &Tx, account: &Account, kindergarten: KindergartenId, key: &str, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let sql = "insert into accounts (id, kindergarten_id, key, login, name, role, language, created_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Account { id, login, name, role, language, .. } = account;
    tx.execute(sql, args![*id, kindergarten, key, login, name, *role, *language, now]).await.map(drop)
}

/// Takes the account away. Whoever calls this ends its log-ins and writes the audit record.
pub async fn remove(tx: &Tx, account: AccountId, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    tx.execute("update accounts set removed_at = $2 where id = $1 and removed_at is null", args![account, now]).await.map(drop)
}

/// When each of the people of `kindergarten` last logged in; those who never did are left out.
pub async fn last_log_ins(db: &impl Queries, kindergarten: KindergartenId) -> Result<BTreeMap<AccountId, Timestamp>, DbError> {
    let sql = concat!(
        "select a.id, max(l.created_at) from accounts a join logins l on l.account_id = a.id where a.removed_at is null and ",
        here!(),
        " group by a.id"
    );
    let rows: Vec<(AccountId, Moment)> = db.rows(sql, args![kindergarten]).await?;
    Ok(rows.into_iter().map(|(account, at)| (account, at.0)).collect())
}
