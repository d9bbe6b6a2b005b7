//! Checks what was recorded against the audit log: every seal, every row of a segment or gap, and every file.
//!
//! The log is to be verified before ([`audit::verify`](crate::audit::verify)): what its records say is believed here. Unlike there, it goes
//! on after a fault: one piece that was tampered with says nothing of the others.

mod files;
mod removals;
mod report;
mod seals;

pub use report::{Fault, Place, Report, Wrong};

use super::store::Store;
use crate::db::{Db, DbError};

/// How many rows are read at once.
const BATCH: i64 = 512;

/// Checks the recordings of `db` and, where it is given, the files of `store`, in the folder and in the object storage: as they lie there, for
/// which it takes no key; and what is encrypted in them, where the key is there. A server may go on recording meanwhile.
pub async fn verify(db: &Db, store: Option<&Store>) -> Result<Report, DbError> {
    let mut report = Report::default();
    seals::check(db, &mut report).await?;
    removals::check(db, &mut report).await?;
    if let Some(store) = store {
        files::check(db, store, &mut report).await?;
    }
    Ok(report)
}
