//! Seals: every quarter of an hour what was recorded becomes part of the log, so that it cannot be changed, taken out, or added to later.

mod piece;

pub use piece::{Piece, in_order};

use super::{Action, Record, append_all, proof, tree::Hash};
use crate::{
    clock::Clock,
    db::{
        Db, DbError, cameras,
        gaps::GapRow,
        seals::{self, SealRow},
        segments::SegmentRow,
    },
    id::{CameraId, KindergartenId, SealId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How long what is recorded may stand outside of the log.
const EVERY: Duration = Duration::from_mins(15);
/// Leaves a seal: a record stays a short text even when a camera comes and goes all the time.
const MOST_LEAVES: usize = 64;

/// What the details of a record `recording_sealed` say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The camera.
    pub camera: CameraId,
    /// When the first piece begins.
    pub from: jiff::Timestamp,
    /// When the last one ends.
    pub to: jiff::Timestamp,
    /// The root of the tree over `leaves`.
    pub root: String,
    /// The leaves, in the order of time: they name the one that is not as it was.
    pub leaves: Vec<String>,
}

/// Seals what cameras have recorded.
#[derive(Debug, Clone)]
pub struct Sealer {
    db: Db,
    clock: Clock,
}

impl Sealer {
    /// Of the recordings in `db`.
    pub fn new(db: &Db, clock: &Clock) -> Self {
        Self { db: db.clone(), clock: clock.clone() }
    }

    /// Seals every piece that is over and in no seal yet; returns how many seals that made. All of it is one transaction.
    pub async fn seal(&self) -> Result<usize, DbError> {
        let now = self.clock.now();
        let mut recorded: BTreeMap<CameraId, (Vec<SegmentRow>, Vec<GapRow>)> = BTreeMap::new();
        for row in seals::unsealed_segments(&self.db).await? {
            recorded.entry(row.camera_id).or_default().0.push(row);
        }
        for row in seals::unsealed_gaps(&self.db).await? {
            recorded.entry(row.camera_id).or_default().1.push(row);
        }
        let mut made = Vec::new();
        for (camera, (segments, gaps)) in recorded {
            let Some(kindergarten) = cameras::kindergarten(&self.db, camera).await? else { continue };
            let pieces: Vec<(Piece, Hash)> =
                in_order(segments, gaps).into_iter().filter_map(|piece| piece.leaf().map(|leaf| (piece, leaf))).collect();
            for pieces in pieces.chunks(MOST_LEAVES) {
                made.push(Draft::of(kindergarten, camera, pieces, now));
            }
        }
        if made.is_empty() {
            return Ok(0);
        }
        let tx = self.db.begin().await?;
        let records = made.iter().map(Draft::record).collect();
        let last = append_all(&tx, records).await?;
        let first = (last + 1).saturating_sub(made.len() as u64);
        for (record, draft) in (first..).zip(&made) {
            seals::insert(&tx, &SealRow { record: super::column(record), ..draft.row.clone() }).await?;
            for piece in &draft.pieces {
                let taken = match piece {
                    Piece::Segment(row) => seals::take_segment(&tx, draft.row.id, row.id).await?,
                    Piece::Gap(row) => seals::take_gap(&tx, draft.row.id, row.id).await?,
                };
                if !taken {
                    // Another process was faster. Nothing of this one remains, and the next look finds what is left.
                    return Ok(0);
                }
            }
        }
        tx.commit().await?;
        Ok(made.len())
    }

    /// Seals until `stop` is cancelled. Whoever stops the recorder seals once more after it.
    pub async fn run(self, stop: CancellationToken) {
        let mut every = tokio::time::interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first is at once, when what the last run left unfinished is still being repaired.
        every.reset();
        while stop.run_until_cancelled(every.tick()).await.is_some() {
            self.seal_or_say().await;
        }
    }

    /// The same, where nobody waits for the answer.
    pub async fn seal_or_say(&self) {
        if let Err(error) = self.seal().await {
            tracing::error!(%error, "recordings could not be sealed");
        }
    }
}

/// A seal that is about to be made.
struct Draft {
    kindergarten: KindergartenId,
    row: SealRow,
    sealed: Sealed,
    pieces: Vec<Piece>,
}

impl Draft {
    fn of(kindergarten: KindergartenId, camera: CameraId, pieces: &[(Piece, Hash)], now: jiff::Timestamp) -> Self {
        let (pieces, leaves): (Vec<Piece>, Vec<Hash>) = pieces.iter().cloned().unzip();
        let from = pieces.first().map_or(now, Piece::from);
        let to = pieces.iter().map(Piece::to).max().unwrap_or(now);
        let root = proof::root(&leaves).to_string();
        let row = SealRow {
            id: SealId::new(now),
            camera_id: camera,
            root: root.clone(),
            leaves: i64::try_from(leaves.len()).unwrap_or(i64::MAX),
            starts_at: from,
            ends_at: to,
            sealed_at: now,
            record: 0,
            expired_at: None,
            expired_record: None,
        };
        let leaves = leaves.iter().map(Hash::to_string).collect();
        Self { kindergarten, row, sealed: Sealed { camera, from, to, root, leaves }, pieces }
    }

    fn record(&self) -> Record {
        Record {
            at: self.row.sealed_at,
            actor: None,
            kindergarten: Some(self.kindergarten),
            action: Action::RecordingSealed,
            subject: subject(self.row.id),
            details: json!(self.sealed),
        }
    }
}

/// The subject of the record of a seal.
pub fn subject(id: SealId) -> String {
    format!("seal:{id}")
}
