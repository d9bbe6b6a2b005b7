//! What parents reported and waits for the director.

use crate::{
    db::{DbError, Queries, appeals},
    id::{AccountId, AppealId, CameraId, KindergartenId},
    model::{AppealAct, AppealKind},
};
use jiff::Timestamp;
use serde::Serialize;

/// How many are told: who has more to answer goes to the list.
const MOST: u32 = 20;

/// What parents reported and waits for the director's word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(in crate::http) struct TodayAppeals {
    /// How many wait.
    waiting: u64,
    /// Those that have waited longest, the longest first; 20 at most.
    oldest: Vec<TodayAppeal>,
}

/// A report that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct TodayAppeal {
    /// The appeal.
    id: AppealId,
    /// The parent.
    account: AccountId,
    /// The parent's name.
    name: String,
    /// The child's name.
    child_name: String,
    /// The group's name.
    group_name: Option<String>,
    /// The camera; none where it is about none.
    camera: Option<CameraId>,
    /// The camera's name.
    camera_name: Option<String>,
    /// The minute that it is about.
    #[schema(value_type = String, format = DateTime)]
    minute: Timestamp,
    /// Of what it complains.
    kind: AppealKind,
    /// What the parent did last: reported it, replied, or said that it is not fixed.
    act: AppealAct,
    /// In which words.
    words: String,
    /// When: since then it waits.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// What waits in `kindergarten`.
pub(super) async fn waiting(db: &impl Queries, kindergarten: KindergartenId) -> Result<TodayAppeals, DbError> {
    let oldest = appeals::waiting(db, kindergarten, MOST).await?;
    let waiting = if oldest.is_empty() { 0 } else { appeals::count_waiting(db, kindergarten).await?.unsigned_abs() };
    Ok(TodayAppeals { waiting, oldest: oldest.into_iter().filter_map(told).collect() })
}

fn told(appeal: appeals::Appeal) -> Option<TodayAppeal> {
    let appeals::Appeal { subject, name, child_name, group_name, camera_name, mut steps } = appeal;
    let (step, ..) = steps.pop()?;
    Some(TodayAppeal {
        id: subject.id,
        account: subject.account,
        camera: subject.camera,
        minute: subject.happened_at,
        kind: subject.kind,
        act: step.act,
        words: step.words,
        since: step.at,
        name,
        child_name,
        group_name,
        camera_name,
    })
}
