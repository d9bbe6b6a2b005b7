//! Who can log in.

use crate::id::{AccountId, KindergartenId};
use std::{fmt, str::FromStr};

/// A word that the database or a file holds and that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} '{word}'")]
pub struct UnknownWord {
    /// What the word should have named.
    pub what: &'static str,
    /// The word.
    pub word: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident ($what:literal) { $($(#[$case_doc:meta])* $case:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $($(#[$case_doc])* #[serde(rename = $word)] $case),*
        }

        impl $name {
            /// The word that the database, the API and the files use.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word),* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$case),)*
                    _ => Err(UnknownWord { what: $what, word: word.to_owned() }),
                }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What an account may be asked for at all.
    Role("role") {
        /// A guardian: sees the groups of the own children, live, in the permitted hours.
        Parent = "parent",
        /// Works in a kindergarten: sees no video.
        Staff = "staff",
        /// Manages a kindergarten and answers for it.
        Director = "director",
        /// Checks the assigned kindergartens, between the assigned dates.
        Inspector = "inspector",
        /// Runs the machine: sees no video.
        Operator = "operator",
    }
}

impl Role {
    /// Whether accounts of this role have a second factor: those who see or run more than a parent does.
    pub const fn has_second_factor(self) -> bool {
        matches!(self, Self::Director | Self::Inspector | Self::Operator)
    }
}

words! {
    /// A language of the pages.
    Language("language") {
        /// Kazakh.
        Kazakh = "kk",
        /// Russian.
        Russian = "ru",
        /// English.
        English = "en",
    }
}

/// Somebody who can log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// Phone number (E.164) or e-mail address (lower case).
    pub login: String,
    /// The name as the person writes it.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Where a director or staff member works; nobody else has one.
    pub kindergarten: Option<KindergartenId>,
    /// The language of the pages.
    pub language: Language,
    /// Whether the account was blocked at the moment for which it was loaded.
    pub blocked: bool,
}
