//! Recordings that lie encrypted: looked at, taken out and checked like all others, and by nobody who has no key.

use super::people::GULNAR;
use crate::world::{
    api::{PATIENCE, Visitor},
    databases,
    gateway::Gateway,
    log::Log,
    recordings::{Footage, record},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{fs, io::Cursor, path::PathBuf};
use tempfile::TempDir;
use tereze::{
    args,
    db::{Db, segments::SegmentRow},
    id::CameraId,
    recording::{
        Head, SegmentFile,
        encryption::Keys,
        export::check::check,
        store::Store,
        verify::{Fault, Place, Report, Wrong, verify},
    },
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A gateway with a key, and eight seconds of its playroom four times: from before there was a key, under its key, still written, and under a
/// key that it does not have.
struct World {
    gateway: Gateway,
    director: Visitor,
    camera: CameraId,
    footage: Footage,
    before: SegmentRow,
    own: SegmentRow,
    written: SegmentRow,
    lost: SegmentRow,
    keys: TempDir,
}

impl World {
    async fn on(database: &str) -> Self {
        let keys = TempDir::new().unwrap();
        let path = keys.path().join("recordings.key");
        Keys::add(&path).unwrap();
        let with_key = |config: String| config.replace("enabled = false", &format!("enabled = false\nkey_file = {path:?}"));
        let gateway = Gateway::start_as(database, with_key).await;
        let director = Visitor::log_in(&gateway, GULNAR).await;
        let camera = director.camera("Ойын бөлмесі").await.parse().unwrap();
        let footage = Footage::counting(0, 8).await;
        let (db, store) = (gateway.db(), gateway.app().store.clone());
        let other = keys.path().join("other.key");
        Keys::add(&other).unwrap();
        let other = Keys::parse(&fs::read_to_string(other).unwrap()).unwrap();
        let (without, with_other) = (store.clone().with_keys(Keys::default()), store.clone().with_keys(other));
        let before = record(db, &without, camera, at("2026-11-23T05:00:00Z"), &footage, true).await;
        let own = record(db, &store, camera, at("2026-11-23T05:00:08Z"), &footage, true).await;
        let written = record(db, &store, camera, at("2026-11-23T05:20:00Z"), &footage, false).await;
        let lost = record(db, &with_other, camera, at("2026-11-23T03:00:00Z"), &footage, true).await;
        Self { gateway, director, camera, footage, before, own, written, lost, keys }
    }

    fn db(&self) -> &Db {
        self.gateway.db()
    }

    fn store(&self) -> &Store {
        &self.gateway.app().store
    }

    fn path(&self, row: &SegmentRow) -> PathBuf {
        self.store().path(row.camera_id, row.id, row.starts_at)
    }

    /// What a recorder without a key writes of the same pictures.
    fn plain(&self, whole: bool) -> Vec<u8> {
        let path = self.keys.path().join(format!("{whole}.mp4"));
        let head = Head { video: self.footage.parameters.clone(), sound: false };
        let mut file = SegmentFile::create(&path, &head, None).unwrap();
        self.footage.fragments(&[]).iter().for_each(|fragment| file.append(fragment).unwrap());
        if whole {
            file.finish().unwrap();
        }
        fs::read(path).unwrap()
    }

    async fn open(&self) -> String {
        let wish = json!({ "camera": self.camera, "from": "2026-11-22T19:00:00Z", "to": "2026-11-23T19:00:00Z", "reason": "x" });
        let opened = self.director.post("/api/v1/playbacks", wish).await.ok(201).json();
        format!("/api/v1/playbacks/{}", opened["id"].as_str().unwrap())
    }

    /// The bytes of what is at `path`, or a range of them.
    async fn bytes(&self, path: &str, range: Option<&str>) -> Vec<u8> {
        let request = self.director.request(reqwest::Method::GET, path).timeout(PATIENCE);
        let request = range.iter().fold(request, |request, range| request.header("range", *range));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), if range.is_some() { 206 } else { 200 });
        answer.bytes().await.unwrap().to_vec()
    }

    async fn order(&self, from: &str, to: &str) -> String {
        let wish = json!({ "camera": self.camera, "from": from, "to": to, "reason": "x" });
        let export: Value = self.director.post("/api/v1/exports", wish).await.ok(201).json();
        format!("/api/v1/exports/{}", export["id"].as_str().unwrap())
    }
}

/// Whether `bytes` have any of these anywhere.
fn any_of(bytes: &[u8], known: &[&[u8]]) -> bool {
    known.iter().any(|known| bytes.windows(known.len()).any(|window| window == *known))
}

#[tokio::test]
async fn what_lies_encrypted_is_played_and_taken_out_as_if_it_did_not() {
    plays_and_proves("sqlite:tereze.db").await;
}

#[tokio::test]
async fn postgresql_knows_what_lies_encrypted() {
    plays_and_proves(&databases::postgres().await.url).await;
}

