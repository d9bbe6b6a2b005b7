//! What has to change so that the database holds what the file has changed since it was last applied: a pure function.

use super::{
    fact::Fact,
    last::subject,
    merge::{Held, Merge},
    thing::{Key, Kind, Thing},
};
use crate::console;
use std::collections::{BTreeMap, BTreeSet};

/// One step of a plan, with the key of its kindergarten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) kindergarten: Key,
    pub(super) step: Step,
    /// Whether it goes over what a person has changed since.
    pub(super) over: bool,
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

/// The steps that a file asks for. `hashes` are the passwords that it has changed and that are not the stored ones, by account.
pub(super) fn plan(merges: &[Merge], hashes: &BTreeMap<Key, String>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for merge in merges {
        let away = merge.removed_here();
        let mut steps = things(merge, &away, hashes);
        let removed = steps.iter().filter_map(|(step, _)| match step {
            Step::Remove { key, thing, .. } => Some((thing.kind(), key.clone())),
            _ => None,
        });
        let removed: BTreeSet<(Kind, Key)> = removed.collect();
        steps.extend(facts(merge, &away, &removed));
        let kindergarten = &merge.declared.key;
        changes.extend(steps.into_iter().map(|(step, over)| Change { kindergarten: kindergarten.clone(), step, over }));
    }
    changes.sort_by_key(|change| change.step.stage());
    changes
}

/// What is added, changed and removed, and whether it goes over a person's change. `away` stays away.
fn things(merge: &Merge, away: &BTreeSet<(Kind, Key)>, hashes: &BTreeMap<Key, String>) -> Vec<(Step, bool)> {
    let mut steps = Vec::new();
    for (key, thing) in &merge.declared.things {
        let (kind, key) = (thing.kind(), key.clone());
        if away.contains(&(kind, key.clone())) {
            continue;
        }
        let person_changed = |attribute: &&str| merge.person_changed(&subject(kind, &key, attribute));
        match merge.known.things.get(&(kind, key.clone())) {
            None => steps.push((Step::Add { key: key.clone(), thing: thing.clone() }, merge.is_gone(kind, &key))),
            Some((id, from)) => {
                let to = from.taking(thing, |attribute| merge.file_changed(&subject(kind, &key, attribute)));
                let over = to.differing(from).iter().any(person_changed);
                if to != *from {
                    steps.push((Step::Change { id: id.clone(), key: key.clone(), from: from.clone(), to }, over));
                }
            }
        }
        if let Some(hash) = hashes.get(&key).filter(|_| kind == Kind::Account) {
            steps.push((Step::SetPassword { key, hash: hash.clone() }, false));
        }
    }
    let kept: BTreeSet<(Kind, &Key)> = merge.declared.things.iter().map(|(key, thing)| (thing.kind(), key)).collect();
    for ((kind, key), (id, thing)) in &merge.known.things {
        let theirs = merge.was_declared(*kind, key) || merge.is_first() && !console::is_own(key);
        if theirs && !kept.contains(&(*kind, key)) {
            let over = thing.attributes().iter().any(|(name, _)| merge.person_changed(&subject(*kind, key, name)));
            steps.push((Step::Remove { id: id.clone(), key: key.clone(), thing: thing.clone() }, over));
        }
    }
    steps
}

/// What the file and the database answer to one question.
#[derive(Default)]
struct Answers<'a> {
    wanted: Vec<&'a Fact>,
    held: Vec<(&'a Fact, &'a Held)>,
}

/// What ends and begins, question by question: the file's answer takes the place of whatever stands there, where the file has changed it.
fn facts(merge: &Merge, away: &BTreeSet<(Kind, Key)>, removed: &BTreeSet<(Kind, Key)>) -> Vec<(Step, bool)> {
    let is_about = |fact: &Fact, things: &BTreeSet<(Kind, Key)>| {
        fact.things().into_iter().any(|(kind, key)| things.contains(&(kind, key.clone())))
    };
    let returns = |fact: &Fact| fact.things().into_iter().any(|(kind, key)| merge.is_gone(kind, key));
    let mut steps = Vec::new();
    let mut answers: BTreeMap<String, Answers<'_>> = BTreeMap::new();
    for fact in merge.declared.facts.iter().filter(|fact| !is_about(fact, away)) {
        answers.entry(fact.question()).or_default().wanted.push(fact);
    }
    for (fact, held) in &merge.known.facts {
        answers.entry(fact.question()).or_default().held.push((fact, held));
    }
    for (question, Answers { wanted, held }) in answers {
        // What comes back brings along what the file says of it.
        let changed = merge.is_first() || merge.file_changed(&question) || wanted.iter().any(|fact| returns(fact));
        let over = merge.person_changed(&question);
        for (fact, Held { id, ordered }) in &held {
            let persons = *ordered || fact.things().into_iter().any(|(_, key)| console::is_own(key));
            let ends = changed && !wanted.contains(fact) && !(merge.is_first() && persons);
            let about_removed = is_about(fact, removed);
            // What a camera recorded is kept for as long as before, though the camera goes.
            let outlasts = about_removed && matches!(fact, Fact::Recording { .. });
            if (ends || about_removed) && !outlasts {
                steps.push((Step::EndFact { id: id.clone(), fact: (*fact).clone() }, over));
            }
        }
        let begins = wanted.iter().filter(|fact| changed && !held.iter().any(|(there, _)| there == *fact));
        steps.extend(begins.map(|fact| (Step::AddFact { fact: (*fact).clone() }, over)));
    }
    steps
}
