//! The consents as a file: every answer of every family, those that another replaced included.

use crate::{
    db::{self, consents::Written},
    http::{
        Problem, Shared,
        caller::Params,
        console::{
            person::Person,
            sheet::{Sheet, clock},
            today::Wanted,
        },
        openapi::WithLogin,
        words::Words,
    },
    id::ChildId,
    model::Site,
};
use axum::{extract::State, response::Response};
use jiff::Timestamp;
use serde_json::json;

/// The head of the table: texts of the pages.
const COLUMNS: [&str; 10] = [
    "column.child",
    "column.group",
    "consents.standing",
    "consents.answer",
    "consents.version",
    "consents.language",
    "consents.day",
    "consents.by",
    "consents.document",
    "consents.until",
];

/// The consents of a kindergarten as a table (CSV, UTF-8), in the language of the account; that it was taken out is on record. Children
/// without an answer have a line, too.
#[utoipa::path(
    get, path = "/api/v1/consents.csv", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, description = "By child, the latest answer first", body = String, content_type = "text/csv"),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn csv(
    State(app): State<Shared>,
    person: Person,
    Params(Wanted { kindergarten }): Params<Wanted>,
) -> Result<Response, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    let written = db::consents::written(&app.db, kindergarten, false).await?;
    let (site, words) = (insight.site(), Words::of(person.account().language));
    let mut sheet = Sheet::new(&person, COLUMNS);
    for child in &site.children {
        let place = Place { site, words, name: &child.name, group: group(site, child.id, person.now), now: person.now };
        let mut answers = written.iter().filter(|answer| answer.child == child.id).peekable();
        if answers.peek().is_none() {
            sheet.row(&place.fields(None));
        }
        for answer in answers {
            sheet.row(&place.fields(Some(answer)));
        }
    }
    sheet.taken("consents.csv", &person, insight, json!({ "what": "consents" })).await
}

/// A child's line, before its answers.
struct Place<'a> {
    site: &'a Site,
    words: &'a Words,
    name: &'a str,
    group: &'a str,
    now: Timestamp,
}

impl Place<'_> {
    fn fields(&self, answer: Option<&Written>) -> [String; COLUMNS.len()] {
        let word = |family: &str, word: &str| self.words.get(&format!("{family}.{word}")).to_owned();
        let Some(answer) = answer else {
            let mut fields = [const { String::new() }; COLUMNS.len()];
            fields[..3].clone_from_slice(&[self.name.to_owned(), self.group.to_owned(), word("consent", "missing")]);
            return fields;
        };
        let until = answer.until();
        // What was replaced stands no more.
        let standing = self.site.consents.standing(answer.child, self.site.date(self.now));
        let standing = if until.is_some() { String::new() } else { word("consent", standing.word()) };
        [
            self.name.to_owned(),
            self.group.to_owned(),
            standing,
            word("consent_answer", answer.answer.word()),
            answer.version().to_string(),
            word("language", answer.language.word()),
            answer.day().to_string(),
            answer.by.clone().unwrap_or_default(),
            answer.document.clone().unwrap_or_default(),
            until.map(|until| clock(until, &self.site.kindergarten.zone)).unwrap_or_default(),
        ]
    }
}

/// The name of the group in which the child is today.
fn group(site: &Site, child: ChildId, now: Timestamp) -> &str {
    let today = site.date(now);
    let stay = site.enrolments.iter().find(|stay| stay.child == child && stay.covers(today));
    stay.and_then(|stay| site.group(stay.group)).map_or("", |group| group.name.as_str())
}
