//! The people of a kindergarten: its children's guardians and its staff.

pub mod access;
pub mod guardianships;
pub mod guests;
pub mod invitations;
pub mod staff;

use crate::{
    audit::{Action, Record},
    db::{self, DbError, Queries},
    id::AccountId,
    policy::{self, Charge, Mandate, Refusal, Ties},
};
use jiff::Timestamp;
use serde_json::Value;

/// The longest name of a person, in characters.
pub const LONGEST_NAME: usize = 100;
/// The longest reason or reference, in characters.
pub const LONGEST_WORDS: usize = 200;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// A child, a tie or an account is another kindergarten's, or nobody's.
    #[error("not one of the kindergarten's people")]
    NotTheirs,
    /// A field cannot be what it is.
    #[error("the field {0} cannot be so")]
    Field(&'static str),
    /// Somebody who is no parent logs in with this.
    #[error("the login is another's")]
    LoginTaken,
    /// Somebody logs in with this already.
    #[error("the login is in use")]
    LoginInUse,
    /// The account is a guardian of the child already.
    #[error("a guardian of this child already")]
    Already,
    /// As many wishes of the parent wait as may.
    #[error("too many wishes wait")]
    TooManyWaiting,
    /// Another kindergarten has a part in the account.
    #[error("the account is another kindergarten's too")]
    Shared,
    /// The account is blocked.
    #[error("the account is blocked")]
    Blocked,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<Refusal> for NotDone {
    fn from(_: Refusal) -> Self {
        Self::NotTheirs
    }
}

/// The charge of the account `id`, if the director of `mandate` looks after it.
pub async fn in_charge<'a>(db: &impl Queries, mandate: Mandate<'a>, id: AccountId, now: Timestamp) -> Result<Charge<'a>, NotDone> {
    let account = db::accounts::by_id(db, id, now).await?;
    let db::people::Ties { here, elsewhere } = db::people::ties(db, id, mandate.kindergarten()).await?;
    Ok(policy::charge(mandate, account, Ties { here, elsewhere })?)
}

/// A record of what the director of `mandate` did.
fn record(mandate: Mandate<'_>, action: Action, subject: String, details: Value, at: Timestamp) -> Record {
    Record { at, actor: Some(mandate.account()), kindergarten: Some(mandate.kindergarten()), action, subject, details }
}
