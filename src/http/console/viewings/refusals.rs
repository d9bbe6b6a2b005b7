//! Who wanted to watch and was not let.

use super::Search;
use crate::{
    audit::{
        Action,
        list::{self, Listed},
    },
    console::network,
    db::viewings,
    http::{
        Problem, Shared,
        caller::Params,
        console::{period::Period, person::Person},
        openapi::WithLogin,
    },
    id::{AccountId, CameraId},
    model::Role,
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many are told at once.
const PAGE: u32 = 50;

/// Where the page before ended.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct Before {
    /// `next` of the page before; the newest come first when nothing is said.
    pub(in crate::http::console) before: Option<u64>,
}

/// A page of refusals.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Refusals {
    /// The newest first.
    refusals: Vec<RefusedViewing>,
    /// To be sent as `before` for the next page; none when there is none.
    next: Option<u64>,
}

/// Somebody wanted to watch and was not let.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RefusedViewing {
    /// Its record's position in the audit log.
    position: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who; none once the record was erased.
    account: Option<AccountId>,
    /// The name.
    name: Option<String>,
    /// The role.
    role: Option<Role>,
    /// Which camera; none where what was asked for is no camera.
    camera: Option<CameraId>,
    /// With which code.
    code: Option<String>,
    /// How often: the same refusal is written once a minute and counted meanwhile.
    times: u64,
    /// The beginning of the network's address.
    network: String,
}

/// Refused viewings, the newest first, for the director and an assigned inspector.
#[utoipa::path(
    get, path = "/api/v1/refusals", tag = "console", params(Search, Period, Before), security(("log-in" = [])),
    responses(
        (status = 200, body = Refusals),
        (status = 400, description = "`bad_request`, `bad_field`: `to` is before `from`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn refusals(
    State(app): State<Shared>,
    person: Person,
    Params(search): Params<Search>,
    Params(period): Params<Period>,
    Params(Before { before }): Params<Before>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(search.kindergarten)).await?;
    let camera = search.camera.map(subject);
    let wanted = filter(search.filter(insight.site(), period)?, camera.as_deref());
    let mut records = list::newest(&app.db, wanted, before, PAGE + 1).await?;
    let more = records.len() > PAGE as usize;
    records.truncate(PAGE as usize);
    let next = records.last().map(|record| record.position).filter(|_| more);
    let refusals = records.into_iter().map(RefusedViewing::of).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Refusals { refusals, next })))
}

/// The records of refused viewings that the filter lets through; of a camera where `subject` names one.
pub(super) fn filter(filter: viewings::list::Filter, subject: Option<&str>) -> list::Filter<'_> {
    let viewings::list::Filter { kindergarten, account, from, until, .. } = filter;
    list::Filter { kindergarten, action: Some(Action::ViewingRefused), actor: account, subject, from, until }
}

/// How a record names a camera.
fn subject(camera: CameraId) -> String {
    format!("camera:{camera}")
}

/// How often it was refused: once, and as often as it was only counted.
pub(super) fn times(record: &Listed) -> u64 {
    1 + record.details["repeated"].as_u64().unwrap_or(0)
}

impl RefusedViewing {
    fn of(record: Listed) -> Self {
        let told = |name: &str| record.details[name].as_str().map(str::to_owned);
        let camera = record.subject.as_deref().and_then(|subject| subject.strip_prefix("camera:")?.parse().ok());
        Self {
            position: record.position,
            at: record.at,
            camera,
            code: told("code"),
            times: times(&record),
            network: told("address").map(|address| network::shortened(&address)).unwrap_or_default(),
            account: record.actor.as_ref().map(|actor| actor.id),
            role: record.actor.as_ref().map(|actor| actor.role),
            name: record.actor.map(|actor| actor.name),
        }
    }
}
