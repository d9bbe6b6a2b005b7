//! `tereze verify`: is everything as it was written?

use super::print;
use crate::{
    audit::{
        note::NoteKey,
        verify::{Kept, verify_db},
    },
    config::{self, Config},
    db::Db,
    recording::{
        self,
        encryption::{Keys, KeysError},
        objects::Objects,
        store::Store,
    },
};
use anyhow::Context;
use std::{fs::File, io::ErrorKind, path::Path, process::ExitCode};

/// Checks the log and the recordings that the configuration names; the files of recordings if `files`. Recordings are only looked at when
/// the log, by which they are measured, can be believed.
pub(super) async fn machine(config: &Config, kept: &Kept, files: bool) -> anyhow::Result<ExitCode> {
    let db = Db::open(&config.database.url).await?;
    let log = verify_db(&db, kept).await?;
    print(&log.to_string());
    let mut passed = log.passed();
    if passed {
        let store = if files { Some(store(&config.recordings)?) } else { None };
        let recordings = recording::verify::verify(&db, store.as_ref()).await?;
        print(&format!("\n{recordings}"));
        passed = recordings.passed();
    }
    db.close().await;
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The files of recordings, as far as they can be reached from here: whoever checks them need not have the keys.
fn store(config: &config::Recordings) -> anyhow::Result<Store> {
    let objects = config.objects.as_ref().map(Objects::open).transpose().context("[recordings.objects] cannot be used")?;
    let keys = Keys::open(config).or_else(|error| match error {
        KeysError::File(error) if error.kind() == ErrorKind::NotFound => Ok(Keys::default()),
        error => Err(error),
    });
    Ok(Store::with_objects(&config.folder, objects).with_keys(keys.context("[recordings] key_file cannot be used")?))
}

/// Checks a recording that was taken out of a gateway.
pub(super) fn bundle(path: &Path, key: Option<&NoteKey>) -> anyhow::Result<ExitCode> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let report = recording::export::check::check(std::io::BufReader::new(file), key);
    print(&report.to_string());
    Ok(if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
