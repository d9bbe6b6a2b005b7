//! `tereze verify`: is everything as it was written?

use super::print;
use crate::{
    audit::{
        note::NoteKey,
        verify::{Kept, verify_db},
    },
    config::Config,
    db::Db,
    recording,
};
use anyhow::Context;
use std::{fs::File, path::Path, process::ExitCode};

/// Checks the log and the recordings that the configuration names; the files of recordings if `files`. Recordings are only looked at when
/// the log, by which they are measured, can be believed.
pub(super) async fn machine(config: &Config, kept: &Kept, files: bool) -> anyhow::Result<ExitCode> {
    let db = Db::open(&config.database.url).await?;
    let log = verify_db(&db, kept).await?;
    print(&log.to_string());
    let mut passed = log.passed();
    if passed {
        let folder = files.then_some(config.recordings.folder.as_path());
        let recordings = recording::verify::verify(&db, folder).await?;
        print(&format!("\n{recordings}"));
        passed = recordings.passed();
    }
    db.close().await;
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks a recording that was taken out of a gateway.
pub(super) fn bundle(path: &Path, key: Option<&NoteKey>) -> anyhow::Result<ExitCode> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let report = recording::export::check::check(std::io::BufReader::new(file), key);
    print(&report.to_string());
    Ok(if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
