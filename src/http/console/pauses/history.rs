//! When and why viewing was closed: for those who must judge whether it was closed too often.

use crate::{
    db::pauses,
    http::{
        Problem, Shared,
        caller::Params,
        console::{period::Period, person::Person},
        openapi::WithLogin,
    },
    id::{CameraId, GroupId, KindergartenId, PauseId},
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// More than a kindergarten has in a year; the newest are told.
const MOST: u32 = 1_000;

/// Of which kindergarten.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct Of {
    /// The kindergarten.
    kindergarten: KindergartenId,
}

/// The pauses of a time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Pauses {
    /// The newest first; 1000 at most.
    pauses: Vec<PastPause>,
}

/// A pause that was, is or is to come. Neither a group nor a camera means everything.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PastPause {
    /// The pause.
    id: PauseId,
    /// The group that it closed.
    group: Option<GroupId>,
    /// The camera that it closed.
    camera: Option<CameraId>,
    /// The name of the group or camera.
    name: Option<String>,
    /// The first moment.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The first moment after, as it was ordered.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// When it was opened again before that.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// Why.
    reason: String,
    /// Who ordered it; none when `site.toml` did.
    by: Option<String>,
    /// Who opened again before its end.
    ended_by: Option<String>,
}

/// The pauses of a time with their reasons, for the director and an assigned inspector.
#[utoipa::path(
    get, path = "/api/v1/pauses", tag = "console", params(Of, Period), security(("log-in" = [])),
    responses(
        (status = 200, body = Pauses),
        (status = 400, description = "`bad_request`, `bad_field`: `to` is before `from`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn history(
    State(app): State<Shared>,
    person: Person,
    Params(Of { kindergarten }): Params<Of>,
    Params(period): Params<Period>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    let (from, until) = period.moments(insight.site())?;
    let pauses = pauses::history(&app.db, kindergarten, from, until, MOST).await?;
    let pauses = pauses.into_iter().map(PastPause::from).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Pauses { pauses })))
}

impl From<pauses::Past> for PastPause {
    fn from(past: pauses::Past) -> Self {
        Self {
            id: past.id,
            group: past.group,
            camera: past.camera,
            from: past.from,
            until: past.until,
            ended_at: past.ended_at(),
            reason: past.reason,
            name: past.name,
            by: past.by,
            ended_by: past.ended_by,
        }
    }
}
