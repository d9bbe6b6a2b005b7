//! A recording is taken out of the gateway, and proves elsewhere that it is as it was recorded.

mod masked;

use super::people::{ASEL, GULNAR, OLGA, SAULE, TIMUR, YERLAN, ZARINA};
use crate::world::{
    api::{PATIENCE, Visitor},
    databases,
    gateway::Gateway,
    process,
    recordings::{self, Footage},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{
    io::{Cursor, Read, Write},
    process::Command,
};
use tereze::{
    args,
    audit::{checkpoint, note::NoteKey},
    db::{
        Moment, Queries,
        gaps::{self, GapRow},
        segments::SegmentRow,
    },
    id::{CameraId, GapId},
    model::GapCause,
    recording::export::check::{Report, Wrong, check},
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// More exact than the database keeps it.
const FROM: &str = "2026-11-23T05:00:03.500400Z";
const TO: &str = "2026-11-23T05:00:24Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Ten seconds of the playroom, a gap of five, and ten more.
async fn recorded(gateway: &Gateway, camera: &str) -> [SegmentRow; 2] {
    let (camera, db, store): (CameraId, _, _) = (camera.parse().unwrap(), gateway.db(), &gateway.app().store);
    let first = recordings::record(db, store, camera, at("2026-11-23T05:00:00Z"), &Footage::counting(0, 10).await, true).await;
    let (starts_at, ends) = (at("2026-11-23T05:00:10Z"), at("2026-11-23T05:00:15Z"));
    let (cause, ended_at) = (GapCause::CameraOffline, Some(Moment(ends)));
    let gap = GapRow { id: GapId::new(starts_at), camera_id: camera, cause, starts_at, seen_at: ends, ended_at, seal_id: None };
    gaps::begin(db, &gap).await.unwrap();
    [first, recordings::record(db, store, camera, ends, &Footage::counting(15, 10).await, true).await]
}

fn wish(camera: &str) -> Value {
    json!({ "camera": camera, "from": FROM, "to": TO, "reason": "Полиция сұрады" })
}

/// What `visitor` fetches.
async fn fetch(visitor: &Visitor, export: &Value) -> Vec<u8> {
    let path = format!("/api/v1/exports/{}", export["id"].as_str().unwrap());
    let response = visitor.request(reqwest::Method::GET, &path).timeout(PATIENCE).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/zip");
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"recording-2026-11-23-050003.zip\"");
    response.bytes().await.unwrap().to_vec()
}

/// The files of a bundle, by name.
type Files = Vec<(String, Vec<u8>)>;

fn files(bundle: &[u8]) -> Files {
    let mut zip = ZipArchive::new(Cursor::new(bundle)).unwrap();
    let count = zip.len();
    let read = |at| {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

/// A bundle of these files.
fn bundle(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn checked(bytes: &[u8], key: Option<&NoteKey>) -> Report {
    check(Cursor::new(bytes), key)
}

async fn a_recording_is_taken_out_on(gateway: Gateway) {
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let camera = director.camera("Ойын бөлмесі").await;
    recorded(&gateway, &camera).await;
    let export = director.post("/api/v1/exports", wish(&camera)).await.ok(201).json();
    assert_eq!(export["until"], "2026-11-23T06:31:00Z");
    let bytes = fetch(&director, &export).await;
    let key = checkpoint::keys(gateway.db()).await.unwrap().remove(0);
    let report = checked(&bytes, Some(&key));
    assert!(report.passed(), "{report}");
    assert_eq!((report.segments, report.gaps, report.missing.len()), (2, 1, 0));
    let text = report.to_string();
    for told in ["Ойын бөлмесі", "Полиция сұрады", "Гүлнар Сапарова (director)", "camera_offline", "PASSED"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(checked(&bytes, None).to_string().contains("compare it with the one that was kept"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bundle.zip"), &bytes).unwrap();
    let told = process::done(folder.path(), &["verify", "bundle.zip", "--key", &key.to_string()], "").await;
    assert_eq!(told.trim(), text, "neither a configuration nor a database is there");

    let files = files(&bytes);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let videos = ["video/2026-11-23_05-00-00.000Z.mp4", "video/2026-11-23_05-00-15.000Z.mp4"];
    assert_eq!(names, [&["README.txt", "manifest.json", "manifest.note"][..], &videos].concat());
    // From the key frame before the span to its end, and no further: the manifest proves the rest without it.
    for ((_, bytes), pictures) in files[3..].iter().zip([70, 90]) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let count =
            ["-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"];
        let probed = Command::new("ffprobe").args(count).arg(file.path()).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&probed.stdout).trim(), pictures.to_string());
        assert!(probed.stderr.is_empty(), "{}", String::from_utf8_lossy(&probed.stderr));
    }
    let record = "select record from audit_records where action = 'recording_exported'";
    let row: Option<(String,)> = gateway.db().row(record, args![]).await.unwrap();
    let record: Value = serde_json::from_str(&row.unwrap().0).unwrap();
    assert_eq!(record["actor"], director.me().await["account"]["id"]);
    let details = json!({ "camera": camera, "from": "2026-11-23T05:00:03.5Z", "to": TO, "reason": "Полиция сұрады" });
    assert_eq!(record["details"], details);
    gateway.stop().await;
}

#[tokio::test]
async fn a_recording_that_is_taken_out_proves_itself_without_the_gateway() {
    a_recording_is_taken_out_on(Gateway::start().await).await;
    let database = databases::postgres().await;
    a_recording_is_taken_out_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn what_was_recorded_in_h265_is_taken_out_as_it_is() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let camera = director.camera("Ойын бөлмесі").await;
    let film = Footage::h265("testsrc2=size=320x180:rate=10", 10).await;
    recordings::record(gateway.db(), &gateway.app().store, camera.parse().unwrap(), at(FROM), &film, true).await;
    let export = director.post("/api/v1/exports", wish(&camera)).await.ok(201).json();
    let bytes = fetch(&director, &export).await;
    assert!(checked(&bytes, None).passed());
    let (name, video) = files(&bytes).pop().unwrap();
    assert!(name.starts_with("video/"), "{name}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), video).unwrap();
    assert_eq!(recordings::play(file.path()).await.codecs, ["hevc"]);
    gateway.stop().await;
}

#[tokio::test]
async fn whatever_is_changed_in_a_bundle_is_named() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let camera = director.camera("Ойын бөлмесі").await;
    recorded(&gateway, &camera).await;
    let export = director.post("/api/v1/exports", wish(&camera)).await.ok(201).json();
    let (bytes, key) = (fetch(&director, &export).await, checkpoint::keys(gateway.db()).await.unwrap().remove(0));
    let whole = files(&bytes);
    let video = whole[3].0.clone();
    let faults = |change: &dyn Fn(&mut Files)| {
        let mut files = whole.clone();
        change(&mut files);
        checked(&bundle(&files), Some(&key)).faults
    };
    assert_eq!(faults(&|_| {}), []);
    assert_eq!(faults(&|files| files[3].1[5_000] ^= 1), [Wrong::Part(video.clone())]);
    assert_eq!(faults(&|files| files[3].1.push(0)), [Wrong::Part(video.clone())]);
    assert_eq!(faults(&|files| files[3].1.truncate(5_000)), [Wrong::Part(video.clone())]);
    assert_eq!(faults(&|files| drop(files.remove(3))), [Wrong::NoPart(video.clone())]);
    assert_eq!(faults(&|files| files[3].1 = whole[4].1.clone()), [Wrong::Part(video.clone())]);
    assert_eq!(faults(&|files| files.push(("video/x.mp4".to_owned(), Vec::new()))), [Wrong::Foreign("video/x.mp4".to_owned())]);
    let replaced = |files: &mut Files, old: &str, new: &str| {
        let text = String::from_utf8(files[1].1.clone()).unwrap();
        assert!(text.contains(old), "{old}");
        files[1].1 = text.replace(old, new).into_bytes();
    };
    for (old, new) in [("Полиция", "Милиция"), ("camera_offline", "ordered"), ("05:00:24Z", "05:00:20Z"), ("Гүлнар", "Айгүл")]
    {
        assert_eq!(faults(&|files| replaced(files, old, new)), [Wrong::Manifest], "{old}");
    }
    // Signed anew by a key of somebody's own, it passes only where nobody kept the gateway's.
    let other = checkpoint::keys(Gateway::start().await.db()).await.unwrap().remove(0);
    assert_eq!(checked(&bytes, Some(&other)).faults, [Wrong::Manifest]);
    assert!(matches!(checked(b"no bundle", None).faults.as_slice(), [Wrong::Unreadable(_)]));
    gateway.stop().await;
}

#[tokio::test]
async fn whom_the_policy_grants_no_recording_takes_none_out() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let camera = director.camera("Ойын бөлмесі").await;
    recorded(&gateway, &camera).await;
    let export = director.post("/api/v1/exports", wish(&camera)).await.ok(201).json();
    let path = format!("/api/v1/exports/{}", export["id"].as_str().unwrap());
    let refused = [
        (ASEL, "live_only"),
        (YERLAN, "restricted"),
        (OLGA, "not_yours"),
        (ZARINA, "role_sees_no_video"),
        (TIMUR, "role_sees_no_video"),
    ];
    for (login, code) in refused {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.post("/api/v1/exports", wish(&camera)).await.refused(403, code);
        visitor.get(&path).await.refused(403, "not_yours");
    }
    Visitor::stranger(&gateway).get(&path).await.refused(401, "not_logged_in");
    let inspector = Visitor::log_in(&gateway, SAULE).await;
    inspector.get(&path).await.refused(403, "not_yours");
    let own = inspector.post("/api/v1/exports", wish(&camera)).await.ok(201).json();
    fetch(&inspector, &own).await;
    gateway.clock.advance(SignedDuration::from_mins(61));
    director.get(&path).await.refused(403, "not_yours");
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_not_recorded_or_has_no_end_yet_is_not_taken_out() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let camera = director.camera("Ойын бөлмесі").await;
    recorded(&gateway, &camera).await;
    let with = |field: &str, value: Value| {
        let mut wish = wish(&camera);
        wish[field] = value;
        wish
    };
    let bad = [
        ("reason", json!(""), 400, "bad_reason"),
        ("to", json!(FROM), 400, "bad_field"),
        ("to", json!("2026-11-23T05:40:00Z"), 400, "bad_field"),
        ("from", json!("2026-11-22T05:00:00Z"), 400, "bad_field"),
        ("camera", json!("00000000-0000-7000-8000-000000000000"), 403, "not_yours"),
    ];
    for (field, value, status, code) in bad {
        director.post("/api/v1/exports", with(field, value)).await.refused(status, code);
    }
    let mut nothing = with("from", json!("2026-11-23T04:00:00Z"));
    nothing["to"] = json!("2026-11-23T04:10:00Z");
    director.post("/api/v1/exports", nothing).await.refused(409, "nothing_recorded");
    let (id, store) = (camera.parse().unwrap(), &gateway.app().store);
    recordings::record(gateway.db(), store, id, at("2026-11-23T05:00:25Z"), &Footage::counting(25, 2).await, false).await;
    director.post("/api/v1/exports", with("to", json!("2026-11-23T05:00:26Z"))).await.refused(409, "still_recording");
    director.post("/api/v1/exports", wish(&camera)).await.ok(201);
    gateway.stop().await;
}
