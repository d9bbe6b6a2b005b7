//! A segment while it is recorded: its row, its file, and what is not in the file yet.

use super::{
    Parts, SegmentFile,
    cutter::{Cutter, Picture},
    mp4::{Fragment, Head},
    time::Nanos,
    worker::Worker,
};
use crate::{
    db::{DbError, segments, segments::SegmentRow},
    id::{CameraId, SegmentId},
    model::{GapCause, SegmentPlace},
};
use jiff::{SignedDuration, Timestamp};
use std::{io, path::PathBuf, sync::Arc, time::Instant};

/// What is recorded now.
pub(super) struct Segment {
    parts: Arc<Parts>,
    /// What all of its pictures have in common.
    pub(super) head: Head,
    /// When it begins.
    pub(super) start: Nanos,
    /// The same, by the wall's clock.
    pub(super) starts_at: Timestamp,
    /// When its newest picture was taken.
    pub(super) newest: Nanos,
    /// Whether anything of it is safe on the disk.
    pub(super) safe: bool,
    id: SegmentId,
    cutter: Cutter,
    /// `None` after a failure.
    file: Option<SegmentFile>,
    path: PathBuf,
    worker: Worker,
}

/// Why nothing can be recorded.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The disk says no.
    #[error("the disk: {0}")]
    Disk(#[from] io::Error),
    /// The row cannot be written.
    #[error("the database: {0}")]
    Index(#[from] DbError),
}

impl Failure {
    /// The cause of the hole that it makes.
    pub(super) fn cause(&self) -> GapCause {
        match self {
            Self::Disk(error) if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                GapCause::DiskFull
            }
            Self::Disk(_) | Self::Index(_) => GapCause::DiskFailed,
        }
    }
}

/// What a segment is begun with.
pub(super) struct Beginning {
    pub(super) camera: CameraId,
    pub(super) head: Head,
    /// Its first moment,
    pub(super) start: Nanos,
    /// and the same by the wall's clock.
    pub(super) starts_at: Timestamp,
    /// A folder that must be there already.
    pub(super) below: PathBuf,
    /// Who waits for the disk.
    pub(super) worker: Worker,
}

/// Nothing could be begun.
pub(super) struct NotBegun {
    pub(super) failure: Failure,
    /// What could not be taken back.
    pub(super) left: Option<SegmentId>,
}

impl From<io::Error> for NotBegun {
    fn from(error: io::Error) -> Self {
        Self { failure: error.into(), left: None }
    }
}

impl From<DbError> for NotBegun {
    fn from(error: DbError) -> Self {
        Self { failure: error.into(), left: None }
    }
}

impl Segment {
    /// Makes the row, and then the file: one without a row is none of ours.
    pub(super) async fn begin(parts: Arc<Parts>, beginning: Beginning) -> Result<Self, NotBegun> {
        let Beginning { camera: camera_id, head, start, starts_at, below, worker } = beginning;
        // A disk that hangs is not given rows that it has no files for.
        worker.is_free()?;
        let id = SegmentId::new(starts_at);
        let key = parts.store.keys().newest().map(|key| key.of_file(id)).transpose().map_err(io::Error::from)?;
        let row = SegmentRow {
            id,
            camera_id,
            codec: head.codecs(),
            width: head.video.width.into(),
            height: head.video.height.into(),
            starts_at,
            ends_at: starts_at,
            bytes: 0,
            sha256: None,
            tree: None,
            place: SegmentPlace::Folder,
            seal_id: None,
            removed_at: None,
            key_id: key.as_ref().map(|key| key.id().to_owned()),
        };
        segments::begin(&parts.db, &row).await?;
        let path = parts.store.path(camera_id, id, starts_at);
        let (to, with) = (path.clone(), head.clone());
        let made = worker.does(move || {
            // A disk that is not there must not be taken for an empty folder on another one.
            std::fs::metadata(&below)?;
            SegmentFile::create(&to, &with, key)
        });
        let file = match made.await {
            Ok(file) => file,
            Err(error) => {
                let left = (!discard(&parts, &worker, id, path).await).then_some(id);
                return Err(NotBegun { failure: error.into(), left });
            }
        };
        let (cutter, file) = (Cutter::new(start), Some(file));
        Ok(Self { parts, head, start, starts_at, newest: start, safe: false, id, cutter, file, path, worker })
    }

    /// Takes the next picture.
    pub(super) async fn picture(&mut self, picture: Picture) -> Result<(), Failure> {
        self.newest = self.newest.max(picture.at);
        match self.cutter.picture(picture) {
            Some(fragment) => self.append(fragment).await,
            None => Ok(()),
        }
    }

    /// Takes sound that was heard from `at` on.
    pub(super) fn sound(&mut self, at: Nanos, samples: impl Iterator<Item = i16>) {
        self.cutter.sound(at, samples);
    }

    /// When the oldest picture arrived that is not on the disk yet.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        self.cutter.waiting_since()
    }

    /// Writes what waits.
    pub(super) async fn flush(&mut self) -> Result<(), Failure> {
        match self.cutter.flush(None) {
            Some(fragment) => self.append(fragment).await,
            None => Ok(()),
        }
    }

    /// Writes what waits, and what a whole file ends with. `next` is when the next file begins, if it follows at once. Gives when the last
    /// picture ends.
    pub(super) async fn finish(&mut self, next: Option<Nanos>) -> Result<Timestamp, Failure> {
        if let Some(fragment) = self.cutter.flush(next) {
            self.append(fragment).await?;
        }
        let file = self.file.take().ok_or_else(closed)?;
        let whole = self.worker.does(move || file.finish()).await?;
        let (ends_at, length) = (self.ends_at(), i64::try_from(whole.length).unwrap_or(i64::MAX));
        segments::end(&self.parts.db, self.id, ends_at, length, &whole.sha256, &whole.tree.to_string()).await?;
        Ok(ends_at)
    }

    /// Lets go of it after a failure, as it lies there; gives its id if the repair has to make it whole, or to take it back.
    pub(super) async fn abandon(self) -> Option<SegmentId> {
        let stays = self.safe || !discard(&self.parts, &self.worker, self.id, self.path).await;
        stays.then_some(self.id)
    }

    /// When what is safe of it ends.
    pub(super) fn ends_at(&self) -> Timestamp {
        let ends_at = self.starts_at + SignedDuration::from_nanos(self.cutter.end() - self.start);
        // To the millisecond, as the database keeps it.
        Timestamp::from_millisecond(ends_at.as_millisecond()).unwrap_or(ends_at)
    }

    async fn append(&mut self, fragment: Fragment) -> Result<(), Failure> {
        let mut file = self.file.take().ok_or_else(closed)?;
        let before = file.length();
        let file = self.worker.does(move || file.append(&fragment).map(|()| file)).await?;
        self.parts.index.go_on(self.id, self.ends_at(), file.length());
        self.parts.metrics.written(file.length() - before);
        self.file = Some(file);
        self.safe = true;
        Ok(())
    }
}

fn closed() -> io::Error {
    io::Error::other("the file is closed")
}

/// Takes back the file and then the row of a segment that holds nothing; `false` when that fails too, and is left to the repair.
async fn discard(parts: &Parts, worker: &Worker, id: SegmentId, path: PathBuf) -> bool {
    let gone = worker.does(move || {
        let removed = std::fs::remove_file(&path);
        if path.exists() { removed } else { Ok(()) }
    });
    worker.is_free().is_ok() && gone.await.is_ok() && segments::discard(&parts.db, id).await.is_ok()
}
