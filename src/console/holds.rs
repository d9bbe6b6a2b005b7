//! Keeping a span of what cameras recorded, until somebody lets go of it.

use super::text;
use crate::{
    audit::{self, Action, Record},
    db::{
        Db, DbError, Tx, appeals,
        holds::{self, HoldRow, Listed},
    },
    id::{AccountId, AppealId, CameraId, HoldId, KindergartenId},
    model::{AppealState, HoldOrigin},
    policy::{Custody, Ground},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeSet;

/// In characters.
const LONGEST_REASON: usize = 200;
/// What one order covers at most; whoever needs more gives several.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How far ahead an order may reach: the rest of the day.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// Orders of a kindergarten in force at a time: what is kept for good fills the disk.
const MOST: i64 = 500;
/// What a complaint keeps before the minute that it is about, and after.
const BEFORE_APPEAL: SignedDuration = SignedDuration::from_mins(15);
const AFTER_APPEAL: SignedDuration = SignedDuration::from_mins(15);

/// What a person wants kept.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Of which cameras.
    pub cameras: BTreeSet<CameraId>,
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after.
    pub to: Timestamp,
    /// Why.
    pub reason: String,
}

/// Why nothing is kept, or let go of.
#[derive(Debug, thiserror::Error)]
pub enum NotHeld {
    /// A camera or an order that is not the kindergarten's.
    #[error("not one of the kindergarten's")]
    NotTheirs,
    /// An inspector or a parent wants it kept.
    #[error("somebody else wants it kept")]
    NotYoursToRelease,
    /// The reason says nothing, too much, or more than one line.
    #[error("a reason has 1 to 200 characters on one line")]
    Reason,
    /// The span is none, too long, or too far ahead.
    #[error("the field {0} cannot be so")]
    Field(&'static str),
    /// As many orders are in force as may.
    #[error("too many orders are in force")]
    TooMany,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Keeps what the cameras recorded in a span, from `now` on: one order for each camera.
pub async fn hold(db: &Db, custody: Custody<'_>, wish: Wish, now: Timestamp) -> Result<Vec<HoldId>, NotHeld> {
    let Wish { cameras, from, to, reason } = wish;
    let reason = text::line(&reason, LONGEST_REASON).ok_or(NotHeld::Reason)?;
    if cameras.is_empty() || !cameras.iter().all(|camera| custody.site().recorded_camera(*camera).is_some()) {
        return Err(NotHeld::NotTheirs);
    }
    if to <= from || to.duration_since(from) > LONGEST || to.duration_since(now) > AHEAD {
        return Err(NotHeld::Field("to"));
    }
    let tx = db.begin().await?;
    tx.touch().await?;
    if holds::count(&tx, custody.kindergarten()).await? + i64::try_from(cameras.len()).unwrap_or(i64::MAX) > MOST {
        return Err(NotHeld::TooMany);
    }
    let order = Order {
        kindergarten: custody.kindergarten(),
        cameras: cameras.into_iter().collect(),
        span: (from, to),
        origin: HoldOrigin::Person,
        subject: None,
        reason,
        by: Some(custody.account()),
    };
    let ids = order.give(&tx, Some(custody.account()), now).await?;
    tx.commit().await?;
    Ok(ids)
}

/// Lets go of what an order keeps, which retention may then remove when its days are over. `false` when that was done already.
pub async fn release(db: &Db, custody: Custody<'_>, id: HoldId, reason: &str, now: Timestamp) -> Result<bool, NotHeld> {
    let reason = text::line(reason, LONGEST_REASON).ok_or(NotHeld::Reason)?;
    let tx = db.begin().await?;
    tx.touch().await?;
    let held = holds::by_id(&tx, id).await?.filter(|held| held.hold.kindergarten_id == custody.kindergarten());
    let held = held.ok_or(NotHeld::NotTheirs)?;
    if !custody.may_release(ground(&tx, &held).await?) {
        return Err(NotHeld::NotYoursToRelease);
    }
    if !holds::release(&tx, id, custody.account(), &reason, now).await? {
        return Ok(false);
    }
    let mut record = record(&held.hold, Action::FactEnded, Some(custody.account()), now);
    record.details["release_reason"] = json!(reason);
    audit::append(&tx, record).await?;
    tx.commit().await?;
    Ok(true)
}

/// What an order rests on.
pub async fn ground(db: &impl crate::db::Queries, held: &Listed) -> Result<Ground, DbError> {
    let open = match (held.hold.origin, held.hold.subject.as_deref().and_then(appeal_of)) {
        (HoldOrigin::Appeal, Some(appeal)) => {
            let appeal = appeals::by_id(db, appeal).await?;
            appeal.is_some_and(|appeal| !matches!(appeal.state(), AppealState::Fixed | AppealState::Closed))
        }
        _ => false,
    };
    Ok(Ground { origin: held.hold.origin, by: held.held_by_role, open })
}

/// Keeps what the camera of a complaint recorded around its minute, in the transaction in which the complaint is written.
pub(super) async fn hold_for(tx: &Tx, subject: &appeals::Subject, now: Timestamp) -> Result<(), DbError> {
    let Some(camera) = subject.camera else { return Ok(()) };
    let moment = subject.happened_at;
    let span = (moment.saturating_sub(BEFORE_APPEAL).unwrap_or(moment), moment.saturating_add(AFTER_APPEAL).unwrap_or(moment));
    let order = Order {
        kindergarten: subject.kindergarten,
        cameras: vec![camera],
        span,
        origin: HoldOrigin::Appeal,
        subject: Some(format!("{APPEAL}{}", subject.id)),
        reason: String::new(),
        by: None,
    };
    order.give(tx, Some(subject.account), now).await.map(drop)
}

/// What names the complaint in an order's subject, as audit records name it.
const APPEAL: &str = "appeal:";

fn appeal_of(subject: &str) -> Option<AppealId> {
    subject.strip_prefix(APPEAL)?.parse().ok()
}

/// One order, for one or more cameras.
pub(super) struct Order {
    pub(super) kindergarten: KindergartenId,
    pub(super) cameras: Vec<CameraId>,
    pub(super) span: (Timestamp, Timestamp),
    pub(super) origin: HoldOrigin,
    pub(super) subject: Option<String>,
    pub(super) reason: String,
    pub(super) by: Option<AccountId>,
}

impl Order {
    /// Writes the order down, with a record for each camera of which `actor` is the cause.
    pub(super) async fn give(self, tx: &Tx, actor: Option<AccountId>, now: Timestamp) -> Result<Vec<HoldId>, DbError> {
        let Self { kindergarten, cameras, span: (from, to), origin, subject, reason, by } = self;
        let rows: Vec<HoldRow> = cameras
            .into_iter()
            .map(|camera| HoldRow {
                id: HoldId::new(now),
                kindergarten_id: kindergarten,
                camera_id: camera,
                starts_at: from,
                ends_at: to,
                origin,
                subject: subject.clone(),
                reason: reason.clone(),
                held_by: by,
                since: now,
                until: None,
                released_by: None,
                release_reason: None,
            })
            .collect();
        for row in &rows {
            holds::begin(tx, row).await?;
        }
        if !rows.is_empty() {
            audit::append_all(tx, rows.iter().map(|row| record(row, Action::FactAdded, actor, now)).collect()).await?;
        }
        Ok(rows.into_iter().map(|row| row.id).collect())
    }
}

fn record(hold: &HoldRow, action: Action, actor: Option<AccountId>, at: Timestamp) -> Record {
    let HoldRow { camera_id: camera, starts_at: from, ends_at: to, origin, subject, reason, .. } = hold;
    Record {
        at,
        actor,
        kindergarten: Some(hold.kindergarten_id),
        action,
        subject: format!("hold:{}", hold.id),
        details: json!({ "camera": camera, "from": from, "to": to, "origin": origin, "for": subject, "reason": reason }),
    }
}
