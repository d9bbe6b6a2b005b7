//! Links that let a person in once, whoever makes them: a director for the kindergarten's people, an operator for directors and
//! inspectors.

use crate::{
    audit::{self, Action, Record},
    auth::LinkSecret,
    db::{
        self, DbError, Tx,
        invitations::{self, Ended, Invitation, Way},
    },
    id::{AccountId, InvitationId, KindergartenId},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// For how long a link works.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Who makes a link, and for which kindergarten.
#[derive(Debug, Clone, Copy)]
pub struct Maker {
    /// The director or operator.
    pub by: AccountId,
    /// The kindergarten.
    pub kindergarten: KindergartenId,
}

/// A link that was just made, and its secret, which nobody can be told again.
#[derive(Debug)]
pub struct Made {
    /// The link.
    pub invitation: Invitation,
    /// Its secret.
    pub secret: LinkSecret,
}

/// Makes a link for `account`, with its audit record; one that there was no longer works. Who has a password keeps it until the link
/// is used.
pub async fn make(tx: &Tx, maker: Maker, account: AccountId, way: Way, now: Timestamp) -> Result<Made, DbError> {
    end(tx, maker, account, Ended::Replaced, now).await?;
    let secret = LinkSecret::random();
    let invitation = Invitation {
        id: InvitationId::new(now),
        kindergarten: maker.kindergarten,
        account,
        reset: db::accounts::password_hash(tx, account).await?.is_some(),
        way,
        expires_at: now.saturating_add(LASTS).unwrap_or(Timestamp::MAX),
        ended: None,
    };
    invitations::begin(tx, &invitation, &secret.hash(), maker.by, now).await?;
    let details = json!({ "account": account, "way": way, "reset": invitation.reset, "expires_at": invitation.expires_at });
    audit::append(tx, record(maker, Action::Invited, &invitation, details, now)).await?;
    Ok(Made { invitation, secret })
}

/// Ends the link of `account` that stands, with its audit record. `false` when there is none.
pub async fn end(tx: &Tx, maker: Maker, account: AccountId, why: Ended, now: Timestamp) -> Result<bool, DbError> {
    let Some(invitation) = invitations::end(tx, account, why, now).await? else { return Ok(false) };
    let details = json!({ "account": account, "why": why });
    audit::append(tx, record(maker, Action::InvitationEnded, &invitation, details, now)).await?;
    Ok(true)
}

fn record(maker: Maker, action: Action, invitation: &Invitation, details: Value, at: Timestamp) -> Record {
    let subject = format!("invitation:{}", invitation.id);
    Record { at, actor: Some(maker.by), kindergarten: Some(maker.kindergarten), action, subject, details }
}
