//! The days that a list is about, by the kindergarten's clock.

use crate::{http::Problem, model::Site};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

/// From a day to a day, both included; without an end where none is named.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Period {
    /// The first day, by the kindergarten's clock.
    #[param(value_type = Option<String>, format = Date)]
    pub(super) from: Option<Date>,
    /// The last day.
    #[param(value_type = Option<String>, format = Date)]
    pub(super) to: Option<Date>,
}

impl Period {
    /// The first moment of it, and the first moment after.
    pub(super) fn moments(self, site: &Site) -> Result<(Timestamp, Timestamp), Problem> {
        let zone = &site.kindergarten.zone;
        let begins = |date: Date| date.to_zoned(zone.clone()).map(|midnight| midnight.timestamp());
        let from = match self.from {
            Some(date) => begins(date).map_err(|_| Problem::bad_field("from"))?,
            None => Timestamp::MIN,
        };
        let until = match self.to {
            Some(date) => date.tomorrow().and_then(begins).map_err(|_| Problem::bad_field("to"))?,
            None => Timestamp::MAX,
        };
        if from < until { Ok((from, until)) } else { Err(Problem::bad_field("to")) }
    }
}
