//! What a crash and a full disk do to recordings: the gateway as a process of its own.

use super::{
    place::Place,
    story::{Story, until},
};
use crate::world::{
    process::{Serving, done, failed, tereze},
    recordings::{files, play},
};
use jiff::{SignedDuration, Timestamp};
use std::{fs, path::Path, time::Duration};
use tempfile::NamedTempFile;
use tereze::{
    clock::Clock,
    config::Config,
    db::segments::SegmentRow,
    model::GapCause,
    recording::{
        encryption::{Key, Keys},
        store::Store,
    },
};

/// A moment of the life of the gateway at which it is killed, in milliseconds after its start.
fn moment() -> u64 {
    1_000 + u64::from(u16::from_be_bytes(tereze::random::bytes())) % 4_000
}

/// When it was killed.
async fn kill(place: &Path) -> Timestamp {
    let serving = Serving::start(place).await;
    tokio::time::sleep(Duration::from_millis(moment())).await;
    serving.kill().await;
    Clock::system().now()
}

/// The files of recordings in `place`.
fn store(place: &Path) -> Store {
    let config = Config::read(&place.join("tereze.toml")).unwrap().recordings;
    Store::new(&config.folder).with_keys(Keys::open(&config).unwrap())
}

/// How long the pictures of `row` last, in seconds, all of which can be decoded.
async fn played(store: &Store, row: &SegmentRow) -> f64 {
    let plain = NamedTempFile::new().unwrap();
    fs::write(plain.path(), store.read(row, 0..row.bytes as u64).await.unwrap()).unwrap();
    assert_eq!(plain.path().metadata().unwrap().len(), row.bytes as u64);
    play(plain.path()).await.duration
}

/// Kills the gateway in `place` ten times; then everything that was safe must be there.
async fn ten_kills(place: Place) {
    let mut kills = Vec::new();
    for _ in 0..10 {
        kills.push(kill(place.path()).await);
    }
    let serving = Serving::start(place.path()).await;
    let (db, camera) = place.db().await;
    until("what was broken off is whole", async || {
        let story = Story::of(&db, camera).await;
        story.segments.iter().all(|row| row.sha256.is_some() || row.starts_at > kills[9]).then_some(())
    })
    .await;
    serving.stop().await;

    let story = Story::of(&db, camera).await;
    story.assert_complete();
    let store = store(place.path());
    for row in &story.segments {
        assert_eq!(row.key_id.as_deref(), store.keys().newest().map(Key::id));
        let (played, span) = (played(&store, row).await, row.ends_at.duration_since(row.starts_at).as_secs_f64());
        assert!((played - span).abs() < 0.15, "{played} s instead of {span}");
    }
    assert_eq!(files(store.folder()).len(), story.segments.len(), "the index is of these files and no others");
    for kill in kills {
        let before = story.segments.iter().rfind(|row| row.starts_at < kill);
        // What had been recorded for three seconds was safe but for the last two.
        if let Some(row) = before.filter(|row| kill.duration_since(row.starts_at) < SignedDuration::from_secs(6)) {
            let lost = kill.duration_since(row.ends_at);
            assert!(lost <= SignedDuration::from_secs(2), "{lost:?} before the kill are lost");
        }
    }
    assert!(done(place.path(), &["verify"], "").await.contains("PASSED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_each_of_fifty_kills_everything_up_to_two_seconds_before_plays() {
    let (one, two, three) = tokio::join!(Place::new(), Place::new(), Place::new());
    let (four, five) = tokio::join!(Place::with_key(), Place::with_key());
    tokio::join!(ten_kills(one), ten_kills(two), ten_kills(three), ten_kills(four), ten_kills(five));
}

#[tokio::test]
async fn an_encrypted_file_that_was_broken_off_waits_untouched_for_its_key() {
    let place = Place::with_key().await;
    let (config, key) = (place.path().join("tereze.toml"), place.path().join("recordings.key"));
    let serving = Serving::start(place.path()).await;
    let (db, camera) = place.db().await;
    let broken = until("something is safe", async || {
        Story::of(&db, camera).await.segments.into_iter().next().filter(|row| row.bytes > 0 && row.ends_at > row.starts_at)
    });
    let broken = broken.await;
    serving.kill().await;
    let (of_broken, with_key) = (async || Story::of(&db, camera).await.segments.remove(0), fs::read_to_string(&config).unwrap());
    let (row, path) = (of_broken().await, store(place.path()).path(camera, broken.id, broken.starts_at));
    let lies = fs::read(&path).unwrap();

    // A key that is named must be there; and without one, what needs it is left alone.
    let away = key.with_extension("away");
    fs::rename(&key, &away).unwrap();
    let (code, said) = failed(place.path(), &["serve"], "").await;
    assert!(code == 1 && said.starts_with("tereze: [recordings] key_file cannot be used: No such file"), "{said}");
    fs::write(&config, with_key.replace("key_file = \"recordings.key\"\n", "")).unwrap();
    let looked = tereze(place.path(), &["check"], "").await;
    let told = format!("! 1 files of recordings are encrypted under the key {}, which is not", row.key_id.as_ref().unwrap());
    assert!(!looked.status.success() && String::from_utf8_lossy(&looked.stdout).contains(&told), "{looked:?}");
    let serving = Serving::start(place.path()).await;
    until("it records", async || Story::of(&db, camera).await.segments.get(1).map(drop)).await;
    serving.stop().await;
    assert!(fs::read(&path).unwrap() == lies, "the file was touched");
    assert_eq!(of_broken().await, row);

    fs::write(&config, with_key).unwrap();
    fs::rename(&away, &key).unwrap();
    let serving = Serving::start(place.path()).await;
    let whole = until("it is whole", async || Some(of_broken().await).filter(|row| row.sha256.is_some())).await;
    serving.stop().await;
    assert!(whole.ends_at >= row.ends_at && played(&store(place.path()), &whole).await > 0.5);
    let report = done(place.path(), &["verify"], "").await;
    assert!(report.contains("decrypted, with what was sealed in them; 0 not") && report.contains("PASSED"), "{report}");
    fs::remove_file(&key).unwrap();
    let report = done(place.path(), &["verify"], "").await;
    assert!(report.contains("0 of the files decrypted") && report.contains("PASSED"), "whoever checks needs no key: {report}");
}

#[tokio::test]
async fn a_full_disk_is_a_gap_and_recording_goes_on_by_itself_when_there_is_room() {
    let place = Place::on("sqlite:tereze.db", Some(2_000_000)).await;
    let mount = "mount -t tmpfs -o size=8m tmpfs disk && mkdir disk/recordings && head -c 6M /dev/zero > disk/filler";
    let serving = Serving::start_after(place.path(), mount).await;
    let (db, camera) = place.db().await;
    let full = async || Story::of(&db, camera).await.gaps.iter().any(|gap| gap.cause == GapCause::DiskFull).then_some(());
    until("the disk is full", full).await;
    // What is mounted there is to be seen through the process only.
    fs::remove_file(serving.root().join(place.path().strip_prefix("/").unwrap()).join("disk/filler")).unwrap();
    until("it goes on", async || Story::of(&db, camera).await.goes_on_after(1)).await;
    serving.stop().await;
    Story::of(&db, camera).await.assert_complete();
}
