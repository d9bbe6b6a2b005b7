//! A panic button's controller rings an alarm, with a key of its own.

use super::{
    Fault, Problem, Shared,
    caller::{Client, bearer},
};
use crate::{console::alarms, http::openapi::Anywhere};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::Serialize;

/// What an alarm keeps.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Alarm {
    /// When it was rung; who rings again within ten minutes is told of the first time.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The first moment that is kept.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The first moment after.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Of how many cameras.
    cameras: usize,
}

/// Rings an alarm: what the cameras of the key's group record from 5 minutes before to 15 minutes after is kept until somebody releases it,
/// and the director is told. The key is sent as `Authorization: Bearer`; a body is not read.
#[utoipa::path(
    post, path = "/api/v1/alarms", tag = "recordings", security(("alarm-key" = [])),
    responses(
        (status = 201, description = "Rung", body = Alarm),
        Anywhere,
        (status = 401, description = "`alarm_key_unknown`: no such key, or it was taken away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn ring(
    State(app): State<Shared>,
    Client(address): Client,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    app.limits.alarm(address)?;
    let secret = bearer(&headers).ok_or(Fault::AlarmKeyUnknown)?;
    let rung = alarms::ring(&app.db, secret, app.clock.now()).await?.ok_or(Fault::AlarmKeyUnknown)?;
    let alarms::Rung { at, from, to, cameras } = rung;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(Alarm { at, from, to, cameras })))
}
