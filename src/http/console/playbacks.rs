//! Looking at a recording: opened with a reason, on record, and decided again with each piece that is asked for.

pub(super) mod list;
pub(super) mod pieces;
mod showing;

use super::person::Person;
use crate::{
    console::text,
    db::playbacks::{self, PlaybackRow},
    http::{Fault, Problem, Shared, caller::Body, openapi::WithLogin},
    id::{CameraId, PlaybackId},
    model::Area,
    policy::Refusal,
    recording::playback::{self, NotOpened},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// In characters.
const LONGEST_REASON: usize = 200;

/// What somebody wants to look at.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// The camera.
    camera: CameraId,
    /// The first moment.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The first moment after it: a day later at most.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Why, on one line: a director must say so. It is on record, and inspectors read it.
    #[schema(max_length = 200)]
    reason: String,
}

/// A recording that was opened.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Playback {
    /// Its id; the addresses of its playlists and pieces begin with it.
    id: PlaybackId,
    /// What nobody is to see of its pictures: left, top, width and height in thousandths. The page covers it.
    #[schema(value_type = Vec<[u16; 4]>)]
    masks: Vec<Area>,
}

/// Opens what a camera recorded, for its director, who must say why, and for an assigned inspector. That it was opened is on record.
#[utoipa::path(
    post, path = "/api/v1/playbacks", tag = "recordings", request_body = Wish, security(("log-in" = [])),
    responses(
        (status = 201, description = "Opened", body = Playback),
        (status = 400, description = "`bad_request`, `bad_reason`, `bad_field`: `to` is not within a day after `from`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, or the policy's code: `not_yours` (another's camera, or none), `live_only`, `reason_missing`, `role_sees_no_video`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn open(
    State(app): State<Shared>,
    person: Person,
    Body(Wish { camera, from, to, reason }): Body<Wish>,
) -> Result<impl IntoResponse, Problem> {
    // Whether there has to be one is the policy's to say.
    let reason = if reason.trim().is_empty() { Some(String::new()) } else { text::line(&reason, LONGEST_REASON) };
    let replay = person.replay(camera, reason.as_deref().unwrap_or("?"))?;
    if reason.is_none() {
        return Err(Fault::BadReason.into());
    }
    let row = playback::open(&app.db, &replay, from, to, person.now).await?;
    app.looks.send_modify(|looks| *looks += 1);
    let masks = person.known.recorded_by(camera).map(|site| site.masks(camera)).unwrap_or_default();
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(Playback { id: row.id, masks })))
}

/// Leaves a recording. One that is over stays as it is.
#[utoipa::path(
    delete, path = "/api/v1/playbacks/{playback}", tag = "recordings", security(("log-in" = [])),
    params(("playback" = String, Path, description = "The playback's id")),
    responses(
        (status = 204, description = "Over"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another's playback, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end(State(app): State<Shared>, person: Person, Path(playback): Path<String>) -> Result<StatusCode, Problem> {
    let row = own(&app, &person, &playback).await?;
    playback::end(&app.db, &row, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The playback that `person` opened; another's and none at all look the same.
async fn own(app: &Shared, person: &Person, playback: &str) -> Result<PlaybackRow, Problem> {
    let id: PlaybackId = playback.parse().map_err(|_| Refusal::NotYours)?;
    let row = playbacks::by_id(&app.db, id).await?.filter(|row| row.account == person.account().id);
    row.ok_or_else(|| person.not_theirs())
}

impl From<NotOpened> for Problem {
    fn from(error: NotOpened) -> Self {
        match error {
            NotOpened::Span => Self::bad_field("to"),
            NotOpened::Db(error) => error.into(),
        }
    }
}
