//! Keeping somebody out, and the devices on which somebody is logged in.

use super::{LONGEST_WORDS, NotDone, invitations, record};
use crate::{
    audit::{self, Action, Record},
    console::text,
    db::{Db, DbError, Tx, accounts, invitations::Ended, logins},
    id::{AccountId, KindergartenId, LoginId},
    policy::Charge,
};
use jiff::Timestamp;
use serde_json::json;

/// Who keeps somebody out or lets somebody in again: a director of a kindergarten, or the operator at the command line.
#[derive(Debug, Clone, Copy)]
pub struct By {
    /// The director; nobody is known at the command line.
    pub actor: Option<AccountId>,
    /// The kindergarten whose director may see it.
    pub kindergarten: Option<KindergartenId>,
}

impl By {
    fn director(charge: &Charge<'_>) -> Self {
        let mandate = charge.mandate();
        Self { actor: Some(mandate.account()), kindergarten: Some(mandate.kindergarten()) }
    }
}

/// Blocks `account` from `now` on, ends its log-ins, and writes it down. `false` when it is blocked already.
pub async fn keep_out(tx: &Tx, by: By, account: AccountId, reason: &str, now: Timestamp) -> Result<bool, DbError> {
    let news = accounts::block(tx, account, reason, now).await?;
    if news {
        accounts::end_logins(tx, account, "blocked", now).await?;
        write(tx, by, Action::AccountBlocked, account, json!({ "reason": reason }), now).await?;
    }
    Ok(news)
}

/// Lets `account` in again, and writes it down. `false` when it is not blocked.
pub async fn let_in_again(tx: &Tx, by: By, account: AccountId, now: Timestamp) -> Result<bool, DbError> {
    let news = accounts::unblock(tx, account, now).await?;
    if news {
        write(tx, by, Action::AccountUnblocked, account, json!({}), now).await?;
    }
    Ok(news)
}

/// Blocks the account of `charge`: it can neither log in nor watch, and its link no longer works.
pub async fn block(db: &Db, charge: &Charge<'_>, reason: &str, now: Timestamp) -> Result<(), NotDone> {
    if charge.is_shared() {
        return Err(NotDone::Shared);
    }
    let reason = text::line(reason, LONGEST_WORDS).ok_or(NotDone::Field("reason"))?;
    let tx = db.begin().await?;
    invitations::end(&tx, charge, Ended::Withdrawn, now).await?;
    keep_out(&tx, By::director(charge), charge.id(), &reason, now).await?;
    Ok(tx.commit().await?)
}

/// Lets the account of `charge` in again.
pub async fn unblock(db: &Db, charge: &Charge<'_>, now: Timestamp) -> Result<(), NotDone> {
    if charge.is_shared() {
        return Err(NotDone::Shared);
    }
    let tx = db.begin().await?;
    let_in_again(&tx, By::director(charge), charge.id(), now).await?;
    Ok(tx.commit().await?)
}

/// Ends the log-in `login` of the account of `charge`, or every one, and the streams that were opened from there.
pub async fn sign_out(db: &Db, charge: &Charge<'_>, login: Option<LoginId>, now: Timestamp) -> Result<(), NotDone> {
    let tx = db.begin().await?;
    let ended = match login {
        Some(login) if !logins::is_own(&tx, charge.id(), login).await? => return Err(NotDone::NotTheirs),
        Some(login) => u64::from(logins::end(&tx, login, SIGNED_OUT, now).await?),
        None => logins::end_others(&tx, charge.id(), None, SIGNED_OUT, now).await?,
    };
    if ended > 0 {
        let details = json!({ "login": login, "count": ended });
        let record = record(charge.mandate(), Action::LoginsEnded, format!("account:{}", charge.id()), details, now);
        audit::append(&tx, record).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Why a log-in ended.
const SIGNED_OUT: &str = "signed_out";

async fn write(
    tx: &Tx,
    By { actor, kindergarten }: By,
    action: Action,
    account: AccountId,
    details: serde_json::Value,
    at: Timestamp,
) -> Result<(), DbError> {
    let subject = format!("account:{account}");
    audit::append(tx, Record { at, actor, kindergarten, action, subject, details }).await.map(drop)
}