async fn plays_and_proves(database: &str) {
    let log = Log::of_this_process();
    let world = World::on(database).await;
    let (whole, written) = (world.plain(true), world.plain(false));

    // On the disk there is nothing of it.
    let sets = &world.footage.parameters;
    let known: [&[u8]; 8] = [b"ftyp", b"moov", b"moof", b"mdat", b"mfra", b"avcC", &sets.sps, &sets.pps];
    assert!(any_of(&fs::read(world.path(&world.before)).unwrap(), &known), "what was there before stays as it is");
    for row in [&world.own, &world.written] {
        assert!(!any_of(&fs::read(world.path(row)).unwrap(), &known));
        // Left to guess, it takes what looks like noise for a sound now and then.
        let played =
            std::process::Command::new("ffprobe").args(["-v", "quiet", "-f", "mp4"]).arg(world.path(row)).status().unwrap();
        assert!(!played.success(), "it plays");
    }

    // A player gets the same bytes.
    let playback = world.open().await;
    for (row, plain) in [(&world.before, &whole), (&world.own, &whole), (&world.written, &written)] {
        let path = format!("{playback}/segments/{}", row.id);
        assert!(world.bytes(&path, None).await == *plain);
        for (first, last) in [(0, 0), (100, 299), (plain.len() - 7, plain.len() - 1), (1_000, plain.len() - 1_000)] {
            let range = world.bytes(&path, Some(&format!("bytes={first}-{last}"))).await;
            assert!(range == plain[first..=last], "{first}-{last}");
        }
    }
    let playlist = world.director.get(&format!("{playback}/playlist.m3u8?from=2026-11-23T05:00:00Z")).await.ok(200).body;
    let entries = |row: &SegmentRow| {
        let lines: Vec<&str> = playlist.lines().collect();
        let of_row = lines.windows(2).filter(|two| two[1] == format!("segments/{}", row.id)).map(|two| two[0].to_owned());
        of_row.collect::<Vec<_>>()
    };
    assert_eq!((entries(&world.before).len(), entries(&world.before)), (4, entries(&world.own)));
    assert_eq!(entries(&world.written).len(), 4);

    // What is taken out of it is plain, and proves itself to those who have no key.
    let export = world.order("2026-11-23T05:00:03Z", "2026-11-23T05:00:14Z").await;
    let bundle = world.bytes(&export, None).await;
    let report = check(Cursor::new(&bundle), None);
    assert!(report.passed() && report.segments == 2 && report.missing.is_empty(), "{report}");
    assert!(any_of(&bundle, &[world.own.key_id.as_ref().unwrap().as_bytes()]));

    locked(&world, &playback).await;
    verified(&world).await;
    let key = fs::read_to_string(world.keys.path().join("recordings.key")).unwrap();
    assert!(log.text().contains(world.lost.key_id.as_ref().unwrap()) && !log.text().contains(key.trim()));
    world.gateway.stop().await;
}

/// What is under a key that is not there says so.
async fn locked(world: &World, playback: &str) {
    let director = &world.director;
    director.get(&format!("{playback}/segments/{}", world.lost.id)).await.refused(503, "recording_locked");
    director.get(&format!("{playback}/playlist.m3u8?from=2026-11-23T03:00:00Z")).await.refused(503, "recording_locked");
    let export = world.order("2026-11-23T03:00:00Z", "2026-11-23T03:00:05Z").await;
    director.get(&export).await.refused(503, "recording_locked");
}

/// `tereze verify` needs no key to see what was altered, and looks deeper with it.
async fn verified(world: &World) {
    let without = world.store().clone().with_keys(Keys::default());
    let counts = |report: &Report| {
        assert!(report.passed(), "{report}");
        (report.files, report.decrypted, report.locked, report.unsealed)
    };
    world.gateway.app().sealer.seal().await.unwrap();
    assert_eq!(counts(&verify(world.db(), Some(world.store())).await.unwrap()), (Some(3), 1, 1, 1));
    assert_eq!(counts(&verify(world.db(), Some(&without)).await.unwrap()), (Some(3), 0, 2, 1));

    let found = async |store: &Store| {
        let report = verify(world.db(), Some(store)).await.unwrap();
        report.faults.into_iter().map(|Fault { place, wrong }| (place, wrong)).collect::<Vec<_>>()
    };
    let (own, path) = (world.own.id, world.path(&world.own));
    let lies = fs::read(&path).unwrap();
    let mut altered = lies.clone();
    altered[lies.len() / 2] ^= 1;
    fs::write(&path, &altered).unwrap();
    for store in [world.store(), &without] {
        assert_eq!(found(store).await, [(Place::Segment(own), Wrong::Bytes)]);
    }
    fs::write(&path, lies).unwrap();
    // To call it plain, or under another key, does not go unseen either.
    for key in [None, Some("0011223344556677")] {
        let set = async |key: Option<&str>| {
            world.db().execute("update segments set key_id = $2 where id = $1", args![own, key]).await.unwrap();
        };
        set(key).await;
        assert!(found(world.store()).await.contains(&(Place::Segment(own), Wrong::Changed)), "{key:?}");
        set(world.own.key_id.as_deref()).await;
    }
    assert_eq!(found(&without).await, []);
}

#[tokio::test]
async fn with_a_newer_key_what_is_older_is_read_and_what_is_new_is_under_it() {
    let world = World::on("sqlite:tereze.db").await;
    let path = world.keys.path().join("recordings.key");
    let newer = Keys::add(&path).unwrap();
    let store = world.store().clone().with_keys(Keys::parse(&fs::read_to_string(&path).unwrap()).unwrap());
    let new = record(world.db(), &store, world.camera, at("2026-11-23T05:10:00Z"), &world.footage, true).await;
    assert_eq!(new.key_id, Some(newer));
    let whole = world.plain(true);
    for row in [&world.before, &world.own, &new] {
        assert!(store.read(row, 0..whole.len() as u64).await.unwrap() == whole);
    }
    world.gateway.stop().await;
}
