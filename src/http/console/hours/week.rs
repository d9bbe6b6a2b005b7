//! The week of the kindergarten, and of the groups that have their own.

use super::{Dated, read, written};
use crate::{
    console::hours,
    db::DbError,
    http::{
        Problem, Shared,
        caller::{Body, Params},
        console::{person::Person, today::Wanted},
        openapi::WithLogin,
    },
    id::{AccountId, GroupId, KindergartenId},
    model::Site,
    policy::Insight,
};
use axum::{Json, extract::State, http::StatusCode};
use jiff::{Timestamp, civil::Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The hours of a kindergarten.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Hours {
    /// The week of the kindergarten, for every group that has none of its own.
    week: Week,
    /// Its groups.
    groups: Vec<GroupHours>,
    /// The dates on which other hours hold, the earliest first; those that are gone too.
    exceptions: Vec<Dated>,
}

/// The hours of a group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct GroupHours {
    /// The group.
    id: GroupId,
    /// Its name.
    name: String,
    /// Its own week; none where the kindergarten's holds.
    week: Option<Week>,
}

/// The spans of each day, like `08:00-12:30`, on the day on which they start. One that ends at or before its start runs over midnight;
/// `24:00` is the end of the day. A day without any is closed, and so is what lies between two spans.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct Week {
    monday: Vec<String>,
    tuesday: Vec<String>,
    wednesday: Vec<String>,
    thursday: Vec<String>,
    friday: Vec<String>,
    saturday: Vec<String>,
    sunday: Vec<String>,
}

/// A week to be set.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct SetWeek {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The group whose own week it is; none for the kindergarten's.
    group: Option<GroupId>,
    /// The week. None gives a group the kindergarten's week again.
    week: Option<Week>,
}

/// The hours of a kindergarten, for those who answer for it or inspect it.
#[utoipa::path(
    get, path = "/api/v1/hours", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, body = Hours),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn hours(
    State(app): State<Shared>,
    person: Person,
    Params(Wanted { kindergarten }): Params<Wanted>,
) -> Result<Json<Hours>, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    let people = insight.site().exceptions.iter().filter_map(|exception| exception.by).collect();
    let names = names(&app, people, person.now).await?;
    Ok(Json(Hours::of(insight, |id| names.iter().find(|(account, _)| *account == id).map(|(_, name)| name.clone()))))
}

/// Sets a week. Streams that are no longer allowed end within a second.
#[utoipa::path(
    put, path = "/api/v1/hours", tag = "console", request_body = SetWeek, security(("log-in" = [])),
    responses(
        (status = 204, description = "Set"),
        (status = 400, description = "`bad_request`, `no_hours`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn set_week(
    State(app): State<Shared>,
    person: Person,
    Body(SetWeek { kindergarten, group, week }): Body<SetWeek>,
) -> Result<StatusCode, Problem> {
    let mandate = person.mandate(Some(kindergarten))?;
    let week = match week {
        Some(week) => Some(week.read()?),
        None if group.is_none() => return Err(Problem::bad_field("hours")),
        None => None,
    };
    hours::set_week(&app.db, mandate, group, week, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The names of accounts; one that is gone has none.
pub(super) async fn names(app: &Shared, of: BTreeSet<AccountId>, now: Timestamp) -> Result<Vec<(AccountId, String)>, DbError> {
    let accounts = app.facts.accounts(of, now).await?;
    Ok(accounts.into_iter().map(|(id, account)| (id, account.name)).collect())
}

impl Hours {
    fn of(insight: Insight<'_>, name: impl Fn(AccountId) -> Option<String>) -> Self {
        let site = insight.site();
        let own = |group| site.hours.iter().any(|line| line.group == Some(group)).then(|| Week::of(site, Some(group)));
        let groups = site.groups.iter().map(|group| GroupHours { id: group.id, name: group.name.clone(), week: own(group.id) });
        // An exception may outlive the group that it was for.
        let there = site.exceptions.iter().filter(|exception| exception.group.is_none_or(|group| site.group(group).is_some()));
        let mut exceptions: Vec<Dated> = there.map(|exception| Dated::of(exception, exception.by.and_then(&name))).collect();
        exceptions.sort_by_key(Dated::date);
        Self { week: Week::of(site, None), groups: groups.collect(), exceptions }
    }
}

impl Week {
    fn of(site: &Site, group: Option<GroupId>) -> Self {
        let on = |weekday: Weekday| {
            let lines = site.hours.iter().filter(|line| line.group == group && line.weekday == weekday);
            written(&lines.map(|line| line.span).collect::<BTreeSet<_>>())
        };
        Self {
            monday: on(Weekday::Monday),
            tuesday: on(Weekday::Tuesday),
            wednesday: on(Weekday::Wednesday),
            thursday: on(Weekday::Thursday),
            friday: on(Weekday::Friday),
            saturday: on(Weekday::Saturday),
            sunday: on(Weekday::Sunday),
        }
    }

    fn read(&self) -> Result<hours::Week, Problem> {
        let Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = self;
        Ok([read(monday)?, read(tuesday)?, read(wednesday)?, read(thursday)?, read(friday)?, read(saturday)?, read(sunday)?])
    }
}
