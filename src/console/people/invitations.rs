//! Inviting somebody by a link that lets in once, and giving one to who has lost the password.

use super::{NotDone, record};
use crate::{
    audit::{self, Action},
    auth::LinkSecret,
    db::{
        self, Db, DbError, Tx,
        invitations::{self, Ended, Invitation, Way},
    },
    id::InvitationId,
    policy::Charge,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// For how long a link works.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A link that was just made, and its secret, which nobody can be told again.
#[derive(Debug)]
pub struct Made {
    /// The link.
    pub invitation: Invitation,
    /// Its secret.
    pub secret: LinkSecret,
}

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
    let (mandate, account, secret) = (charge.mandate(), charge.id(), LinkSecret::random());
    let tx = db.begin().await?;
    end(&tx, charge, Ended::Replaced, now).await?;
    let invitation = Invitation {
        id: InvitationId::new(now),
        kindergarten: mandate.kindergarten(),
        account,
        reset: db::accounts::password_hash(&tx, account).await?.is_some(),
        way,
        expires_at: now.saturating_add(LASTS).unwrap_or(Timestamp::MAX),
        ended: None,
    };
    invitations::begin(&tx, &invitation, &secret.hash(), mandate.account(), now).await?;
    let details = json!({ "account": account, "way": way, "reset": invitation.reset, "expires_at": invitation.expires_at });
    audit::append(&tx, record(mandate, Action::Invited, subject(&invitation), details, now)).await?;
    tx.commit().await?;
    Ok(Made { invitation, secret })
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
    let Some(invitation) = invitations::end(tx, charge.id(), why, now).await? else { return Ok(false) };
    let details = json!({ "account": invitation.account, "why": why });
    audit::append(tx, record(charge.mandate(), Action::InvitationEnded, subject(&invitation), details, now)).await?;
    Ok(true)
}

fn subject(invitation: &Invitation) -> String {
    format!("invitation:{}", invitation.id)
}
