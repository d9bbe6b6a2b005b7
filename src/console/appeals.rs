//! Parents report problems, and directors answer until it is fixed.
//!
//! Each step is a row and an audit record. The record says who did what when, and has a digest of the words: they are a family's, and
//! are not copied to where nothing is ever changed.

use super::{holds, text};
use crate::{
    audit::{self, Action, Record},
    db::{
        Db, DbError, Tx,
        appeals::{self, Appeal, Step, Subject},
    },
    id::{AccountId, AppealId, AppealStepId, CameraId},
    model::{AppealAct, AppealKind},
    policy::{Appellant, Mandate, Refusal},
};
use jiff::{SignedDuration, Timestamp, Unit};
use serde_json::json;
use std::time::Duration;

/// In characters.
const LONGEST_WORDS: usize = 1_000;
/// How far back the minute may lie: so long there are recordings.
const OLDEST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Appeals of one account that are not over, at a time.
const MOST_OPEN: i64 = 5;
/// How often one account may write in a [`DAY`].
const MOST_A_DAY: usize = 10;
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How many of the own appeals a parent is shown.
pub const OWN_SHOWN: u32 = 50;

/// What a parent reports.
#[derive(Debug, Clone)]
pub struct Report {
    /// The camera, where it is about one.
    pub camera: Option<CameraId>,
    /// The minute.
    pub happened_at: Timestamp,
    /// Of what it complains.
    pub kind: AppealKind,
    /// In the parent's words.
    pub words: String,
}

