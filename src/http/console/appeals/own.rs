//! A parent reports a problem, and reads what becomes of it.

use super::super::person::Person;
use crate::{
    console::appeals,
    db::appeals::{Appeal, Step, by_id},
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::{AppealId, CameraId, ChildId},
    model::{AppealAct, AppealKind, AppealState},
    policy::{self, Appellant, Refusal},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A problem that is reported to the director.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewAppeal {
    /// The child that it concerns.
    child: ChildId,
    /// The camera; none where it is about none. One that the account may look through.
    camera: Option<CameraId>,
    /// The minute that it is about: not to come, and within the last 30 days.
    #[schema(value_type = String, format = DateTime)]
    minute: Timestamp,
    /// Of what it complains.
    #[schema(inline)]
    kind: AppealKind,
    /// In the parent's words, on one line.
    #[schema(min_length = 1, max_length = 1000)]
    words: String,
}

/// What the parent says to it again.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewReply {
    /// In the parent's words, on one line.
    #[schema(min_length = 1, max_length = 1000)]
    words: String,
}

/// A problem as the parent sees it who reported it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct OwnAppeal {
    /// The appeal.
    id: AppealId,
    /// The child that it concerns.
    child: ChildId,
    /// The child's name.
    child_name: String,
    /// The camera's name, where it is about one.
    camera_name: Option<String>,
    /// The minute that it is about.
    #[schema(value_type = String, format = DateTime)]
    minute: Timestamp,
    /// Of what it complains.
    kind: AppealKind,
    /// How it stands.
    state: AppealState,
    /// What was said and done, in order: the report first.
    steps: Vec<OwnStep>,
}

/// What was said and done about it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OwnStep {
    /// What: `answered`, `fixed` and `closed` are the director's, the others one's own.
    act: AppealAct,
    /// In which words.
    words: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<Appeal> for OwnAppeal {
    fn from(appeal: Appeal) -> Self {
        let state = appeal.state();
        let Appeal { subject, child_name, camera_name, steps, .. } = appeal;
        let steps = steps.into_iter().map(|(Step { act, words, at, .. }, ..)| OwnStep { act, words, at });
        Self {
            id: subject.id,
            child: subject.child,
            minute: subject.happened_at,
            kind: subject.kind,
            steps: steps.collect(),
            child_name,
            camera_name,
            state,
        }
    }
}

/// Reports a problem to the director, with the minute and the camera.
#[utoipa::path(
    post, path = "/api/v1/appeals", tag = "me", request_body = NewAppeal, security(("log-in" = [])),
    responses(
        (status = 201, description = "The director has it", body = OwnAppeal),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too_many_open`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not the child of this parent, or a camera that the parent may not look through, or none at all", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_often`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn report(
    State(app): State<Shared>,
    person: Person,
    Body(NewAppeal { child, camera, minute, kind, words }): Body<NewAppeal>,
) -> Result<(StatusCode, Json<OwnAppeal>), Problem> {
    let report = appeals::Report { camera, happened_at: minute, kind, words };
    let appeal = appeals::report(&app.db, appellant(&person, child)?, report, person.now).await?;
    Ok((StatusCode::CREATED, Json(appeal.into())))
}

/// What the caller reported, the newest first: 50 at most.
#[utoipa::path(
    get, path = "/api/v1/me/appeals", tag = "me", security(("log-in" = [])),
    responses((status = 200, body = Vec<OwnAppeal>), WithLogin)
)]
pub(in crate::http::console) async fn own(State(app): State<Shared>, person: Person) -> Result<impl IntoResponse, Problem> {
    let own = appeals::own(&app.db, person.account().id).await?;
    let own: Vec<OwnAppeal> = own.into_iter().map(OwnAppeal::from).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(own)))
}

/// Writes about the own report again. What the director said is fixed or closed is open again by it.
#[utoipa::path(
    post, path = "/api/v1/appeals/{appeal}/replies", tag = "me", request_body = NewReply, security(("log-in" = [])),
    params(("appeal" = String, Path, description = "The appeal's id")),
    responses(
        (status = 201, description = "The director has it", body = OwnAppeal),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another's, or none at all, or the child is no more this parent's", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_often`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn reply(
    State(app): State<Shared>,
    person: Person,
    Path(appeal): Path<String>,
    Body(NewReply { words }): Body<NewReply>,
) -> Result<(StatusCode, Json<OwnAppeal>), Problem> {
    let id: AppealId = appeal.parse().map_err(|_| Refusal::NotYours)?;
    let appeal = by_id(&app.db, id).await?.filter(|appeal| appeal.subject.account == person.account().id);
    let appellant = appellant(&person, appeal.ok_or(Refusal::NotYours)?.subject.child)?;
    let appeal = appeals::reply(&app.db, appellant, id, &words, person.now).await?;
    Ok((StatusCode::CREATED, Json(appeal.into())))
}

/// The right to write about `child`.
fn appellant(person: &Person, child: ChildId) -> Result<Appellant<'_>, Problem> {
    let site = person.known.sites.iter().find(|site| site.child(child).is_some());
    Ok(policy::appellant(person.account(), site.map(AsRef::as_ref), child, person.now)?)
}
