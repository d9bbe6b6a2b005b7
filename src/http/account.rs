//! The own account: its password, its devices, its second factor. A file a subject.

mod factor;
mod logins;
mod password;

pub(super) use factor::Code;

use super::{
    Problem, Shared,
    caller::{Client, text},
};
use crate::auth::{NotChanged, Origin, password::PasswordError};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of the own account, with its description.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(password::change))
        .routes(routes!(logins::own, logins::end_others))
        .routes(routes!(logins::end))
        .routes(routes!(factor::state, factor::set_up, factor::confirm))
        .routes(routes!(factor::renew_codes))
}

/// Where a request comes from, for the records.
pub(super) struct Whence(pub(super) Origin);

impl FromRequestParts<Shared> for Whence {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let Client(address) = Client::from_request_parts(parts, app).await?;
        let agent = text(&parts.headers, header::USER_AGENT.as_str()).unwrap_or_default().to_owned();
        Ok(Self(Origin { address, agent }))
    }
}

impl From<NotChanged> for Problem {
    fn from(refused: NotChanged) -> Self {
        let code = refused.code().unwrap_or_default();
        match refused {
            NotChanged::NoFactor | NotChanged::WrongPassword | NotChanged::WrongCode => Self::new(StatusCode::FORBIDDEN, code),
            NotChanged::TooMany { retry_after } => Self::new(StatusCode::TOO_MANY_REQUESTS, code).retry_after(retry_after),
            NotChanged::NothingBegun => Self::new(StatusCode::CONFLICT, code),
            NotChanged::NewPassword(error @ PasswordError::Failed) => Self::internal(&error),
            NotChanged::NewPassword(_) => Self::new(StatusCode::BAD_REQUEST, code),
            NotChanged::Db(error) => error.into(),
        }
    }
}
