//! The audit records as a file.

use super::{AuditRecord, Search};
use crate::{
    audit::list,
    http::{
        Problem, Shared,
        caller::Params,
        console::{
            period::Period,
            person::Person,
            sheet::{MOST, Sheet, clock},
        },
        openapi::WithLogin,
        words::Words,
    },
};
use axum::{extract::State, response::Response};
use jiff::tz::TimeZone;
use serde_json::json;

/// The head of the table: texts of the pages.
const COLUMNS: [&str; 7] =
    ["records.position", "records.at", "records.who", "viewings.role", "records.action", "records.subject", "records.details"];

/// The audit records as a table (CSV, UTF-8), in the language of the account; that it was taken out is on record.
#[utoipa::path(
    get, path = "/api/v1/audit/records.csv", tag = "audit", params(Search, Period), security(("log-in" = [])),
    responses(
        (status = 200, description = "The newest first, 50 000 at most", body = String, content_type = "text/csv"),
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
    let records = list::newest(&app.db, search.filter(insight.site(), period)?, None, MOST).await?;
    let (words, zone) = (Words::of(person.account().language), &insight.site().kindergarten.zone);
    let mut sheet = Sheet::new(&person, COLUMNS);
    for record in records {
        sheet.row(&fields(AuditRecord::of(record), words, zone));
    }
    let Search { action, account, .. } = search;
    let details = json!({ "what": "records", "action": action, "account": account, "from": period.from, "to": period.to });
    sheet.taken("records.csv", &person, insight, details).await
}

fn fields(record: AuditRecord, words: &Words, zone: &TimeZone) -> [String; COLUMNS.len()] {
    let erased = record.erased_by.map(|_| words.get("records.erased").to_owned());
    [
        record.position.to_string(),
        clock(record.at, zone),
        record.name.or(erased).unwrap_or_default(),
        record.role.map(|role| words.get(&format!("role.{role}")).to_owned()).unwrap_or_default(),
        words.get(&format!("action.{}", record.action)).to_owned(),
        record.subject.unwrap_or_default(),
        if record.details.is_null() { String::new() } else { record.details.to_string() },
    ]
}
