//! One kindergarten three times: as the file declared it when it was last applied, as it declares it now, and as the database holds it.
//!
//! What the file has not changed since stays as it is here, whatever a person has made of it. What both have changed is the file's.

use super::{
    fact::Fact,
    last::{self, Digests},
    thing::{Key, Kind, Thing},
};
use std::collections::{BTreeMap, BTreeSet};

/// One kindergarten as the file declares it.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    pub(super) key: Key,
    /// In the order of the file; the kindergarten itself comes first.
    pub(super) things: Vec<(Key, Thing)>,
    pub(super) facts: BTreeSet<Fact>,
}

/// One kindergarten as the database holds it, with the ids of the rows; empty when there is none yet.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) things: BTreeMap<(Kind, Key), (String, Thing)>,
    pub(super) facts: BTreeMap<Fact, Held>,
}

/// The row of a fact.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) id: String,
    /// Whether a person is known to have ordered it.
    pub(super) ordered: bool,
}

/// The three, the first of them as digests: what it declared is known again, and not kept.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) declared: Declared,
    pub(super) known: Known,
    pub(super) last: Digests,
    /// The digests of `declared`.
    pub(super) wanted: Digests,
    /// The digests of `known`.
    pub(super) held: Digests,
}

impl Merge {
    /// Whether no file has been applied here since the database remembers it: then all that differs is the file's to change.
    pub(super) fn is_first(&self) -> bool {
        self.last.is_empty()
    }

    /// Whether the file says something else of `subject` than it did.
    pub(super) fn file_changed(&self, subject: &str) -> bool {
        self.last.get(subject) != self.wanted.get(subject)
    }

    /// Whether a person has made something else of `subject` than the file had.
    pub(super) fn person_changed(&self, subject: &str) -> bool {
        !self.is_first() && self.last.get(subject) != self.held.get(subject)
    }

    /// Whether the file declared this thing when it was last applied.
    pub(super) fn was_declared(&self, kind: Kind, key: &str) -> bool {
        self.last.contains_key(&last::subject(kind, key, "name"))
    }

    /// The things that the file declares now as it did before and that a person has removed: they stay away.
    pub(super) fn removed_here(&self) -> BTreeSet<(Kind, Key)> {
        let removed = self.declared.things.iter().filter(|(key, thing)| self.is_gone(thing.kind(), key));
        let unchanged = removed.filter(|(key, thing)| {
            let about = self.declared.facts.iter().filter(|fact| fact.things().contains(&(thing.kind(), key))).map(Fact::question);
            !last::subjects(thing, key).chain(about).any(|subject| self.file_changed(&subject))
        });
        unchanged.map(|(key, thing)| (thing.kind(), key.clone())).collect()
    }

    /// Whether a thing that the file declared is no longer there.
    pub(super) fn is_gone(&self, kind: Kind, key: &Key) -> bool {
        self.was_declared(kind, key) && !self.known.things.contains_key(&(kind, key.clone()))
    }
}
