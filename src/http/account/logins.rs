//! The devices that are logged in to the own account.

use crate::{
    auth::device::Device,
    db::logins::Standing,
    http::{Problem, Shared, caller::LoggedIn, openapi::WithLogin},
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
use serde::Serialize;

/// A device that is logged in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OwnLogin {
    /// The log-in.
    id: LoginId,
    /// The browser and the system, as far as they are known.
    device: Device,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When it was used last, to the minute.
    #[schema(value_type = String, format = DateTime)]
    seen: Timestamp,
    /// Whether it is the one that asks.
    here: bool,
}

/// The devices that are logged in to the own account, the last used first.
#[utoipa::path(
    get, path = "/api/v1/me/logins", tag = "account", security(("log-in" = [])),
    responses(
        (status = 200, body = Vec<OwnLogin>),
        WithLogin,
        (status = 403, description = "`second_factor_needed`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn own(State(app): State<Shared>, LoggedIn(caller): LoggedIn) -> Result<impl IntoResponse, Problem> {
    let shown = |login: Standing| OwnLogin {
        id: login.id,
        device: Device::of(&login.agent),
        since: login.created_at,
        seen: login.seen_at,
        here: login.id == caller.login,
    };
    let logins: Vec<OwnLogin> = app.logins.own(&caller).await?.into_iter().map(shown).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(logins)))
}

/// Logs every other device of the own account out; their streams end.
#[utoipa::path(
    delete, path = "/api/v1/me/logins", tag = "account", security(("log-in" = [])),
    responses(
        (status = 204, description = "This one is the only one"),
        WithLogin,
        (status = 403, description = "`csrf`, `second_factor_needed`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end_others(State(app): State<Shared>, LoggedIn(caller): LoggedIn) -> Result<StatusCode, Problem> {
    app.logins.end_others(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs one device of the own account out; its streams end.
#[utoipa::path(
    delete, path = "/api/v1/me/logins/{login}", tag = "account", security(("log-in" = [])),
    params(("login" = String, Path, description = "The log-in's id")),
    responses(
        (status = 204, description = "Over"),
        WithLogin,
        (status = 403, description = "`csrf`, `second_factor_needed`, `not_yours`: another's log-in, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end(
    State(app): State<Shared>,
    LoggedIn(caller): LoggedIn,
    Path(login): Path<String>,
) -> Result<StatusCode, Problem> {
    let login: LoginId = login.parse().map_err(|_| Refusal::NotYours)?;
    if !app.logins.end_own(&caller, login).await? {
        return Err(Refusal::NotYours.into());
    }
    app.sessions.end_login(login);
    Ok(StatusCode::NO_CONTENT)
}
