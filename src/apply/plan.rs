//! What has to change so that the database holds what the file declares: a pure function of both.

use super::thing::{Fact, Key, Kind, Thing};
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
    pub(super) facts: BTreeMap<Fact, String>,
    /// What the file declared and a person has ended since: it does not begin again.
    pub(super) lifted: BTreeSet<Fact>,
}

/// One step of a plan, with the key of its kindergarten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) kindergarten: Key,
    pub(super) step: Step,
}

/// The variants stand in the order in which a plan is performed: what ends makes room for what begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    EndFact { id: String, fact: Fact },
    Remove { id: String, key: Key, thing: Thing },
    Change { id: String, key: Key, from: Thing, to: Thing },
    Add { key: Key, thing: Thing },
    SetPassword { key: Key, hash: String },
    AddFact { fact: Fact },
}

impl Step {
    const fn stage(&self) -> u8 {
        match self {
            Self::EndFact { .. } => 0,
            Self::Remove { .. } => 1,
            Self::Change { .. } => 2,
            Self::Add { .. } => 3,
            Self::SetPassword { .. } => 4,
            Self::AddFact { .. } => 5,
        }
    }
}

/// The steps from `known` to `declared`. `hashes` are the passwords that are not yet the stored ones, by account.
pub(super) fn plan(declared: &[Declared], known: &BTreeMap<Key, Known>, hashes: &BTreeMap<Key, String>) -> Vec<Change> {
    let nothing = Known::default();
    let mut changes: Vec<Change> = Vec::new();
    for kindergarten in declared {
        let known = known.get(&kindergarten.key).unwrap_or(&nothing);
        let steps = steps(kindergarten, known, hashes);
        changes.extend(steps.into_iter().map(|step| Change { kindergarten: kindergarten.key.clone(), step }));
    }
    changes.sort_by_key(|change| change.step.stage());
    changes
}

fn steps(declared: &Declared, known: &Known, hashes: &BTreeMap<Key, String>) -> Vec<Step> {
    let mut steps = Vec::new();
    for (key, thing) in &declared.things {
        match known.things.get(&(thing.kind(), key.clone())) {
            None => steps.push(Step::Add { key: key.clone(), thing: thing.clone() }),
            Some((_, same)) if same == thing => {}
            Some((id, other)) => {
                steps.push(Step::Change { id: id.clone(), key: key.clone(), from: other.clone(), to: thing.clone() });
            }
        }
        if let Some(hash) = hashes.get(key).filter(|_| thing.kind() == Kind::Account) {
            steps.push(Step::SetPassword { key: key.clone(), hash: hash.clone() });
        }
    }
    let kept: BTreeSet<(Kind, &Key)> = declared.things.iter().map(|(key, thing)| (thing.kind(), key)).collect();
    let gone = known.things.iter().filter(|((kind, key), _)| !kept.contains(&(*kind, key)));
    steps.extend(gone.map(|((_, key), (id, thing))| Step::Remove { id: id.clone(), key: key.clone(), thing: thing.clone() }));

    let ended = known.facts.iter().filter(|(fact, _)| !declared.facts.contains(fact));
    steps.extend(ended.map(|(fact, id)| Step::EndFact { id: id.clone(), fact: fact.clone() }));
    let begun = declared.facts.iter().filter(|fact| !known.facts.contains_key(fact) && !known.lifted.contains(fact));
    steps.extend(begun.map(|fact| Step::AddFact { fact: fact.clone() }));
    steps
}
