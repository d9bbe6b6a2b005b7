//! `tereze verify`: is everything as it was written?

use super::print;
use crate::{
    audit::verify::{Kept, verify_db},
    config::Config,
    db::Db,
    recording,
};
use std::process::ExitCode;

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
