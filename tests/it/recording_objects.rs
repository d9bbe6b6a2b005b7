//! Whole segments are moved on to object storage; one that fails or dawdles delays that, and nothing is lost.

use crate::world::{
    api::eventually,
    bucket::{Bucket, Mood},
    databases,
    recordings::{Footage, record},
    shed::{SIZE, Shed},
};
use prometheus_client::registry::Registry;
use std::{fs, time::Duration};
use tereze::{
    config::Objects as Section,
    db::segments::{self, SegmentRow},
    model::SegmentPlace,
    recording::{
        encryption::Keys,
        mover::Mover,
        objects::Objects,
        store::{Store, StoreError},
        verify::{Fault, Place, Wrong, verify},
    },
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Recordings whose folder is emptied into a bucket.
struct Spool {
    shed: Shed,
    bucket: Bucket,
    store: Store,
    stop: CancellationToken,
    moving: Option<JoinHandle<()>>,
}

impl Spool {
    async fn start() -> Self {
        let (shed, bucket) = (Shed::on(databases::sqlite().await).await, Bucket::start().await);
        let secret_key_file = shed.store.folder().with_file_name("s3.secret");
        fs::write(&secret_key_file, "tereze-secret\n").unwrap();
        let section = Section {
            url: format!("http://{}", bucket.address).parse().unwrap(),
            bucket: "tereze".to_owned(),
            region: "us-east-1".to_owned(),
            access_key: "tereze-key".to_owned(),
            secret_key_file,
        };
        let store = Store::with_objects(shed.store.folder(), Some(Objects::open(&section).unwrap()));
        Self { shed, bucket, store, stop: CancellationToken::new(), moving: None }
    }

    fn move_on(&mut self) {
        let (db, objects) = (self.shed.database.db.clone(), self.store.objects().unwrap().clone());
        let mover = Mover::new(db, self.store.clone(), objects, &mut Registry::default()).looking_every(Duration::from_millis(50));
        self.moving = Some(tokio::spawn(mover.run(self.stop.clone())));
    }

    /// The row of `row` as it is now.
    async fn row(&self, row: &SegmentRow) -> Option<SegmentRow> {
        segments::between(&self.shed.database.db, row.camera_id, row.starts_at, row.ends_at).await.unwrap().into_iter().next()
    }

    /// Waits until `row` is in the bucket and nowhere else.
    async fn moved(&self, row: &SegmentRow) -> SegmentRow {
        eventually("the file is moved on", async || {
            let now = self.row(row).await.unwrap();
            (now.place == SegmentPlace::Objects && !self.shed.has(row)).then_some(now)
        })
        .await
    }

    async fn stop(mut self) {
        self.stop.cancel();
        self.moving.take().unwrap().await.unwrap();
    }
}

#[tokio::test]
async fn a_whole_segment_is_moved_on_and_reads_the_same_from_there_and_one_that_grows_stays() {
    let mut spool = Spool::start().await;
    let row = spool.shed.put(spool.shed.a, 2).await;
    let growing = spool.shed.put_growing(spool.shed.a, 1).await;
    let content: Vec<u8> = (0..20_000_000_u32).map(|at| (at % 251) as u8).collect();
    fs::write(spool.store.path(row.camera_id, row.id, row.starts_at), &content).unwrap();
    spool.move_on();
    let there = spool.moved(&row).await;
    for range in [0..100, 8_388_600..8_388_700, 19_999_990..20_000_000, 5..5] {
        let expected = &content[range.start as usize..range.end as usize];
        assert!(spool.store.read(&there, range.clone()).await.unwrap() == expected, "{range:?}");
        assert!(spool.store.read(&row, range.clone()).await.unwrap() == expected, "by a row that was read before it was moved");
    }
    assert!(spool.shed.has(&growing));
    let names: Vec<String> = spool.bucket.objects().into_keys().collect();
    assert_eq!(names, [tereze::recording::store::name(row.camera_id, row.id, row.starts_at)]);
    spool.stop().await;
}

#[tokio::test]
async fn an_encrypted_segment_is_moved_as_it_lies_and_its_bytes_are_verified_there() {
    let mut spool = Spool::start().await;
    let key = spool.store.folder().with_file_name("recordings.key");
    Keys::add(&key).unwrap();
    spool.store = spool.store.with_keys(Keys::parse(&fs::read_to_string(key).unwrap()).unwrap());
    let (db, a) = (spool.shed.database.db.clone(), spool.shed.a);
    let footage = Footage::counting(0, 4).await;
    let row = record(&db, &spool.store, a, spool.shed.ago(1), &footage, true).await;
    let plain = spool.store.read(&row, 0..row.bytes as u64).await.unwrap();
    let lies = fs::read(spool.store.path(row.camera_id, row.id, row.starts_at)).unwrap();
    spool.move_on();
    let there = spool.moved(&row).await;
    let name = tereze::recording::store::name(row.camera_id, row.id, row.starts_at);
    assert!(spool.bucket.objects()[&name] == lies, "the storage has what lay in the folder");
    assert!(plain.starts_with(&[0, 0, 0]) && plain[4..8] == *b"ftyp");
    for range in [0..plain.len(), 0..1, 2_000..6_000, plain.len() - 16..plain.len()] {
        let read = spool.store.read(&there, range.start as u64..range.end as u64).await.unwrap();
        assert!(read == plain[range.clone()], "{range:?}");
    }

    let seen = async |store: &Store| verify(&db, Some(store)).await.unwrap();
    let report = seen(&spool.store).await;
    assert!(report.passed(), "{report}");
    assert_eq!((report.files, report.bytes, report.elsewhere), (Some(1), lies.len() as u64, 0));
    let report = seen(&Store::new(spool.store.folder())).await;
    assert!(report.passed() && report.elsewhere == 1, "who cannot ask the storage says so: {report}");
    spool.bucket.tamper(&name, |object| object[4_000] ^= 1);
    assert_eq!(seen(&spool.store).await.faults, [Fault { place: Place::Segment(row.id), wrong: Wrong::Bytes }]);
    assert!(matches!(spool.store.read(&there, 0..plain.len() as u64).await, Err(StoreError::Altered)));
    spool.store.remove(&there).await.unwrap();
    assert_eq!(seen(&spool.store).await.faults, [Fault { place: Place::Segment(row.id), wrong: Wrong::NoFile }]);
    spool.stop().await;
}

#[tokio::test]
async fn a_storage_that_answers_503_delays_the_move_and_loses_nothing() {
    let mut spool = Spool::start().await;
    spool.bucket.be(Mood::Refusing);
    let row = spool.shed.put(spool.shed.a, 1).await;
    spool.move_on();
    eventually("it is asked", async || (spool.bucket.refused() > 2).then_some(())).await;
    let still = spool.row(&row).await.unwrap();
    assert_eq!(still.place, SegmentPlace::Folder);
    assert_eq!(spool.store.read(&still, 0..SIZE).await.unwrap().len() as u64, SIZE, "what waits is played from the folder");
    spool.bucket.be(Mood::Well);
    let there = spool.moved(&row).await;
    assert_eq!(spool.store.read(&there, 0..SIZE).await.unwrap().len() as u64, SIZE);
    // What lies there cannot be read while it refuses, and says so; nothing is forgotten.
    spool.bucket.be(Mood::Refusing);
    spool.store.read(&there, 0..SIZE).await.unwrap_err();
    spool.bucket.be(Mood::Well);
    spool.store.read(&there, 0..SIZE).await.unwrap();
    spool.stop().await;
}

#[tokio::test]
async fn a_slow_storage_gets_everything_in_the_end() {
    let mut spool = Spool::start().await;
    spool.bucket.be(Mood::Slow(Duration::from_millis(300)));
    let mut rows = Vec::new();
    for hours in (1..=6).rev() {
        rows.push(spool.shed.put(spool.shed.b, hours).await);
    }
    spool.move_on();
    for row in &rows {
        spool.moved(row).await;
    }
    assert_eq!(spool.bucket.objects().len(), 6);
    spool.stop().await;
}

#[tokio::test]
async fn what_a_run_that_was_cut_short_left_in_the_folder_is_cleared_and_a_strangers_file_is_not() {
    let mut spool = Spool::start().await;
    let row = spool.shed.put(spool.shed.a, 1).await;
    tereze::db::kept::moved(&spool.shed.database.db, row.id).await.unwrap();
    let foreign = spool.store.path(row.camera_id, tereze::id::SegmentId::new(row.starts_at), row.starts_at);
    fs::write(&foreign, "x").unwrap();
    spool.move_on();
    eventually("it is cleared", async || (!spool.shed.has(&row)).then_some(())).await;
    assert!(foreign.exists(), "what nobody knows is left for who checks the folder");
    spool.stop().await;
}

#[tokio::test]
async fn what_is_let_go_of_leaves_the_storage() {
    let mut spool = Spool::start().await;
    let row = spool.shed.put(spool.shed.a, 1).await;
    spool.move_on();
    let there = spool.moved(&row).await;
    spool.store.remove(&there).await.unwrap();
    spool.store.remove(&there).await.unwrap();
    assert!(spool.bucket.objects().is_empty());
    spool.stop().await;
}
