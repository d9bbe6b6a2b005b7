//! What a crash and a full disk do to recordings: the gateway as a process of its own.

use super::story::{Story, camera, until};
use crate::world::{
    process::{Serving, done},
    recordings::{files, play},
};
use jiff::{SignedDuration, Timestamp};
use std::{fs, path::Path, time::Duration};
use tempfile::TempDir;
use tereze::{
    clock::Clock,
    db::Db,
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig, VideoFormat},
    id::CameraId,
    model::GapCause,
    recording::store::Store,
};

const CONFIG: &str = r#"
    [server]
    listen = "127.0.0.1:0"
    [media]
    udp_port = 0
    addresses = ["127.0.0.1"]
    [cameras]
    allow_loopback = true
    [recordings]
    folder = "disk/recordings"
    reserve_mb = 0
"#;

const SITE: &str = r#"
    [[kindergarten]]
    key = "a"
    name = "A"
    zone = "Asia/Almaty"
    [[kindergarten.camera]]
    key = "yard"
    name = "Yard"
    sound = true
    main = "rtsp://{camera}/main"
    username = "camera"
    password = "window"
"#;

/// A gateway's folder, and its camera.
struct Place {
    folder: TempDir,
    _camera: SimulatedCamera,
}

impl Place {
    async fn new(bit_rate: Option<u32>) -> Self {
        let main = VideoFormat { width: 320, height: 180, rate: 10 };
        let config = SimulatedCameraConfig { main, bit_rate, ..SimulatedCameraConfig::new(Scene::Yard, Clock::system()) };
        let camera = SimulatedCamera::start(config).await.unwrap();
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("disk")).unwrap();
        fs::write(folder.path().join("tereze.toml"), CONFIG).unwrap();
        fs::write(folder.path().join("site.toml"), SITE.replace("{camera}", &camera.address().to_string())).unwrap();
        done(folder.path(), &["apply", "site.toml"], "").await;
        Self { folder, _camera: camera }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn db(&self) -> (Db, CameraId) {
        let db = Db::open(&format!("sqlite:{}", self.path().join("tereze.db").display())).await.unwrap();
        let camera = camera(&db, "Yard").await;
        (db, camera)
    }
}

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

/// Kills the gateway ten times; then everything that was safe must be there.
async fn ten_kills() {
    let place = Place::new(None).await;
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
    let store = Store::new(&place.path().join("disk/recordings"));
    for row in &story.segments {
        let file = store.path(row.camera_id, row.id, row.starts_at);
        assert_eq!(file.metadata().unwrap().len(), row.bytes as u64);
        let (played, span) = (play(&file).await.duration, row.ends_at.duration_since(row.starts_at).as_secs_f64());
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
    tokio::join!(ten_kills(), ten_kills(), ten_kills(), ten_kills(), ten_kills());
}

#[tokio::test]
async fn a_full_disk_is_a_gap_and_recording_goes_on_by_itself_when_there_is_room() {
    let place = Place::new(Some(2_000_000)).await;
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
