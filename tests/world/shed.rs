//! A gateway's recordings without its recorders: rows and files that a test puts there, a disk of any size, and who keeps them.

use super::databases::Database;
use jiff::{SignedDuration, Timestamp};
use prometheus_client::registry::Registry;
use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tempfile::TempDir;
use tereze::{
    apply::{self, Mode},
    args,
    clock::Clock,
    db::{
        Db, Queries,
        holds::{self, HoldRow},
        segments::{self, SegmentRow},
    },
    id::{CameraId, HoldId, KindergartenId, SegmentId},
    model::{HoldOrigin, SegmentPlace},
    recording::{
        disk::Disk,
        keeper::{Keeper, Parts},
        store::Store,
    },
    secret::Secrets,
};

/// The size of the files that are put there.
pub const SIZE: u64 = 1_000;

/// Two cameras of one kindergarten, `a` and `b`, at ten o'clock on a Sunday.
pub struct Shed {
    pub database: Database,
    pub clock: Clock,
    pub store: Store,
    pub keeper: Arc<Keeper>,
    pub registry: Registry,
    pub kindergarten: KindergartenId,
    pub a: CameraId,
    pub b: CameraId,
    free: Arc<AtomicU64>,
    folder: TempDir,
}

impl Shed {
    /// With a disk that is large until [`full`](Self::full) says otherwise; 10 000 bytes of it are to be left free.
    pub async fn on(database: Database) -> Self {
        let clock = Clock::held("2026-11-22T10:00:00Z".parse().unwrap());
        let folder = TempDir::new().unwrap();
        let site = folder.path().join("site.toml");
        fs::write(&site, SITE).unwrap();
        let secrets = Secrets::from_file(&folder.path().join("tereze.key")).unwrap();
        apply::apply(&database.db, &secrets, &clock, &site, Mode::Perform).await.unwrap();
        let cameras: Vec<(CameraId, KindergartenId)> =
            database.db.rows("select id, kindergarten_id from cameras order by name", args![]).await.unwrap();
        let store = Store::new(&folder.path().join("recordings"));
        let free = Arc::new(AtomicU64::new(u64::MAX));
        let mut registry = Registry::default();
        let keeper = keeper(&database.db, &store, &clock, &free, &mut registry);
        let [(a, kindergarten), (b, _)] = cameras[..] else { panic!("two cameras: {cameras:?}") };
        Self { database, clock, store, keeper, registry, kindergarten, a, b, free, folder }
    }

    /// The disk takes so many bytes from now on.
    pub fn disk_of(&self, bytes: u64) {
        self.free.store(bytes, Ordering::Relaxed);
    }

    /// Who keeps the recordings after the program has been restarted.
    pub fn keeper_after_a_restart(&self) -> Arc<Keeper> {
        keeper(&self.database.db, &self.store, &self.clock, &self.free, &mut Registry::default())
    }

    /// So many hours ago.
    pub fn ago(&self, hours: i64) -> Timestamp {
        self.clock.now() - SignedDuration::from_hours(hours)
    }

    /// Five minutes of `camera` that began so many hours ago, whole, in the folder.
    pub async fn put(&self, camera: CameraId, hours: i64) -> SegmentRow {
        let starts_at = self.ago(hours);
        let row = five_minutes(camera, starts_at, SIZE as i64);
        let path = self.store.path(camera, row.id, starts_at);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, vec![7; SIZE as usize]).unwrap();
        segments::begin(&self.database.db, &row).await.unwrap();
        segments::end(&self.database.db, row.id, row.ends_at, row.bytes, "00", "00").await.unwrap();
        row
    }

    /// Five minutes that are still written.
    pub async fn put_growing(&self, camera: CameraId, hours: i64) -> SegmentRow {
        let row = self.put(camera, hours).await;
        let sql = "update segments set sha256 = null, tree = null where id = $1";
        self.database.db.execute(sql, args![row.id]).await.unwrap();
        row
    }

    /// Holds an hour of `camera` from so many hours ago on.
    pub async fn hold(&self, camera: CameraId, hours: i64) -> HoldId {
        let starts_at = self.ago(hours);
        let hold = HoldRow {
            id: HoldId::new(self.clock.now()),
            kindergarten_id: self.kindergarten,
            camera_id: camera,
            starts_at,
            ends_at: starts_at + SignedDuration::from_hours(1),
            origin: HoldOrigin::Alarm,
            subject: None,
            reason: "A".to_owned(),
            held_by: None,
            since: self.clock.now(),
            until: None,
            released_by: None,
            release_reason: None,
        };
        let tx = self.database.db.begin().await.unwrap();
        holds::begin(&tx, &hold).await.unwrap();
        tx.commit().await.unwrap();
        hold.id
    }

    /// Whether the file of `row` is there.
    pub fn has(&self, row: &SegmentRow) -> bool {
        self.store.path(row.camera_id, row.id, row.starts_at).exists()
    }

    /// What the audit log has of `action`, the oldest first.
    pub async fn records(&self, action: &str) -> Vec<serde_json::Value> {
        let sql = "select record from audit_records where action = $1 order by position";
        let rows: Vec<(String,)> = self.database.db.rows(sql, args![action]).await.unwrap();
        rows.iter().map(|(record,)| serde_json::from_str::<serde_json::Value>(record).unwrap()["details"].clone()).collect()
    }
}

fn keeper(db: &Db, store: &Store, clock: &Clock, free: &Arc<AtomicU64>, registry: &mut Registry) -> Arc<Keeper> {
    let free = free.clone();
    let parts = Parts {
        db: db.clone(),
        store: store.clone(),
        clock: clock.clone(),
        // What is free grows with every file that goes.
        disk: Disk::of(move |folder| Ok(free.load(Ordering::Relaxed).saturating_sub(taken(folder)))),
        reserve: 10_000,
        records: true,
        full: Arc::default(),
    };
    Keeper::new(parts, registry)
}

/// Claims that five minutes of `camera` until `ends_at` take so many bytes: a row without a file.
pub async fn claim(db: &Db, camera: CameraId, ends_at: Timestamp, bytes: i64) {
    segments::begin(db, &five_minutes(camera, ends_at - SignedDuration::from_mins(5), bytes)).await.unwrap();
}

fn five_minutes(camera_id: CameraId, starts_at: Timestamp, bytes: i64) -> SegmentRow {
    SegmentRow {
        id: SegmentId::new(starts_at),
        camera_id,
        codec: "avc1.42c01f".to_owned(),
        width: 640,
        height: 360,
        starts_at,
        ends_at: starts_at + SignedDuration::from_mins(5),
        bytes,
        sha256: None,
        tree: None,
        place: SegmentPlace::Folder,
        seal_id: None,
        removed_at: None,
        key_id: None,
    }
}

/// What the files below `folder` take.
fn taken(folder: &Path) -> u64 {
    let inside = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    inside.map(|path| if path.is_dir() { taken(&path) } else { fs::metadata(&path).map_or(0, |file| file.len()) }).sum()
}

const SITE: &str = r#"
[[kindergarten]]
key = "a"
name = "Балбөбек"
zone = "Asia/Almaty"

[[kindergarten.camera]]
key = "a"
name = "A"
main = "rtsp://10.0.0.7/a"

[[kindergarten.camera]]
key = "b"
name = "B"
main = "rtsp://10.0.0.7/b"
"#;
