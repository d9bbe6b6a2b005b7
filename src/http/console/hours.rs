//! When parents may look: the week, the dates with other hours, and what a day will look like.

mod dates;
mod preview;
mod week;

pub(super) use dates::*;
pub(super) use preview::*;
pub(super) use week::*;

use crate::{
    console::hours::NotSet,
    http::{Fault, Problem},
    model::DaySpan,
    policy::Refusal,
};
use std::collections::BTreeSet;

impl From<NotSet> for Problem {
    fn from(error: NotSet) -> Self {
        match error {
            NotSet::NotTheirs => Refusal::NotYours.into(),
            NotSet::NoHours => Fault::NoHours.into(),
            NotSet::Spans => Self::bad_field("hours"),
            NotSet::Date => Self::bad_field("date"),
            NotSet::Reason => Fault::BadReason.into(),
            NotSet::Db(error) => error.into(),
        }
    }
}

/// Spans as they are sent: `08:00-12:30`.
fn read(spans: &[String]) -> Result<BTreeSet<DaySpan>, Problem> {
    spans.iter().map(|span| span.parse().map_err(|_| Problem::bad_field("hours"))).collect()
}

fn written<'a>(spans: impl IntoIterator<Item = &'a DaySpan>) -> Vec<String> {
    spans.into_iter().map(DaySpan::to_string).collect()
}
