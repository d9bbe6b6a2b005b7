//! Panic buttons: the keys that their controllers show, and the alarms that they ring.
//!
//! An alarm keeps what the cameras recorded around its moment, from five minutes before it on: what led to it is already on the disk.

use super::{holds::Order, text};
use crate::{
    audit::{self, Action, Record},
    db::{
        Db, DbError,
        alarm_keys::{self, AlarmKeyRow},
        holds,
    },
    id::{AlarmKeyId, GroupId},
    model::{HoldOrigin, Scope},
    policy::Mandate,
    random,
};
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::fmt;

/// In characters.
const LONGEST_NAME: usize = 100;
/// Keys of a kindergarten at a time: a button in every room, and then some.
const MOST: usize = 100;
/// What an alarm keeps.
const BEFORE: SignedDuration = SignedDuration::from_mins(5);
const AFTER: SignedDuration = SignedDuration::from_mins(15);
/// Who presses again within this rings the same alarm: a button may stick.
const SAME: SignedDuration = SignedDuration::from_mins(10);

/// The text that a controller shows. It is told once, and kept nowhere.
pub struct AlarmSecret(String);

impl AlarmSecret {
    fn new() -> Self {
        Self(format!("tereze-alarm-{}", BASE32_NOPAD.encode(&random::bytes::<20>()).to_lowercase()))
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Shows nothing of it.
impl fmt::Debug for AlarmSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlarmSecret(..)")
    }
}

/// Why there is no new key.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// The group is not one of this kindergarten's.
    #[error("not one of the kindergarten's groups")]
    NotTheirs,
    /// The name says nothing, too much, or more than one line.
    #[error("a name has 1 to 100 characters on one line")]
    Name,
    /// There are as many as may be.
    #[error("too many keys")]
    TooMany,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Makes a key for the button called `name`, whose alarms are about the cameras of `group`, or of the whole kindergarten.
pub async fn make_key(
    db: &Db,
    mandate: Mandate<'_>,
    group: Option<GroupId>,
    name: &str,
    now: Timestamp,
) -> Result<(AlarmKeyRow, AlarmSecret), NotMade> {
    if group.is_some_and(|group| !mandate.site().has(Scope::Group(group))) {
        return Err(NotMade::NotTheirs);
    }
    let name = text::line(name, LONGEST_NAME).ok_or(NotMade::Name)?;
    let secret = AlarmSecret::new();
    let row =
        AlarmKeyRow { id: AlarmKeyId::new(now), kindergarten_id: mandate.kindergarten(), group_id: group, name, created_at: now };
    let tx = db.begin().await?;
    tx.touch().await?;
    if alarm_keys::list(&tx, mandate.kindergarten()).await?.len() >= MOST {
        return Err(NotMade::TooMany);
    }
    alarm_keys::insert(&tx, &row, &digest_of(secret.reveal())).await?;
    audit::append(&tx, key_record(mandate, &row, Action::FactAdded, now)).await?;
    tx.commit().await?;
    Ok((row, secret))
}

/// Takes a key away: it rings no alarm any more. `false` when that was done already.
pub async fn remove_key(db: &Db, mandate: Mandate<'_>, id: AlarmKeyId, now: Timestamp) -> Result<bool, DbError> {
    let tx = db.begin().await?;
    tx.touch().await?;
    let Some(row) = alarm_keys::remove(&tx, mandate.kindergarten(), id, now).await? else { return Ok(false) };
    audit::append(&tx, key_record(mandate, &row, Action::FactEnded, now)).await?;
    tx.commit().await?;
    Ok(true)
}

/// What an alarm keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    /// When it was rung first.
    pub at: Timestamp,
    /// The first moment that is kept.
    pub from: Timestamp,
    /// The first moment after.
    pub to: Timestamp,
    /// Of how many cameras.
    pub cameras: usize,
}

/// Rings the alarm of the key whose text is `secret`; `None` when there is no such key. A button that is pressed again within ten minutes
/// is answered with the same alarm.
pub async fn ring(db: &Db, secret: &str, now: Timestamp) -> Result<Option<Rung>, DbError> {
    let tx = db.begin().await?;
    // Locks, so that a button that sends twice at once rings once.
    tx.touch().await?;
    let Some(key) = alarm_keys::by_digest(&tx, &digest_of(secret)).await? else { return Ok(None) };
    let subject = format!("alarm_key:{}", key.id);
    let recent = holds::of_subject(&tx, &subject, now.saturating_sub(SAME).unwrap_or(now)).await?;
    if let Some(first) = recent.first() {
        let cameras = recent.iter().filter(|hold| hold.since == first.since).count();
        return Ok(Some(Rung { at: first.since, from: first.starts_at, to: first.ends_at, cameras }));
    }
    let span = (now.saturating_sub(BEFORE).unwrap_or(now), now.saturating_add(AFTER).unwrap_or(now));
    let cameras = alarm_keys::cameras(&tx, &key).await?;
    let rung = Rung { at: now, from: span.0, to: span.1, cameras: cameras.len() };
    let order = Order {
        kindergarten: key.kindergarten_id,
        cameras,
        span,
        origin: HoldOrigin::Alarm,
        subject: Some(subject.clone()),
        reason: key.name.clone(),
        by: None,
    };
    order.give(&tx, None, now).await?;
    let record = Record {
        at: now,
        actor: None,
        kindergarten: Some(key.kindergarten_id),
        action: Action::AlarmRung,
        subject,
        details: json!({ "name": key.name, "group": key.group_id, "from": rung.from, "to": rung.to, "count": rung.cameras }),
    };
    audit::append(&tx, record).await?;
    tx.commit().await?;
    Ok(Some(rung))
}

/// The secret has 160 bits that nobody can guess, so a plain hash tells nothing of it.
fn digest_of(secret: &str) -> String {
    HEXLOWER.encode(digest(&SHA256, secret.as_bytes()).as_ref())
}

fn key_record(mandate: Mandate<'_>, row: &AlarmKeyRow, action: Action, at: Timestamp) -> Record {
    Record {
        at,
        actor: Some(mandate.account()),
        kindergarten: Some(row.kindergarten_id),
        action,
        subject: format!("alarm_key:{}", row.id),
        details: json!({ "name": row.name, "group": row.group_id }),
    }
}
