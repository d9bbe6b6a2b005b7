//! One picture of a camera, for those who answer for it.

use crate::{
    db::cameras,
    http::{Fault, Problem, Shared, console::person::Person, openapi::WithLogin},
    id::CameraId,
    media::Health,
    policy::{self, Refusal},
    still::NotDeveloped,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use std::time::Duration;

/// How long a camera that shows pictures may take until its next key frame.
const PATIENCE: Duration = Duration::from_secs(8);

/// How soon the pictures before are done.
const SOON: Duration = Duration::from_secs(2);

/// What a camera shows now, as a small JPEG file; what nobody is to see of it is black. For its director and for an inspector; that they
/// looked is on record.
#[utoipa::path(
    get, path = "/api/v1/cameras/{camera}/still", tag = "console", security(("log-in" = [])),
    params(("camera" = String, Path, description = "The camera's id")),
    responses(
        (status = 200, description = "The picture", content_type = "image/jpeg", body = Vec<u8>),
        WithLogin,
        (status = 403, description = "`not_yours`: another kindergarten's camera, or none", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`camera_offline`; `no_still`: the picture cannot be decoded here, though browsers may show it", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`cameras_busy`: other pictures are being decoded", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn still(
    State(app): State<Shared>,
    person: Person,
    Path(camera): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let camera: CameraId = camera.parse().map_err(|_| Refusal::NotYours)?;
    let insight = person.insight(cameras::kindergarten(&app.db, camera).await?).await?;
    // A still is video: whoever may not watch live is given none.
    policy::outlook(&person.known.live(Some(camera), 0), person.now)?;
    app.caught_up(person.known.revision).await;
    let mut look = app.media.look(camera).await.ok_or(Refusal::NotYours)?;
    let Some(frame) = look.key_frame(None, PATIENCE).await else {
        let state = app.media.states().borrow().get(&camera).cloned();
        if state.as_ref().is_some_and(|state| state.health == Health::WrongCodec) {
            return Err(Fault::NoStill.into());
        }
        let since = state.map(|state| state.since);
        return Err(Problem { since, ..Problem::new(StatusCode::CONFLICT, "camera_offline") });
    };
    let jpeg = app.darkroom.still(frame, insight.site().masks(camera)).await?;
    person.saw_still(insight, camera).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], jpeg))
}

impl From<NotDeveloped> for Problem {
    fn from(error: NotDeveloped) -> Self {
        match error {
            NotDeveloped::Busy => Self::from(Fault::CamerasBusy).retry_after(SOON),
            NotDeveloped::Undecodable(_) => Fault::NoStill.into(),
        }
    }
}
