//! Coming in by a link that a director made: what it is for, and choosing the password.
//!
//! The secret stands behind the `#` of the link, which browsers send to nobody, and in the body of these requests: in no address, and so
//! in no log.

use super::{
    Fault, Problem, Shared,
    account::Whence,
    caller::{Body, Client, SameSite},
    login::{self, LoggedInNow},
    openapi::Anywhere,
};
use crate::{
    auth::{
        NotLetIn,
        password::{MIN_CHARACTERS, PasswordError},
    },
    db::{self, invitations::Ended},
    model::Language,
    policy::Refusal,
};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The secret of a link.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    /// What stands behind its `#`.
    #[schema(example = "7K3M-9QPA-2TFW-HD84-XB1C-06RZ")]
    secret: String,
}

/// What a link is for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Invited {
    /// The kindergarten that invites.
    kindergarten: String,
    /// The first names of the person's children there; none for staff.
    children: Vec<String>,
    /// The person's name.
    name: String,
    /// What the person will log in with.
    login: String,
    /// The language that the person is known to read.
    language: Language,
    /// Whether it replaces a password that there is.
    reset: bool,
    /// The first moment at which it no longer works.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The time zone of the kindergarten (IANA name).
    zone: String,
    /// The fewest characters that a password may have.
    password_characters: usize,
}

/// Says what a link is for.
#[utoipa::path(
    post, path = "/api/v1/invitation", tag = "log-in", request_body = Link,
    responses(
        (status = 200, body = Invited),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`invitation_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`invitation_expired`, `invitation_used`, `invitation_withdrawn`, `invitation_replaced`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        Anywhere,
        (status = 401, description = "`second_factor`: the password is set, and the code is to be sent to `/api/v1/login/second-factor`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`account_blocked`, `cross_site`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn look(
    State(app): State<Shared>,
    _: SameSite,
    Client(address): Client,
    Body(Link { secret }): Body<Link>,
) -> Result<impl IntoResponse, Problem> {
    app.limits.invitation(address)?;
    let (invitation, account) = app.logins.invited(&secret).await?;
    let site = db::site::load(&app.db, invitation.kindergarten, app.clock.now()).await?.ok_or(NotLetIn::Unknown)?;
    let mut ties: Vec<_> = site.guardianships.iter().filter(|tie| tie.account == account.id).map(|tie| tie.child).collect();
    ties.dedup();
    let children = ties.into_iter().filter_map(|child| site.child(child)).map(|child| first_name(&child.name));
    let invited = Invited {
        children: children.collect(),
        kindergarten: site.kindergarten.name,
        name: account.name,
        login: account.login,
        language: account.language,
        reset: invitation.reset,
        expires_at: invitation.expires_at,
        zone: site.kindergarten.zone.iana_name().unwrap_or("UTC").to_owned(),
        password_characters: MIN_CHARACTERS,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(invited)))
}

/// A link's secret, and the password that is chosen by it.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    /// What stands behind the link's `#`.
    secret: String,
    /// The new password.
    #[schema(format = Password, min_length = 8)]
    password: String,
}

/// Shows nothing of it.
impl fmt::Debug for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chosen(..)")
    }
}

/// Uses the link up: sets the password, ends every log-in that there was, and logs in; the answer sets the log-in's cookie.
#[utoipa::path(
    post, path = "/api/v1/invitation/password", tag = "log-in", request_body = Chosen,
    responses(
        (status = 200, body = LoggedInNow, headers(("set-cookie" = String, description = "The log-in"))),
        (status = 400, description = "`bad_request`, `password_too_short`, `password_too_long`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`invitation_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`invitation_expired`, `invitation_used`, `invitation_withdrawn`, `invitation_replaced`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        Anywhere,
        (status = 401, description = "`second_factor`: the password is set, and the code is to be sent to `/api/v1/login/second-factor`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`account_blocked`, `cross_site`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn choose(
    State(app): State<Shared>,
    _: SameSite,
    Whence(origin): Whence,
    Body(Chosen { secret, password }): Body<Chosen>,
) -> Result<Response, Problem> {
    app.limits.invitation(origin.address)?;
    let entry = app.logins.let_in(&secret, &password, &origin).await?;
    app.metrics.log_in("invited");
    Ok(login::entered(&app, entry))
}

/// Whoever finds the letter learns no more than this of the child.
fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

impl From<NotLetIn> for Problem {
    fn from(error: NotLetIn) -> Self {
        match error {
            NotLetIn::Unknown => Fault::InvitationUnknown.into(),
            NotLetIn::Expired => Fault::InvitationExpired.into(),
            NotLetIn::Ended(Ended::Used) => Fault::InvitationUsed.into(),
            NotLetIn::Ended(Ended::Withdrawn) => Fault::InvitationWithdrawn.into(),
            NotLetIn::Ended(Ended::Replaced) => Fault::InvitationReplaced.into(),
            NotLetIn::Blocked => Refusal::AccountBlocked.into(),
            NotLetIn::Password(PasswordError::TooShort) => Fault::PasswordTooShort.into(),
            NotLetIn::Password(PasswordError::TooLong) => Fault::PasswordTooLong.into(),
            NotLetIn::Password(error @ PasswordError::Failed) => Self::internal(&error),
            NotLetIn::Db(error) => error.into(),
        }
    }
}
