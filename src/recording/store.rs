//! Where the files of segments lie, and their bytes.
//!
//! A file has one name everywhere: `<camera id>/<date of its start, UTC>/<segment id>.mp4`, below the folder of `[recordings]`.
//!
//! Whoever reads a segment reads it here, and gets its plain bytes: whether they lie encrypted its row says, and nobody else needs to know. The
//! file is not asked for that: else one that was put in its place, not encrypted at all, would be shown.

mod opened;
mod raw;

use super::{
    encryption::{FileKey, Keys},
    file::Readable,
    objects::Objects,
};
use crate::{
    db::{kept::FileRow, segments::SegmentRow},
    id::{CameraId, SegmentId},
    model::SegmentPlace,
};
use bytes::Bytes;
use futures::stream::BoxStream;
use jiff::{Timestamp, tz::TimeZone};
use std::{
    io::{self, ErrorKind},
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::fs::{self, File};

pub(super) use opened::Opened;
pub(super) use raw::Raw;

/// Why there are no bytes.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is not where it should be.
    #[error("the file of a segment is missing")]
    Missing,
    /// The disk said no.
    #[error("the file of a segment cannot be reached: {0}")]
    Disk(#[source] io::Error),
    /// The object storage said no, or nothing.
    #[error("the file of a segment cannot be reached: {0}")]
    Objects(#[source] object_store::Error),
    /// It is encrypted under the key with this id, which is not there.
    #[error("the file of a segment is encrypted under the key {0}, which is not in [recordings] key_file")]
    NoKey(String),
    /// It is encrypted, and not as it was written.
    #[error("the encrypted file of a segment is not as it was written")]
    Altered,
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::NotFound { Self::Missing } else { Self::Disk(error) }
    }
}

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) { Self::Missing } else { Self::Objects(error) }
    }
}

/// What leads to a segment's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located {
    /// The camera.
    pub camera: CameraId,
    /// The segment.
    pub id: SegmentId,
    /// Its first moment.
    pub starts_at: Timestamp,
    /// Where its row says that it is; it may have been moved on since.
    pub place: SegmentPlace,
}

impl Located {
    /// The file's name; see [`name`].
    pub fn name(&self) -> String {
        name(self.camera, self.id, self.starts_at)
    }
}

impl From<&SegmentRow> for Located {
    fn from(row: &SegmentRow) -> Self {
        Self { camera: row.camera_id, id: row.id, starts_at: row.starts_at, place: row.place }
    }
}

impl From<&FileRow> for Located {
    fn from(row: &FileRow) -> Self {
        Self { camera: row.camera_id, id: row.id, starts_at: row.starts_at, place: row.place }
    }
}

/// The name of a segment's file below the folder of the recordings, and in the object storage; its parts are separated by `/`.
pub fn name(camera: CameraId, id: SegmentId, starts_at: Timestamp) -> String {
    let date = TimeZone::UTC.to_datetime(starts_at).date();
    format!("{camera}/{date}/{id}.mp4")
}

/// The files of segments. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    folder: Arc<Path>,
    objects: Option<Objects>,
    keys: Keys,
}

impl Store {
    /// The files below `folder`, which need not exist yet.
    pub fn new(folder: &Path) -> Self {
        Self::with_objects(folder, None)
    }

    /// The files below `folder`, and those that were moved on to `objects`.
    pub fn with_objects(folder: &Path, objects: Option<Objects>) -> Self {
        Self { folder: folder.into(), objects, keys: Keys::default() }
    }

    /// The same files, of which new ones are encrypted with the newest of `keys`, and others read with the one that they need.
    #[must_use]
    pub fn with_keys(self, keys: Keys) -> Self {
        Self { keys, ..self }
    }

    /// The folder of the recordings.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where whole files are moved on to, if they are.
    pub fn objects(&self) -> Option<&Objects> {
        self.objects.as_ref()
    }

