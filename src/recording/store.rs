//! Where the files of segments lie, and their bytes.
//!
//! A file has one name everywhere: `<camera id>/<date of its start, UTC>/<segment id>.mp4`, below the folder of `[recordings]`.

use super::objects::Objects;
use crate::{
    db::{kept::FileRow, segments::SegmentRow},
    id::{CameraId, SegmentId},
    model::SegmentPlace,
};
use bytes::{Bytes, BytesMut};
use futures::{
    Stream, StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use jiff::{Timestamp, tz::TimeZone};
use std::{
    io::{self, ErrorKind, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{
    fs::{self, File},
    io::{AsyncReadExt, AsyncSeekExt},
};

/// What is read at once.
const PIECE: usize = 256 * 1024;

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
}

impl Store {
    /// The files below `folder`, which need not exist yet.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.into(), objects: None }
    }

    /// The files below `folder`, and those that were moved on to `objects`.
    pub fn with_objects(folder: &Path, objects: Option<Objects>) -> Self {
        Self { folder: folder.into(), objects }
    }

    /// The folder of the recordings.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where whole files are moved on to, if they are.
    pub fn objects(&self) -> Option<&Objects> {
        self.objects.as_ref()
    }

    /// Where the file of a segment is written, and lies as long as its place is the folder.
    pub fn path(&self, camera: CameraId, id: SegmentId, starts_at: Timestamp) -> PathBuf {
        self.folder.join(name(camera, id, starts_at))
    }

    /// The bytes of `range` of the segment's file, in one piece: for heads and indexes. Fewer where the file ends before.
    pub async fn read(&self, segment: impl Into<Located>, range: Range<u64>) -> Result<Bytes, StoreError> {
        let pieces: Vec<Bytes> = self.stream(segment, range).await?.try_collect().await?;
        Ok(match <[Bytes; 1]>::try_from(pieces) {
            Ok([only]) => only,
            Err(pieces) => pieces.concat().into(),
        })
    }

    /// The bytes of `range` of the segment's file, a piece at a time; they end where the file does. A file of the folder stays open as long as
    /// the stream lives, so what has begun is not cut short when the file goes.
    pub async fn stream(
        &self,
        segment: impl Into<Located>,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        let segment = segment.into();
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        match (&self.objects, segment.place) {
            (Some(objects), SegmentPlace::Objects) => moved(objects, segment, range).await,
            (objects, _) => match (self.stream_of_folder(segment, range.clone()).await, objects) {
                // It was moved on after its row was read.
                (Err(StoreError::Missing), Some(objects)) => moved(objects, segment, range).await,
                (done, _) => done,
            },
        }
    }

    async fn stream_of_folder(
        &self,
        segment: Located,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        let mut file = File::open(self.folder.join(segment.name())).await?;
        file.seek(SeekFrom::Start(range.start)).await?;
        Ok(pieces(file, range.end - range.start).boxed())
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

async fn moved(
    objects: &Objects,
    segment: Located,
    range: Range<u64>,
) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
    Ok(objects.stream(&segment.name(), range).await?.map_err(StoreError::from).boxed())
}

/// The next `left` bytes of `file`.
fn pieces(file: File, left: u64) -> impl Stream<Item = Result<Bytes, StoreError>> + Send {
    stream::try_unfold((file, left), |(mut file, left)| async move {
        let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let mut piece = BytesMut::with_capacity(most);
        let mut taken = (&mut file).take(most as u64);
        while piece.len() < most && taken.read_buf(&mut piece).await? > 0 {}
        let left = left - piece.len() as u64;
        Ok((!piece.is_empty()).then(|| (piece.freeze(), (file, left))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A segment of the first hour of 2026-11-22, UTC, whose file holds `content`.
    async fn lying(store: &Store, content: &[u8]) -> SegmentRow {
        let starts_at: Timestamp = "2026-11-22T00:30:00Z".parse().unwrap();
        let (id, camera_id) = (SegmentId::new(starts_at), CameraId::new(starts_at));
        let path = store.path(camera_id, id, starts_at);
        fs::create_dir_all(path.parent().unwrap()).await.unwrap();
        fs::write(&path, content).await.unwrap();
        SegmentRow {
            id,
            camera_id,
            codec: "avc1.42c01f".to_owned(),
            width: 640,
            height: 360,
            starts_at,
            ends_at: starts_at,
            bytes: i64::try_from(content.len()).unwrap(),
            sha256: None,
            tree: None,
            place: SegmentPlace::Folder,
            seal_id: None,
            removed_at: None,
        }
    }

    #[tokio::test]
    async fn a_file_lies_under_its_camera_and_the_day_of_its_start() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        let segment = lying(&store, b"x").await;
        let expected = format!("{}/2026-11-22/{}.mp4", segment.camera_id, segment.id);
        assert_eq!(name(segment.camera_id, segment.id, segment.starts_at), expected);
        assert!(folder.path().join(expected).exists());
    }

    #[tokio::test]
    async fn a_file_that_is_removed_takes_its_empty_day_along_and_is_missing_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        let segment = lying(&store, b"x").await;
        store.remove(&segment).await.unwrap();
        store.remove(&segment).await.unwrap();
        assert!(!folder.path().join(segment.camera_id.to_string()).join("2026-11-22").exists());
        assert!(matches!(store.read(&segment, 0..1).await, Err(StoreError::Missing)));
    }

    #[test]
    fn a_range_is_the_same_bytes_whatever_its_size() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        let content: Vec<u8> = (0..PIECE * 2 + 100).map(|at| (at % 251) as u8).collect();
        let segment = runtime.block_on(lying(&store, &content));
        let range = (0..content.len() as u64 + 10, 0..content.len() as u64);
        proptest!(ProptestConfig::with_cases(40), |((start, length) in range)| {
            let read = runtime.block_on(store.read(&segment, start..start + length)).unwrap();
            let (start, end) = ((start as usize).min(content.len()), ((start + length) as usize).min(content.len()));
            prop_assert!(read == content[start..end], "{start}..{end}");
        });
    }
}
