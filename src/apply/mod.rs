//! `tereze apply site.toml`: a kindergarten declared whole.
//!
//! ```text
//! file ─▶ tables ─▶ check ─▶ declared ─┐
//!                                      ├─▶ plan (pure) ─▶ perform, one transaction, an audit record a step
//! database ──────────────────▶ known ──┘
//! ```
//!
//! It can be run again and again and changes what differs. What the file no longer has is removed or ended, never deleted; a child who
//! moves has one enrolment ended and another begun. Kindergartens that the file does not name are left alone, and so are pauses and
//! exceptions that a person ordered and accounts that were made by hand. A pause of the file's that a person has ended stays ended.

mod check;
mod describe;
mod file;
mod known;
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
use perform::Performer;
use std::{collections::BTreeMap, path::Path};
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
    // Hashing takes its time: it is done before the transaction keeps others waiting.
    let hashes = new_hashes(db, &file, passwords).await?;

    let tx = db.begin().await?;
    tx.touch().await?;
    let mut known = BTreeMap::new();
    for kindergarten in &kindergartens {
        known.insert(kindergarten.key.clone(), known::load(&tx, secrets, &kindergarten.key, now).await?);
    }
    let plan = plan::plan(&kindergartens, &known, &hashes);
    if mode == Mode::Perform && !plan.is_empty() {
        let mut performer = Performer::new(&tx, secrets, now, &known);
        for change in &plan {
            performer.perform(change).await?;
        }
        tx.commit().await?;
    }
    Ok(plan.iter().map(ToString::to_string).collect())
}

/// The hashes of the passwords that are not yet the stored ones.
async fn new_hashes(db: &Db, file: &TomlFile, passwords: BTreeMap<Key, Password>) -> Result<BTreeMap<Key, String>, ApplyError> {
    let mut hashes = BTreeMap::new();
    for (key, wanted) in passwords {
        let sql = "select password_hash from accounts where key = $1 and removed_at is null";
        let stored = db.row::<(Option<String>,)>(sql, args![&key]).await?.and_then(|(hash,)| hash);
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
