//! `tereze apply site.toml`: a kindergarten declared whole.
//!
//! ```text
//! file ─▶ tables ─▶ check ─▶ declared ─┐
//! what it declared last ───────▶ last ─┼─▶ merge ─▶ plan (pure) ─▶ perform, one transaction, an audit record a step
//! database ──────────────────▶ known ──┘
//! ```
//!
//! It can be run again and again, and changes what the file has changed since it was last applied: whatever a person has changed, made or
//! removed in the meantime stays. What both have changed is decided for the file, and the plan says so. What the file no longer has is
//! removed or ended, never deleted; a child who moves has one enrolment ended and another begun. Kindergartens that the file does not
//! name are left alone. The first time, and on a database from before this was remembered, whatever differs is the file's, but for what a
//! person is known to have made or ordered.

mod check;
mod describe;
mod fact;
mod file;
mod known;
mod last;
mod merge;
mod perform;
mod plan;
mod thing;

use crate::{
    args,
    auth::password,
    clock::Clock,
    db::{Db, DbError, Queries},
    id::CameraId,
    media::CameraSource,
    secret::Secrets,
    toml_file::{Fault, Faults, TomlFile},
};
use check::{Checked, Elsewhere, Password};
use file::SiteFile;
use last::Digests;
use merge::{Declared, Merge};
use perform::Performer;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};
use thing::{Key, Thing};

/// A file could not be applied; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The file is at fault, and where.
    #[error(transparent)]
    File(#[from] Faults),
    /// The database is.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<Fault> for ApplyError {
    fn from(fault: Fault) -> Self {
        Self::File(fault.into())
    }
}

/// Whether the plan is performed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is only made.
    DryRun,
    /// It is performed.
    Perform,
}

/// Checks the file at `path` by itself, without a database; returns its cameras by key, so that they can be probed.
pub fn check_file(path: &Path, clock: &Clock) -> Result<Vec<(String, CameraSource)>, Faults> {
    let file = TomlFile::read(path)?;
    let tables: SiteFile = file.parse()?;
    let now = clock.now();
    let checked = check::check(&file, &tables, &Elsewhere::default(), now)?;
    let things = checked.kindergartens.into_iter().flat_map(|kindergarten| kindergarten.things);
    let cameras = things.filter_map(|(key, thing)| match thing {
        Thing::Camera { source, .. } => Some((key, source.of(CameraId::new(now)))),
        _ => None,
    });
    Ok(cameras.collect())
}

/// Makes the database hold what the file at `path` declares. Returns what was done, or would be, one line a step, without secrets;
/// no lines when there is nothing to do.
pub async fn apply(db: &Db, secrets: &Secrets, clock: &Clock, path: &Path, mode: Mode) -> Result<Vec<String>, ApplyError> {
    let file = TomlFile::read(path)?;
    let tables: SiteFile = file.parse()?;
    let keys: Vec<&str> = tables.kindergarten.iter().map(|table| table.key.get_ref().as_str()).collect();
    let elsewhere = known::elsewhere(db, &keys).await?;
    let now = clock.now();
    let Checked { kindergartens, passwords } = check::check(&file, &tables, &elsewhere, now)?;
    let declared: Vec<(Declared, Digests)> = kindergartens
        .into_iter()
        .map(|declared| {
            let wanted = last::of_declared(secrets, &declared, &passwords);
            (declared, wanted)
        })
        .collect();
    // Hashing takes its time: it is done before the transaction keeps others waiting.
    let hashes = new_hashes(db, &file, &declared, passwords).await?;

    let tx = db.begin().await?;
    tx.touch().await?;
    let mut merges = Vec::new();
    for (declared, wanted) in declared {
        let last = last::load(&tx, &declared.key).await?;
        let known = known::load(&tx, secrets, &declared.key, now).await?;
        let held = last::of_known(secrets, &known);
        merges.push(Merge { declared, known, last, wanted, held });
    }
    let plan = plan::plan(&merges, &hashes);
    let said_before = merges.iter().all(|merge| merge.last == merge.wanted);
    if mode == Mode::Perform && !(plan.is_empty() && said_before) {
        let mut performer = Performer::new(&tx, secrets, now, &merges);
        for change in &plan {
            performer.perform(change).await?;
        }
        for Merge { declared, last, wanted, .. } in &merges {
            last::keep(&tx, &declared.key, last, wanted).await?;
        }
        tx.commit().await?;
    }
    Ok(plan.iter().map(ToString::to_string).collect())
}

/// The hashes of the passwords that the file has changed and that are not the stored ones, and of those of accounts that are not there.
async fn new_hashes(
    db: &Db,
    file: &TomlFile,
    declared: &[(Declared, Digests)],
    passwords: BTreeMap<Key, Password>,
) -> Result<BTreeMap<Key, String>, ApplyError> {
    let mut same = BTreeSet::new();
    for (declared, wanted) in declared {
        let last = last::load(db, &declared.key).await?;
        let subjects = passwords.keys().map(|key| (key.clone(), last::password_subject(key)));
        same.extend(
            subjects
                .filter(|(_, subject)| last.contains_key(subject) && last.get(subject) == wanted.get(subject))
                .map(|(key, _)| key),
        );
    }
    let mut hashes = BTreeMap::new();
    for (key, wanted) in passwords {
        let sql = "select password_hash from accounts where key = $1 and removed_at is null";
        let account = db.row::<(Option<String>,)>(sql, args![&key]).await?;
        if account.is_some() && same.contains(&key) {
            continue;
        }
        let stored = account.and_then(|(hash,)| hash);
        let new = match wanted {
            Password::Hash(hash) => (stored.as_deref() != Some(&*hash)).then_some(hash),
            Password::Plain { text, .. } if stored.is_some() && password::verify(&text, stored.clone()).await => None,
            Password::Plain { text, place } => {
                Some(password::hash(&text).await.map_err(|error| file.fault(Some(place), error.to_string()))?)
            }
        };
        hashes.extend(new.map(|hash| (key, hash)));
    }
    Ok(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_in_order() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("site.example.toml");
        let clock = Clock::held("2026-11-23T03:00:00Z".parse().unwrap());
        let cameras = check_file(&path, &clock).unwrap();
        assert_eq!(cameras.iter().map(|(key, _)| &**key).collect::<Vec<_>>(), ["playroom", "yard"]);
    }
}
