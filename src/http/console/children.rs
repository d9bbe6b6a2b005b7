//! Who is in which group, and what a director changes of it: children come, are renamed, move, stay away and leave.

pub(super) mod listing;

use super::{groups::NewName, person::Person};
use crate::{
    console::children::{self, Days, Newcomer, NotChanged},
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::{ChildId, GroupId, KindergartenId},
    policy::{Mandate, Refusal},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub(super) use listing::{__path_list, list};

/// A child who comes.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChild {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The name, on one line.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// The group.
    group: GroupId,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
}

/// The child that was enrolled.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MadeChild {
    /// The child.
    id: ChildId,
}

/// Where a child is from a day on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStay {
    /// The group.
    group: GroupId,
    /// The first day in it; the day before is the last in the group where the child was.
    #[schema(value_type = String, format = Date)]
    from: Date,
}

/// When a child leaves.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LastDay {
    /// The last day.
    #[schema(value_type = String, format = Date)]
    last_day: Date,
}

/// Days on which a child stays away.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAbsence {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    to: Date,
}

/// Enrols a child: its guardians may watch the group from its first day on.
#[utoipa::path(
    post, path = "/api/v1/children", tag = "console", request_body = NewChild, security(("log-in" = [])),
    responses(
        (status = 201, description = "Enrolled", body = MadeChild),
        (status = 400, description = "`bad_request`, `bad_field` (`name`, `from`)", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: also for another kindergarten's group, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn enrol(
    State(app): State<Shared>,
    person: Person,
    Body(child): Body<NewChild>,
) -> Result<(StatusCode, Json<MadeChild>), Problem> {
    let mandate = person.mandate(Some(child.kindergarten))?;
    let newcomer = Newcomer { name: child.name, group: child.group, from: child.from };
    let id = children::enrol(&app.db, mandate, newcomer, person.now).await?;
    Ok((StatusCode::CREATED, Json(MadeChild { id })))
}

/// Gives a child another name.
#[utoipa::path(
    put, path = "/api/v1/children/{child}/name", tag = "console", request_body = NewName, security(("log-in" = [])),
    params(("child" = String, Path, description = "The child's id")),
    responses(
        (status = 204, description = "That is its name"),
        (status = 400, description = "`bad_request`, `bad_field` (`name`)", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's child, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn rename(
    State(app): State<Shared>,
    person: Person,
    Path(child): Path<String>,
    Body(NewName { name }): Body<NewName>,
) -> Result<StatusCode, Problem> {
    let (mandate, child) = theirs(&person, &child)?;
    children::rename(&app.db, mandate, child, &name, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Moves a child to a group from a day on, or takes it back who had left. What was planned for later is planned no more.
#[utoipa::path(
    put, path = "/api/v1/children/{child}/group", tag = "console", request_body = NewStay, security(("log-in" = [])),
    params(("child" = String, Path, description = "The child's id")),
    responses(
        (status = 204, description = "It is there from that day on"),
        (status = 400, description = "`bad_request`, `bad_field` (`from`)", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's child or group, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn stay(
    State(app): State<Shared>,
    person: Person,
    Path(child): Path<String>,
    Body(NewStay { group, from }): Body<NewStay>,
) -> Result<StatusCode, Problem> {
    let (mandate, child) = theirs(&person, &child)?;
    children::stay(&app.db, mandate, child, group, from, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says which day is a child's last here: its guardians may watch up to its end.
#[utoipa::path(
    put, path = "/api/v1/children/{child}/last-day", tag = "console", request_body = LastDay, security(("log-in" = [])),
    params(("child" = String, Path, description = "The child's id")),
    responses(
        (status = 204, description = "It leaves after that day"),
        (status = 400, description = "`bad_request`, `bad_field` (`last_day`): also one before the child's first day", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's child, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn leave(
    State(app): State<Shared>,
    person: Person,
    Path(child): Path<String>,
    Body(LastDay { last_day }): Body<LastDay>,
) -> Result<StatusCode, Problem> {
    let (mandate, child) = theirs(&person, &child)?;
    children::leave(&app.db, mandate, child, last_day, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says on which days a child stays away, in place of what was said of those days and later ones. Its guardians may watch all the same.
#[utoipa::path(
    put, path = "/api/v1/children/{child}/absence", tag = "console", request_body = NewAbsence, security(("log-in" = [])),
    params(("child" = String, Path, description = "The child's id")),
    responses(
        (status = 204, description = "It stays away on those days"),
        (status = 400, description = "`bad_request`, `bad_field` (`from`, `to`)", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's child, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn away(
    State(app): State<Shared>,
    person: Person,
    Path(child): Path<String>,
    Body(NewAbsence { from, to }): Body<NewAbsence>,
) -> Result<StatusCode, Problem> {
    let (mandate, child) = theirs(&person, &child)?;
    children::away(&app.db, mandate, child, Days { from, to }, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that a child is here again, from today on. One that is here stays so.
#[utoipa::path(
    delete, path = "/api/v1/children/{child}/absence", tag = "console", security(("log-in" = [])),
    params(("child" = String, Path, description = "The child's id")),
    responses(
        (status = 204, description = "It is here"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's child, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn back(State(app): State<Shared>, person: Person, Path(child): Path<String>) -> Result<StatusCode, Problem> {
    let (mandate, child) = theirs(&person, &child)?;
    children::back(&app.db, mandate, child, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The child with this id, with the right to change what holds of it.
fn theirs<'a>(person: &'a Person, id: &str) -> Result<(Mandate<'a>, ChildId), Problem> {
    let id = id.parse().map_err(|_| Refusal::NotYours)?;
    Ok((person.mandate(person.home(|site| site.child(id).is_some()))?, id))
}

impl From<NotChanged> for Problem {
    fn from(error: NotChanged) -> Self {
        match error {
            NotChanged::NotTheirs => Refusal::NotYours.into(),
            NotChanged::Field(field) => Self::bad_field(field),
            NotChanged::Db(error) => error.into(),
        }
    }
}
