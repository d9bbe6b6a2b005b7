//! Whether the gateway lives, whether it can serve, and what it counts.

use super::{Problem, Shared, openapi::Anywhere};
use crate::db;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "`ok`", content_type = "text/plain"), Anywhere))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can serve: its database answers, and it does not stop.
#[utoipa::path(
    get, path = "/readyz", tag = "operation",
    responses(
        (status = 200, description = "`ready`", content_type = "text/plain"),
        Anywhere,
        (status = 503, description = "`not_ready`", body = Problem, content_type = "application/problem+json")
    )
)]
pub(super) async fn readyz(State(app): State<Shared>) -> Result<&'static str, Problem> {
    let answers = db::revision(&app.db).await.is_ok();
    if answers && !app.stop.is_cancelled() {
        Ok("ready\n")
    } else {
        Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready"))
    }
}

/// What is counted, for Prometheus; no line names a person, a child or a camera.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses((status = 200, description = "OpenMetrics text", content_type = "application/openmetrics-text"), Anywhere))]
pub(super) async fn metrics(State(app): State<Shared>) -> Result<impl IntoResponse, Problem> {
    let page = app.metrics.encode().map_err(|error| Problem::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], page))
}
