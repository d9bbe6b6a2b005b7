//! The holes of one camera's recording: each longer than two seconds becomes a row with its cause.

use super::Parts;
use crate::{
    db::{
        DbError, Moment,
        gaps::{self, GapRow},
    },
    id::{CameraId, GapId},
    model::GapCause,
};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// A shorter one is none.
const SHORT: SignedDuration = SignedDuration::from_secs(2);
/// So early in a hole its true cause comes to light: a camera whose cable was cut is first silent, and then out of reach.
const UNCLEAR: SignedDuration = SignedDuration::from_secs(30);
/// How often it is written down that a hole still lasts.
const SEEN_AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// Keeps the rows of one camera's holes.
pub(super) struct Holes {
    parts: Arc<Parts>,
    camera: CameraId,
    hole: Option<Hole>,
}

#[derive(Debug, Clone, Copy)]
struct Hole {
    since: Timestamp,
    cause: GapCause,
    /// Its row, once it has one, and when that was last touched.
    row: Option<(GapId, Timestamp)>,
}

impl Holes {
    pub(super) fn new(parts: Arc<Parts>, camera: CameraId) -> Self {
        Self { parts, camera, hole: None }
    }

    /// From `since` on there is nothing, unless something comes soon. A hole that is there already goes on.
    pub(super) fn begin(&mut self, since: Timestamp, cause: GapCause) {
        self.hole.get_or_insert(Hole { since, cause, row: None });
    }

    /// The cause of the hole that there is now.
    pub(super) fn cause(&self) -> Option<GapCause> {
        self.hole.map(|hole| hole.cause)
    }

    /// At `now` it still lasts, because of `cause`.
    pub(super) async fn last(&mut self, now: Timestamp, cause: GapCause) {
        let Some(hole) = self.hole else { return };
        let went = match hole.row {
            None if now.duration_since(hole.since) <= SHORT => {
                self.hole = Some(Hole { cause, ..hole });
                Ok(())
            }
            // What kept the gateway from recording before it started is over.
            None if hole.cause == GapCause::GatewayStopped => self.write(hole.since, hole.cause, now, None).await,
            None => self.write(hole.since, cause, now, None).await,
            Some((id, _)) if cause != hole.cause => self.change(hole, id, cause, now).await,
            Some((id, seen)) if now.duration_since(seen) >= SEEN_AGAIN => {
                self.hole = Some(Hole { row: Some((id, now)), ..hole });
                gaps::go_on(&self.parts.db, id, now).await
            }
            Some(_) => Ok(()),
        };
        self.tell(went);
    }

    /// At `at` there is something again.
    pub(super) async fn end(&mut self, at: Timestamp) {
        let Some(hole) = self.hole.take() else { return };
        let went = match hole.row {
            Some((id, _)) => gaps::end(&self.parts.db, id, at.max(hole.since)).await,
            None if at.duration_since(hole.since) > SHORT => self.write(hole.since, hole.cause, at, Some(at)).await,
            None => Ok(()),
        };
        if went.is_err() {
            self.hole = Some(hole);
        }
        self.tell(went);
    }

    /// Ends what is known of it at `now`: another goes on from there, for the same cause.
    pub(super) async fn split(&mut self, now: Timestamp) {
        let Some(hole @ Hole { row: Some((id, _)), .. }) = self.hole else { return };
        let went = gaps::end(&self.parts.db, id, now).await;
        if went.is_ok() {
            self.hole = Some(Hole { since: now, row: None, ..hole });
        }
        self.tell(went);
    }

    /// The clock was set by `by`: it goes on by the new time. The time in between never was.
    pub(super) async fn clock_set(&mut self, by: SignedDuration) {
        let Some(hole) = self.hole else { return };
        let (since, went) = match hole.row {
            None => (hole.since, Ok(())),
            Some((id, seen)) => (seen, gaps::end(&self.parts.db, id, seen).await),
        };
        self.hole = Some(Hole { since: since.saturating_add(by).unwrap_or(since), row: None, ..hole });
        self.tell(went);
    }

    async fn change(&mut self, hole: Hole, id: GapId, cause: GapCause, now: Timestamp) -> Result<(), DbError> {
        let of_camera = |cause| !matches!(cause, GapCause::GatewayStopped | GapCause::Ordered);
        if now.duration_since(hole.since) <= UNCLEAR && of_camera(hole.cause) && of_camera(cause) {
            gaps::know_better(&self.parts.db, id, cause).await?;
            self.hole = Some(Hole { cause, ..hole });
            return Ok(());
        }
        gaps::end(&self.parts.db, id, now).await?;
        self.hole = Some(Hole { since: now, cause, row: None });
        self.write(now, cause, now, None).await
    }

    async fn write(
        &mut self,
        starts_at: Timestamp,
        cause: GapCause,
        seen_at: Timestamp,
        ended_at: Option<Timestamp>,
    ) -> Result<(), DbError> {
        let (id, camera_id) = (GapId::new(starts_at), self.camera);
        let ended_at = ended_at.map(Moment);
        gaps::begin(&self.parts.db, &GapRow { id, camera_id, cause, starts_at, seen_at, ended_at, seal_id: None }).await?;
        if let Some(hole) = &mut self.hole {
            *hole = Hole { since: starts_at, cause, row: Some((id, seen_at)) };
        }
        self.parts.metrics.gap(cause);
        tracing::warn!(camera = %self.camera, cause = cause.word(), "there is a hole in the recording");
        Ok(())
    }

    fn tell(&self, went: Result<(), DbError>) {
        if let Err(error) = went {
            tracing::error!(camera = %self.camera, %error, "a hole in the recording cannot be written down yet");
        }
    }
}
