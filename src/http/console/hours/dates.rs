//! Dates with other hours: exceptions of one day, and the public holidays to begin with.

use super::{read, written};
use crate::{
    console::hours,
    db,
    http::{
        Problem, Shared,
        caller::{Body, Params},
        console::person::Person,
        openapi::WithLogin,
    },
    id::{ExceptionId, GroupId, KindergartenId},
    model::{self, Exception, HolidayName},
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Other hours on one date.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Dated {
    /// The exception.
    id: ExceptionId,
    /// The group; none for the whole kindergarten.
    group: Option<GroupId>,
    /// The date, by the kindergarten's clock.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The hours of that date; none means closed.
    #[schema(example = json!(["09:00-12:30"]))]
    hours: Vec<String>,
    /// Why.
    reason: String,
    /// Who ordered it; none when `site.toml` did, or the account is gone.
    by: Option<String>,
}

/// Dates to be given other hours: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct SetDates {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The dates, from today on.
    #[schema(min_items = 1, max_items = 100)]
    dates: Vec<SetDate>,
}

/// The hours of a date, in place of whatever holds on it for the same group.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SetDate {
    /// The group; none for the whole kindergarten.
    group: Option<GroupId>,
    /// The date.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The hours; none means closed.
    hours: Vec<String>,
    /// Why, on one line: parents read it.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Of which year.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct Year {
    /// From 2026 to 2050.
    year: i16,
}

/// A public holiday of Kazakhstan.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Holiday {
    /// The day off.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Which holiday.
    name: HolidayName,
    /// The day of the weekend for which it is off.
    #[schema(value_type = Option<String>, format = Date)]
    instead_of: Option<Date>,
    /// Whether the date is only expected, and announced later.
    expected: bool,
}

/// Sets the hours of dates. Streams that are no longer allowed end within a second.
#[utoipa::path(
    post, path = "/api/v1/exceptions", tag = "console", request_body = SetDates, security(("log-in" = [])),
    responses(
        (status = 201, description = "Set", body = Vec<Dated>),
        (status = 400, description = "`bad_request`, `bad_reason`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn set_dates(
    State(app): State<Shared>,
    person: Person,
    Body(SetDates { kindergarten, dates }): Body<SetDates>,
) -> Result<(StatusCode, Json<Vec<Dated>>), Problem> {
    let mandate = person.mandate(Some(kindergarten))?;
    let checked = dates
        .into_iter()
        .map(|SetDate { group, date, hours, reason }| Ok(hours::Dated { group, date, spans: read(&hours)?, reason }));
    let exceptions = hours::except(&app.db, mandate, checked.collect::<Result<_, Problem>>()?, person.now).await?;
    let name = &person.account().name;
    Ok((StatusCode::CREATED, Json(exceptions.iter().map(|exception| Dated::of(exception, Some(name.clone()))).collect())))
}

/// Takes the hours of a date back: the week holds again. What is taken back already stays so, and a day that is gone stays as it was.
#[utoipa::path(
    delete, path = "/api/v1/exceptions/{exception}", tag = "console", security(("log-in" = [])),
    params(("exception" = String, Path, description = "The exception's id")),
    responses(
        (status = 204, description = "The week holds"),
        (status = 400, description = "`bad_field`: the day is gone", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn end_date(
    State(app): State<Shared>,
    person: Person,
    Path(exception): Path<String>,
) -> Result<StatusCode, Problem> {
    let exception: ExceptionId = exception.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(db::hours::kindergarten(&app.db, exception).await?)?;
    hours::end(&app.db, mandate, exception, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The public holidays of Kazakhstan in a year, with the days off that follow when one falls on a weekend. They hold nowhere until a
/// director sets them.
#[utoipa::path(
    get, path = "/api/v1/holidays", tag = "console", params(Year), security(("log-in" = [])),
    responses(
        (status = 200, body = Vec<Holiday>),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
    )
)]
pub(in crate::http::console) async fn holidays(
    _: Person,
    Params(Year { year }): Params<Year>,
) -> Result<Json<Vec<Holiday>>, Problem> {
    if !model::YEARS.contains(&year) {
        return Err(Problem::bad_field("year"));
    }
    let shown = |it: model::Holiday| Holiday { date: it.date, name: it.name, instead_of: it.instead_of, expected: it.expected };
    Ok(Json(model::holidays(year).into_iter().map(shown).collect()))
}

impl Dated {
    /// The exception as it is shown; `by` is the name of who ordered it.
    pub(super) fn of(exception: &Exception, by: Option<String>) -> Self {
        let Exception { id, group, date, spans, reason, .. } = exception;
        Self { id: *id, group: *group, date: *date, hours: written(spans), reason: reason.clone(), by }
    }

    pub(super) fn date(&self) -> Date {
        self.date
    }
}
