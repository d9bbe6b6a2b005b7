//! Links that let a person in once, to choose a password.

use super::super::person::Person;
use crate::{
    console::people::{
        in_charge,
        invitations::{self, Made},
    },
    db::invitations::{Invitation, Way},
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::AccountId,
    policy::{Charge, Refusal},
    qr,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How the link is to reach the person.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewInvitation {
    /// `print` shows it here, to be handed over.
    way: Way,
}

/// A link that was just made.
#[derive(Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct MadeInvitation {
    /// Whether it replaces a password that there is.
    reset: bool,
    /// The first moment at which it no longer works.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The link: shown this once.
    #[schema(example = "https://tereze.example/invite#7K3M-9QPA-2TFW-HD84-XB1C-06RZ")]
    link: String,
    /// The same as a QR code: an SVG document.
    qr: Option<String>,
}

/// Makes a link by which the person comes in once, within seven days, and chooses a password. An earlier link no longer works.
#[utoipa::path(
    post, path = "/api/v1/people/{account}/invitation", tag = "console", request_body = NewInvitation, security(("log-in" = [])),
    params(("account" = String, Path, description = "The person's account")),
    responses(
        (status = 201, description = "Made", body = MadeInvitation),
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
    let Made { invitation: Invitation { reset, expires_at, .. }, secret } =
        invitations::invite(&app.db, &charge, way, person.now).await?;
    let link = format!("{}invite#{}", app.config.server.public_url, secret.shown());
    let made = MadeInvitation { reset, expires_at, qr: qr::svg(&link), link };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)))
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
