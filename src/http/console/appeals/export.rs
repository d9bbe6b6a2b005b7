//! The appeals as a file: a row a step.

use super::{Search, stored};
use crate::{
    db::appeals::{Appeal, Step},
    http::{
        Problem, Shared,
        caller::Params,
        console::{
            period::Period,
            person::Person,
            sheet::{Sheet, clock},
        },
        openapi::WithLogin,
        words::Words,
    },
    model::Role,
};
use axum::{extract::State, response::Response};
use jiff::tz::TimeZone;
use serde_json::json;

/// More appeals than this no sheet holds that a person reads; who wants more asks for some days at a time.
const MOST: u32 = 10_000;

/// The appeals as a table (CSV, UTF-8) with a row for each step, in the language of the account; that it was taken out is on record.
#[utoipa::path(
    get, path = "/api/v1/appeals.csv", tag = "console", params(Search, Period), security(("log-in" = [])),
    responses(
        (status = 200, description = "The newest appeal first, its steps in order; 10 000 appeals at most", body = String, content_type = "text/csv"),
        (status = 400, description = "`bad_request`, `bad_field`: `to` is before `from`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn csv(
    State(app): State<Shared>,
    person: Person,
    Params(search): Params<Search>,
    Params(period): Params<Period>,
) -> Result<Response, Problem> {
    let insight = person.insight(Some(search.kindergarten)).await?;
    let appeals = stored(&app.db, search.filter(insight.site(), period)?, None, MOST).await?;
    let (words, zone) = (Words::of(person.account().language), &insight.site().kindergarten.zone);
    let mut sheet = Sheet::new(&person, COLUMNS);
    for appeal in &appeals {
        for step in &appeal.steps {
            sheet.row(&fields(appeal, step, words, zone));
        }
    }
    let details = json!({ "what": "appeals", "state": search.state, "from": period.from, "to": period.to });
    sheet.taken("appeals.csv", &person, insight, details).await
}

/// The head of the table: texts of the pages.
const COLUMNS: [&str; 11] = [
    "appeals.number",
    "appeals.parent",
    "field.child",
    "appeals.group",
    "viewings.camera",
    "appeals.minute",
    "appeals.kind",
    "appeals.act",
    "appeals.by",
    "appeals.at",
    "appeals.words",
];

fn fields(appeal: &Appeal, (step, by, role): &(Step, String, Role), words: &Words, zone: &TimeZone) -> [String; COLUMNS.len()] {
    [
        appeal.subject.id.to_string(),
        appeal.name.clone(),
        appeal.child_name.clone(),
        appeal.group_name.clone().unwrap_or_default(),
        appeal.camera_name.clone().unwrap_or_default(),
        clock(appeal.subject.happened_at, zone),
        words.get(&format!("appeal_kind.{}", appeal.subject.kind)).to_owned(),
        words.get(&format!("appeal_act.{}", step.act)).to_owned(),
        format!("{by} ({})", words.get(&format!("role.{role}"))),
        clock(step.at, zone),
        step.words.clone(),
    ]
}
