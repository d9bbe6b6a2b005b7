//! The alarms that were rung and wait for the director, who releases what they keep.

use crate::{
    db::{
        DbError, Queries,
        holds::{self, AlarmRow},
    },
    id::KindergartenId,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// For how long an alarm stands on the first page.
const TOLD: SignedDuration = SignedDuration::from_hours(24);

/// An alarm that was rung in the last day, and of which nothing was released yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(in crate::http) struct TodayAlarm {
    /// Where the button is.
    name: String,
    /// When it was rung.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The first moment that is kept.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The first moment after.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
}

/// The newest first.
pub(super) async fn rung(db: &impl Queries, kindergarten: KindergartenId, now: Timestamp) -> Result<Vec<TodayAlarm>, DbError> {
    let alarms = holds::alarms(db, kindergarten, now.saturating_sub(TOLD).unwrap_or(Timestamp::MIN)).await?;
    let told = |AlarmRow { name, at, starts_at: from, ends_at: to }| TodayAlarm { name, at, from, to };
    Ok(alarms.into_iter().map(told).collect())
}

impl TodayAlarm {
    /// When it is no longer told.
    pub(super) fn until(&self) -> Timestamp {
        self.at.saturating_add(TOLD).unwrap_or(Timestamp::MAX)
    }
}
