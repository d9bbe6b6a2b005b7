//! Checks a whole log: every record, root and checkpoint, and the viewings and the words of appeals against the records.
//!
//! It reads in batches, so that a log of years needs no more memory than a short one, and it trusts nothing in the database but the
//! public keys of the checkpoints, and not even those when a key is brought.

mod appeals;
mod records;
mod report;
mod viewings;

pub use report::{Fault, Place, Report, Wrong};

use super::{
    checkpoint::{self, Checkpoint},
    note::NoteKey,
    tree::Hash,
};
use crate::{db::Db, keyring::KeyError};
use records::Scan;
use report::Stop;

/// How many rows are read at once.
const BATCH: i64 = 512;

/// A checkpoint that somebody kept outside the machine, and the public key if that was kept too.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// The signed note.
    pub checkpoint: Option<String>,
    /// The key that every checkpoint must be signed by; without it, the database's own is believed.
    pub key: Option<NoteKey>,
}

/// Checks the log in `db`, and that it continues what was `kept`. A server may go on appending meanwhile.
pub async fn verify_db(db: &Db, kept: &Kept) -> Result<Report, KeyError> {
    let root = Hash::of_empty_tree();
    let mut report =
        Report { records: 0, erased: 0, checkpoints: 0, unsigned: 0, viewings: 0, steps: 0, kept: None, root, fault: None };
    let keys = match &kept.key {
        Some(key) => vec![key.clone()],
        None => checkpoint::keys(db).await?,
    };
    match check(db, &keys, kept, &mut report).await {
        Ok(()) => {}
        Err(Stop::Fault(fault)) => report.fault = Some(fault),
        Err(Stop::Db(error)) => return Err(error.into()),
    }
    Ok(report)
}

async fn check(db: &Db, keys: &[NoteKey], kept: &Kept, report: &mut Report) -> Result<(), Stop> {
    let open = |note: &String| Checkpoint::open(note, keys).map_err(|error| Wrong::from(error).at(Place::Kept));
    let kept = kept.checkpoint.as_ref().map(open).transpose()?;
    Scan::new(db, keys, kept, report).await?.run().await?;
    viewings::check(db, report).await?;
    appeals::check(db, report).await
}
