//! Log-ins: those that stand, as their owner sees them, and those that wait for the second factor.

use super::{DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, HalfLoginId, LoginId},
};
use jiff::Timestamp;

/// A log-in that stands.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Standing {
    /// The log-in.
    pub id: LoginId,
    /// The browser, as it said.
    pub agent: String,
    /// Since when.
    #[sqlx(try_from = "Moment")]
    pub created_at: Timestamp,
    /// When it was used last, to the minute.
    #[sqlx(try_from = "Moment")]
    pub seen_at: Timestamp,
}

/// The log-ins of `account` that stand at `now`, the last used first.
pub async fn standing(db: &impl Queries, account: AccountId, now: Timestamp) -> Result<Vec<Standing>, DbError> {
    let sql = "select id, agent, created_at, coalesce(seen_at, created_at) as seen_at from logins \
               where account_id = $1 and ended_at is null and idle_until > $2 and expires_at > $2 order by coalesce(seen_at, created_at) desc, id desc";
    db.rows(sql, args![account, now]).await
}

/// Whether `login` is one of `account`'s, over or not.
pub async fn is_own(db: &impl Queries, account: AccountId, login: LoginId) -> Result<bool, DbError> {
    let row: Option<(LoginId,)> = db.row("select id from logins where id = $1 and account_id = $2", args![login, account]).await?;
    Ok(row.is_some())
}

/// Ends a log-in, and its streams with it; `false` when it is over already. Whoever calls this writes the audit record.
pub async fn end(tx: &Tx, login: LoginId, why: &'static str, now: Timestamp) -> Result<bool, DbError> {
    tx.touch().await?;
    let sql = "update logins set ended_at = $2, ended_why = $3 where id = $1 and ended_at is null";
    Ok(tx.execute(sql, args![login, now, why]).await? > 0)
}

/// Ends every log-in of `account` but `kept`, those that wait for the second factor too; returns how many stood. Whoever calls this
/// writes the audit record.
pub async fn end_others(
    tx: &Tx,
    account: AccountId,
    kept: Option<LoginId>,
    why: &'static str,
    now: Timestamp,
) -> Result<u64, DbError> {
    tx.touch().await?;
    tx.execute("delete from half_logins where account_id = $1", args![account]).await?;
    let sql = "update logins set ended_at = $2, ended_why = $3 where account_id = $1 and ended_at is null and id <> $4";
    // No log-in has an empty id.
    let kept = kept.map(|kept| kept.to_string()).unwrap_or_default();
    tx.execute(sql, args![account, now, why, kept]).await
}

/// A log-in whose password was right and whose second factor is still to be shown.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Half {
    /// The half log-in.
    pub id: HalfLoginId,
    /// Whose.
    #[sqlx(rename = "account_id")]
    pub account: AccountId,
}

/// Writes down that `half` waits for the second factor until `until`; `secret_hash` is what is kept of its cookie.
pub async fn wait(tx: &Tx, half: Half, secret_hash: &str, until: Timestamp) -> Result<(), DbError> {
    let sql = "insert into half_logins (id, account_id, secret_hash, expires_at) values ($1, $2, $3, $4)";
    tx.execute(sql, args![half.id, half.account, secret_hash, until]).await.map(drop)
}

/// The half log-in of a cookie, if it still waits at `now`.
pub async fn waiting(db: &impl Queries, secret_hash: &str, now: Timestamp) -> Result<Option<Half>, DbError> {
    let sql = "select id, account_id from half_logins where secret_hash = $1 and expires_at > $2";
    db.row(sql, args![secret_hash, now]).await
}

/// Takes a half log-in away; `false` when it is gone already.
pub async fn stop_waiting(tx: &Tx, half: HalfLoginId) -> Result<bool, DbError> {
    Ok(tx.execute("delete from half_logins where id = $1", args![half]).await? > 0)
}
