//! How many looked into a group's room today: for its parents, as numbers by role, never as names.

use super::{
    Fault, Problem, Shared,
    caller::{LoggedIn, Params},
    openapi::WithLogin,
};
use crate::{
    db,
    id::GroupId,
    model::Role,
    policy::{self, Refusal},
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Into whose room.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// The group.
    group: GroupId,
}

/// How many looked into the room of a group, each person once.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct Company {
    /// From when on they are counted: the midnight by the kindergarten's clock.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Parents, who asks included.
    parents: u32,
    /// The director, or several.
    directors: u32,
    /// Inspectors.
    inspectors: u32,
}

/// How many looked into the room of the own child's group today.
#[utoipa::path(
    get, path = "/api/v1/watched-today", tag = "me", params(Question), security(("log-in" = [])),
    responses(
        (status = 200, body = Company),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`second_factor_needed`, `not_yours`: no group of a child of this parent, or none at all, `restricted`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn watched_today(
    State(app): State<Shared>,
    LoggedIn(caller): LoggedIn,
    Params(Question { group }): Params<Question>,
) -> Result<impl IntoResponse, Problem> {
    let now = app.clock.now();
    let known = app.facts.of(caller.account.id, now).await?.ok_or(Fault::NotLoggedIn)?;
    let site = known.sites.iter().map(AsRef::as_ref).find(|site| site.group(group).is_some());
    policy::company(&known.account, site, group, now)?;
    let zone = &site.ok_or(Refusal::NotYours)?.kindergarten.zone;
    let midnight = now.to_zoned(zone.clone()).start_of_day().map_or(now, |midnight| midnight.timestamp());
    let mut company = Company { since: midnight, ..Company::default() };
    for (role, people) in db::company::by_role(&app.db, group, midnight).await? {
        match role {
            Role::Parent => company.parents = people,
            Role::Director => company.directors = people,
            Role::Inspector => company.inspectors = people,
            Role::Staff | Role::Operator => {}
        }
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(company)))
}