/// What a director says to it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// As what it stands from now on: answered, fixed or closed.
    pub act: AppealAct,
    /// In the director's words.
    pub words: String,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    /// The appeal, or the camera that is named, is not theirs.
    #[error("not one of theirs")]
    NotTheirs,
    /// A field cannot be what it is.
    #[error("the field {0} cannot be so")]
    Field(&'static str),
    /// As many appeals of the account are open as may.
    #[error("too many appeals are open")]
    TooManyOpen,
    /// The account wrote as often as it may in a day; the next word is taken after so long.
    #[error("too many words in a day")]
    TooOften(Duration),
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<Refusal> for NotWritten {
    fn from(_: Refusal) -> Self {
        Self::NotTheirs
    }
}

/// Writes to the director.
pub async fn report(db: &Db, appellant: Appellant<'_>, report: Report, now: Timestamp) -> Result<Appeal, NotWritten> {
    let Report { camera, happened_at, kind, words } = report;
    let words = text::line(&words, LONGEST_WORDS).ok_or(NotWritten::Field("words"))?;
    if happened_at > now || now.duration_since(happened_at) > OLDEST {
        return Err(NotWritten::Field("minute"));
    }
    if let Some(camera) = camera {
        appellant.may_name(camera, now)?;
    }
    let subject = Subject {
        id: AppealId::new(now),
        kindergarten: appellant.kindergarten(),
        account: appellant.account(),
        child: appellant.child(),
        group: appellant.group(appellant.site().date(happened_at)),
        camera,
        happened_at: happened_at
            .round(jiff::TimestampRound::new().smallest(Unit::Minute).mode(jiff::RoundMode::Trunc))
            .unwrap_or(happened_at),
        kind,
    };
    let tx = db.begin().await?;
    // Locks, so that nobody writes more often at once than one after the other.
    tx.touch().await?;
    within_bounds(&tx, subject.account, now).await?;
    if appeals::count_open(&tx, subject.account).await? >= MOST_OPEN {
        return Err(NotWritten::TooManyOpen);
    }
    appeals::insert(&tx, &subject, now).await?;
    let step = step(subject.account, AppealAct::Reported, words, 1, now);
    take(&tx, &subject, &step, Action::AppealMade).await?;
    holds::hold_for(&tx, &subject, now).await?;
    told(tx, subject.id).await
}

/// The parent writes about the own appeal again. What is fixed or closed is open again by it.
pub async fn reply(db: &Db, appellant: Appellant<'_>, id: AppealId, words: &str, now: Timestamp) -> Result<Appeal, NotWritten> {
    let words = text::line(words, LONGEST_WORDS).ok_or(NotWritten::Field("words"))?;
    let tx = db.begin().await?;
    tx.touch().await?;
    let appeal = appeals::by_id(&tx, id).await?.filter(|appeal| appeal.subject.account == appellant.account());
    let appeal = appeal.ok_or(NotWritten::NotTheirs)?;
    within_bounds(&tx, appellant.account(), now).await?;
    let step = step(appellant.account(), appeal.state().written_again(), words, next(&appeal), now);
    take(&tx, &appeal.subject, &step, Action::AppealReturned).await?;
    told(tx, id).await
}

/// The director's word on an appeal of the own kindergarten.
pub async fn answer(db: &Db, mandate: Mandate<'_>, id: AppealId, answer: Answer, now: Timestamp) -> Result<Appeal, NotWritten> {
    if answer.act.is_parents() {
        return Err(NotWritten::Field("outcome"));
    }
    let words = text::line(&answer.words, LONGEST_WORDS).ok_or(NotWritten::Field("words"))?;
    let tx = db.begin().await?;
    tx.touch().await?;
    let appeal = appeals::by_id(&tx, id).await?.filter(|appeal| appeal.subject.kindergarten == mandate.kindergarten());
    let appeal = appeal.ok_or(NotWritten::NotTheirs)?;
    let step = step(mandate.account(), answer.act, words, next(&appeal), now);
    take(&tx, &appeal.subject, &step, Action::AppealAnswered).await?;
    told(tx, id).await
}

/// What `account` wrote, the newest first, with what became of it.
pub async fn own(db: &Db, account: AccountId) -> Result<Vec<Appeal>, DbError> {
    appeals::of_account(db, account, OWN_SHOWN).await
}

/// An error when `account` has written as often in the last day as it may.
async fn within_bounds(tx: &Tx, account: AccountId, now: Timestamp) -> Result<(), NotWritten> {
    let steps = appeals::steps_since(tx, account, now.saturating_sub(DAY).unwrap_or(Timestamp::MIN)).await?;
    let Some(oldest) = steps.len().checked_sub(MOST_A_DAY).and_then(|spent| steps.get(spent)) else { return Ok(()) };
    let again = oldest.saturating_add(DAY).unwrap_or(Timestamp::MAX);
    Err(NotWritten::TooOften(again.duration_since(now).unsigned_abs()))
}

fn step(account: AccountId, act: AppealAct, words: String, number: i64, at: Timestamp) -> Step {
    Step { id: AppealStepId::new(at), number, account, act, words, at }
}

/// The number of the step that comes next.
fn next(appeal: &Appeal) -> i64 {
    appeal.steps.last().map_or(1, |(step, ..)| step.number + 1)
}

/// Writes a step down, with its audit record.
async fn take(tx: &Tx, subject: &Subject, step: &Step, action: Action) -> Result<(), DbError> {
    let Subject { id, kindergarten, child, group, camera, happened_at, kind, .. } = subject;
    let mut details = json!({ "act": step.act, "number": step.number, "digest": audit::digest(step).to_string() });
    if let (AppealAct::Reported, Some(details)) = (step.act, details.as_object_mut()) {
        let about = json!({ "child": child, "group": group, "camera": camera, "minute": happened_at, "kind": kind });
        details.extend(about.as_object().cloned().unwrap_or_default());
    }
    let (actor, kindergarten, subject) = (Some(step.account), Some(*kindergarten), format!("appeal:{id}"));
    let record = audit::append(tx, Record { at: step.at, actor, kindergarten, action, subject, details }).await?;
    appeals::step(tx, *id, step, record).await
}

/// The appeal as it stands now, once that is written down for good.
async fn told(tx: Tx, id: AppealId) -> Result<Appeal, NotWritten> {
    let appeal = appeals::by_id(&tx, id).await?.ok_or(NotWritten::NotTheirs)?;
    tx.commit().await?;
    Ok(appeal)
}
