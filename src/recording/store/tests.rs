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
