//! The viewings as a file.

use super::{Search, Telling, Viewing};
use crate::{
    db::viewings::list,
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

/// The viewings as a table (CSV, UTF-8), in the language of the account; that it was taken out is on record.
#[utoipa::path(
    get, path = "/api/v1/viewings.csv", tag = "console", params(Search, Period), security(("log-in" = [])),
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
    let filter = search.filter(insight.site(), period)?;
    let mut rows = list::running(&app.db, filter, MOST).await?;
    rows.extend(list::over(&app.db, filter, None, MOST).await?);
    let told = Telling::of(&app.db, insight, filter, rows.iter(), person.now).await?;
    let words = Words::of(person.account().language);
    let zone = &insight.site().kindergarten.zone;
    let mut sheet = Sheet::new(&person, COLUMNS);
    for viewing in rows {
        sheet.row(&fields(told.viewing(viewing), words, zone));
    }
    let details = json!({ "what": "viewings", "account": search.account, "camera": search.camera, "minute": search.minute, "from": period.from, "to": period.to });
    sheet.taken("viewings.csv", &person, insight, details).await
}

/// The head of the table: texts of the pages.
const COLUMNS: [&str; 10] = [
    "viewings.who",
    "viewings.role",
    "viewings.camera",
    "viewings.since",
    "viewings.until",
    "viewings.ended",
    "viewings.reason",
    "viewings.device",
    "viewings.network",
    "viewings.unusual",
];

fn fields(viewing: Viewing, words: &Words, zone: &TimeZone) -> [String; COLUMNS.len()] {
    let ended = match &viewing.code {
        Some(code) => words.get(&format!("cause.{code}")).to_owned(),
        None => words.get("viewings.running").to_owned(),
    };
    let unusual = viewing.unusual.iter().map(|kind| words.get(&format!("unusual.{kind}")).to_owned());
    let device = [viewing.device.browser, viewing.device.system].into_iter().flatten().collect::<Vec<_>>();
    [
        viewing.name,
        words.get(&format!("role.{}", viewing.role)).to_owned(),
        viewing.camera_name,
        clock(viewing.since, zone),
        viewing.until.map(|until| clock(until, zone)).unwrap_or_default(),
        ended,
        viewing.reason.unwrap_or_default(),
        device.join(", "),
        viewing.network,
        unusual.collect::<Vec<_>>().join(", "),
    ]
}