    /// The folder of a camera's files.
    pub fn folder_of(&self, camera: CameraId) -> PathBuf {
        self.folder.join(camera.to_string())
    }

    /// Where the file of a segment is written, and lies as long as its place is the folder.
    pub fn path(&self, camera: CameraId, id: SegmentId, starts_at: Timestamp) -> PathBuf {
        self.folder.join(name(camera, id, starts_at))
    }

    /// What the files are encrypted with.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Whether the segment's file is encrypted under a key that is not there.
    pub fn is_locked(&self, segment: &SegmentRow) -> bool {
        segment.key_id.as_ref().is_some_and(|id| self.keys.by_id(id).is_none())
    }

    /// What the segment's file is encrypted with; `None` where it lies as it is.
    pub(super) fn key_of(&self, segment: &SegmentRow) -> Result<Option<FileKey>, StoreError> {
        let Some(id) = &segment.key_id else { return Ok(None) };
        let key = self.keys.by_id(id).ok_or_else(|| StoreError::NoKey(id.clone()))?;
        Ok(Some(key.of_file(segment.id).map_err(|_| StoreError::Altered)?))
    }

    /// The bytes of `range` of the segment's file, in one piece: for heads and indexes. Fewer where the file ends before.
    pub async fn read(&self, segment: &SegmentRow, range: Range<u64>) -> Result<Bytes, StoreError> {
        self.open(segment).await?.read(range).await
    }

    /// The bytes of `range` of the segment's file, a piece at a time; they end where the file does, and with an error where they are encrypted
    /// and not as they were written. What has begun is not cut short when the file goes.
    pub async fn stream(
        &self,
        segment: &SegmentRow,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        self.open(segment).await?.stream(range).await
    }

    /// Opens the segment's file, wherever it lies, for whoever reads it more than once.
    pub(super) async fn open(&self, segment: &SegmentRow) -> Result<Opened, StoreError> {
        let key = self.key_of(segment)?;
        let raw = match (self.lying(segment.into()).await, &self.objects) {
            // It was moved on after its row was read.
            (Err(StoreError::Missing), Some(objects)) => Raw::Objects(objects.clone(), Located::from(segment).name()),
            (found, _) => found?,
        };
        match key {
            None => Ok(Opened::plain(raw)),
            Some(key) => Opened::encrypted(raw, key, segment.sha256.is_some()).await,
        }
    }

    /// The segment's file as it lies where its row says; whether the object storage has it shows when it is read.
    pub(super) async fn lying(&self, segment: Located) -> Result<Raw, StoreError> {
        match (&self.objects, segment.place) {
            (Some(objects), SegmentPlace::Objects) => Ok(Raw::Objects(objects.clone(), segment.name())),
            _ => Ok(Raw::Folder(Arc::new(File::open(self.folder.join(segment.name())).await?.into_std().await))),
        }
    }

    /// The segment's file in the folder, for a thread that may wait for the disk.
    pub(super) fn open_in_folder(&self, segment: &SegmentRow) -> Result<Readable, StoreError> {
        let path = self.path(segment.camera_id, segment.id, segment.starts_at);
        Ok(Readable::open(&path, self.key_of(segment)?)?)
    }

    /// Lets go of the segment's file, wherever it is. One that is gone already is no error.
    pub async fn remove(&self, segment: impl Into<Located>) -> Result<(), StoreError> {
        let segment = segment.into();
        self.remove_from_folder(segment).await?;
        match (&self.objects, segment.place) {
            (Some(objects), SegmentPlace::Objects) => Ok(objects.remove(&segment.name()).await?),
            _ => Ok(()),
        }
    }

    /// Lets go of the file in the folder, and of the folder of its day when that was the last one in it.
    pub(super) async fn remove_from_folder(&self, segment: Located) -> Result<(), StoreError> {
        let path = self.folder.join(segment.name());
        match fs::remove_file(&path).await {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        if let Some(day) = path.parent() {
            // It refuses where there is something left.
            let _ = fs::remove_dir(day).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
