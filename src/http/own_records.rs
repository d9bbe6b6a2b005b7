//! A staff member's own audit entries.

use super::{Fault, Problem, Shared, caller::LoggedIn, openapi::WithLogin};
use crate::{
    audit::{self, Action},
    model::Role,
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::Timestamp;
use serde::Serialize;

/// The newest are shown; the director and the inspector have them all.
const MOST: u32 = 50;

/// One entry.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OwnRecord {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What.
    action: Action,
    /// Whether the staff member did it; else it was done to the account.
    own: bool,
}

/// What the audit log says of the own account, the newest first: for staff members.
#[utoipa::path(
    get, path = "/api/v1/me/records", tag = "me", security(("log-in" = [])),
    responses(
        (status = 200, body = Vec<OwnRecord>),
        WithLogin,
        (status = 403, description = "`not_allowed`: another role", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn own_records(State(app): State<Shared>, LoggedIn(caller): LoggedIn) -> Result<impl IntoResponse, Problem> {
    if caller.account.role != Role::Staff {
        return Err(Fault::NotAllowed.into());
    }
    let records = audit::own(&app.db, caller.account.id, MOST).await?;
    let shown = |record: audit::OwnRecord| OwnRecord { at: record.at, action: record.action, own: record.own };
    let records: Vec<OwnRecord> = records.into_iter().map(shown).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(records)))
}
