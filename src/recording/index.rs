//! What is safe on the disk, written down for all cameras together: a transaction a second, not one a fragment.

use crate::{
    db::{Db, segments},
    id::SegmentId,
};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(1);

/// What has become safe since it was last written down.
#[derive(Default)]
pub(super) struct Index(Mutex<BTreeMap<SegmentId, (Timestamp, u64)>>);

impl Index {
    /// More of a segment is safe: up to `ends_at`, in `bytes`.
    pub(super) fn go_on(&self, id: SegmentId, ends_at: Timestamp, bytes: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, (ends_at, bytes));
    }

    /// Writes it down every second until `stop`, and once more then.
    pub(super) async fn run(&self, db: &Db, stop: CancellationToken) {
        let mut every = tokio::time::interval(EVERY);
        while stop.run_until_cancelled(every.tick()).await.is_some() {
            self.write(db).await;
        }
        self.write(db).await;
    }

    async fn write(&self, db: &Db) {
        let safe = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if let Err(error) = segments::all_go_on(db, &safe).await {
            // The files know it too: nothing is lost, and the next second brings the next try.
            tracing::error!(%error, "what is safe of the recordings cannot be written down");
        }
    }
}
