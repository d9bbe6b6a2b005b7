//! Who sends a request: somebody who is logged in, or the bearer of a view token. Neither is taken for the other.

use super::{Fault, Problem, RateLimits, Shared, TooSoon, Verb};
use crate::{
    auth::{self, TokenError, token::Verified},
    db::DbError,
    id::AccountId,
    sessions::Refused,
};
use axum::{
    extract::{
        ConnectInfo, FromRequest, FromRequestParts,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{HeaderMap, Method, StatusCode, header, request::Parts, uri::Authority},
};
use std::net::{IpAddr, SocketAddr};

/// The address of the client: of the connection, or of what the configured proxies say stands behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client(pub(super) IpAddr);

impl FromRequestParts<Shared> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().ok_or(Fault::BadRequest)?.0.ip().to_canonical();
        Ok(Self(behind_proxies(peer, &parts.headers, &app.config.server.proxies)))
    }
}

/// Walks `X-Forwarded-For` from our end for as long as a proxy that is trusted vouches for the next address: what a client itself
/// puts there is never believed.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let mut hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut address = peer;
    while proxies.contains(&address) {
        match hops.pop().and_then(|hop| hop.parse::<IpAddr>().ok()) {
            Some(hop) => address = hop.to_canonical(),
            None => break,
        }
    }
    address
}

/// Somebody who is logged in and has all that the role needs; a request that changes something must carry the log-in's
/// `X-CSRF-Token`.
#[derive(Debug, Clone)]
pub(super) struct LoggedIn(pub(super) auth::Caller);

impl FromRequestParts<Shared> for LoggedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let AtTheDoor(caller) = AtTheDoor::from_request_parts(parts, app).await?;
        inside(caller).map(Self)
    }
}

/// The same for who plays a recording: a player that jumps about asks for more pieces than a page asks questions, so they have a budget of
/// their own.
#[derive(Debug, Clone)]
pub(super) struct PlaysRecording(pub(super) auth::Caller);

impl FromRequestParts<Shared> for PlaysRecording {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        inside(caller(parts, app, RateLimits::pieces).await?).map(Self)
    }
}

/// Whoever has all that the role needs.
fn inside(caller: auth::Caller) -> Result<auth::Caller, Problem> {
    if caller.needs_factor() { Err(Fault::SecondFactorNeeded.into()) } else { Ok(caller) }
}

/// The same for the few routes that are open to who still has to set up the second factor.
#[derive(Debug, Clone)]
pub(super) struct AtTheDoor(pub(super) auth::Caller);

impl FromRequestParts<Shared> for AtTheDoor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        caller(parts, app, RateLimits::api_account).await.map(Self)
    }
}

/// Whoever is logged in; `count` takes one request from the account's budget.
async fn caller(
    parts: &mut Parts,
    app: &Shared,
    count: fn(&RateLimits, AccountId) -> Result<(), TooSoon>,
) -> Result<auth::Caller, Problem> {
    let Client(address) = Client::from_request_parts(parts, app).await?;
    app.limits.api_address(address)?;
    let cookie = app.cookies.find(cookies(&parts.headers));
    let caller = app.logins.caller(cookie.ok_or(Fault::NotLoggedIn)?).await?.ok_or(Fault::NotLoggedIn)?;
    count(&app.limits, caller.account.id)?;
    if !parts.method.is_safe() && !caller.csrf_fits(text(&parts.headers, "x-csrf-token").unwrap_or_default()) {
        return Err(Fault::Csrf.into());
    }
    Ok(caller)
}

/// Every line of cookies.
pub(super) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers.get_all(header::COOKIE).iter().filter_map(|line| std::str::from_utf8(line.as_bytes()).ok())
}

/// The bearer of a good view token, within the limits of the verb.
#[derive(Debug, Clone)]
pub(super) struct Bearer {
    pub(super) token: Verified,
    pub(super) address: IpAddr,
}

