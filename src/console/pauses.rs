//! Closing what parents look at, now, and opening it again.

use super::text;
use crate::{
    audit::{self, Action, Record},
    db::{Db, DbError, pauses},
    id::PauseId,
    model::{Pause, Scope},
    policy::Mandate,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// In characters.
const LONGEST_REASON: usize = 200;
/// What is to be closed for longer is a matter of the hours.
const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is to be closed, until when, and why.
#[derive(Debug, Clone)]
pub struct Closing {
    /// What.
    pub scope: Scope,
    /// The first moment at which it is open again.
    pub until: Timestamp,
    /// Why: parents read it.
    pub reason: String,
}

/// Why nothing was closed.
#[derive(Debug, thiserror::Error)]
pub enum NotClosed {
    /// The group or camera is not one of this kindergarten's.
    #[error("not one of the kindergarten's groups or cameras")]
    NotTheirs,
    /// The reason says nothing, too much, or more than one line.
    #[error("a reason has 1 to 200 characters on one line")]
    Reason,
    /// The end is in the past, or too far away.
    #[error("a pause ends in the future, within 30 days")]
    Until,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Closes from `now` on. Streams that are no longer allowed end within a second.
pub async fn close(db: &Db, mandate: Mandate<'_>, closing: Closing, now: Timestamp) -> Result<Pause, NotClosed> {
    let pause = checked(mandate, closing, now)?;
    let tx = db.begin().await?;
    pauses::begin(&tx, mandate.kindergarten(), &pause).await?;
    audit::append(&tx, record(mandate, Action::FactAdded, &pause, now)).await?;
    tx.commit().await?;
    Ok(pause)
}

/// Opens again before the pause's own end. `false` when it is over already: then there is nothing to do, nor to write down.
pub async fn open_again(db: &Db, mandate: Mandate<'_>, id: PauseId, now: Timestamp) -> Result<bool, DbError> {
    let tx = db.begin().await?;
    let Some(pause) = pauses::end(&tx, mandate.kindergarten(), id, mandate.account(), now).await? else { return Ok(false) };
    audit::append(&tx, record(mandate, Action::FactEnded, &pause, now)).await?;
    tx.commit().await?;
    Ok(true)
}

fn checked(mandate: Mandate<'_>, closing: Closing, now: Timestamp) -> Result<Pause, NotClosed> {
    let Closing { scope, until, reason } = closing;
    if !mandate.site().has(scope) {
        return Err(NotClosed::NotTheirs);
    }
    let reason = text::line(&reason, LONGEST_REASON).ok_or(NotClosed::Reason)?;
    // The database keeps milliseconds.
    let (from, until) = (to_millisecond(now), to_millisecond(until));
    if until <= now || until.duration_since(from) > LONGEST {
        return Err(NotClosed::Until);
    }
    Ok(Pause { id: PauseId::new(now), scope, from, until, reason, by: Some(mandate.account()) })
}

fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

fn record(mandate: Mandate<'_>, action: Action, pause: &Pause, at: Timestamp) -> Record {
    let (group, camera) = match pause.scope {
        Scope::All => (None, None),
        Scope::Group(group) => (Some(group), None),
        Scope::Camera(camera) => (None, Some(camera)),
    };
    Record {
        at,
        actor: Some(mandate.account()),
        kindergarten: Some(mandate.kindergarten()),
        action,
        subject: format!("pause:{}", pause.id),
        details: json!({ "group": group, "camera": camera, "from": pause.from, "until": pause.until, "reason": pause.reason }),
    }
}
