//! A list of children goes in, after a look at what it would do; and out again.

use super::{children::listing, person::Person, today::Wanted};
use crate::{
    console::import::{self, Column, Flaw, LARGEST, List, Made, NotAList, NotImported, Preview, last_day, titles},
    http::{Fault, Problem, Shared, caller::Params, csv::Csv, openapi::WithLogin},
};
use axum::{
    Json,
    body::{Body, to_bytes},
    extract::State,
    response::Response,
};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use std::collections::HashMap;

/// A page shows some of what is wrong, not ten thousand lines of it.
const SHOWN_FLAWS: usize = 200;

/// What an import would do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ImportPreview {
    /// How many rows the file has.
    rows: usize,
    /// What is wrong, in the order of the rows; at most 200 of it. Nothing is imported while anything is.
    flaws: Vec<ImportFlaw>,
    /// How much is wrong altogether.
    flaws_count: usize,
    /// What would be made of the rows in which nothing is wrong.
    makes: ImportMade,
}

/// What is wrong in a row.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ImportFlaw {
    /// The row, as a spreadsheet counts: the first is 1.
    row: u32,
    /// In which column.
    column: Column,
    /// What: `cell_missing`, `cell_too_long`, `cell_strange`, `cell_lost_letters`, `cell_no_day`, `cell_far_day`, `cell_no_phone`,
    /// `cell_no_parent`, `cell_twice`, `cell_elsewhere`.
    #[schema(example = "cell_no_day")]
    code: &'static str,
    /// What stands there, cut short.
    value: String,
    /// The row that says otherwise.
    other: Option<u32>,
}

/// What an import makes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ImportMade {
    /// The names of new groups.
    groups: Vec<String>,
    /// How many children are new.
    children: usize,
    /// How many guardians are newly tied to a child.
    guardians: usize,
    /// How many rows say nothing new.
    known: usize,
}

/// Looks at a list of children (CSV or XLSX, at most 8 MiB and 10 000 rows) and says what it would do. Columns are found by their
/// names in Kazakh, Russian or English: child, group, first day, guardian, phone.
#[utoipa::path(
    post, path = "/api/v1/children/import/preview", tag = "console", params(Wanted), security(("log-in" = [])),
    request_body(content = Vec<u8>, description = "The file", content_type = "application/octet-stream"),
    responses(
        (status = 200, body = ImportPreview),
        (status = 400, description = "`bad_request`, `file_unreadable`, `file_empty`, `file_too_long`, `column_missing` (`field`: `child`, `group`)", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn preview(
    State(app): State<Shared>,
    person: Person,
    Params(Wanted { kindergarten }): Params<Wanted>,
    body: Body,
) -> Result<Json<ImportPreview>, Problem> {
    let mandate = person.mandate(Some(kindergarten))?;
    let list = read(body, mandate.site().date(person.now)).await?;
    Ok(Json(import::preview(&app.db, mandate, &list, person.now).await?.into()))
}

/// Imports a list of children: all of it, or nothing. What is there already stays as it is, so that the same list twice changes
/// nothing twice.
#[utoipa::path(
    post, path = "/api/v1/children/import", tag = "console", params(Wanted), security(("log-in" = [])),
    request_body(content = Vec<u8>, description = "The file", content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "What was made", body = ImportMade),
        (status = 400, description = "`bad_request`, `file_unreadable`, `file_empty`, `file_too_long`, `column_missing`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`rows_at_fault`: nothing was imported; the preview says what is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn import(
    State(app): State<Shared>,
    person: Person,
    Params(Wanted { kindergarten }): Params<Wanted>,
    body: Body,
) -> Result<Json<ImportMade>, Problem> {
    let mandate = person.mandate(Some(kindergarten))?;
    let list = read(body, mandate.site().date(person.now)).await?;
    let made = import::import(&app.db, mandate, &list, person.account().language, person.now).await?;
    Ok(Json(made.into()))
}

/// A file with nothing but the names of the columns, to be filled in, in the language of the account.
#[utoipa::path(
    get, path = "/api/v1/children/template", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, description = "CSV", content_type = "text/csv", body = String),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn template(person: Person, Params(Wanted { kindergarten }): Params<Wanted>) -> Result<Response, Problem> {
    person.mandate(Some(kindergarten))?;
    let mut file = Csv::new(person.account().language);
    file.row(titles(person.account().language));
    Ok(file.response("children.csv"))
}

/// The children of a kindergarten with their groups and days, those who have left included: CSV that an import reads back, and in which
/// no cell is a formula. An inspector's look is on record.
#[utoipa::path(
    get, path = "/api/v1/children/export", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, description = "CSV", content_type = "text/csv", body = String),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn export(person: Person, Params(Wanted { kindergarten }): Params<Wanted>) -> Result<Response, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    let (site, language) = (insight.site(), person.account().language);
    let groups: HashMap<_, &str> = site.groups.iter().map(|group| (group.id, group.name.as_str())).collect();
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let [child, group, first, ..] = titles(language);
    let mut file = Csv::new(language);
    file.row([child, group, first, last_day(language)]);
    for child in listing::of(site, Vec::new(), person.now).children {
        for stay in &child.stays {
            let group = groups.get(&stay.group).copied().unwrap_or_default();
            file.row([child.name.as_str(), group, &day(Some(stay.from)), &day(stay.to)]);
        }
    }
    person.exported(insight, json!({ "what": "children" })).await?;
    Ok(file.response("children.csv"))
}

/// Reads the file in `body`; `today` is the first day of whoever has none.
async fn read(body: Body, today: Date) -> Result<List, Problem> {
    let bytes = to_bytes(body, LARGEST).await.map_err(|_| Fault::TooLarge)?;
    // Unpacking and reading takes long enough to keep others waiting.
    let list = tokio::task::spawn_blocking(move || import::read(&bytes, today)).await;
    Ok(list.map_err(|error| Problem::internal(&error))??)
}

impl From<Preview> for ImportPreview {
    fn from(preview: Preview) -> Self {
        let flaw = |flaw: Flaw| ImportFlaw {
            row: flaw.row,
            column: flaw.column,
            code: flaw.why.code(),
            value: flaw.value,
            other: flaw.other,
        };
        Self {
            rows: preview.rows,
            flaws_count: preview.flaws.len(),
            flaws: preview.flaws.into_iter().take(SHOWN_FLAWS).map(flaw).collect(),
            makes: preview.makes.into(),
        }
    }
}

impl From<Made> for ImportMade {
    fn from(made: Made) -> Self {
        Self { groups: made.groups, children: made.children, guardians: made.guardians, known: made.known }
    }
}

impl From<NotAList> for Problem {
    fn from(error: NotAList) -> Self {
        match error {
            NotAList::Unreadable => Fault::FileUnreadable.into(),
            NotAList::Empty => Fault::FileEmpty.into(),
            NotAList::TooManyRows => Fault::FileTooLong.into(),
            NotAList::NoColumn(column) => Self { field: Some(column.word()), ..Fault::ColumnMissing.into() },
        }
    }
}

impl From<NotImported> for Problem {
    fn from(error: NotImported) -> Self {
        match error {
            NotImported::Flaws(_) => Fault::RowsAtFault.into(),
            NotImported::Db(error) => error.into(),
        }
    }
}