impl FromRequestParts<Shared> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let Client(address) = Client::from_request_parts(parts, app).await?;
        let verb = match parts.method {
            Method::POST => Verb::Post,
            Method::DELETE => Verb::Delete,
            _ => Verb::Patch,
        };
        app.limits.whep_address(verb, address)?;
        let token = match bearer(&parts.headers) {
            Some(token) => app.tokens.verify(token, app.clock.now()).await,
            None => Err(TokenError::Missing),
        };
        let token = match token {
            // A token lives no longer than the log-in that it was given to.
            Ok(token) if !lives(app, &token).await? => Err(TokenError::Invalid),
            token => token,
        };
        let token = token.map_err(Problem::from).inspect_err(|problem| {
            app.sessions.refused(Refused::viewing(None, problem.code, address));
        })?;
        app.limits.whep_account(verb, token.account)?;
        Ok(Self { token, address })
    }
}

async fn lives(app: &Shared, token: &Verified) -> Result<bool, DbError> {
    match token.login {
        Some(login) => app.logins.admits(login).await,
        None => Ok(true),
    }
}

/// The credentials of the scheme `Bearer` (RFC 6750 §2.1), whose name has no case (RFC 9110 §11.1).
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// A page of this site: other sites' pages may not log their visitors in here. Clients that are no browsers say nothing of it.
pub(super) struct SameSite;

impl FromRequestParts<Shared> for SameSite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Problem> {
        let fetched_by_us = text(&parts.headers, "sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
        let host = parts.uri.authority().map(Authority::as_str).or_else(|| text(&parts.headers, header::HOST.as_str()));
        let from_us = text(&parts.headers, header::ORIGIN.as_str()).is_none_or(|origin| {
            let origin = origin.split_once("://").map(|(_, authority)| authority);
            origin.is_some() && origin == host
        });
        if fetched_by_us && from_us { Ok(Self) } else { Err(Fault::CrossSite.into()) }
    }
}

/// A JSON body.
#[derive(Debug, Clone, Copy, FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub(super) struct Body<T>(pub(super) T);

/// What stands behind the question mark.
#[derive(Debug, Clone, Copy, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(super) struct Params<T>(pub(super) T);

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Fault::WrongContentType,
            StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge,
            _ => Fault::BadRequest,
        }
        .into()
    }
}

impl From<QueryRejection> for Problem {
    fn from(_: QueryRejection) -> Self {
        Fault::BadRequest.into()
    }
}

/// The text of a header that stands once.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(line: &str) -> HeaderMap {
        [(header::HeaderName::from_static("x-forwarded-for"), line.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn an_address_is_believed_only_from_a_configured_proxy() {
        let (proxy, client): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "192.0.2.7".parse().unwrap());
        assert_eq!(behind_proxies(client, &forwarded("198.51.100.1"), &[proxy]), client);
        assert_eq!(behind_proxies(proxy, &forwarded("198.51.100.1, 192.0.2.7"), &[proxy]), client);
        assert_eq!(behind_proxies(proxy, &forwarded("192.0.2.7, 10.0.0.1"), &[proxy]), client);
        assert_eq!(behind_proxies(proxy, &forwarded("192.0.2.7, nonsense"), &[proxy]), proxy);
        assert_eq!(behind_proxies(proxy, &HeaderMap::new(), &[proxy]), proxy);
    }

    #[test]
    fn a_token_is_taken_from_the_bearer_scheme_alone() {
        let with =
            |value: &str| bearer(&[(header::AUTHORIZATION, value.parse().unwrap())].into_iter().collect()).map(str::to_owned);
        assert_eq!(with("Bearer abc"), Some("abc".to_owned()));
        assert_eq!(with("bearer  abc"), Some("abc".to_owned()));
        assert_eq!(with("Basic abc"), None);
        assert_eq!(with("Bearer "), None);
        assert_eq!(with("Bearer"), None);
    }
}
