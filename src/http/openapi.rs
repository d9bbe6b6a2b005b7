//! The description of the API, generated from the code that serves it.

use super::{Fault, Problem};
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses, OpenApi, ToSchema,
    openapi::{
        ContentBuilder, Ref, RefOr, Response, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

/// The part of the description that no route brings along.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tereze",
        description = "Live pictures of a kindergarten's rooms for those whom the policy lets watch. Errors are \
            `application/problem+json` (RFC 9457) with a stable `code`; times are RFC 3339 in UTC.",
    ),
    components(schemas(Problem)),
    modifiers(&Schemes),
)]
pub(super) struct Description;

struct Schemes;

impl utoipa::Modify for Schemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let cookie =
            ApiKeyValue::with_description("tereze", "The log-in; over TLS the name is `__Host-tereze`. It opens no stream.");
        components.add_security_scheme("log-in", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
        let bearer = bearer.description(Some("A view token from `POST /api/v1/view-token`. It opens no page of the API."));
        let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let key = key.description(Some("What `POST /api/v1/alarm-keys` tells once. It rings alarms and opens nothing."));
        components.add_security_scheme("alarm-key", SecurityScheme::Http(key.build()));
        components.add_security_scheme("view token", SecurityScheme::Http(bearer.build()));
    }
}

/// What every route can answer.
pub(super) struct Anywhere;

impl IntoResponses for Anywhere {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        faults(&[Fault::TooManyRequests, Fault::Internal, Fault::TimedOut])
    }
}

/// What every route for people who are logged in can answer.
pub(super) struct WithLogin;

impl IntoResponses for WithLogin {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = Anywhere::responses();
        responses.extend(faults(&[Fault::NotLoggedIn, Fault::Csrf]));
        responses
    }
}

/// What every route for a view token can answer.
pub(super) struct WithToken;

impl IntoResponses for WithToken {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = Anywhere::responses();
        let codes = "`token_missing`, `token_invalid`, `token_expired`, `token_not_yet_valid`";
        responses.insert("401".to_owned(), problem(codes).into());
        responses
    }
}

fn faults(faults: &[Fault]) -> BTreeMap<String, RefOr<Response>> {
    let response = |fault: &Fault| (fault.status().as_str().to_owned(), problem(&format!("`{}`", fault.code())).into());
    faults.iter().map(response).collect()
}

fn problem(codes: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    ResponseBuilder::new().description(codes).content("application/problem+json", content).build()
}
