//! What the database tells of a camera's recording.

use crate::world::gateway::Gateway;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use tereze::{
    args,
    db::{
        Db, Queries,
        gaps::{self, GapRow},
        segments::{self, SegmentRow},
    },
    id::CameraId,
    model::GapCause,
};

/// How long anything may take; it is reached only when a test fails.
const PATIENCE: Duration = Duration::from_secs(90);

/// All there is of a camera, and all that is missing.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) segments: Vec<SegmentRow>,
    pub(super) gaps: Vec<GapRow>,
}

impl Story {
    pub(super) async fn of(db: &Db, camera: CameraId) -> Self {
        let (from, to) = (Timestamp::UNIX_EPOCH, "2100-01-01T00:00:00Z".parse().unwrap());
        let segments = segments::between(db, camera, from, to).await.unwrap();
        Self { segments, gaps: gaps::between(db, camera, from, to).await.unwrap() }
    }

    /// Whether there is a gap with this cause now.
    pub(super) fn open(&self, cause: GapCause) -> Option<()> {
        self.gaps.last().filter(|gap| gap.cause == cause && gap.ended_at.is_none()).map(drop)
    }

    /// Whether two seconds are safe of a segment after so many gaps, the last of which, if any, is over.
    pub(super) fn goes_on_after(&self, gaps: usize) -> Option<()> {
        let (last, gap) = (self.segments.last()?, self.gaps.last());
        let safe = last.ends_at.duration_since(last.starts_at) >= SignedDuration::from_secs(2);
        let after = gap.is_none_or(|gap| gap.ended_at.is_some() && last.starts_at >= gap.starts_at);
        (self.gaps.len() >= gaps && after && safe).then_some(())
    }

    /// Segments and gaps lie side by side; nothing longer than two seconds is untold, and every file is whole.
    pub(super) fn assert_complete(&self) {
        assert!(!self.segments.is_empty());
        let whole = |row: &SegmentRow| row.sha256.is_some() && row.tree.is_some() && row.ends_at > row.starts_at;
        assert!(self.segments.iter().all(whole), "{self:#?}");
        self.assert_told_once();
    }

    /// Segments and gaps lie side by side; nothing longer than two seconds is untold.
    pub(super) fn assert_told_once(&self) {
        let mut told: Vec<_> = self.segments.iter().map(|row| (row.starts_at, row.ends_at)).collect();
        told.extend(self.gaps.iter().map(|row| (row.starts_at, row.ended_at.map_or(row.seen_at, Timestamp::from))));
        told.sort();
        for two in told.windows(2) {
            let between = two[1].0.duration_since(two[0].1);
            assert!(between <= SignedDuration::from_secs(2), "untold: {between:?} {self:#?}");
            assert!(between >= SignedDuration::ZERO, "told twice: {between:?} {self:#?}");
        }
    }
}

/// What is told of a camera after the gateway has stopped.
pub(super) async fn stopped(gateway: Gateway, camera: CameraId) -> Story {
    let kept = gateway.stop_and_keep().await;
    Story::of(&kept.db().await, camera).await
}

/// The camera with this name.
pub(super) async fn camera(db: &Db, name: &str) -> CameraId {
    let row: Option<(CameraId,)> = db.row("select id from cameras where name = $1", args![name]).await.unwrap();
    row.unwrap().0
}

/// Asks until there is an answer.
pub(super) async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let answer = async {
        loop {
            match ask().await {
                Some(answer) => return answer,
                None => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| panic!("not in time: {what}"))
}
