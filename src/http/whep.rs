//! WHEP (draft-ietf-wish-whep), as standard clients expect it. The first route of all: it opens streams.

mod body;
pub(super) mod cors;

use super::{
    Fault, Problem, Shared,
    caller::{Bearer, Params, text},
    openapi::WithToken,
};
use crate::{
    auth::TokenError,
    facts::Known,
    id::{AccountId, CameraId},
    media::{Ending, OpenError, Quality, SdpError},
    policy,
    sessions::{NotOpened, Opening, Refused, Session},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use body::{FRAGMENT, Fragment, OFFER, Offer};
use serde::Deserialize;
use std::sync::Arc;

/// Which picture is asked for.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wish {
    /// `main` (the default) or `sub`.
    #[serde(default)]
    #[param(inline)]
    quality: Picture,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum Picture {
    #[default]
    Main,
    Sub,
}

impl From<Picture> for Quality {
    fn from(picture: Picture) -> Self {
        match picture {
            Picture::Main => Self::Main,
            Picture::Sub => Self::Sub,
        }
    }
}

/// Opens a stream of a camera for an SDP offer.
#[utoipa::path(
    post, path = "/whep/{camera}", tag = "WHEP", security(("view token" = [])),
    params(("camera" = String, Path, description = "The camera's id"), Wish),
    request_body(content = String, content_type = "application/sdp"),
    responses(
        (status = 201, description = "The answer, with every candidate", body = String, content_type = "application/sdp", headers(
            ("location" = String, description = "The session URL: unguessable, and good only for the account that opened it"),
            ("etag" = String, description = "The ICE session, for `If-Match`"),
        )),
        WithToken,
        (status = 400, description = "`bad_offer`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The policy's code: `not_yours` (another's camera, or none), `outside_hours`, `paused`, `restricted`, `account_blocked`, `role_sees_no_video`, `token_does_not_cover`", body = Problem, content_type = "application/problem+json"),
        (status = 406, description = "`no_common_codec`: the offer has not what the camera sends; `wrong_codec`: no browser shows what it sends on any of its streams. `codec` is the camera's", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`camera_offline`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`too_many_viewers`, `overloaded`, `timed_out`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn open(
    State(app): State<Shared>,
    bearer: Bearer,
    Path(camera): Path<String>,
    Params(wish): Params<Wish>,
    Offer(offer): Offer,
) -> Result<Response, Problem> {
    let account = bearer.token.account;
    let known = app.facts.of(account, app.clock.now()).await?.ok_or(TokenError::Invalid)?;
    let camera = camera.parse().ok();
    let opened = watch(&app, &known, camera, &bearer, wish, offer).await;
    let (session, answer) = opened.inspect_err(|problem| {
        let kindergarten = camera.and_then(|camera| known.site_of(camera)).map(|site| site.kindergarten.id);
        let (code, address) = (problem.code, bearer.address);
        app.sessions.refused(Refused { account: Some(account), kindergarten, ..Refused::viewing(camera, code, address) });
    })?;
    let headers = [
        (header::LOCATION, session.path.clone()),
        (header::ETAG, session.etag()),
        (header::CONTENT_TYPE, OFFER.to_owned()),
        (header::HeaderName::from_static("accept-patch"), FRAGMENT.to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::CREATED, headers, answer).into_response())
}

/// Facts ▶ policy ▶ grant ▶ session.
async fn watch(
    app: &Shared,
    known: &Known,
    camera: Option<CameraId>,
    bearer: &Bearer,
    wish: Wish,
    offer: String,
) -> Result<(Arc<Session>, String), Problem> {
    let viewers = camera.map_or(0, |camera| app.sessions.watching().borrow().others(camera, known.account.id));
    let grant = policy::decide(&known.live(camera, viewers), &bearer.token.scope, app.clock.now())?;
    let opening = Opening {
        token: bearer.token.scope.clone(),
        login: bearer.token.login,
        offer,
        quality: wish.quality.into(),
        address: bearer.address,
        revision: known.revision,
        viewers,
    };
    Ok(app.sessions.open(grant, opening).await?)
}

/// Trickles candidates, restarts ICE (`If-Match: "*"`), or, with a fresh token, lets the stream run on under it.
#[utoipa::path(
    patch, path = "/whep/{camera}/{session}", tag = "WHEP", security(("view token" = [])),
    params(
        ("camera" = String, Path, description = "The camera's id"),
        ("session" = String, Path, description = "The rest of the session URL"),
        ("if-match" = Option<String>, Header, description = "The ICE session, or `\"*\"` to restart it"),
    ),
    request_body(content = String, content_type = "application/trickle-ice-sdpfrag", description = "May be empty, to renew only"),
    responses(
        (status = 200, description = "Restarted: the server's fragment", body = String, content_type = "application/trickle-ice-sdpfrag"),
        (status = 204, description = "Taken"),
        WithToken,
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The policy's code: the fresh token does not cover the stream", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`no_such_session`", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`etag_mismatch`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn patch(
    State(app): State<Shared>,
    bearer: Bearer,
    Path((camera, secret)): Path<(String, String)>,
    headers: HeaderMap,
    Fragment(fragment): Fragment,
) -> Result<Response, Problem> {
    let session = find(&app, &camera, &secret, bearer.token.account)?;
    let wanted = text(&headers, header::IF_MATCH.as_str());
    let restart = matches!(wanted, Some("*" | "\"*\""));
    if !restart && wanted.is_some_and(|tag| tag != session.etag()) {
        return Err(Fault::EtagMismatch.into());
    }
    app.sessions.renew(&session, bearer.token.scope, bearer.token.login).await??;
    if restart {
        let answer = app.sessions.restart(&session, &fragment)?;
        let headers = [(header::CONTENT_TYPE, FRAGMENT.to_owned()), (header::ETAG, session.etag())];
        return Ok((headers, answer).into_response());
    }
    if !fragment.trim().is_empty() {
        session.viewer.trickle(&fragment)?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Ends a stream.
#[utoipa::path(
    delete, path = "/whep/{camera}/{session}", tag = "WHEP", security(("view token" = [])),
    params(
        ("camera" = String, Path, description = "The camera's id"),
        ("session" = String, Path, description = "The rest of the session URL"),
    ),
    responses(
        (status = 200, description = "Ended"),
        WithToken,
        (status = 404, description = "`no_such_session`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end(
    State(app): State<Shared>,
    bearer: Bearer,
    Path((camera, secret)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let session = find(&app, &camera, &secret, bearer.token.account)?;
    app.sessions.end(&session, Ending::Closed);
    Ok(StatusCode::OK)
}

fn find(app: &Shared, camera: &str, secret: &str, account: AccountId) -> Result<Arc<Session>, Fault> {
    app.sessions.find(&format!("/whep/{camera}/{secret}"), account).ok_or(Fault::NoSuchSession)
}

impl From<NotOpened> for Problem {
    fn from(not: NotOpened) -> Self {
        match not {
            NotOpened::Media(error) => error.into(),
            NotOpened::Ended(end) => {
                let refused = Self::new(StatusCode::FORBIDDEN, end.code);
                Self { until: end.until, opens_at: end.opens_at, reason: end.reason, ..refused }
            }
            NotOpened::Database(error) => error.into(),
            NotOpened::Stopping => Self::new(StatusCode::SERVICE_UNAVAILABLE, Ending::ServerStopping.code()),
        }
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        let (code, wait) = (error.code(), error.retry_after());
        let problem = match error {
            OpenError::BadOffer(_) => Self::new(StatusCode::BAD_REQUEST, code),
            OpenError::NoCommonCodec { camera } => {
                Self { codec: Some(camera.to_owned()), ..Self::new(StatusCode::NOT_ACCEPTABLE, code) }
            }
            OpenError::WrongCodec { camera } => {
                Self { codec: camera.map(str::to_owned), ..Self::new(StatusCode::NOT_ACCEPTABLE, code) }
            }
            OpenError::CameraOffline { since, .. } => Self { since: Some(since), ..Self::new(StatusCode::CONFLICT, code) },
            OpenError::Overloaded { .. } => Self::new(StatusCode::SERVICE_UNAVAILABLE, code),
        };
        match wait {
            Some(wait) => problem.retry_after(wait),
            None => problem,
        }
    }
}

/// What is wrong with a fragment; a stream that has ended meanwhile is no more.
impl From<SdpError> for Problem {
    fn from(error: SdpError) -> Self {
        match error {
            SdpError::Ended => Fault::NoSuchSession.into(),
            _ => Fault::BadRequest.into(),
        }
    }
}
