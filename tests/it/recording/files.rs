//! A segment's file by itself.

use crate::world::recordings::{Footage, hear, play};
use jiff::Timestamp;
use std::{
    fs::{self, File},
    io::Cursor,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use tereze::{
    id::{CameraId, SegmentId},
    media::SoundCodec,
    recording::{
        Head, Layout, SegmentFile,
        mp4::{Access, LayoutError},
        sound::unfold,
        store::name,
    },
};

/// Every code of A-law, again and again, more and more of them in a row.
fn codes(seconds: usize) -> Vec<u8> {
    (0..seconds * 8_000).map(|at| (at * at / 3_000) as u8).collect()
}

/// A file of four seconds.
async fn written(folder: &TempDir, sound: bool) -> PathBuf {
    let footage = Footage::counting(0, 4).await;
    let beginning = Timestamp::UNIX_EPOCH;
    let path = folder.path().join(name(CameraId::new(beginning), SegmentId::new(beginning), beginning));
    let mut file = SegmentFile::create(&path, &Head { video: footage.parameters.clone(), sound }, None).unwrap();
    let sound = if sound { codes(4) } else { Vec::new() };
    footage.fragments(&sound).iter().for_each(|fragment| file.append(fragment).unwrap());
    let whole = file.finish().unwrap();
    assert_eq!(whole.length, path.metadata().unwrap().len());
    path
}

fn layout(path: &Path) -> Layout {
    Layout::read(&mut File::open(path).unwrap()).unwrap()
}

#[tokio::test]
async fn a_file_plays_with_every_picture_and_every_sample_of_its_sound() {
    let folder = TempDir::new().unwrap();
    let file = written(&folder, true).await;
    let probed = play(&file).await;
    assert_eq!((probed.codecs, probed.pictures, probed.duration), (vec!["h264".to_owned(), "flac".to_owned()], 40, 4.0));
    assert!(hear(&file).await == unfold(SoundCodec::Pcma, &codes(4)).collect::<Vec<_>>(), "the sound is another");
}

#[tokio::test]
async fn a_file_in_h265_plays_and_says_what_it_is() {
    let folder = TempDir::new().unwrap();
    let footage = Footage::h265("testsrc2=size=320x180:rate=10", 4).await;
    let path = folder.path().join("h265.mp4");
    let head = Head { video: footage.parameters.clone(), sound: true };
    assert_eq!(head.codecs(), "hvc1.1.6.L60.90,fLaC");
    let mut file = SegmentFile::create(&path, &head, None).unwrap();
    footage.fragments(&codes(4)).iter().for_each(|fragment| file.append(fragment).unwrap());
    file.finish().unwrap();
    let probed = play(&path).await;
    assert_eq!((probed.codecs, probed.pictures, probed.duration), (vec!["hevc".to_owned(), "flac".to_owned()], 40, 4.0));
    let layout = layout(&path);
    assert!(layout.whole && layout.fragments.len() == 4 && layout.fragments.iter().all(|fragment| fragment.key));
}

#[tokio::test]
async fn a_file_that_is_cut_off_anywhere_plays_up_to_its_last_whole_fragment() {
    let folder = TempDir::new().unwrap();
    let file = written(&folder, true).await;
    let (whole, bytes) = (layout(&file), fs::read(&file).unwrap());
    assert_eq!((whole.fragments.len(), whole.duration(), whole.whole), (4, 360_000, true));
    assert!(whole.fragments.iter().all(|fragment| fragment.key && fragment.duration == 90_000));

    let step = bytes.len() / 97;
    for length in (0..bytes.len()).step_by(step) {
        let read = Layout::read(&mut Cursor::new(&bytes[..length]));
        if (length as u64) < whole.head {
            assert!(matches!(read, Err(LayoutError::NoHead)), "{length}");
            continue;
        }
        let read = read.unwrap();
        let safe: Vec<_> = whole.fragments.iter().filter(|place| place.offset + place.length <= length as u64).copied().collect();
        assert_eq!((read.fragments, read.whole), (safe, false), "{length}");
    }
    let cut = folder.path().join("cut.mp4");
    fs::write(&cut, &bytes[..whole.fragments[2].offset as usize + 100]).unwrap();
    let end = layout(&cut).end;
    File::options().write(true).open(&cut).unwrap().set_len(end).unwrap();
    assert_eq!(play(&cut).await.pictures, 20);
}

#[tokio::test]
async fn whoever_has_the_end_of_a_file_only_finds_its_key_frames() {
    let folder = TempDir::new().unwrap();
    let file = written(&folder, false).await;
    let bytes = fs::read(&file).unwrap();
    let length = Access::length(&bytes[bytes.len() - 16..]).unwrap() as usize;
    let access = Access::decode(&bytes[bytes.len() - length..]).unwrap();
    assert_eq!(access, Access::of(&layout(&file).fragments));
    assert_eq!(access.entries.iter().map(|(time, _)| *time).collect::<Vec<_>>(), [0, 90_000, 180_000, 270_000]);
    assert_eq!(Access::length(&bytes[..16]), None);
}

#[tokio::test]
async fn damaged_files_are_read_as_far_as_they_make_sense() {
    let folder = TempDir::new().unwrap();
    let bytes = fs::read(written(&folder, true).await).unwrap();
    for at in (0..bytes.len()).step_by(13) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        if let Ok(layout) = Layout::read(&mut Cursor::new(&damaged)) {
            assert!(layout.end <= damaged.len() as u64);
        }
    }
}
