//! Inviting somebody by a link that lets in once, and giving one to who has lost the password.

use super::NotDone;
use crate::{
    console::links::{self, Made, Maker},
    db::{
        Db, DbError, Tx,
        invitations::{Ended, Way},
    },
    policy::Charge,
};
use jiff::Timestamp;

/// Makes a link for the account of `charge`; one that there was no longer works. Who has a password keeps it until the link is used.
///
/// A link that the director sees logs in as the person: where another kindergarten has a part in the account it can only be sent.
pub async fn invite(db: &Db, charge: &Charge<'_>, way: Way, now: Timestamp) -> Result<Made, NotDone> {
    if charge.is_shared() && way == Way::Print {
        return Err(NotDone::Shared);
    }
    if charge.account().blocked {
        return Err(NotDone::Blocked);
    }
    let tx = db.begin().await?;
    let made = links::make(&tx, maker(charge), charge.id(), way, now).await?;
    tx.commit().await?;
    Ok(made)
}

/// Takes the account's link back. Nothing changes where there is none.
pub async fn withdraw(db: &Db, charge: &Charge<'_>, now: Timestamp) -> Result<(), DbError> {
    let tx = db.begin().await?;
    if end(&tx, charge, Ended::Withdrawn, now).await? {
        tx.commit().await?;
    }
    Ok(())
}

/// Ends the link that stands, with its audit record. `false` when there is none.
pub(super) async fn end(tx: &Tx, charge: &Charge<'_>, why: Ended, now: Timestamp) -> Result<bool, DbError> {
    links::end(tx, maker(charge), charge.id(), why, now).await
}

fn maker(charge: &Charge<'_>) -> Maker {
    let mandate = charge.mandate();
    Maker { by: mandate.account(), kindergarten: mandate.kindergarten() }
}
