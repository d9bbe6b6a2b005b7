//! Recordings without a camera: rows, and files with bytes that are nobody's picture.

use super::databases::Database;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use prometheus_client::registry::Registry;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;
use tereze::{
    args,
    audit::{Sealer, tree::Hash},
    clock::Clock,
    db::{
        Db, Moment,
        gaps::{self, GapRow},
        segments::{self, SegmentRow},
    },
    id::{CameraId, GapId, KindergartenId, SegmentId},
    model::{GapCause, SegmentPlace},
    recording::{
        disk::Disk,
        keeper::{Keeper, Parts},
        store::Store,
    },
};

/// A kindergarten with one camera, its recordings of half an hour, and the folder that they are in.
pub struct Recorded {
    pub database: Database,
    pub clock: Clock,
    pub kindergarten: KindergartenId,
    pub camera: CameraId,
    /// Four of a quarter of an hour that is sealed with the gap, two of the next, and one that no seal covers yet.
    pub segments: Vec<SegmentId>,
    /// Two minutes in the first quarter.
    pub gap: GapId,
    folder: TempDir,
}

/// When the recordings begin.
pub fn start() -> Timestamp {
    "2026-09-01T04:00:00Z".parse().unwrap()
}

pub fn minute(minute: i64) -> Timestamp {
    start() + SignedDuration::from_mins(minute)
}

impl Recorded {
    pub async fn on(database: Database) -> Self {
        let (kindergarten, camera) = (KindergartenId::new(start()), CameraId::new(start()));
        let sql = "insert into kindergartens (id, key, name, zone, languages, streams_per_account, viewers_per_camera, created_at)
             values ($1, 'balapan', 'Балапан', 'Asia/Almaty', 'kk', 1, 100, 0)";
        database.db.execute(sql, args![kindergarten]).await.unwrap();
        let sql = "insert into cameras (id, kindergarten_id, key, name, source, created_at) values ($1, $2, 'c', 'c', '', 0)";
        database.db.execute(sql, args![camera, kindergarten]).await.unwrap();
        let folder = TempDir::new().unwrap();
        let clock = Clock::held(minute(15));
        let mut recorded = Self { database, clock, kindergarten, camera, segments: Vec::new(), gap: GapId::new(start()), folder };
        recorded.write(0, 5).await;
        recorded.write(5, 8).await;
        recorded.gap = recorded.lose(8, 10).await;
        recorded.write(10, 12).await;
        recorded.write(12, 15).await;
        assert_eq!(recorded.seal().await, 1);
        recorded.clock.set(minute(30));
        recorded.write(15, 20).await;
        recorded.write(20, 25).await;
        assert_eq!(recorded.seal().await, 1);
        recorded.write(25, 30).await;
        recorded
    }

    pub fn db(&self) -> &Db {
        &self.database.db
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Seals what is not sealed; says how many seals that made.
    pub async fn seal(&self) -> usize {
        Sealer::new(self.db(), &self.clock).seal().await.unwrap()
    }

    /// Who keeps it, on a disk without an end.
    pub fn keeper(&self) -> Arc<Keeper> {
        let parts = Parts {
            db: self.db().clone(),
            store: Store::new(self.folder()),
            clock: self.clock.clone(),
            disk: Disk::of(|_| Ok(u64::MAX)),
            reserve: 0,
            records: true,
            full: Arc::default(),
        };
        Keeper::new(parts, &mut Registry::default())
    }

    /// The row and the file of a segment from one minute to another.
    pub async fn write(&mut self, from: i64, to: i64) -> SegmentId {
        let (id, content) = (SegmentId::new(minute(from)), format!("what was seen from {from} to {to}"));
        let row = SegmentRow {
            id,
            camera_id: self.camera,
            codec: "avc1.42c01e".to_owned(),
            width: 640,
            height: 360,
            starts_at: minute(from),
            ends_at: minute(from),
            bytes: 0,
            sha256: None,
            tree: None,
            place: SegmentPlace::Folder,
            seal_id: None,
            removed_at: None,
            key_id: None,
        };
        segments::begin(self.db(), &row).await.unwrap();
        let path = self.path_of(&row);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &content).unwrap();
        let (sha256, tree) = (HEXLOWER.encode(digest(&SHA256, content.as_bytes()).as_ref()), Hash::of_leaf(content.as_bytes()));
        let bytes = content.len() as i64;
        segments::end(self.db(), id, minute(to), bytes, &sha256, &tree.to_string()).await.unwrap();
        self.segments.push(id);
        id
    }

    /// The row of a gap from one minute to another.
    pub async fn lose(&self, from: i64, to: i64) -> GapId {
        let (id, ended_at) = (GapId::new(minute(from)), Some(Moment(minute(to))));
        let cause = GapCause::CameraOffline;
        let (starts_at, seen_at) = (minute(from), minute(to));
        let row = GapRow { id, camera_id: self.camera, cause, starts_at, seen_at, ended_at, seal_id: None };
        gaps::begin(self.db(), &row).await.unwrap();
        id
    }

    /// Where the file of the segment is that begins at `minute`.
    pub fn path(&self, segment: usize, from: i64) -> PathBuf {
        Store::new(self.folder()).path(self.camera, self.segments[segment], minute(from))
    }

    fn path_of(&self, row: &SegmentRow) -> PathBuf {
        Store::new(self.folder()).path(row.camera_id, row.id, row.starts_at)
    }
}
