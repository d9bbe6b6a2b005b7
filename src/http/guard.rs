//! What stands around every route: headers that browsers obey, time limits, counting.

use super::{Fault, Problem, Shared, problem::Code};
use crate::clock::monotonic;
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{any::Any, time::Duration};

/// Scripts, styles, pictures and connections come from here and nowhere else; no page of another site may frame ours; and text
/// becomes markup only through the template library, and an address a worker's only where `worker.js` says so (Trusted Types).
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types lit-html tereze-worker";

/// The page plays video, large and small, and keeps the screen awake meanwhile; nothing else of the device is for it.
const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(self), camera=(), display-capture=(), fullscreen=(self), geolocation=(), \
    gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(self), screen-wake-lock=(self), usb=()";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Two years: whoever came over TLS once never comes without (RFC 6797).
const HSTS: &str = "max-age=63072000";

/// The head of every answer is there by then; the longest are streams that wait for a cold camera.
const PATIENCE: Duration = Duration::from_secs(30);

/// Puts the headers on every answer that has not its own.
pub(super) async fn headers(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.cookies.secure {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    response
}

/// Counts every request under its route's template, whose parts name nobody, and answers for those that take too long.
pub(super) async fn count(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let began = monotonic();
    let route = request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let answered = tokio::time::timeout(PATIENCE, next.run(request)).await;
    let response = answered.unwrap_or_else(|_| Problem::from(Fault::TimedOut).into_response());
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let code = response.extensions().get::<Code>().map(|code| code.0);
    tracing::debug!(%method, route, status, code, took = took.as_millis(), "answered");
    // Other methods are made up by whoever asks, and labels must be few.
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(&method.as_str());
    app.metrics.request(if known { method.as_str() } else { "other" }, &route, status, took);
    response
}

/// A bug must not take the connection with it.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request met a bug; the panic above says where");
    Problem::from(Fault::Internal).into_response()
}
