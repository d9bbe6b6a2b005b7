//! Those who work in a kindergarten.

use super::{super::person::Person, invitations::charge};
use crate::{
    console::people::{guardianships::Newcomer, staff},
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::{AccountId, GroupId},
    model::Language,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

/// Somebody who works in a room.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewStaff {
    /// The group in whose room.
    group: GroupId,
    /// The name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// A phone number or an e-mail address that nobody logs in with yet.
    #[schema(example = "+7 701 123 45 67")]
    login: String,
    /// The language of the pages.
    language: Language,
}

/// A staff member's account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct MadeStaff {
    /// The account.
    account: AccountId,
}

/// Makes an account for a staff member, without a password before an invitation. It sees how many watch the own room, and no picture.
#[utoipa::path(
    post, path = "/api/v1/staff", tag = "console", request_body = NewStaff, security(("log-in" = [])),
    responses(
        (status = 201, description = "Made", body = MadeStaff),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`login_in_use`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's group, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn add(
    State(app): State<Shared>,
    person: Person,
    Body(NewStaff { group, name, login, language }): Body<NewStaff>,
) -> Result<(StatusCode, Json<MadeStaff>), Problem> {
    let mandate = person.own_mandate()?;
    let account = staff::add(&app.db, mandate, Newcomer { name, login, language }, group, person.now).await?;
    Ok((StatusCode::CREATED, Json(MadeStaff { account })))
}

/// In whose room somebody works.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct Room {
    /// The group.
    group: GroupId,
}

/// Ties a staff member to the room of a group.
#[utoipa::path(
    put, path = "/api/v1/staff/{account}/room", tag = "console", request_body = Room, security(("log-in" = [])),
    params(("account" = String, Path, description = "The staff member's account")),
    responses(
        (status = 204, description = "Tied"),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: no staff member here, or another kindergarten's group", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn move_to(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
    Body(Room { group }): Body<Room>,
) -> Result<StatusCode, Problem> {
    let charge = charge(&app, &person, &account).await?;
    staff::move_to(&app.db, &charge, group, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a staff member's account away.
#[utoipa::path(
    delete, path = "/api/v1/staff/{account}", tag = "console", security(("log-in" = [])),
    params(("account" = String, Path, description = "The staff member's account")),
    responses(
        (status = 204, description = "Taken away"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: no staff member here", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn remove(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
) -> Result<StatusCode, Problem> {
    let charge = charge(&app, &person, &account).await?;
    staff::remove(&app.db, &charge, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}
