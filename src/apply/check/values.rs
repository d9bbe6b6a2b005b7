//! Single values: each is taken or named as a fault, so that one reading finds every fault.

use crate::{
    apply::{file::Text, thing::Key},
    toml_file::{Fault, TomlFile},
};
use jiff::{Timestamp, civil, tz::TimeZone};
use serde_spanned::Spanned;
use std::{env, fs, ops::Range, path::Path};
use toml::value::Datetime;

const LONGEST_KEY: usize = 64;
/// In characters.
const LONGEST_NAME: usize = 200;

/// Collects the faults of one file.
pub(super) struct Checker<'a> {
    pub(super) file: &'a TomlFile,
    pub(super) faults: Vec<Fault>,
}

/// Where a secret is given: at most one of the three.
pub(super) struct SecretFields<'a> {
    pub(super) plain: Option<&'a Text>,
    pub(super) file: Option<&'a Text>,
    pub(super) variable: Option<&'a Text>,
}

impl Checker<'_> {
    pub(super) fn fault(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.faults.push(self.file.fault(Some(span), message));
    }

    /// A key: short, and of characters that look the same to everybody.
    pub(super) fn key(&mut self, text: &Text) -> Key {
        let key = text.get_ref();
        let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if key.is_empty() || key.len() > LONGEST_KEY || !plain {
            self.fault(text.span(), format!("a key has 1 to {LONGEST_KEY} of a-z A-Z 0-9 - _ ."));
        }
        key.clone()
    }

    /// A key that must not be `taken` by another.
    pub(super) fn new_key(&mut self, text: &Text, taken: bool) -> Key {
        let key = self.key(text);
        if taken {
            self.fault(text.span(), format!("a second '{key}'"));
        }
        key
    }

    /// A reference to a `what`, which must be `known`.
    pub(super) fn reference(&mut self, what: &str, text: &Text, known: bool) -> Key {
        let key = text.get_ref();
        if !known {
            self.fault(text.span(), format!("no {what} has the key '{key}'"));
        }
        key.clone()
    }

    /// A name or another text that people read.
    pub(super) fn name(&mut self, text: &Text) -> String {
        let name = text.get_ref().trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            self.fault(text.span(), format!("must have 1 to {LONGEST_NAME} characters on one line"));
        }
        name.to_owned()
    }

    pub(super) fn date(&mut self, date: &Spanned<Datetime>) -> civil::Date {
        let value = date.get_ref();
        let parsed = value.time.is_none().then(|| value.to_string().parse().ok()).flatten();
        parsed.unwrap_or_else(|| {
            self.fault(date.span(), "must be a date like 2026-09-01");
            civil::Date::ZERO
        })
    }

    /// The days `from` to `to`, in order.
    pub(super) fn days(
        &mut self,
        from: Option<&Spanned<Datetime>>,
        to: Option<&Spanned<Datetime>>,
    ) -> (Option<civil::Date>, Option<civil::Date>) {
        let days = (from.map(|from| self.date(from)), to.map(|to| self.date(to)));
        if let ((Some(from), Some(to)), Some(place)) = (days, to)
            && to < from
        {
            self.fault(place.span(), "is before 'from'");
        }
        days
    }

    /// A moment; without an offset it is by the clock of `zone`.
    pub(super) fn moment(&mut self, moment: &Spanned<Datetime>, zone: &TimeZone) -> Timestamp {
        let text = moment.get_ref().to_string();
        let parsed = match moment.get_ref() {
            Datetime { time: None, .. } | Datetime { date: None, .. } => None,
            Datetime { offset: Some(_), .. } => text.parse().ok(),
            _ => text.parse::<civil::DateTime>().ok().and_then(|local| Some(local.to_zoned(zone.clone()).ok()?.timestamp())),
        };
        // The database keeps milliseconds: a finer moment would never be the same again.
        let parsed = parsed.and_then(|moment: Timestamp| Timestamp::from_millisecond(moment.as_millisecond()).ok());
        parsed.unwrap_or_else(|| {
            self.fault(moment.span(), "must be a moment like 2026-11-22T14:30:00");
            Timestamp::UNIX_EPOCH
        })
    }

    /// A secret and the place where it is given.
    pub(super) fn secret(&mut self, fields: &SecretFields<'_>) -> Option<(String, Range<usize>)> {
        let given: Vec<&Text> = [fields.plain, fields.file, fields.variable].into_iter().flatten().collect();
        if let [_, second, ..] = *given {
            self.fault(second.span(), "the password is given twice");
        }
        let place = given.first()?.span();
        let secret = if let Some(plain) = fields.plain {
            Ok(plain.get_ref().clone())
        } else if let Some(path) = fields.file {
            let text = fs::read_to_string(self.file.beside(Path::new(path.get_ref())));
            text.map(|text| text.trim_end_matches(['\r', '\n']).to_owned()).map_err(|error| error.to_string())
        } else {
            fields.variable.map_or(Ok(String::new()), |name| env::var(name.get_ref()).map_err(|error| error.to_string()))
        };
        match secret {
            Ok(secret) => Some((secret, place)),
            Err(message) => {
                self.fault(place, message);
                None
            }
        }
    }
}
