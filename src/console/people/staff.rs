//! Those who work in a kindergarten: an account each, tied to the group in whose room they work.

use super::{LONGEST_NAME, NotDone, guardianships, invitations, record};
use crate::{
    audit::{self, Action},
    auth::LoginName,
    console::text,
    db::{Db, DbError, Tx, accounts, invitations::Ended, people, postings},
    id::{AccountId, GroupId},
    model::Role,
    policy::{Charge, Mandate},
};
use guardianships::Newcomer;
use jiff::Timestamp;
use serde_json::json;

/// Makes an account for somebody who works in the room of `group`. A login that anybody has already is refused.
pub async fn add(db: &Db, mandate: Mandate<'_>, newcomer: Newcomer, group: GroupId, now: Timestamp) -> Result<AccountId, NotDone> {
    mandate.site().group(group).ok_or(NotDone::NotTheirs)?;
    let name = text::line(&newcomer.name, LONGEST_NAME).ok_or(NotDone::Field("name"))?;
    let login: LoginName = newcomer.login.parse().map_err(|_| NotDone::Field("login"))?;
    let tx = db.begin().await?;
    // Locks, so that two who add the same person at once come one after the other.
    tx.touch().await?;
    if accounts::by_login(&tx, login.as_str(), now).await?.is_some() {
        return Err(NotDone::LoginInUse);
    }
    let account = guardianships::new_account(&tx, mandate, Role::Staff, name, &login, newcomer.language, now).await?;
    post(&tx, mandate, account.id, group, now).await?;
    tx.commit().await?;
    Ok(account.id)
}

/// Ties the staff member of `charge` to the room of another group. Nothing changes where it is so already.
pub async fn move_to(db: &Db, charge: &Charge<'_>, group: GroupId, now: Timestamp) -> Result<(), NotDone> {
    let mandate = charge.mandate();
    of_staff(charge)?;
    mandate.site().group(group).ok_or(NotDone::NotTheirs)?;
    let tx = db.begin().await?;
    match leave(&tx, charge, now).await? {
        // Not committed: it stays as it was.
        Some(before) if before == group => return Ok(()),
        _ => post(&tx, mandate, charge.id(), group, now).await?,
    }
    Ok(tx.commit().await?)
}

/// Takes the staff member's account away: it is logged out everywhere, and its link no longer works. What it did stays on record.
pub async fn remove(db: &Db, charge: &Charge<'_>, now: Timestamp) -> Result<(), NotDone> {
    of_staff(charge)?;
    let tx = db.begin().await?;
    leave(&tx, charge, now).await?;
    invitations::end(&tx, charge, Ended::Withdrawn, now).await?;
    people::remove(&tx, charge.id(), now).await?;
    accounts::end_logins(&tx, charge.id(), "removed", now).await?;
    let details = json!({ "name": charge.account().name, "role": Role::Staff });
    audit::append(&tx, record(charge.mandate(), Action::FactEnded, format!("account:{}", charge.id()), details, now)).await?;
    Ok(tx.commit().await?)
}

fn of_staff(charge: &Charge<'_>) -> Result<(), NotDone> {
    if charge.account().role == Role::Staff { Ok(()) } else { Err(NotDone::NotTheirs) }
}

async fn post(tx: &Tx, mandate: Mandate<'_>, account: AccountId, group: GroupId, now: Timestamp) -> Result<(), DbError> {
    let id = postings::begin(tx, mandate.kindergarten(), account, group, now).await?;
    let details = json!({ "account": account, "group": group });
    audit::append(tx, record(mandate, Action::FactAdded, format!("posting:{id}"), details, now)).await.map(drop)
}

/// Ends the posting that there is, and returns of which group.
async fn leave(tx: &Tx, charge: &Charge<'_>, now: Timestamp) -> Result<Option<GroupId>, DbError> {
    let Some((id, group)) = postings::end(tx, charge.id(), now).await? else { return Ok(None) };
    let details = json!({ "account": charge.id(), "group": group });
    audit::append(tx, record(charge.mandate(), Action::FactEnded, format!("posting:{id}"), details, now)).await?;
    Ok(Some(group))
}
