//! How a camera was over the last days, for its director and for inspectors.

use crate::{
    console::cameras::{DayOf, History, Outage, history},
    db::{camera_defects, camera_health, cameras},
    http::{Fault, Problem, Shared, caller::Params, console::person::Person, openapi::WithLogin},
    id::CameraId,
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How many days are kept whole.
const MOST_DAYS: u16 = 30;

/// Over how many days.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct Over {
    /// 1 to 30, today among them.
    #[serde(default = "most")]
    #[param(minimum = 1, maximum = 30, default = 30)]
    days: u16,
}

const fn most() -> u16 {
    MOST_DAYS
}

/// How a camera was. It is looked at every few minutes, and all the time while somebody watches; nobody knows of the rest.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct CameraHistory {
    /// The camera.
    camera: CameraId,
    /// Day by day, the first first.
    days: Vec<CameraDay>,
    /// When it failed, or something was wrong with its picture or clock, the newest first, 100 at most.
    outages: Vec<CameraOutage>,
}

/// How a camera was on one day, by the kindergarten's clock.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CameraDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// How long pictures arrived, in seconds.
    online: i64,
    /// How long none did, in seconds.
    offline: i64,
    /// What was wrong with its picture or clock on that day: `black`, `covered`, `frozen`, `wrong_clock`.
    defects: BTreeSet<String>,
}

/// A time without a picture, or with one that is not as it should be.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CameraOutage {
    /// Why: `no_video`, `wrong_password`, `wrong_codec` or `unreachable`; `black`, `covered`, `frozen` or `wrong_clock`.
    #[schema(example = "unreachable")]
    code: String,
    /// The first moment.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The last that is known; none when it goes on.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// How a camera was: for its director and for an inspector, whose look is on record.
#[utoipa::path(
    get, path = "/api/v1/cameras/{camera}/health", tag = "console", security(("log-in" = [])),
    params(("camera" = String, Path, description = "The camera's id"), Over),
    responses(
        (status = 200, body = CameraHistory),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`: another kindergarten's camera, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn health(
    State(app): State<Shared>,
    person: Person,
    Path(camera): Path<String>,
    Params(Over { days }): Params<Over>,
) -> Result<impl IntoResponse, Problem> {
    let camera: CameraId = camera.parse().map_err(|_| Refusal::NotYours)?;
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Fault::BadRequest.into());
    }
    let insight = person.insight(cameras::kindergarten(&app.db, camera).await?).await?;
    if insight.site().camera(camera).is_none() {
        return Err(Refusal::NotYours.into());
    }
    let from = person.now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days + 1))).unwrap_or(Timestamp::MIN);
    let stretches = camera_health::of(&app.db, camera, from).await?;
    let defects = camera_defects::of(&app.db, camera, from).await?;
    let History { days, outages } = history(stretches, defects, days, &insight.site().kindergarten.zone, person.now);
    let (days, outages) = (days.into_iter().map(CameraDay::from).collect(), outages.into_iter().map(CameraOutage::from).collect());
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(CameraHistory { camera, days, outages })))
}

impl From<DayOf> for CameraDay {
    fn from(DayOf { date, online, offline, defects }: DayOf) -> Self {
        Self { date, online: online.as_secs(), offline: offline.as_secs(), defects }
    }
}

impl From<Outage> for CameraOutage {
    fn from(Outage { code, from, until }: Outage) -> Self {
        Self { code, from, until }
    }
}
