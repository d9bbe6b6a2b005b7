//! An operator says who inspects a kindergarten, between which days.

use super::{
    super::{link::MadeLink, person::Person},
    NewPerson, id, shown_once,
};
use crate::{
    console::inspectors,
    db::kindergartens::Inspection,
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::{AccountId, AssignmentId},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An inspector's right to look, between two days.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Assignment {
    /// The assignment.
    id: AssignmentId,
    /// The inspector.
    account: AccountId,
    /// The name.
    name: String,
    /// Phone number or e-mail address.
    login: String,
    /// Whether a password was chosen.
    has_password: bool,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    to: Date,
}

impl Assignment {
    /// As the operator is shown it.
    pub(super) fn of(it: &Inspection) -> Self {
        let Inspection { id, account_id, name, login, has_password, first_day, last_day, .. } = it.clone();
        Self { id, account: account_id, name, login, has_password, from: first_day.0, to: last_day.0 }
    }
}

/// Who is to inspect, and when.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewAssignment {
    /// The inspector; one who has an account is found by the login.
    inspector: NewPerson,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    to: Date,
}

/// An assignment that was made.
#[derive(Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct MadeAssignment {
    /// The assignment.
    id: AssignmentId,
    /// By which an inspector comes in who had no account yet.
    link: Option<MadeLink>,
}

/// Lets an inspector look at a kindergarten, between two days.
#[utoipa::path(
    post, path = "/api/v1/kindergartens/{kindergarten}/assignments", tag = "operator", request_body = NewAssignment, security(("log-in" = [])),
    params(("kindergarten" = String, Path, description = "The kindergarten's id")),
    responses(
        (status = 201, description = "Assigned", body = MadeAssignment),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`login_taken`: who logs in with it is no inspector", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not an operator, or no such kindergarten", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn assign(
    State(app): State<Shared>,
    person: Person,
    Path(kindergarten): Path<String>,
    Body(NewAssignment { inspector, from, to }): Body<NewAssignment>,
) -> Result<impl IntoResponse, Problem> {
    let charter = person.charter()?;
    let kindergarten = id(&kindergarten)?;
    let assigned = inspectors::assign(&app.db, charter, kindergarten, inspector.into(), (from, to), person.now).await?;
    Ok(shown_once(MadeAssignment { id: assigned.id, link: assigned.made.map(|made| MadeLink::of(&app, &made)) }))
}

/// Takes an assignment back: what the inspector watches there ends within a second.
#[utoipa::path(
    delete, path = "/api/v1/assignments/{assignment}", tag = "operator", security(("log-in" = [])),
    params(("assignment" = String, Path, description = "The assignment's id")),
    responses(
        (status = 204, description = "Over"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not an operator, or no such assignment", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn unassign(
    State(app): State<Shared>,
    person: Person,
    Path(assignment): Path<String>,
) -> Result<StatusCode, Problem> {
    let charter = person.charter()?;
    inspectors::unassign(&app.db, charter, id(&assignment)?, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}
