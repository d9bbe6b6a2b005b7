//! Ending somebody's running viewing, and letting the person in again.
//!
//! Who is sent away and can press 'watch again' at once was not sent away: so an ending keeps the account out of the kindergarten's
//! cameras until a moment that the director chooses. It is a fact that the policy reads, and ends by itself.

use super::text;
use crate::{
    audit::{self, Action, Record},
    db::{Db, DbError, interruptions, viewings},
    id::{InterruptionId, ViewingId},
    model::{Interruption, Role},
    policy::Mandate,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// In characters.
const LONGEST_REASON: usize = 200;
/// Whom the director wants to keep out for longer is blocked.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// How a viewing is ended.
#[derive(Debug, Clone)]
pub struct Ending {
    /// The first moment at which the account may watch again.
    pub until: Timestamp,
    /// Why: the person reads it.
    pub reason: String,
}

/// Why nothing was ended.
#[derive(Debug, thiserror::Error)]
pub enum NotEnded {
    /// Not one of this kindergarten's viewings.
    #[error("not one of the kindergarten's viewings")]
    NotTheirs,
    /// The viewing is over already.
    #[error("the viewing is over")]
    Over,
    /// A parent's viewing is the director's to end; an inspector's is not, nor a colleague's.
    #[error("only a parent's viewing can be ended")]
    NotAParent,
    /// The reason says nothing, too much, or more than one line.
    #[error("a reason has 1 to 200 characters on one line")]
    Reason,
    /// The end is in the past, or too far away.
    #[error("an interruption ends in the future, within a day")]
    Until,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Ends `viewing`, and whatever else its account watches in the kindergarten, within a second; until `ending.until` it is not let in.
pub async fn end(
    db: &Db,
    mandate: Mandate<'_>,
    viewing: ViewingId,
    ending: Ending,
    now: Timestamp,
) -> Result<Interruption, NotEnded> {
    let reason = text::line(&ending.reason, LONGEST_REASON).ok_or(NotEnded::Reason)?;
    // The database keeps milliseconds.
    let (from, until) = (to_millisecond(now), to_millisecond(ending.until));
    if until <= now || until.duration_since(from) > LONGEST {
        return Err(NotEnded::Until);
    }
    let tx = db.begin().await?;
    tx.touch().await?;
    let watched = viewings::watched(&tx, mandate.kindergarten(), viewing).await?.ok_or(NotEnded::NotTheirs)?;
    if watched.role != Role::Parent {
        return Err(NotEnded::NotAParent);
    }
    // Two who press at once end it once.
    if watched.ended || interruptions::keeps_out(&tx, mandate.kindergarten(), watched.account, now).await? {
        return Err(NotEnded::Over);
    }
    let id = InterruptionId::new(now);
    let interruption = Interruption { id, account: watched.account, viewing, from, until, reason, by: mandate.account() };
    interruptions::begin(&tx, mandate.kindergarten(), &interruption).await?;
    audit::append(&tx, record(mandate, Action::ViewingCut, &interruption, now)).await?;
    tx.commit().await?;
    Ok(interruption)
}

/// Lets in again, before its time, whom the end of `viewing` keeps out. `false` when nothing does: then there is nothing to do, nor
/// to write down.
pub async fn let_in(db: &Db, mandate: Mandate<'_>, viewing: ViewingId, now: Timestamp) -> Result<bool, DbError> {
    let tx = db.begin().await?;
    let lifted = interruptions::lift(&tx, mandate.kindergarten(), viewing, mandate.account(), now).await?;
    let Some(interruption) = lifted else { return Ok(false) };
    audit::append(&tx, record(mandate, Action::ViewingAllowed, &interruption, now)).await?;
    tx.commit().await?;
    Ok(true)
}

fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

fn record(mandate: Mandate<'_>, action: Action, interruption: &Interruption, at: Timestamp) -> Record {
    let Interruption { account, viewing, until, reason, .. } = interruption;
    Record {
        at,
        actor: Some(mandate.account()),
        kindergarten: Some(mandate.kindergarten()),
        action,
        subject: format!("viewing:{viewing}"),
        details: json!({ "account": account, "until": until, "reason": reason }),
    }
}
