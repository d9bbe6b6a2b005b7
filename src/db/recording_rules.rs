//! What is recorded of which camera, and for how long it is kept.

use super::{DbError, Queries, Tx, known::known};
use crate::{
    args,
    id::{CameraId, KindergartenId, RecordingRuleId},
    model::{RecordedQuality, RecordingRule, RecordingRules},
};
use jiff::Timestamp;

/// The rules of `kindergarten` that were known at `at`.
pub(super) async fn known(db: &impl Queries, kindergarten: KindergartenId, at: Timestamp) -> Result<RecordingRules, DbError> {
    let sql = known!("select camera_id, recorded, quality, days, bytes from recording_rules where kindergarten_id = $1");
    let mut rules = RecordingRules::default();
    for RuleRow { camera_id, recorded, quality, days, bytes } in db.rows(sql, args![kindergarten, at]).await? {
        let rule = rule(recorded, quality, days, bytes)?;
        match camera_id {
            Some(camera) => drop(rules.own.insert(camera, rule)),
            None => rules.common = Some(rule),
        }
    }
    Ok(rules)
}

/// From `now` on `wanted` holds for `camera`, or for every camera of the kindergarten that has no rule of its own; `None` takes the rule
/// back. Whoever calls this writes the audit record.
pub async fn set(
    tx: &Tx,
    kindergarten: KindergartenId,
    camera: Option<CameraId>,
    wanted: Option<RecordingRule>,
    now: Timestamp,
) -> Result<Change, DbError> {
    tx.touch().await?;
    let sql = "select camera_id, recorded, quality, days, bytes from recording_rules \
               where kindergarten_id = $1 and coalesce(camera_id, '') = coalesce($2, '') and until is null";
    let before: Option<RuleRow> = tx.row(sql, args![kindergarten, camera]).await?;
    let before = before.map(|row| rule(row.recorded, row.quality, row.days, row.bytes)).transpose()?;
    if before == wanted {
        return Ok(Change::None);
    }
    let sql = "update recording_rules set until = $3 \
               where kindergarten_id = $1 and coalesce(camera_id, '') = coalesce($2, '') and until is null";
    tx.execute(sql, args![kindergarten, camera, now]).await?;
    if let Some(RecordingRule { recorded, quality, days, bytes }) = wanted {
        let sql = "insert into recording_rules (id, kindergarten_id, camera_id, recorded, quality, days, bytes, since) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let bytes = bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
        tx.execute(sql, args![RecordingRuleId::new(now), kindergarten, camera, recorded, quality, days, bytes, now]).await?;
    }
    Ok(Change::From(before))
}

/// What became of a rule that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was the same.
    None,
    /// This one held before, or none.
    From(Option<RecordingRule>),
}

/// A camera, with what holds for it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruled {
    /// The camera.
    pub camera: CameraId,
    /// Its kindergarten.
    pub kindergarten: KindergartenId,
    /// Whether it is there: what was recorded of one that was taken away is kept all the same.
    pub present: bool,
    /// Whether sound goes with its picture.
    pub sound: bool,
    /// What is recorded, and for how long it is kept.
    pub rule: RecordingRule,
}

impl Ruled {
    /// Whether it is to be recorded now.
    pub fn is_recorded(&self) -> bool {
        self.present && self.rule.recorded
    }
}

/// Every camera that there is or ever was, in the order of their ids.
pub async fn all(db: &impl Queries) -> Result<Vec<Ruled>, DbError> {
    let rows: Vec<RuledRow> = db.rows(ALL, args![]).await?;
    rows.into_iter().map(Ruled::try_from).collect()
}

/// A camera's own rule goes before the kindergarten's as a whole, an absent limit included.
const ALL: &str = "select c.id as camera_id, c.kindergarten_id, c.removed_at is null as present, p.sound, \
     case when own.id is null then common.recorded else own.recorded end as recorded, \
     case when own.id is null then common.quality else own.quality end as quality, \
     case when own.id is null then common.days else own.days end as days, \
     case when own.id is null then common.bytes else own.bytes end as bytes \
     from cameras c \
     left join placements p on p.camera_id = c.id and p.until is null \
     left join recording_rules own on own.camera_id = c.id and own.until is null \
     left join recording_rules common on common.kindergarten_id = c.kindergarten_id and common.camera_id is null and common.until is null \
     order by c.id";

#[derive(sqlx::FromRow)]
struct RuleRow {
    camera_id: Option<CameraId>,
    recorded: bool,
    quality: RecordedQuality,
    days: i64,
    bytes: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct RuledRow {
    camera_id: CameraId,
    kindergarten_id: KindergartenId,
    present: bool,
    sound: Option<bool>,
    recorded: Option<bool>,
    quality: Option<RecordedQuality>,
    days: Option<i64>,
    bytes: Option<i64>,
}

impl TryFrom<RuledRow> for Ruled {
    type Error = DbError;

    fn try_from(row: RuledRow) -> Result<Self, DbError> {
        let RuledRow { camera_id: camera, kindergarten_id: kindergarten, present, sound, recorded, quality, days, bytes } = row;
        let rule = match (recorded, quality, days) {
            (Some(recorded), Some(quality), Some(days)) => rule(recorded, quality, days, bytes)?,
            _ => RecordingRule::DEFAULT,
        };
        Ok(Self { camera, kindergarten, present, sound: sound.unwrap_or(false), rule })
    }
}

fn rule(recorded: bool, quality: RecordedQuality, days: i64, bytes: Option<i64>) -> Result<RecordingRule, DbError> {
    let unreadable = |_| DbError::Unreadable("a recording rule".to_owned());
    let bytes = bytes.map(u64::try_from).transpose().map_err(unreadable)?;
    Ok(RecordingRule { recorded, quality, days: u32::try_from(days).map_err(unreadable)?, bytes })
}
