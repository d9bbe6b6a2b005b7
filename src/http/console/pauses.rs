//! A director closes a group, a camera or everything, now, and opens it again.

pub(super) mod history;

use super::{person::Person, today::TodayPause};
use crate::{
    console::pauses::{self, NotClosed},
    db,
    http::{Fault, Problem, Shared, caller::Body, openapi::WithLogin},
    id::{CameraId, GroupId, KindergartenId, PauseId},
    model::Scope,
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::Deserialize;

/// What is to be closed from now on: a group, a camera, or, when neither is named, everything.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Closing {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The group that is closed alone.
    group: Option<GroupId>,
    /// The camera that is closed alone.
    camera: Option<CameraId>,
    /// When it opens again by itself: within 30 days.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Why, on one line: parents read it. `nap`, `doctor` and `visitors` are read in everybody's own language.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Closes viewing for parents, now and until an end; streams that run are cut within a second.
#[utoipa::path(
    post, path = "/api/v1/pauses", tag = "console", request_body = Closing, security(("log-in" = [])),
    responses(
        (status = 201, description = "Closed", body = TodayPause),
        (status = 400, description = "`bad_request`, `bad_reason`, `bad_until`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: whoever does not manage this kindergarten learns nothing of it", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn close(
    State(app): State<Shared>,
    person: Person,
    Body(closing): Body<Closing>,
) -> Result<(StatusCode, Json<TodayPause>), Problem> {
    let mandate = person.mandate(Some(closing.kindergarten))?;
    let scope = match (closing.group, closing.camera) {
        (None, None) => Scope::All,
        (Some(group), None) => Scope::Group(group),
        (None, Some(camera)) => Scope::Camera(camera),
        (Some(_), Some(_)) => return Err(Fault::BadRequest.into()),
    };
    let closing = pauses::Closing { scope, until: closing.until, reason: closing.reason };
    let pause = pauses::close(&app.db, mandate, closing, person.now).await?;
    Ok((StatusCode::CREATED, Json(TodayPause::of(&pause, Some(person.account().name.clone())))))
}

/// Opens again before the pause's own end, or calls off one that is to come. One that is over stays as it is.
#[utoipa::path(
    delete, path = "/api/v1/pauses/{pause}", tag = "console", security(("log-in" = [])),
    params(("pause" = String, Path, description = "The pause's id")),
    responses(
        (status = 204, description = "Over"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's pause, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn open_again(
    State(app): State<Shared>,
    person: Person,
    Path(pause): Path<String>,
) -> Result<StatusCode, Problem> {
    let pause: PauseId = pause.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(db::pauses::kindergarten(&app.db, pause).await?)?;
    pauses::open_again(&app.db, mandate, pause, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<NotClosed> for Problem {
    fn from(error: NotClosed) -> Self {
        match error {
            NotClosed::NotTheirs => Refusal::NotYours.into(),
            NotClosed::Reason => Fault::BadReason.into(),
            NotClosed::Until => Fault::BadUntil.into(),
            NotClosed::Db(error) => error.into(),
        }
    }
}
