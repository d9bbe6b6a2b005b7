//! From what happened to what is hashed. `README.md` here has the format in words.

use super::{action::Action, tree::Hash};
use crate::{
    id::{AccountId, KindergartenId},
    random,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde_json::{Value, json};

/// One thing that somebody did or was refused. It holds no password, token, cookie, key nor camera address.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// Who; `None` when nobody was known: a refused log-in, the machine itself, a command of the operator.
    pub actor: Option<AccountId>,
    /// The kindergarten whose director may see it.
    pub kindergarten: Option<KindergartenId>,
    /// What.
    pub action: Action,
    /// To what, as `kind:id`.
    pub subject: String,
    /// What else there is to say.
    pub details: Value,
}

/// A record as text, and a commitment to that text: the commitment tells nothing of it without the salt, which is erased with it.
pub(super) struct Committed {
    pub(super) text: String,
    pub(super) salt: String,
    pub(super) commitment: Hash,
}

impl Record {
    /// The text that is stored and committed to, byte for byte: one line of JSON (RFC 8259).
    fn text(&self) -> String {
        json!({
            "at": at_millisecond(self.at).to_string(),
            "actor": self.actor,
            "kindergarten": self.kindergarten,
            "action": self.action,
            "subject": self.subject,
            "details": self.details,
        })
        .to_string()
    }

    /// Commits to this record through a salt of its own.
    pub(super) fn commit(&self) -> Committed {
        let (text, salt) = (self.text(), random::bytes::<32>());
        Committed { commitment: Hash::of(&[&salt, text.as_bytes()]), salt: BASE64_STANDARD.encode(salt), text }
    }
}

/// The commitment that a stored text and salt make; `None` when the salt is none.
pub(super) fn commitment(salt: &str, text: &str) -> Option<Hash> {
    let salt: Hash = salt.parse().ok()?;
    Some(Hash::of(&[salt.bytes(), text.as_bytes()]))
}

/// What the tree takes in, and what remains of a record when its personal data is erased.
pub(super) struct Entry<'a> {
    pub(super) position: u64,
    pub(super) at: Timestamp,
    pub(super) action: &'a str,
    pub(super) kindergarten: Option<&'a str>,
    pub(super) commitment: Hash,
}

impl Entry<'_> {
    /// The hash of its leaf. The position is in it, so that a record cannot stand twice nor somewhere else.
    pub(super) fn leaf(&self) -> Hash {
        let Self { position, at, action, kindergarten, commitment } = self;
        let (at, kindergarten) = (at.as_millisecond(), kindergarten.unwrap_or("-"));
        let entry = format!("tereze audit record 1\n{position}\n{at}\n{action}\n{kindergarten}\n{commitment}\n");
        Hash::of_leaf(entry.as_bytes())
    }
}

/// `at`, cut to the millisecond that the database keeps.
pub(super) fn at_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            at: "2026-09-01T04:00:00.123456Z".parse().unwrap(),
            actor: None,
            kindergarten: None,
            action: Action::LogInRefused,
            subject: "account:unknown".to_owned(),
            details: json!({ "code": "login_failed", "note": "Әсел\u{0}\n\"" }),
        }
    }

    #[test]
    fn the_text_of_a_record_is_one_line_that_reads_back() {
        let text = record().text();
        assert!(!text.contains('\n') && !text.contains('\0'));
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["at"], "2026-09-01T04:00:00.123Z");
        assert_eq!(read["action"], "log_in_refused");
        assert_eq!(read["details"], record().details);
    }

    #[test]
    fn a_commitment_fits_its_salt_and_text_and_no_others() {
        let (one, other) = (record().commit(), record().commit());
        assert_eq!(commitment(&one.salt, &one.text), Some(one.commitment));
        assert_ne!(one.commitment, other.commitment, "the same thing twice must not look the same");
        assert_ne!(commitment(&other.salt, &one.text), Some(one.commitment));
        assert_ne!(commitment(&one.salt, &one.text.replace("login", "logon")), Some(one.commitment));
        assert_eq!(commitment("short", &one.text), None);
    }

    #[test]
    fn a_leaf_binds_everything_that_stays_when_a_record_is_erased() {
        let at = Timestamp::UNIX_EPOCH;
        let entry = || Entry { position: 7, at, action: "log_in", kindergarten: Some("k"), commitment: Hash::of(&[b"c"]) };
        let leaf = entry().leaf();
        let others = [
            Entry { position: 8, ..entry() },
            Entry { at: Timestamp::from_millisecond(1).unwrap(), ..entry() },
            Entry { action: "log_out", ..entry() },
            Entry { kindergarten: None, ..entry() },
            Entry { commitment: Hash::of(&[b"d"]), ..entry() },
        ];
        assert!(others.iter().all(|other| other.leaf() != leaf));
        assert_eq!(entry().leaf(), leaf);
    }
}
