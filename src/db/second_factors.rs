//! Second factors: the secrets that accounts share with an authenticator app, sealed, and the recovery codes beside them.

use super::{DbError, Queries, Tx};
use crate::{
    args,
    id::{AccountId, SecondFactorId},
};
use jiff::Timestamp;

/// A second factor, in force or being set up.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Factor {
    /// Its id.
    pub id: SecondFactorId,
    /// The secret under the master key.
    pub sealed: String,
    /// The newest time step whose code was taken.
    pub last_step: i64,
}

/// The factor that is in force.
pub async fn of(db: &impl Queries, account: AccountId) -> Result<Option<Factor>, DbError> {
    let sql = "select id, sealed, last_step from second_factors \
               where account_id = $1 and confirmed_at is not null and removed_at is null";
    db.row(sql, args![account]).await
}

/// The factor that the account has been setting up since `since` or later.
pub async fn being_set_up(db: &impl Queries, account: AccountId, since: Timestamp) -> Result<Option<Factor>, DbError> {
    let sql = "select id, sealed, last_step from second_factors \
               where account_id = $1 and confirmed_at is null and removed_at is null and created_at >= $2";
    db.row(sql, args![account, since]).await
}

/// Begins to set up a factor, instead of any that was begun before.
pub async fn begin(tx: &Tx, id: SecondFactorId, account: AccountId, sealed: &str, now: Timestamp) -> Result<(), DbError> {
    tx.execute("delete from second_factors where account_id = $1 and confirmed_at is null", args![account]).await?;
    let sql = "insert into second_factors (id, account_id, sealed, last_step, created_at) values ($1, $2, $3, 0, $4)";
    tx.execute(sql, args![id, account, sealed, now]).await.map(drop)
}

/// Puts the factor in force whose code of `step` was right; `false` when somebody was faster.
pub async fn confirm(tx: &Tx, id: SecondFactorId, step: i64, now: Timestamp) -> Result<bool, DbError> {
    let sql = "update second_factors set confirmed_at = $3, last_step = $2 \
               where id = $1 and confirmed_at is null and removed_at is null";
    Ok(tx.execute(sql, args![id, step, now]).await? > 0)
}

/// Takes the account's factor out of force; `false` when it has none.
pub async fn remove(tx: &Tx, account: AccountId, now: Timestamp) -> Result<bool, DbError> {
    let sql = "update second_factors set removed_at = $2 where account_id = $1 and confirmed_at is not null and removed_at is null";
    Ok(tx.execute(sql, args![account, now]).await? > 0)
}

/// Notes that the code of `step` was taken; `false` when that one or a later one was taken before.
pub async fn take_step(tx: &Tx, id: SecondFactorId, step: i64) -> Result<bool, DbError> {
    let sql = "update second_factors set last_step = $2 where id = $1 and last_step < $2 and removed_at is null";
    Ok(tx.execute(sql, args![id, step]).await? > 0)
}

/// Gives the factor new recovery codes, of which `hashes` are kept; the old ones are void.
pub async fn set_codes(tx: &Tx, id: SecondFactorId, hashes: Vec<String>) -> Result<(), DbError> {
    tx.execute("delete from recovery_codes where factor_id = $1", args![id]).await?;
    for hash in hashes {
        tx.execute("insert into recovery_codes (factor_id, hash) values ($1, $2)", args![id, hash]).await?;
    }
    Ok(())
}

/// Notes that a recovery code was used; `false` when there is no such code, or it was used before.
pub async fn take_code(tx: &Tx, id: SecondFactorId, hash: &str, now: Timestamp) -> Result<bool, DbError> {
    let sql = "update recovery_codes set used_at = $3 where factor_id = $1 and hash = $2 and used_at is null";
    Ok(tx.execute(sql, args![id, hash, now]).await? > 0)
}

/// How many recovery codes were not used yet.
pub async fn codes_left(db: &impl Queries, id: SecondFactorId) -> Result<u32, DbError> {
    let sql = "select count(*) from recovery_codes where factor_id = $1 and used_at is null";
    let row: Option<(i64,)> = db.row(sql, args![id]).await?;
    Ok(row.and_then(|(left,)| u32::try_from(left).ok()).unwrap_or_default())
}
