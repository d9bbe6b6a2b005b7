//! Logging in and out, and the language of the pages.

use super::{
    Problem, Shared,
    caller::{Body, Client, LoggedIn, SameSite, text},
    me::{self, MyAccount},
    openapi::{Anywhere, WithLogin},
};
use crate::{
    auth::{LogInRefused, NewLogin, Origin},
    db::accounts,
    model::Language,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What somebody logs in with.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LogIn {
    /// A phone number or an e-mail address.
    #[schema(example = "+7 701 123 45 67")]
    login: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// Shows nothing of it.
impl fmt::Debug for LogIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogIn(..)")
    }
}

/// Who is logged in now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LoggedInNow {
    account: MyAccount,
    /// To be sent back as `X-CSRF-Token` with whatever changes something.
    csrf: String,
}

impl LoggedInNow {
    /// What the page of a new log-in is told.
    pub(super) fn of(new: NewLogin) -> Self {
        Self { account: me::account(&new.account), csrf: new.csrf }
    }
}

/// Logs in; the answer sets the log-in's cookie.
#[utoipa::path(
    post, path = "/api/v1/login", tag = "log-in", request_body = LogIn,
    responses(
        (status = 200, body = LoggedInNow, headers(("set-cookie" = String, description = "The log-in"))),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        Anywhere,
        (status = 401, description = "`login_failed`: the login is unknown or the password wrong", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`account_blocked`, `cross_site`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn log_in(
    State(app): State<Shared>,
    _: SameSite,
    Client(address): Client,
    headers: HeaderMap,
    Body(LogIn { login, password }): Body<LogIn>,
) -> Result<impl IntoResponse, Problem> {
    app.limits.api_address(address)?;
    let agent = text(&headers, header::USER_AGENT.as_str()).unwrap_or_default().to_owned();
    let new = app.logins.log_in(&login, &password, Origin { address, agent }).await.inspect_err(|refused| {
        app.metrics.log_in(refused.code().unwrap_or("internal"));
    })?;
    app.metrics.log_in("ok");
    let cookie = app.cookies.set(&new.secret, new.lasts);
    Ok(([(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, "no-store".to_owned())], Json(LoggedInNow::of(new))))
}

/// Logs out; the streams that were opened from this log-in end.
#[utoipa::path(
    post, path = "/api/v1/logout", tag = "log-in", security(("log-in" = [])),
    responses((status = 204, description = "Logged out"), WithLogin)
)]
pub(super) async fn log_out(State(app): State<Shared>, LoggedIn(caller): LoggedIn) -> Result<impl IntoResponse, Problem> {
    app.logins.log_out(&caller).await?;
    app.sessions.end_login(caller.login);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, app.cookies.clear())]))
}

/// The language of somebody's pages.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    language: Language,
}

/// Chooses the language of the pages; every page of the account follows.
#[utoipa::path(
    put, path = "/api/v1/me/language", tag = "me", request_body = Choice, security(("log-in" = [])),
    responses(
        (status = 204, description = "Chosen"),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin
    )
)]
pub(super) async fn language(
    State(app): State<Shared>,
    LoggedIn(caller): LoggedIn,
    Body(Choice { language }): Body<Choice>,
) -> Result<StatusCode, Problem> {
    let tx = app.db.begin().await?;
    tx.touch().await?;
    accounts::set_language(&tx, caller.account.id, language).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<LogInRefused> for Problem {
    fn from(refused: LogInRefused) -> Self {
        match refused {
            LogInRefused::Failed => Self::new(StatusCode::UNAUTHORIZED, "login_failed"),
            LogInRefused::TooMany { retry_after } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts").retry_after(retry_after)
            }
            LogInRefused::Blocked => Self::new(StatusCode::FORBIDDEN, "account_blocked"),
            LogInRefused::Db(error) => error.into(),
        }
    }
}
