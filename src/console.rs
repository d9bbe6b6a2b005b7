//! What a director changes, beside what `site.toml` declares.
//!
//! Every change takes a [`Mandate`](crate::policy::Mandate), which only the policy gives, and is one transaction with its audit record.

pub mod alarms;
pub mod appeals;
pub mod cameras;
pub mod children;
pub mod consents;
pub mod groups;
pub mod holds;
pub mod hours;
pub mod import;
pub mod inspectors;
pub mod kindergartens;
pub mod links;
pub mod mergers;
pub mod network;
pub mod pauses;
pub mod people;
pub mod recording_rules;
pub mod settings;
pub mod text;
pub mod unusual;
pub mod viewings;

use std::fmt::Display;

/// The key of what is made in the console and has the id `id`: unique, and never one of `site.toml`, whose keys cannot begin so.
pub fn own_key(id: impl Display) -> String {
    format!("{OWN}{id}")
}

/// Whether `key` is of what was made in the console.
pub fn is_own(key: &str) -> bool {
    key.starts_with(OWN)
}

const OWN: char = '@';

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::GroupId;
    use jiff::Timestamp;

    #[test]
    fn what_is_made_in_the_console_is_known_by_its_key() {
        let key = own_key(GroupId::new(Timestamp::UNIX_EPOCH));
        assert!(is_own(&key) && !is_own("sun"));
    }
}
