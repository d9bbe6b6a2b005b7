//! A director says what nobody is to see of a camera's picture.

use crate::{
    console::cameras::{NotCovered, cover},
    db,
    http::{Problem, Shared, caller::Body, console::person::Person, openapi::WithLogin},
    id::CameraId,
    model::Area,
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};

/// What is to be covered, and nothing else.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct Covering {
    /// Each the left, top, width and height of a rectangle, in thousandths of the picture; it lies within the picture, and is at least ten
    /// thousandths wide and high.
    #[schema(max_items = 8, example = json!([[0, 120, 250, 400]]))]
    masks: Vec<[i64; 4]>,
}

/// What is covered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Covered {
    /// Each the left, top, width and height of a rectangle, in thousandths of the picture.
    #[schema(value_type = Vec<[u16; 4]>)]
    masks: Vec<Area>,
}

/// Covers areas of a camera's picture on every page, at once, in place of what was covered. The stream itself still holds them: what must
/// never leave the room is masked in the camera.
#[utoipa::path(
    put, path = "/api/v1/cameras/{camera}/masks", tag = "console", request_body = Covering, security(("log-in" = [])),
    params(("camera" = String, Path, description = "The camera's id")),
    responses(
        (status = 200, description = "Covered", body = Covered),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's camera, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn set(
    State(app): State<Shared>,
    person: Person,
    Path(camera): Path<String>,
    Body(Covering { masks }): Body<Covering>,
) -> Result<Json<Covered>, Problem> {
    let camera: CameraId = camera.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(db::cameras::kindergarten(&app.db, camera).await?)?;
    let masks = cover(&app.db, mandate, camera, masks, person.now).await?;
    Ok(Json(Covered { masks }))
}

impl From<NotCovered> for Problem {
    fn from(error: NotCovered) -> Self {
        match error {
            NotCovered::NotTheirs => Refusal::NotYours.into(),
            NotCovered::Areas => Self::bad_field("masks"),
            NotCovered::Db(error) => error.into(),
        }
    }
}
