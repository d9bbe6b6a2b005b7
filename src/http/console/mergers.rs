//! A director puts two groups together for a day, and parts them again.

use super::person::Person;
use crate::{
    console::mergers::{self, NotMerged},
    http::{Fault, Problem, Shared, caller::Body, openapi::WithLogin},
    id::{GroupId, KindergartenId, MergerId},
    model::Merger,
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Two groups that are to be together on a day.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMerger {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The group whose children go to the other.
    group: GroupId,
    /// The group whose room they are in.
    host: GroupId,
    /// The day: today, or one within a year.
    #[schema(value_type = String, format = Date)]
    date: Date,
}

/// Two groups that are together on a day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct ListedMerger {
    /// Its id.
    id: MergerId,
    /// The group whose children are with the other.
    group: GroupId,
    /// The group whose room they are in.
    host: GroupId,
    /// The day.
    #[schema(value_type = String, format = Date)]
    date: Date,
}

impl From<&Merger> for ListedMerger {
    fn from(merger: &Merger) -> Self {
        Self { id: merger.id, group: merger.group, host: merger.host, date: merger.date }
    }
}

/// Puts two groups together on a day: the guardians of the one see the room of the other, and their own does not open for them.
#[utoipa::path(
    post, path = "/api/v1/mergers", tag = "console", request_body = NewMerger, security(("log-in" = [])),
    responses(
        (status = 201, description = "They are together on that day", body = ListedMerger),
        (status = 400, description = "`bad_request`, `bad_field` (`host`, `date`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`merged_otherwise`: one of the two is together with another on that day", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: also for another kindergarten's group, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn merge(
    State(app): State<Shared>,
    person: Person,
    Body(wanted): Body<NewMerger>,
) -> Result<(StatusCode, Json<ListedMerger>), Problem> {
    let mandate = person.mandate(Some(wanted.kindergarten))?;
    let merger = mergers::merge(&app.db, mandate, wanted.group, wanted.host, wanted.date, person.now).await?;
    Ok((StatusCode::CREATED, Json((&merger).into())))
}

/// Parts two groups again. Those that are parted stay so.
#[utoipa::path(
    delete, path = "/api/v1/mergers/{merger}", tag = "console", security(("log-in" = [])),
    params(("merger" = String, Path, description = "The merger's id")),
    responses(
        (status = 204, description = "Each is in its own room"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's, or none that is in force", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn part(State(app): State<Shared>, person: Person, Path(merger): Path<String>) -> Result<StatusCode, Problem> {
    let id: MergerId = merger.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(person.home(|site| site.mergers.iter().any(|merger| merger.id == id)))?;
    mergers::part(&app.db, mandate, id, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<NotMerged> for Problem {
    fn from(error: NotMerged) -> Self {
        match error {
            NotMerged::NotTheirs => Refusal::NotYours.into(),
            NotMerged::Itself => Self::bad_field("host"),
            NotMerged::Date => Self::bad_field("date"),
            NotMerged::Otherwise => Fault::MergedOtherwise.into(),
            NotMerged::Db(error) => error.into(),
        }
    }
}
