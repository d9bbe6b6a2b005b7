//! A director makes, renames and removes groups.

use super::person::Person;
use crate::{
    console::groups::{self, NotChanged},
    http::{Fault, Problem, Shared, caller::Body, openapi::WithLogin},
    id::{GroupId, KindergartenId},
    policy::{Mandate, Refusal},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

/// A group that is to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewGroup {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The name, on one line: no other group of the kindergarten has it.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
}

/// A name that is to be given.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewName {
    /// The name, on one line.
    #[schema(min_length = 1)]
    pub(super) name: String,
}

/// A group that was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MadeGroup {
    /// The group.
    id: GroupId,
    /// Its name.
    name: String,
}

/// Makes a group.
#[utoipa::path(
    post, path = "/api/v1/groups", tag = "console", request_body = NewGroup, security(("log-in" = [])),
    responses(
        (status = 201, description = "Made", body = MadeGroup),
        (status = 400, description = "`bad_request`, `bad_field` (`name`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`name_taken`: another group has this name", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn make(
    State(app): State<Shared>,
    person: Person,
    Body(group): Body<NewGroup>,
) -> Result<(StatusCode, Json<MadeGroup>), Problem> {
    let mandate = person.mandate(Some(group.kindergarten))?;
    let made = groups::make(&app.db, mandate, &group.name, person.now).await?;
    Ok((StatusCode::CREATED, Json(MadeGroup { id: made.id, name: made.name })))
}

/// Gives a group another name.
#[utoipa::path(
    put, path = "/api/v1/groups/{group}/name", tag = "console", request_body = NewName, security(("log-in" = [])),
    params(("group" = String, Path, description = "The group's id")),
    responses(
        (status = 204, description = "That is its name"),
        (status = 400, description = "`bad_request`, `bad_field` (`name`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`name_taken`: another group has this name", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's group, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn rename(
    State(app): State<Shared>,
    person: Person,
    Path(group): Path<String>,
    Body(NewName { name }): Body<NewName>,
) -> Result<StatusCode, Problem> {
    let (mandate, group) = theirs(&person, &group)?;
    groups::rename(&app.db, mandate, group, &name, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a group in which no child is or will be, and whose room no camera shows.
#[utoipa::path(
    delete, path = "/api/v1/groups/{group}", tag = "console", security(("log-in" = [])),
    params(("group" = String, Path, description = "The group's id")),
    responses(
        (status = 204, description = "Gone"),
        (status = 409, description = "`group_has_children`, `group_has_cameras`: what stands in the way", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's group, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn remove(State(app): State<Shared>, person: Person, Path(group): Path<String>) -> Result<StatusCode, Problem> {
    let (mandate, group) = theirs(&person, &group)?;
    groups::remove(&app.db, mandate, group, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The group with this id, with the right to change it.
fn theirs<'a>(person: &'a Person, id: &str) -> Result<(Mandate<'a>, GroupId), Problem> {
    let id = id.parse().map_err(|_| Refusal::NotYours)?;
    Ok((person.mandate(person.home(|site| site.group(id).is_some()))?, id))
}

impl From<NotChanged> for Problem {
    fn from(error: NotChanged) -> Self {
        match error {
            NotChanged::NotTheirs => Refusal::NotYours.into(),
            NotChanged::Name => Self::bad_field("name"),
            NotChanged::NameTaken => Fault::NameTaken.into(),
            NotChanged::HasChildren => Fault::GroupHasChildren.into(),
            NotChanged::HasCameras => Fault::GroupHasCameras.into(),
            NotChanged::Db(error) => error.into(),
        }
    }
}
