//! Everything that is served over HTTP: every route in one table, a file a subject.
//!
//! Every handler reads request ▶ caller ▶ facts ▶ policy ▶ grant ▶ session ▶ audit. A log-in's cookie opens the API and no stream, a
//! view token opens streams and nothing of the API.

mod account;
mod alarms;
mod caller;
mod company;
mod console;
mod csv;
mod events;
mod explain;
mod files;
mod guard;
mod health;
mod invitation;
mod limits;
mod login;
mod me;
mod openapi;
mod own_records;
mod problem;
mod range;
mod serve;
mod token;
mod whep;
mod words;

pub use console::Finder;
pub use events::Pages;
pub use limits::{RateLimits, TooSoon, Verb};
pub use problem::{Fault, Problem};
pub use serve::{ServeError, Server};

use crate::app::App;
use axum::{Json, Router, extract::DefaultBodyLimit, middleware, routing::get};
use openapi::Description;
use std::sync::Arc;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};
use whep::cors;

/// What every handler gets.
type Shared = Arc<App>;

/// The largest body that anybody has reason to send: an SDP offer of a browser is a tenth of it.
const BODY_LIMIT: usize = 64 * 1024;

/// Every route there is, with its description.
fn routes() -> OpenApiRouter<Shared> {
    let whep = OpenApiRouter::new()
        .routes(routes!(whep::open, cors::camera_options, cors::camera_get, cors::camera_head))
        .routes(routes!(whep::patch, whep::end, cors::session_options, cors::session_get, cors::session_head))
        .layer(middleware::from_fn(cors::open_to_other_sites));
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(login::log_in))
        .routes(routes!(login::second_step))
        .routes(routes!(login::log_out))
        .routes(routes!(invitation::look))
        .routes(routes!(invitation::choose))
        .routes(routes!(me::me))
        .routes(routes!(own_records::own_records))
        .routes(routes!(login::language))
        .routes(routes!(events::events))
        .routes(routes!(token::view_token))
        .routes(routes!(alarms::ring))
        .routes(routes!(company::watched_today))
        .routes(routes!(explain::explain))
        .routes(routes!(token::jwks))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
        .merge(account::routes())
        .merge(console::routes())
        .merge(whep)
}

/// The whole service of `app`.
pub fn router(app: &Shared) -> Router {
    let (routes, description) = routes().split_for_parts();
    let description = Json(description);
    let pages = Router::new().fallback(files::serve).layer(CompressionLayer::new());
    routes
        .route("/api/openapi.json", get(move || async move { description }))
        .method_not_allowed_fallback(|| async { Problem::from(Fault::MethodNotAllowed) })
        .fallback_service(pages)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), guard::count))
        .layer(middleware::from_fn_with_state(app.clone(), guard::headers))
        .with_state(app.clone())
}
