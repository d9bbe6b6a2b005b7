//! Use that stands out.

use super::{Search, refusals};
use crate::{
    audit,
    console::{
        network,
        unusual::{self, Denied, Mark, Seen, Unusual},
    },
    db::{
        DbError, Queries,
        viewings::list::{self, Filter, Trace},
    },
    http::{
        Problem, Shared,
        caller::Params,
        console::{period::Period, person::Person},
        openapi::WithLogin,
    },
    id::{AccountId, ViewingId},
    model::Role,
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::{SignedDuration, Timestamp, Unit};
use serde::Serialize;
use std::collections::BTreeMap;

/// So many viewings and refusals are looked through at once, the newest first: some weeks of a large kindergarten.
const MOST: u32 = 20_000;

/// What led up to the first moment that is asked about is looked at as well: a run of hours began before it.
const BEFORE: SignedDuration = SignedDuration::from_hours(12);

/// What stands out in the viewings that the filter lets through, and in what its account was doing around them.
pub(super) async fn of_viewings(db: &impl Queries, filter: Filter, now: Timestamp) -> Result<Vec<Mark>, DbError> {
    Ok(unusual::marks(&seen(db, filter).await?, &[], now))
}

async fn seen(db: &impl Queries, filter: Filter) -> Result<Vec<Seen>, DbError> {
    let from = filter.from.saturating_sub(BEFORE).unwrap_or(Timestamp::MIN);
    let traces = list::traces(db, Filter { from, ..filter }, MOST).await?;
    let seen = |trace: Trace| Seen {
        id: trace.id,
        account: trace.account,
        login: trace.login,
        network: network::shortened(&trace.address),
        since: trace.started_at,
        until: trace.ended_at(),
    };
    Ok(traces.into_iter().map(seen).collect())
}

/// What stands out in a time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Marks {
    /// The newest first.
    unusual: Vec<Marked>,
}

/// Something that stands out: a reason to ask, not a verdict.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Marked {
    /// What it is.
    kind: Unusual,
    /// Whose use it is.
    account: AccountId,
    /// The name.
    name: String,
    /// The role.
    role: Role,
    /// From when it was so.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Until when it was so.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// How many minutes that is.
    minutes: i64,
    /// How many refusals, where it is about them.
    times: u64,
    /// The viewings that it was seen in.
    viewings: Vec<ViewingId>,
}

/// Use that stands out: two places at once, hours on end, many refusals.
#[utoipa::path(
    get, path = "/api/v1/viewings/unusual", tag = "console", params(Search, Period), security(("log-in" = [])),
    responses(
        (status = 200, body = Marks),
        (status = 400, description = "`bad_request`, `bad_field`: `to` is before `from`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn unusual(
    State(app): State<Shared>,
    person: Person,
    Params(search): Params<Search>,
    Params(period): Params<Period>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(search.kindergarten)).await?;
    let filter = search.filter(insight.site(), period)?;
    let refused = audit::list::newest(&app.db, refusals::filter(filter, None), None, MOST).await?;
    let marks = unusual::marks(&seen(&app.db, filter).await?, &refused.iter().filter_map(denied).collect::<Vec<_>>(), person.now);
    let people = list::people(&app.db, search.kindergarten).await?;
    let people: BTreeMap<AccountId, list::Somebody> = people.into_iter().map(|somebody| (somebody.id, somebody)).collect();
    let within = marks.into_iter().filter(|mark| mark.until >= filter.from && mark.since < filter.until);
    let marked = |mark: Mark| {
        let list::Somebody { name, role, .. } = people.get(&mark.account)?.clone();
        let minutes = mark.until.since((Unit::Minute, mark.since)).ok()?.get_minutes();
        let Mark { account, kind, since, until, viewings, times } = mark;
        Some(Marked { kind, account, name, role, since, until, minutes, times, viewings })
    };
    let unusual = within.rev().filter_map(marked).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Marks { unusual })))
}

/// A refusal on record, as it counts; none where it is not known whose it was.
fn denied(record: &audit::list::Listed) -> Option<Denied> {
    let account = record.actor.as_ref()?.id;
    Some(Denied { account, at: record.at, times: refusals::times(record) })
}
