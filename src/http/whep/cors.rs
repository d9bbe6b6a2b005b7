//! WHEP is for players on other sites too: the bearer token is the only key, and no cookie opens anything here.

use super::body::{FRAGMENT, OFFER};
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

const EXPOSED: &str = "Location, Link, ETag, Retry-After, WWW-Authenticate, Accept-Post, Accept-Patch";
const METHODS: &str = "POST, PATCH, DELETE, GET, HEAD, OPTIONS";
const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

/// Lets pages of other sites read every answer, problems included (Fetch §3.2).
pub(in crate::http) async fn open_to_other_sites(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

fn preflight() -> impl IntoResponse {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, If-Match"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        (ACCEPT_POST, OFFER),
        (ACCEPT_PATCH, FRAGMENT),
    ];
    (StatusCode::NO_CONTENT, headers)
}

macro_rules! empty_answers {
    ($options:ident, $get:ident, $head:ident of $path:literal, $what:literal) => {
        #[doc = concat!("What ", $what, " takes.")]
        #[utoipa::path(options, path = $path, tag = "WHEP", params(("camera" = String, Path, description = "Not looked at")),
                                    responses((status = 204, description = "The methods, headers and types that are taken")))]
        pub(in crate::http) async fn $options() -> impl IntoResponse {
            preflight()
        }

        #[doc = concat!("Nothing: ", $what, " has no representation, and says nothing of what is there.")]
        #[utoipa::path(get, path = $path, tag = "WHEP", params(("camera" = String, Path, description = "Not looked at")),
                                    responses((status = 204, description = "Always")))]
        pub(in crate::http) async fn $get() -> StatusCode {
            StatusCode::NO_CONTENT
        }

        #[doc = concat!("Nothing: ", $what, " has no representation.")]
        #[utoipa::path(head, path = $path, tag = "WHEP", params(("camera" = String, Path, description = "Not looked at")),
                                    responses((status = 200, description = "Always")))]
        pub(in crate::http) async fn $head() -> StatusCode {
            StatusCode::OK
        }
    };
}

empty_answers!(camera_options, camera_get, camera_head of "/whep/{camera}", "a camera's address");
empty_answers!(session_options, session_get, session_head of "/whep/{camera}/{session}", "a session URL");
