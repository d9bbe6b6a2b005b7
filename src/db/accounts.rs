//! Who can log in.

use super::{DbError, Queries, Tx, logins};
use crate::{
    args,
    id::{AccountBlockId, AccountId, KindergartenId},
    model::{Account, Language, Role},
};
use jiff::Timestamp;

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: AccountId,
    login: String,
    name: String,
    role: Role,
    kindergarten_id: Option<KindergartenId>,
    language: Language,
    blocked: bool,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        let works_there = matches!(row.role, Role::Director | Role::Staff);
        Self {
            id: row.id,
            login: row.login,
            name: row.name,
            role: row.role,
            kindergarten: row.kindergarten_id.filter(|_| works_there),
            language: row.language,
            blocked: row.blocked,
        }
    }
}

macro_rules! account_where {
    ($column:literal) => {
        concat!(
            "select id, login, name, role, kindergarten_id, language, exists (select 1 from account_blocks where account_id = accounts.id \
             and since <= $2 and (until is null or until > $2)) as blocked from accounts where ",
            $column,
            " = $1 and created_at <= $2 and (removed_at is null or removed_at > $2)"
        )
    };
}

/// The account with this id, as it stood at `at`.
pub async fn by_id(db: &impl Queries, id: AccountId, at: Timestamp) -> Result<Option<Account>, DbError> {
    let row: Option<AccountRow> = db.row(account_where!("id"), args![id, at]).await?;
    Ok(row.map(Account::from))
}

/// The account with this login (normalised: E.164 or a lower-case e-mail address), as it stood at `at`.
pub async fn by_login(db: &impl Queries, login: &str, at: Timestamp) -> Result<Option<Account>, DbError> {
    let row: Option<AccountRow> = db.row(account_where!("login"), args![login, at]).await?;
    Ok(row.map(Account::from))
}

/// The account that a trusted issuer knows as `external_id` (`<issuer name>/<sub>`), as it stood at `at`.
pub async fn by_external_id(db: &impl Queries, external_id: &str, at: Timestamp) -> Result<Option<Account>, DbError> {
    let row: Option<AccountRow> = db.row(account_where!("external_id"), args![external_id, at]).await?;
    Ok(row.map(Account::from))
}

/// The argon2id hash of the account's password, if it has one.
pub async fn password_hash(db: &impl Queries, id: AccountId) -> Result<Option<String>, DbError> {
    let row: Option<(Option<String>,)> = db.row("select password_hash from accounts where id = $1", args![id]).await?;
    Ok(row.and_then(|(hash,)| hash))
}

/// The kindergartens that `account` has to do with at `at`: where it works, where a child of its is, where it inspects.
pub async fn kindergartens(db: &impl Queries, account: &Account, at: Timestamp) -> Result<Vec<KindergartenId>, DbError> {
    let sql = "select id from kindergartens where created_at <= $2 and (removed_at is null or removed_at > $2) and (id = $3 \
               or exists (select 1 from guardianships where account_id = $1 and kindergarten_id = kindergartens.id \
                          and since <= $2 and (until is null or until > $2)) \
               or exists (select 1 from assignments where account_id = $1 and kindergarten_id = kindergartens.id \
                          and since <= $2 and (until is null or until > $2))) \
               order by id";
    let rows: Vec<(KindergartenId,)> = db.rows(sql, args![account.id, at, account.kindergarten]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Sets the language of the pages for this account. Nothing that the policy reads changes.
pub async fn set_language(tx: &Tx, id: AccountId, language: Language) -> Result<(), DbError> {
    tx.execute("update accounts set language = $2 where id = $1", args![id, language]).await.map(drop)
}

/// Blocks the account from `now` on: it can neither log in nor watch. `false` when it is blocked already. Whoever calls this writes
/// the audit record and ends the log-ins.
pub async fn block(tx: &Tx, id: AccountId, reason: &str, now: Timestamp) -> Result<bool, DbError> {
    tx.touch().await?;
    let sql = "insert into account_blocks (id, account_id, reason, since) select $1, $2, $3, $4 \
               where not exists (select 1 from account_blocks where account_id = $2 and until is null)";
    Ok(tx.execute(sql, args![AccountBlockId::new(now), id, reason, now]).await? > 0)
}

/// Ends the block. `false` when there is none.
pub async fn unblock(tx: &Tx, id: AccountId, now: Timestamp) -> Result<bool, DbError> {
    tx.touch().await?;
    let sql = "update account_blocks set until = $2 where account_id = $1 and until is null";
    Ok(tx.execute(sql, args![id, now]).await? > 0)
}

/// A new account that no file declares.
pub async fn create(tx: &Tx, account: &Account, hash: &str, now: Timestamp) -> Result<(), DbError> {
    tx.touch().await?;
    let sql =
        "insert into accounts (id, login, name, role, language, password_hash, created_at) values ($1, $2, $3, $4, $5, $6, $7)";
    let Account { id, login, name, role, language, .. } = account;
    tx.execute(sql, args![*id, login, name, *role, *language, hash, now]).await.map(drop)
}

/// Sets the password (an argon2id hash), and ends every log-in that was made with the old one. Whoever calls this writes the audit
/// record.
pub async fn set_password(tx: &Tx, id: AccountId, hash: &str, now: Timestamp) -> Result<(), DbError> {
    tx.execute("update accounts set password_hash = $2 where id = $1", args![id, hash]).await?;
    end_logins(tx, id, "password_changed", now).await
}

/// Ends every log-in of the account, those that wait for the second factor too, and its streams with them; `why` is a code: `blocked`,
/// `password_changed`, `removed`, `second_factor_reset`.
pub async fn end_logins(tx: &Tx, id: AccountId, why: &'static str, now: Timestamp) -> Result<(), DbError> {
    logins::end_others(tx, id, None, why, now).await.map(drop)
}
