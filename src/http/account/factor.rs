//! The second factor of the own account. These routes are open before it is set up: they are the way to do so.

use super::Whence;
use crate::{
    auth::{FactorState, NotChanged},
    http::{
        Problem, Shared,
        caller::{AtTheDoor, Body, LoggedIn},
        openapi::WithLogin,
    },
    qr,
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// How it stands with the second factor.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OwnFactor {
    state: FactorState,
    /// How many recovery codes were not used yet.
    recovery_codes: u32,
}

/// How it stands with the second factor of the own account.
#[utoipa::path(
    get, path = "/api/v1/me/second-factor", tag = "account", security(("log-in" = [])),
    responses(
        (status = 200, body = OwnFactor),
        WithLogin,
        (status = 403, description = "`not_allowed`: the role has none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn state(State(app): State<Shared>, AtTheDoor(caller): AtTheDoor) -> Result<impl IntoResponse, Problem> {
    let (state, recovery_codes) = app.logins.factor(&caller.account).await?.ok_or(NotChanged::NoFactor)?;
    Ok((NO_STORE, Json(OwnFactor { state, recovery_codes })))
}

/// What somebody shows before the second factor is set up or changed.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Shown {
    /// A code of the present app or a recovery code, where there is a second factor; the password, where there is none and none is
    /// needed; else nothing.
    #[serde(default)]
    proof: String,
}

/// Shows nothing of it.
impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown(..)")
    }
}

/// What goes into the authenticator app (RFC 6238: SHA-1, six digits, 30 seconds).
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct NewFactor {
    /// The key in base32, in groups of four, to be typed.
    #[schema(example = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")]
    key: String,
    /// The same as an `otpauth:` address.
    uri: String,
    /// The address as a QR code: an SVG document.
    qr: String,
}

/// Begins to set up a second factor, or another one instead of the present one. Nothing changes before it is confirmed.
#[utoipa::path(
    post, path = "/api/v1/me/second-factor", tag = "account", request_body = Shown, security(("log-in" = [])),
    responses(
        (status = 200, body = NewFactor),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_allowed`: the role has none, `wrong_password`, `wrong_code`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn set_up(
    State(app): State<Shared>,
    AtTheDoor(caller): AtTheDoor,
    Whence(origin): Whence,
    Body(Shown { proof }): Body<Shown>,
) -> Result<impl IntoResponse, Problem> {
    let set_up = app.logins.set_up(&caller, &proof, &origin).await?;
    let qr = qr::svg(&set_up.uri).unwrap_or_default();
    Ok((NO_STORE, Json(NewFactor { key: set_up.key.to_string(), uri: set_up.uri.to_string(), qr })))
}

/// A code of the app; for new recovery codes, a recovery code will do.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Code {
    /// As it is shown; spaces do not matter.
    #[schema(example = "123 456")]
    pub(in crate::http) code: String,
}

/// Shows nothing of it.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// Codes for who has lost the app. Each works once, and they are shown once.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct RecoveryCodes {
    #[schema(example = json!(["ABCD-EFGH-IJKL-MNOP"]))]
    recovery_codes: Vec<String>,
}

impl RecoveryCodes {
    fn of(codes: &[Zeroizing<String>]) -> Self {
        Self { recovery_codes: codes.iter().map(|code| code.to_string()).collect() }
    }
}

/// Puts the second factor in force that was begun within the last hour; every other log-in of the account ends.
#[utoipa::path(
    put, path = "/api/v1/me/second-factor", tag = "account", request_body = Code, security(("log-in" = [])),
    responses(
        (status = 200, body = RecoveryCodes),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `wrong_code`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`set_up_again`: nothing was begun, or too long ago", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn confirm(
    State(app): State<Shared>,
    AtTheDoor(caller): AtTheDoor,
    Whence(origin): Whence,
    Body(Code { code }): Body<Code>,
) -> Result<impl IntoResponse, Problem> {
    let codes = app.logins.confirm(&caller, &code, &origin).await?;
    Ok((NO_STORE, Json(RecoveryCodes::of(&codes))))
}

/// Makes new recovery codes; the old ones are void.
#[utoipa::path(
    post, path = "/api/v1/me/recovery-codes", tag = "account", request_body = Code, security(("log-in" = [])),
    responses(
        (status = 200, body = RecoveryCodes),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `second_factor_needed`, `not_allowed`: there is no second factor, `wrong_code`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn renew_codes(
    State(app): State<Shared>,
    LoggedIn(caller): LoggedIn,
    Whence(origin): Whence,
    Body(Code { code }): Body<Code>,
) -> Result<impl IntoResponse, Problem> {
    let codes = app.logins.renew_codes(&caller, &code, &origin).await?;
    Ok((NO_STORE, Json(RecoveryCodes::of(&codes))))
}

const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
