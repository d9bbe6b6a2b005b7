//! Logging in and out, and the language of the pages.

use super::{
    Fault, Problem, Shared,
    account::{Code, Whence},
    caller::{AtTheDoor, Body, SameSite, cookies},
    me::{self, MyAccount},
    openapi::{Anywhere, WithLogin},
};
use crate::{
    auth::{Entry, LogInRefused, NewLogin},
    db::accounts,
    model::Language,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
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
    fn of(new: NewLogin) -> Self {
        Self { account: me::account(&new.account), csrf: new.csrf }
    }
}

/// Logs in; the answer sets the log-in's cookie. Where the account has a second factor, it is `second_factor` with another cookie, which
/// opens nothing but the second step, for five minutes.
#[utoipa::path(
    post, path = "/api/v1/login", tag = "log-in", request_body = LogIn,
    responses(
        (status = 200, body = LoggedInNow, headers(("set-cookie" = String, description = "The log-in"))),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        Anywhere,
        (status = 401, description = "`login_failed`: the login is unknown or the password wrong; `second_factor`: it is right, and the code is to be sent now", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`account_blocked`, `cross_site`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn log_in(
    State(app): State<Shared>,
    _: SameSite,
    Whence(origin): Whence,
    Body(LogIn { login, password }): Body<LogIn>,
) -> Result<Response, Problem> {
    app.limits.api_address(origin.address)?;
    let entry = app.logins.log_in(&login, &password, origin).await.inspect_err(|refused| {
        app.metrics.log_in(refused.code().unwrap_or("internal"));
    })?;
    Ok(entered(&app, entry))
}

/// The answer to who is in, or half in: then the second factor is asked for.
pub(super) fn entered(app: &Shared, entry: Entry) -> Response {
    match entry {
        Entry::In(new) => welcome(app, new),
        Entry::Half(half) => {
            app.metrics.log_in(Fault::SecondFactor.code());
            let cookie = [(header::SET_COOKIE, app.cookies.set_half(&half.secret, half.lasts))];
            (cookie, Problem::from(Fault::SecondFactor)).into_response()
        }
    }
}

/// The second step of a log-in: a code of the authenticator app, or a recovery code.
#[utoipa::path(
    post, path = "/api/v1/login/second-factor", tag = "log-in", request_body = Code,
    responses(
        (status = 200, body = LoggedInNow, headers(("set-cookie" = String, description = "The log-in"))),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        Anywhere,
        (status = 401, description = "`wrong_code`: wrong, or taken before; `log_in_again`: the password is to be sent first, or again", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`cross_site`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`, `too_many_requests`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn second_step(
    State(app): State<Shared>,
    _: SameSite,
    Whence(origin): Whence,
    headers: HeaderMap,
    Body(Code { code }): Body<Code>,
) -> Result<Response, Problem> {
    app.limits.api_address(origin.address)?;
    let half = app.cookies.find_half(cookies(&headers)).ok_or(LogInRefused::TooLate)?;
    let new = app.logins.second_step(half, &code, origin).await.inspect_err(|refused| {
        app.metrics.log_in(refused.code().unwrap_or("internal"));
    })?;
    let done = AppendHeaders([(header::SET_COOKIE, app.cookies.clear_half())]);
    Ok((done, welcome(&app, new)).into_response())
}

/// The answer to who is in now.
fn welcome(app: &Shared, new: NewLogin) -> Response {
    app.metrics.log_in("ok");
    let cookie = app.cookies.set(&new.secret, new.lasts);
    ([(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, "no-store".to_owned())], Json(LoggedInNow::of(new))).into_response()
}

/// Logs out; the streams that were opened from this log-in end.
#[utoipa::path(
    post, path = "/api/v1/logout", tag = "log-in", security(("log-in" = [])),
    responses((status = 204, description = "Logged out"), WithLogin)
)]
pub(super) async fn log_out(State(app): State<Shared>, AtTheDoor(caller): AtTheDoor) -> Result<impl IntoResponse, Problem> {
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
    AtTheDoor(caller): AtTheDoor,
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
            LogInRefused::WrongCode => Self::new(StatusCode::UNAUTHORIZED, "wrong_code"),
            LogInRefused::TooLate => Self::new(StatusCode::UNAUTHORIZED, "log_in_again"),
            LogInRefused::Db(error) => error.into(),
        }
    }
}
