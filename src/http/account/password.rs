//! A new password for the own account.

use super::Whence;
use crate::http::{
    Problem, Shared,
    caller::{Body, LoggedIn},
    openapi::WithLogin,
};
use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use std::fmt;

/// The present password, and the one that is to be.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// The present one.
    #[schema(format = Password)]
    old: String,
    /// The new one.
    #[schema(format = Password, min_length = 8, max_length = 1024)]
    new: String,
}

/// Shows nothing of it.
impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(..)")
    }
}

/// Changes the password; every other log-in of the account ends, and its streams with it.
#[utoipa::path(
    put, path = "/api/v1/me/password", tag = "account", request_body = NewPassword, security(("log-in" = [])),
    responses(
        (status = 204, description = "Changed"),
        (status = 400, description = "`bad_request`, `password_too_short`: fewer than 8 characters, `password_too_long`: more than 1024 bytes", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `second_factor_needed`, `wrong_password`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn change(
    State(app): State<Shared>,
    LoggedIn(caller): LoggedIn,
    Whence(origin): Whence,
    Body(NewPassword { old, new }): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    app.logins.change_password(&caller, &old, &new, &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
