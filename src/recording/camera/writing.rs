//! From segment to segment: what becomes of what is written, and of what cannot be.

use super::CameraRecorder;
use crate::{
    model::GapCause,
    recording::{
        mp4::Head,
        repair,
        segment::{Beginning, Failure, NotBegun, Segment},
        time::Nanos,
    },
};

/// A hole that ends a file: what is longer than this is a gap.
const HOLE: Nanos = 2_000_000_000;

impl CameraRecorder {
    /// Whether a key frame at `at` goes into the file at hand.
    pub(super) fn goes_on(&self, segment: &Segment, head: &Head, at: Nanos) -> bool {
        let whole = at - segment.start >= self.parts.length || !self.cuts.is_empty();
        segment.head == *head && !whole && at - segment.newest <= HOLE
    }

    /// Begins a file with the key frame at `at`.
    pub(super) async fn begin(&mut self, head: Head, at: Nanos) {
        self.follow_the_clock().await;
        let beginning = Beginning {
            camera: self.camera,
            head,
            start: at,
            // What follows at once begins where the last file ends; and never before.
            starts_at: self.wall.moment(at).max(self.ends_at),
            // Where a disk was pulled out, its mount point may be left: an empty folder on another disk.
            below: self.below.clone(),
            worker: self.worker.clone(),
        };
        match Segment::begin(self.parts.clone(), beginning).await {
            Ok(segment) => (self.segment, self.below) = (Some(segment), self.parts.store.folder_of(self.camera)),
            Err(NotBegun { failure, left }) => {
                self.broken.extend(left);
                self.fail(&failure);
            }
        }
    }

    /// Ends the file at hand; `next` is when the next one begins, if it follows at once. From then on there is a hole.
    pub(super) async fn finish(&mut self, next: Option<Nanos>) {
        let Some(mut segment) = self.segment.take() else { return };
        let next = next.filter(|next| next - segment.newest <= HOLE);
        match segment.finish(next).await {
            Ok(ends_at) => {
                self.recorded(&segment).await;
                self.ends_at = ends_at;
                self.holes.begin(ends_at, self.cause(GapCause::PicturesLost));
            }
            Err(failure) => self.abandon(segment, &failure).await,
        }
        self.was_cut();
    }

    /// What became of something that was written.
    pub(super) async fn wrote(&mut self, written: Result<(), Failure>) {
        let Some(segment) = self.segment.take() else { return };
        match written {
            Ok(()) => {
                self.recorded(&segment).await;
                self.segment = Some(segment);
            }
            Err(failure) => self.abandon(segment, &failure).await,
        }
    }

    /// The hole before a segment is over as soon as something of it is safe.
    async fn recorded(&mut self, segment: &Segment) {
        if segment.safe && self.holes.cause().is_some() {
            self.holes.end(segment.starts_at).await;
            (self.slow, self.trouble) = (false, None);
            // The disk takes something again: what had to be left can be made whole.
            for broken in self.broken.drain(..) {
                tokio::spawn(repair::again(self.parts.clone(), broken));
            }
        }
    }

    async fn abandon(&mut self, segment: Segment, failure: &Failure) {
        self.recorded(&segment).await;
        self.ends_at = if segment.safe { segment.ends_at() } else { self.ends_at };
        self.broken.extend(segment.abandon().await);
        self.fail(failure);
        self.was_cut();
    }

    fn fail(&mut self, failure: &Failure) {
        let cause = failure.cause();
        if self.trouble.replace(cause) != Some(cause) {
            tracing::error!(camera = %self.camera, error = %failure, "nothing can be recorded; it is tried again at every key frame");
        }
        if cause == GapCause::DiskFull {
            self.parts.full.notify_one();
        }
        self.holes.begin(self.ends_at, cause);
        self.waiting = true;
    }
}
