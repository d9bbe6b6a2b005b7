//! What holds for the whole kindergarten: its name, its languages and its clock, how many may watch, and the watermark.

use super::text;
use crate::{
    audit::{self, Action, Record},
    db::{Db, DbError, settings},
    model::{Kindergarten, Language, Limits, Watermark},
    policy::Mandate,
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

/// In characters.
const LONGEST_NAME: usize = 200;
/// More streams are no longer one person's.
const STREAMS: RangeInclusive<u32> = 1..=16;
/// What the line carries is the operator's to limit.
const VIEWERS: RangeInclusive<u32> = 1..=10_000;

/// What a director sets.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The kindergarten's name.
    pub name: String,
    /// Its languages; new accounts begin with the first.
    pub languages: Vec<Language>,
    /// Its zone (IANA name).
    pub zone: String,
    /// How many may watch.
    pub limits: Limits,
    /// What every picture carries.
    pub watermark: Watermark,
}

/// Why everything stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotSet {
    /// This field is missing or cannot be.
    #[error("the field '{0}' cannot be so")]
    Field(&'static str),
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Sets all of it, or nothing. Streams that are no longer allowed end within a second.
pub async fn set(db: &Db, mandate: Mandate<'_>, wanted: Settings, now: Timestamp) -> Result<(), NotSet> {
    let site = mandate.site();
    let kindergarten = checked(&site.kindergarten, wanted)?;
    let (before, after) = differing(&site.kindergarten, &kindergarten);
    if after.is_empty() {
        return Ok(());
    }
    let tx = db.begin().await?;
    settings::set(&tx, &kindergarten).await?;
    let subject = format!("kindergarten:{}", kindergarten.id);
    audit::append(&tx, record(mandate, subject, json!({ "before": before, "after": after }), now)).await?;
    Ok(tx.commit().await?)
}

fn checked(before: &Kindergarten, wanted: Settings) -> Result<Kindergarten, NotSet> {
    let Settings { name, languages, zone, limits, watermark, .. } = wanted;
    let distinct: BTreeSet<Language> = languages.iter().copied().collect();
    if languages.is_empty() || distinct.len() < languages.len() {
        return Err(NotSet::Field("languages"));
    }
    if !STREAMS.contains(&limits.streams_per_account) {
        return Err(NotSet::Field("streams_per_account"));
    }
    if !VIEWERS.contains(&limits.viewers_per_camera) {
        return Err(NotSet::Field("viewers_per_camera"));
    }
    let zone = TimeZone::get(&zone).ok().filter(|zone| zone.iana_name().is_some()).ok_or(NotSet::Field("zone"))?;
    let name = text::line(&name, LONGEST_NAME).ok_or(NotSet::Field("name"))?;
    Ok(Kindergarten { name, zone, limits, languages, watermark, ..before.clone() })
}

/// What differs, as it was and as it will be, for the audit record.
fn differing(before: &Kindergarten, after: &Kindergarten) -> (Map<String, Value>, Map<String, Value>) {
    let (before, after) = (written(before), written(after));
    let changed: Vec<&str> = after.keys().copied().filter(|field| before[field] != after[field]).collect();
    let only = |all: &BTreeMap<&str, Value>| changed.iter().map(|field| ((*field).to_owned(), all[field].clone())).collect();
    (only(&before), only(&after))
}

fn written(kindergarten: &Kindergarten) -> BTreeMap<&'static str, Value> {
    let Kindergarten { name, zone, limits, languages, watermark, .. } = kindergarten;
    BTreeMap::from([
        ("name", json!(name)),
        ("zone", json!(zone.iana_name())),
        ("streams_per_account", json!(limits.streams_per_account)),
        ("viewers_per_camera", json!(limits.viewers_per_camera)),
        ("languages", json!(languages)),
        ("watermark", json!(watermark)),
    ])
}

fn record(mandate: Mandate<'_>, subject: String, details: Value, at: Timestamp) -> Record {
    let (actor, kindergarten) = (Some(mandate.account()), Some(mandate.kindergarten()));
    Record { at, actor, kindergarten, action: Action::FactChanged, subject, details }
}
