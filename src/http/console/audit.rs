//! The audit records of a kindergarten, and the proofs that they are unchanged. The page checks the proofs by itself: what is sent
//! here is evidence, not an assurance.

pub(super) mod export;
pub(super) mod proofs;

use super::{period::Period, person::Person, viewings::refusals::Before};
use crate::{
    audit::{
        Action,
        list::{self, Filter, Listed},
    },
    console::network,
    http::{Problem, Shared, caller::Params, openapi::WithLogin},
    id::{AccountId, KindergartenId},
    model::{Role, Site},
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many are told at once.
const PAGE: u32 = 50;

/// Which records.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// What was done; when nothing is said, everything but the seals of recordings.
    #[param(inline)]
    action: Option<Action>,
    /// Who did it; everybody when nothing is said.
    account: Option<AccountId>,
}

impl Search {
    fn filter(self, site: &Site, period: Period) -> Result<Filter<'static>, Problem> {
        let (from, until) = period.moments(site)?;
        let Self { kindergarten, action, account } = self;
        Ok(Filter { kindergarten, action, actor: account, subject: None, from, until })
    }
}

/// A page of records.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Records {
    /// The newest first.
    records: Vec<AuditRecord>,
    /// To be sent as `before` for the next page; none when there is none.
    next: Option<u64>,
}

/// One thing that somebody did or was refused.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AuditRecord {
    /// Its position in the log, counted from 0.
    position: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What.
    #[schema(example = "viewing_started")]
    action: String,
    /// Who; none where nobody was known, or the record was erased.
    account: Option<AccountId>,
    /// The name.
    name: Option<String>,
    /// The role.
    role: Option<Role>,
    /// To what, as `kind:id`; none when the record was erased.
    subject: Option<String>,
    /// What else it says; an address in it is shortened to its network. The proof has the whole text.
    details: Value,
    /// The record that tells of the erasure of this one.
    erased_by: Option<u64>,
}

/// The audit records of a kindergarten, the newest first, for the director and an assigned inspector.
#[utoipa::path(
    get, path = "/api/v1/audit/records", tag = "audit", params(Search, Period, Before), security(("log-in" = [])),
    responses(
        (status = 200, body = Records),
        (status = 400, description = "`bad_request`, `bad_field`: `to` is before `from`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn records(
    State(app): State<Shared>,
    person: Person,
    Params(search): Params<Search>,
    Params(period): Params<Period>,
    Params(Before { before }): Params<Before>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(search.kindergarten)).await?;
    let filter = search.filter(insight.site(), period)?;
    let mut records = list::newest(&app.db, filter, before, PAGE + 1).await?;
    let more = records.len() > PAGE as usize;
    records.truncate(PAGE as usize);
    let next = records.last().map(|record| record.position).filter(|_| more);
    let records = records.into_iter().map(AuditRecord::of).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Records { records, next })))
}

impl AuditRecord {
    fn of(record: Listed) -> Self {
        let mut details = record.details;
        if let Some(address) = details.get_mut("address") {
            *address = address.as_str().map(network::shortened).into();
        }
        Self {
            position: record.position,
            at: record.at,
            action: record.action,
            account: record.actor.as_ref().map(|actor| actor.id),
            role: record.actor.as_ref().map(|actor| actor.role),
            name: record.actor.map(|actor| actor.name),
            subject: record.subject,
            details,
            erased_by: record.erased_by,
        }
    }
}
