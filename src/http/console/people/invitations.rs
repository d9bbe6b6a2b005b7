//! Links that let a person in once, to choose a password.

use super::super::{link::MadeLink, person::Person};
use crate::{
    console::people::{in_charge, invitations},
    db::invitations::Way,
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::AccountId,
    policy::{Charge, Refusal},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde::Deserialize;

/// How the link is to reach the person.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewInvitation {
    /// `print` shows it here, to be handed over.
    way: Way,
}

/// Makes a link by which the person comes in once, within seven days, and chooses a password. An earlier link no longer works.
#[utoipa::path(
    post, path = "/api/v1/people/{account}/invitation", tag = "console", request_body = NewInvitation, security(("log-in" = [])),
    params(("account" = String, Path, description = "The person's account")),
    responses(
        (status = 201, description = "Made", body = MadeLink),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`shared_account`: the link can only be sent; `person_blocked`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not one of the kindergarten's people", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn invite(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
    Body(NewInvitation { way }): Body<NewInvitation>,
) -> Result<impl IntoResponse, Problem> {
    let charge = charge(&app, &person, &account).await?;
    let made = invitations::invite(&app.db, &charge, way, person.now).await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(MadeLink::of(&app, &made))))
}

/// Takes the person's link back. Where there is none, nothing changes.
#[utoipa::path(
    delete, path = "/api/v1/people/{account}/invitation", tag = "console", security(("log-in" = [])),
    params(("account" = String, Path, description = "The person's account")),
    responses(
        (status = 204, description = "There is no link that works"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not one of the kindergarten's people", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn withdraw(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
) -> Result<StatusCode, Problem> {
    let charge = charge(&app, &person, &account).await?;
    invitations::withdraw(&app.db, &charge, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The charge of the account with this id, if the caller looks after it.
pub(super) async fn charge<'a>(app: &Shared, person: &'a Person, account: &str) -> Result<Charge<'a>, Problem> {
    let mandate = person.own_mandate()?;
    let account: AccountId = account.parse().map_err(|_| Refusal::NotYours)?;
    in_charge(&app.db, mandate, account, person.now).await.map_err(Problem::from)
}
