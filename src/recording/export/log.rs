//! Proves records of an export against a checkpoint.

use super::{
    bundle::{Makers, NotBundled},
    manifest::Proved,
};
use crate::{
    audit::{
        checkpoint::{self, Checkpoint},
        evidence,
        prover::NoProof,
    },
    id::KindergartenId,
};
use std::time::Duration;

/// How long a checkpoint over the newest record is waited for, and how often it is looked: it follows within a second.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(100);

/// The log up to a checkpoint.
pub(super) struct Log<'a> {
    makers: Makers<'a>,
    kindergarten: KindergartenId,
    /// The checkpoint, signed.
    pub(super) note: String,
    size: u64,
}

impl<'a> Log<'a> {
    /// Up to the newest checkpoint, once it covers `records`.
    pub(super) async fn over(makers: Makers<'a>, kindergarten: KindergartenId, records: &[u64]) -> Result<Self, NotBundled> {
        let newest = records.iter().max().copied().unwrap_or_default();
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                if let Some((note, _)) = checkpoint::newest(makers.db).await? {
                    let keys = checkpoint::keys(makers.db).await.map_err(|_| NotBundled::NoCheckpoint)?;
                    let size = Checkpoint::open(&note, &keys)?.size;
                    if size > newest {
                        return Ok::<_, NotBundled>(Self { makers, kindergarten, note, size });
                    }
                }
                tokio::time::sleep(LOOK).await;
            }
        });
        waited.await.unwrap_or(Err(NotBundled::NoCheckpoint))
    }

    /// The record at `position`, with the proof that it is in it.
    pub(super) async fn proved(&self, position: u64) -> Result<Proved, NotBundled> {
        let path = self.makers.prover.inclusion(position, self.size).await?;
        let stored = evidence::of(self.makers.db, self.kindergarten, position).await?;
        stored.and_then(|stored| Proved::of(stored, &path)).ok_or(NotBundled::NoProof(NoProof::Damaged(position)))
    }
}
