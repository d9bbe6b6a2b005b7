//! View tokens for those who are logged in, and the keys by which others can check them.

use super::{
    Fault, Problem, Shared,
    caller::{LoggedIn, Params},
    openapi::{Anywhere, WithLogin},
};
use crate::{
    auth::{TokenError, token::IssueError},
    facts::Known,
    id::KindergartenId,
    policy::{self, Refusal},
    sessions::Watching,
};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the token is to be good for.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only what may be watched in this kindergarten; everything when nothing is said. Who has many needs it: a token has to fit into
    /// a header.
    kindergarten: Option<KindergartenId>,
}

/// A view token.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct ViewToken {
    /// To be sent to WHEP as `Authorization: Bearer`, and kept nowhere but in memory.
    token: String,
    /// The first moment at which it is no longer good.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Gives a view token for today's windows; ten minutes at most.
#[utoipa::path(
    post, path = "/api/v1/view-token", tag = "view token", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, body = ViewToken),
        (status = 400, description = "`bad_request`, or `name_a_kindergarten`: a token for all of them would be too long", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, or the policy's code when nothing may be watched now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn view_token(
    State(app): State<Shared>,
    LoggedIn(caller): LoggedIn,
    Params(Wanted { kindergarten }): Params<Wanted>,
) -> Result<impl IntoResponse, Problem> {
    let now = app.clock.now();
    let known = app.facts.of(caller.account.id, now).await?.ok_or(Fault::NotLoggedIn)?.only(kindergarten);
    let watching = app.sessions.watching().borrow().clone();
    anything_open(&known, &watching, now).inspect_err(|refusal| app.metrics.refused(refusal.code()))?;
    let grants = policy::token_grants(&known.account, known.sites.iter().map(AsRef::as_ref), now);
    let issued = app.tokens.issue(&known.account, caller.login, &grants, now)?;
    let token = ViewToken { token: issued.token, expires_at: issued.expires_at };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(token)))
}

/// Whether any camera can be watched now; otherwise the refusal of the one that opens first. A camera that is merely full counts as
/// open: by the time of the POST it may have a place.
fn anything_open(known: &Known, watching: &Watching, now: Timestamp) -> Result<(), Refusal> {
    let cameras = known.sites.iter().flat_map(|site| &site.cameras);
    let mut first = policy::outlook(&known.live(None, 0), now).err().unwrap_or(Refusal::NotYours);
    for camera in cameras {
        let others = watching.others(camera.id, known.account.id);
        match policy::outlook(&known.live(Some(camera.id), others), now) {
            Ok(_) | Err(Refusal::TooManyViewers { .. }) => return Ok(()),
            // What opens sooner says more than what opens later, and anything says more than 'not yours'.
            Err(refusal) => {
                let rank = |refusal: &Refusal| (refusal.opens_at().unwrap_or(Timestamp::MAX), *refusal == Refusal::NotYours);
                if rank(&refusal) < rank(&first) {
                    first = refusal;
                }
            }
        }
    }
    Err(first)
}

/// The public keys of view tokens (RFC 7517), for whoever wants to check one.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "view token",
    responses((status = 200, description = "A JSON Web Key Set", body = serde_json::Value), Anywhere)
)]
pub(super) async fn jwks(State(app): State<Shared>) -> impl IntoResponse {
    let headers = [(header::CACHE_CONTROL, "public, max-age=60"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (headers, Json(app.tokens.jwks(app.clock.now())))
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        match error {
            // The last window closes within this second.
            IssueError::Nothing => Refusal::OutsideHours { opens_at: None, reason: None }.into(),
            IssueError::TooLong => Fault::NameAKindergarten.into(),
            IssueError::NoKey => Self::internal(&error),
        }
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Db(error) => error.into(),
            error => Self::new(StatusCode::UNAUTHORIZED, error.code().unwrap_or("token_invalid")),
        }
    }
}
