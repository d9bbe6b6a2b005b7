//! Whether families agree that the camera shows their child's room.

use super::account::{Language, UnknownWord, words};
use crate::id::{AccountId, ChildId, ConsentId};
use jiff::civil::Date;
use std::{fmt, str::FromStr};

words! {
    /// What a kindergarten makes of missing consent. Each rule asks for more than the one before.
    ConsentRule("consent rule") {
        /// Answers are kept on record, and nothing follows from them.
        Recorded = "recorded",
        /// Who has not agreed for a child does not look through it.
        Own = "own",
        /// Nor does anybody look into a room in which a child is whose family has not agreed.
        Group = "group",
    }
}

words! {
    /// What a family said to the text.
    ConsentAnswer("answer to a consent text") {
        /// Yes.
        Agreed = "agreed",
        /// No.
        Declined = "declined",
        /// No more: they had agreed.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// How it stands with the consent for a child on a day.
    ConsentStanding("standing of a consent") {
        /// It was given, and is good.
        Given = "given",
        /// Nobody has answered.
        Missing = "missing",
        /// The family said no.
        Declined = "declined",
        /// The family had agreed and took it back.
        Withdrawn = "withdrawn",
        /// It was given to an earlier text, and a later one asks again.
        AskedAgain = "asked_again",
    }
}

/// All that is known of a kindergarten's consents at one moment.
#[derive(Debug, Clone)]
pub struct Consents {
    /// What follows from them.
    pub rule: ConsentRule,
    /// The versions of the text, the earliest first.
    pub texts: Vec<ConsentText>,
    /// The answer in force of each child that has one.
    pub answers: Vec<Consent>,
}

/// A version of the text, without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentText {
    /// Its number, from 1.
    pub version: u32,
    /// The first day on which answers to earlier versions are no longer good; `None` when they stay good.
    pub asks_again_from: Option<Date>,
}

/// A family's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// For which child.
    pub child: ChildId,
    /// What they said.
    pub answer: ConsentAnswer,
    /// To which version of the text.
    pub version: u32,
    /// In which language it was read.
    pub language: Language,
    /// On which day.
    pub day: Date,
    /// The guardian who answered on the page; `None` for what came on paper.
    pub by: Option<AccountId>,
}

impl Consents {
    /// As it is where nobody has published a text.
    pub const NONE: Self = Self { rule: ConsentRule::Recorded, texts: Vec::new(), answers: Vec::new() };

    /// The answer in force for `child`.
    pub fn of(&self, child: ChildId) -> Option<&Consent> {
        self.answers.iter().find(|consent| consent.child == child)
    }

    /// The version that families are asked about now.
    pub fn newest(&self) -> Option<u32> {
        self.texts.iter().map(|text| text.version).max()
    }

    /// The first day on which a yes to `version` is no longer good; `None` while no later text asks again.
    pub fn good_before(&self, version: u32) -> Option<Date> {
        self.texts.iter().filter(|text| text.version > version).filter_map(|text| text.asks_again_from).min()
    }

    /// How it stands for `child` on `date`.
    pub fn standing(&self, child: ChildId, date: Date) -> ConsentStanding {
        self.standing_of(self.of(child), date)
    }

    /// The same for an answer that was looked up already.
    pub fn standing_of(&self, consent: Option<&Consent>, date: Date) -> ConsentStanding {
        match consent.map(|consent| (consent.answer, self.good_before(consent.version))) {
            None => ConsentStanding::Missing,
            Some((ConsentAnswer::Declined, _)) => ConsentStanding::Declined,
            Some((ConsentAnswer::Withdrawn, _)) => ConsentStanding::Withdrawn,
            Some((ConsentAnswer::Agreed, Some(over))) if over <= date => ConsentStanding::AskedAgain,
            Some((ConsentAnswer::Agreed, _)) => ConsentStanding::Given,
        }
    }
}
