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
mod tests {
    use super::{raw::PIECE, *};
    use crate::recording::encryption::Encryptor;
    use base64::{Engine, prelude::BASE64_STANDARD};
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
            key_id: None,
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

    /// What was written in these pieces, encrypted, whole or not.
    async fn encrypted(store: &Store, pieces: &[&[u8]], whole: bool) -> SegmentRow {
        let segment = lying(store, b"").await;
        let key = store.keys().newest().unwrap().of_file(segment.id).unwrap();
        let key_id = Some(key.id().to_owned());
        let (mut encryptor, mut lies) = Encryptor::begin(key);
        pieces.iter().for_each(|piece| lies.extend(encryptor.add(piece).unwrap()));
        if whole {
            lies.extend(encryptor.finish().unwrap());
        }
        fs::write(store.path(segment.camera_id, segment.id, segment.starts_at), lies).await.unwrap();
        SegmentRow { key_id, sha256: whole.then(|| "00".to_owned()), ..segment }
    }

    fn keys(byte: u8) -> Keys {
        Keys::parse(&BASE64_STANDARD.encode([byte; 32])).unwrap()
    }

    #[test]
    fn a_range_is_the_same_bytes_whatever_its_size_and_however_the_file_lies() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path()).with_keys(keys(7));
        let content: Vec<u8> = (0..PIECE * 2 + 100).map(|at| (at % 251) as u8).collect();
        // A head, a long fragment, some that end where records do, and one that does not.
        let pieces = [&content[..900], &content[900..300_000], &content[300_000..365_536], &content[365_536..]];
        let segments = runtime.block_on(async {
            [lying(&store, &content).await, encrypted(&store, &pieces, true).await, encrypted(&store, &pieces, false).await]
        });
        let range = (0..content.len() as u64 + 10, 0..content.len() as u64);
        proptest!(ProptestConfig::with_cases(60), |((start, length) in range)| {
            for segment in &segments {
                let read = runtime.block_on(store.read(segment, start..start + length)).unwrap();
                let (start, end) = ((start as usize).min(content.len()), ((start + length) as usize).min(content.len()));
                prop_assert!(read == content[start..end], "{start}..{end} of {:?}", segment.key_id);
            }
        });
    }

    #[tokio::test]
    async fn an_encrypted_file_with_a_long_index_is_read_too() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path()).with_keys(keys(7));
        let content: Vec<u8> = (0..20_000_u32).flat_map(u32::to_be_bytes).collect();
        let segment = encrypted(&store, &content.chunks(4).collect::<Vec<_>>(), true).await;
        assert_eq!(store.read(&segment, 40_000..40_008).await.unwrap(), content[40_000..40_008]);
    }

    #[tokio::test]
    async fn encrypted_bytes_that_were_altered_are_not_given_out_and_nor_are_others_in_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path()).with_keys(keys(7));
        let content = vec![5; 200_000];
        let (one, other) = (encrypted(&store, &[&content], true).await, encrypted(&store, &[&content], true).await);
        let path = |row: &SegmentRow| store.path(row.camera_id, row.id, row.starts_at);
        let lies = fs::read(path(&one)).await.unwrap();
        let read = async |lies: &[u8], range| {
            fs::write(path(&one), lies).await.unwrap();
            store.read(&one, range).await
        };
        assert_eq!(read(&lies, 0..200_000).await.unwrap(), content);
        let mut altered = lies.clone();
        altered[100_000] ^= 1;
        assert!(matches!(read(&altered, 60_000..70_000).await, Err(StoreError::Altered)));
        assert_eq!(read(&altered, 0..60_000).await.unwrap().len(), 60_000, "what is whole in it can still be seen");
        assert!(matches!(read(&lies[..lies.len() - 1], 0..9).await, Err(StoreError::Altered)));
        assert!(matches!(read(&lies[..100_000], 0..9).await, Err(StoreError::Altered)), "records were cut off");
        assert!(matches!(read(&fs::read(path(&other)).await.unwrap(), 0..9).await, Err(StoreError::Altered)));
        // Records that change places, each of them whole: 64 KiB and 32 bytes each, after 36 bytes.
        let (start, record) = (36, 65_536 + 32);
        let swapped = [&lies[..start], &lies[start + record..start + 2 * record], &lies[start..start + record]].concat();
        let swapped = [&swapped, &lies[start + 2 * record..]].concat();
        assert!(matches!(read(&swapped, 0..9).await, Err(StoreError::Altered)));
        // A file that is not encrypted at all.
        assert!(matches!(read(&content, 0..9).await, Err(StoreError::Altered)));
    }

    #[tokio::test]
    async fn a_key_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path()).with_keys(keys(7));
        let segment = encrypted(&store, &[b"x"], true).await;
        let id = segment.key_id.clone().unwrap();
        let other = store.clone().with_keys(keys(8));
        let error = other.read(&segment, 0..1).await.unwrap_err();
        assert!(matches!(&error, StoreError::NoKey(missing) if *missing == id), "{error}");
        assert!(error.to_string().contains(&id) && other.is_locked(&segment) && !store.is_locked(&segment));
    }
}
