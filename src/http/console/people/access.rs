//! Keeping somebody out, and the devices on which somebody is logged in.

use super::{super::person::Person, invitations::charge};
use crate::{
    auth::device::Device,
    console::people::access,
    db,
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::LoginId,
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why somebody is kept out.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewBlock {
    /// Why, on one line. The person is told that the account is blocked, and no reason.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Blocks a person's account: it is logged out everywhere, its streams end within a second, and it cannot log in.
#[utoipa::path(
    put, path = "/api/v1/people/{account}/block", tag = "console", request_body = NewBlock, security(("log-in" = [])),
    params(("account" = String, Path, description = "The person's account")),
    responses(
        (status = 204, description = "Blocked"),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`shared_account`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not one of the kindergarten's people", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn block(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
    Body(NewBlock { reason }): Body<NewBlock>,
) -> Result<StatusCode, Problem> {
    let charge = charge(&app, &person, &account).await?;
    access::block(&app.db, &charge, &reason, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a person in again.
#[utoipa::path(
    delete, path = "/api/v1/people/{account}/block", tag = "console", security(("log-in" = [])),
    params(("account" = String, Path, description = "The person's account")),
    responses(
        (status = 204, description = "Not blocked"),
        (status = 409, description = "`shared_account`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not one of the kindergarten's people", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn unblock(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
) -> Result<StatusCode, Problem> {
    let charge = charge(&app, &person, &account).await?;
    access::unblock(&app.db, &charge, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A device on which somebody is logged in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct PersonsLogin {
    /// The log-in.
    id: LoginId,
    #[serde(flatten)]
    device: Device,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When it was used last.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Timestamp,
}

/// The devices on which a person is logged in, the last used first. Where they are is not told.
#[utoipa::path(
    get, path = "/api/v1/people/{account}/logins", tag = "console", security(("log-in" = [])),
    params(("account" = String, Path, description = "The person's account")),
    responses(
        (status = 200, body = Vec<PersonsLogin>),
        WithLogin,
        (status = 403, description = "`not_yours`: not one of the kindergarten's people", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn logins(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let charge = charge(&app, &person, &account).await?;
    let standing = db::logins::standing(&app.db, charge.id(), person.now).await?;
    let shown = |login: db::logins::Standing| PersonsLogin {
        id: login.id,
        device: Device::of(&login.agent),
        since: login.created_at,
        seen_at: login.seen_at,
    };
    let logins: Vec<PersonsLogin> = standing.into_iter().map(shown).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(logins)))
}

/// Logs a person out on one device; the streams that were opened from it end.
#[utoipa::path(
    delete, path = "/api/v1/people/{account}/logins/{login}", tag = "console", security(("log-in" = [])),
    params(
        ("account" = String, Path, description = "The person's account"),
        ("login" = String, Path, description = "The log-in's id"),
    ),
    responses(
        (status = 204, description = "Logged out"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another's log-in, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn sign_out(
    State(app): State<Shared>,
    person: Person,
    Path((account, login)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let charge = charge(&app, &person, &account).await?;
    let login = login.parse().map_err(|_| Refusal::NotYours)?;
    access::sign_out(&app.db, &charge, Some(login), person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs a person out everywhere.
#[utoipa::path(
    delete, path = "/api/v1/people/{account}/logins", tag = "console", security(("log-in" = [])),
    params(("account" = String, Path, description = "The person's account")),
    responses(
        (status = 204, description = "Logged out"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not one of the kindergarten's people", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn sign_out_everywhere(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
) -> Result<StatusCode, Problem> {
    let charge = charge(&app, &person, &account).await?;
    access::sign_out(&app.db, &charge, None, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}
