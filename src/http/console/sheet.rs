//! A list that leaves as a file: a head in the words of the pages, a row for each thing, and on record that it was taken out.

use super::person::Person;
use crate::{
    http::{Problem, csv::Csv, words::Words},
    policy::Insight,
};
use axum::response::Response;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

/// More rows than this no sheet holds that a person reads; who wants more asks for some days at a time.
pub(super) const MOST: u32 = 50_000;

/// A table in the language of the account.
pub(super) struct Sheet {
    csv: Csv,
}

impl Sheet {
    /// One with nothing but its head; `columns` are keys of the pages' texts.
    pub(super) fn new<const N: usize>(person: &Person, columns: [&str; N]) -> Self {
        let language = person.account().language;
        let (mut csv, words) = (Csv::new(language), Words::of(language));
        csv.row(columns.map(|column| words.get(column)));
        Self { csv }
    }

    /// Adds a row.
    pub(super) fn row<const N: usize>(&mut self, fields: &[String; N]) {
        self.csv.row(fields.iter().map(String::as_str));
    }

    /// The file under `name`; `details` is what the record says was taken out.
    pub(super) async fn taken(
        self,
        name: &str,
        person: &Person,
        insight: Insight<'_>,
        details: Value,
    ) -> Result<Response, Problem> {
        person.exported(insight, details).await?;
        Ok(self.csv.response(name))
    }
}

/// What the kindergarten's clock showed, as sheets read it.
pub(super) fn clock(moment: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(moment).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
