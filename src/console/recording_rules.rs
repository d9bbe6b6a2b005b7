//! What is recorded of a kindergarten's cameras, and for how long it is kept.

use crate::{
    audit::{self, Action, Record},
    db::{
        Db, DbError,
        recording_rules::{self, Change},
    },
    id::CameraId,
    model::RecordingRule,
    policy::Mandate,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Why everything stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotSet {
    /// The camera is not one of this kindergarten's.
    #[error("not one of the kindergarten's cameras")]
    NotTheirs,
    /// This field cannot be so.
    #[error("the field '{0}' cannot be so")]
    Field(&'static str),
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Sets what holds for `camera`, or for every camera without a rule of its own; `None` takes that rule back, and what is kept of the
/// others holds again. What was recorded under a longer rule goes when the shorter one says so.
pub async fn set(
    db: &Db,
    mandate: Mandate<'_>,
    camera: Option<CameraId>,
    rule: Option<RecordingRule>,
    now: Timestamp,
) -> Result<(), NotSet> {
    if camera.is_some_and(|camera| mandate.site().camera(camera).is_none()) {
        return Err(NotSet::NotTheirs);
    }
    if let Some(RecordingRule { days, bytes, .. }) = rule {
        if !RecordingRule::DAYS.contains(&days) {
            return Err(NotSet::Field("days"));
        }
        if bytes.is_some_and(|bytes| !RecordingRule::BYTES.contains(&bytes)) {
            return Err(NotSet::Field("bytes"));
        }
    }
    let tx = db.begin().await?;
    let Change::From(before) = recording_rules::set(&tx, mandate.kindergarten(), camera, rule, now).await? else { return Ok(()) };
    let record = Record {
        at: now,
        actor: Some(mandate.account()),
        kindergarten: Some(mandate.kindergarten()),
        action: Action::FactChanged,
        subject: camera.map_or_else(|| format!("kindergarten:{}", mandate.kindergarten()), |camera| format!("camera:{camera}")),
        details: json!({ "before": { "recording": written(before) }, "after": { "recording": written(rule) } }),
    };
    audit::append(&tx, record).await?;
    Ok(tx.commit().await?)
}

fn written(rule: Option<RecordingRule>) -> Value {
    rule.map_or(Value::Null, |RecordingRule { recorded, quality, days, bytes }| {
        json!({ "recorded": recorded, "quality": quality, "days": days, "bytes": bytes })
    })
}
