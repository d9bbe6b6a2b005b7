//! A recording is taken out with the privacy masks burnt in: nobody sees what they cover, and everybody can tell what it is.

use super::{Files, at, bundle, checked, files};
use crate::{
    http::people::GULNAR,
    world::{
        api::{PATIENCE, Visitor, eventually},
        gateway::Gateway,
        recordings::{self, Footage, play},
    },
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{path::Path, process::Command};
use tempfile::NamedTempFile;
use tereze::{args, audit::checkpoint, db::Queries, recording::export::check::Wrong};

const WIDTH: usize = 320;
const HEIGHT: usize = 180;
/// What was covered before the change in the middle of the film, what is since, and what was long before.
const BEFORE: [i64; 4] = [0, 0, 250, 250];
const SINCE: [i64; 4] = [500, 400, 300, 600];
const LONG_AGO: [i64; 4] = [700, 0, 300, 200];

async fn cover(director: &Visitor, camera: &str, areas: &[[i64; 4]]) {
    director.put(&format!("/api/v1/cameras/{camera}/masks"), json!({ "masks": areas })).await.ok(200);
}

async fn film(gateway: &Gateway, camera: &str, film: &Footage) {
    let starts_at = at("2026-11-23T05:40:55Z");
    recordings::record(gateway.db(), &gateway.app().store, camera.parse().unwrap(), starts_at, film, true).await;
}

fn wish(camera: &str, masked: bool) -> Value {
    let (from, to) = ("2026-11-23T05:40:56.500Z", "2026-11-23T05:41:04Z");
    json!({ "camera": camera, "from": from, "to": to, "reason": "Ата-анасы сұрады", "masked": masked })
}

/// A director, and the camera of the playroom; it is 05:42 of the day on which there will have been a film from 05:40:55 on.
async fn after_the_film(gateway: &Gateway) -> (Visitor, String) {
    let director = Visitor::log_in(gateway, GULNAR).await;
    let camera = director.camera("Ойын бөлмесі").await;
    for (areas, then) in [(LONG_AGO, 2), (BEFORE, 8), (SINCE, 1)] {
        cover(&director, &camera, &[areas]).await;
        gateway.clock.advance(SignedDuration::from_mins(then));
    }
    (director, camera)
}

fn path(export: &Value) -> String {
    format!("/api/v1/exports/{}", export["id"].as_str().unwrap())
}

/// What is taken out, as it comes.
async fn taken_out(director: &Visitor, wish: Value) -> reqwest::Response {
    let export = director.post("/api/v1/exports", wish).await.ok(201).json();
    director.request(reqwest::Method::GET, &path(&export)).timeout(PATIENCE).send().await.unwrap()
}

async fn bytes_of(director: &Visitor, wish: Value) -> Vec<u8> {
    let response = taken_out(director, wish).await;
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap().to_vec()
}

/// The one video of a bundle.
fn video(bundle: &[u8]) -> NamedTempFile {
    let mut videos = files(bundle).into_iter().filter(|(name, _)| name.starts_with("video/"));
    let (_, bytes) = videos.next().unwrap();
    assert_eq!(videos.count(), 0);
    let file = NamedTempFile::with_suffix(".mp4").unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

/// The luma of each picture.
fn pictures(file: &Path) -> Vec<Vec<u8>> {
    let raw = ["-fps_mode", "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"];
    let output = Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(file).args(raw).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout.chunks_exact(WIDTH * HEIGHT * 3 / 2).map(|picture| picture[..WIDTH * HEIGHT].to_vec()).collect()
}

/// When each picture is shown, in milliseconds of the file.
fn times(file: &Path) -> Vec<i64> {
    let asked = ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0"];
    let output = Command::new("ffprobe").args(asked).arg(file).output().unwrap();
    let seconds = |line: &str| (line.trim_end_matches(',').parse::<f64>().unwrap() * 1_000.0).round() as i64;
    String::from_utf8(output.stdout).unwrap().lines().map(seconds).collect()
}

/// The bytes of the pictures: what is in the `mdat` boxes of a file.
fn media(mut file: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while let Some((size, _)) = file.split_first_chunk::<4>() {
        let (whole, rest) = file.split_at(u32::from_be_bytes(*size) as usize);
        found.extend((&whole[4..8] == b"mdat").then_some(&whole[8..]));
        file = rest;
    }
    assert!(!found.is_empty());
    found
}

fn is_in(at: usize, [x, y, width, height]: [i64; 4]) -> bool {
    let (column, row) = ((at % WIDTH) as i64 * 1_000, (at / WIDTH) as i64 * 1_000);
    let within = |at: i64, from: i64, long: i64, all: usize| (from * all as i64..(from + long) * all as i64).contains(&at);
    within(column, x, width, WIDTH) && within(row, y, height, HEIGHT)
}

#[tokio::test]
async fn what_was_to_be_covered_at_any_moment_is_black_in_every_picture_and_all_else_is_as_it_was() {
    let gateway = Gateway::start().await;
    let (director, camera) = after_the_film(&gateway).await;
    film(&gateway, &camera, &Footage::of("testsrc2=size=320x180:rate=10", 10).await).await;
    let masked = bytes_of(&director, wish(&camera, true)).await;
    let whole = bytes_of(&director, wish(&camera, false)).await;

    let (masked_video, whole_video) = (video(&masked), video(&whole));
    assert_eq!(play(masked_video.path()).await.codecs, ["h264"]);
    assert_eq!(times(masked_video.path()), times(whole_video.path()));
    let (covered, plain) = (pictures(masked_video.path()), pictures(whole_video.path()));
    assert_eq!((covered.len(), plain.len()), (80, 80));
    for (number, (covered, plain)) in covered.iter().zip(&plain).enumerate() {
        let (mut off, mut beside) = (0, 0);
        for (at, (made, recorded)) in covered.iter().zip(plain).enumerate() {
            if [BEFORE, SINCE].iter().any(|area| is_in(at, *area)) {
                assert!(*made < 60, "pixel {at} of picture {number} is {made}");
            } else {
                (off, beside) = (off + u64::from(made.abs_diff(*recorded)), beside + 1);
            }
        }
        assert!(off < 4 * beside, "picture {number} is off by {off} of {beside} pixels");
    }

    let key = checkpoint::keys(gateway.db()).await.unwrap().remove(0);
    let report = checked(&masked, Some(&key));
    assert!(report.passed(), "{report}");
    assert_eq!((report.segments, report.missing.len()), (1, 0));
    let told = report.to_string();
    for words in ["coded anew with areas covered", "not byte for byte", "250×250 at 0,0 of 1000", "300×600 at 500,400 of 1000"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("700,0"), "what was covered long ago is not: {told}");
    let manifest = report.manifest.unwrap();
    assert!(manifest.masked && manifest.areas.len() == 2);

    // Of what was recorded there are hashes, of as many pieces as the proof of the whole recording has.
    let pieces = |bundle: &[u8]| checked(bundle, None).manifest.unwrap().segments.remove(0).pieces;
    assert_eq!(pieces(&masked).len(), pieces(&whole).len());
    let recorded = &files(&whole)[3].1;
    for piece in media(recorded).iter().flat_map(|pictures| pictures.windows(32).step_by(997)) {
        assert!(!masked.windows(32).any(|bytes| bytes == piece), "nothing that was recorded is in it");
    }

    let sql = "select record from audit_records where action = 'recording_exported' order by position";
    let rows: Vec<(String,)> = gateway.db().rows(sql, args![]).await.unwrap();
    let details = |at: usize| serde_json::from_str::<Value>(&rows[at].0).unwrap()["details"].clone();
    assert_eq!(details(0)["masks"], json!(["250×250 at 0,0 of 1000", "300×600 at 500,400 of 1000"]));
    assert!(details(1).get("masks").is_none());
    gateway.stop().await;
}

#[tokio::test]
async fn whatever_is_changed_in_a_bundle_with_masks_is_named() {
    let gateway = Gateway::start().await;
    let (director, camera) = after_the_film(&gateway).await;
    film(&gateway, &camera, &Footage::counting(0, 10).await).await;
    let bytes = bytes_of(&director, wish(&camera, true)).await;
    let whole = files(&bytes);
    let names: Vec<&str> = whole.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["README.txt", "video/2026-11-23_05-40-55.000Z.mp4", "manifest.json", "manifest.note"]);
    let readme = String::from_utf8_lossy(&whole[0].1);
    assert!(readme.contains("areas of the picture covered") && readme.contains("жабылған"));
    let masked = [Wrong::Masked(whole[1].0.clone())];
    let faults = |change: &dyn Fn(&mut Files)| {
        let mut files = whole.clone();
        change(&mut files);
        checked(&bundle(&files), None).faults
    };
    assert_eq!(faults(&|_| {}), []);
    assert_eq!(faults(&|files| files[1].1[3_000] ^= 1), masked);
    assert_eq!(faults(&|files| files[1].1.push(0)), masked);
    assert_eq!(faults(&|files| files[1].1.truncate(3_000)), masked);
    assert_eq!(faults(&|files| drop(files.remove(1))), [Wrong::NoPart(whole[1].0.clone())]);
    let plain = files(&bytes_of(&director, wish(&camera, false)).await).remove(3).1;
    assert_eq!(faults(&|files| files[1].1.clone_from(&plain)), masked);
    let areas = |files: &mut Files| {
        let text = String::from_utf8(files[2].1.clone()).unwrap();
        files[2].1 = text.replacen("250", "100", 1).into_bytes();
    };
    assert_eq!(faults(&areas), [Wrong::Manifest]);
    gateway.stop().await;
}

#[tokio::test]
async fn what_cannot_be_covered_is_refused_before_anything_is_made() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let camera = director.camera("Ойын бөлмесі").await;
    gateway.clock.advance(SignedDuration::from_mins(11));
    film(&gateway, &camera, &Footage::h265("testsrc2=size=320x180:rate=10", 10).await).await;
    director.post("/api/v1/exports", wish(&camera, true)).await.refused(409, "no_masks");
    cover(&director, &camera, &[SINCE]).await;
    director.post("/api/v1/exports", wish(&camera, true)).await.refused(409, "masks_not_possible");
    director.post("/api/v1/exports", wish(&camera, false)).await.ok(201);
    let mut long = wish(&camera, true);
    long["from"] = json!("2026-11-23T05:26:00Z");
    long["to"] = json!("2026-11-23T05:41:01Z");
    director.post("/api/v1/exports", long).await.refused(400, "masked_too_long");

    // One at a time; the others are told when to come again.
    let yard = director.camera("Аула").await;
    cover(&director, &yard, &[SINCE]).await;
    film(&gateway, &yard, &Footage::counting(0, 10).await).await;
    let taken = gateway.app().masker.take().unwrap();
    let busy = director.post("/api/v1/exports", wish(&yard, true)).await.refused(503, "masking_busy");
    assert_eq!(busy.header("retry-after"), "60");
    director.post("/api/v1/exports", wish(&yard, false)).await.ok(201);
    drop(taken);
    let records = "select position from audit_records where action = 'recording_exported'";
    assert_eq!(gateway.db().rows::<(i64,)>(records, args![]).await.unwrap().len(), 2, "what is refused is no export");
    gateway.stop().await;
}

#[tokio::test]
async fn a_picture_that_cannot_be_decoded_is_never_shown_uncovered() {
    let gateway = Gateway::start().await;
    let (director, camera) = after_the_film(&gateway).await;
    // A unit of additional information (type 6) and no slice: there is nothing to decode.
    let lost = |at: usize, mut film: Footage| {
        film.pictures[at].0 = vec![0, 0, 0, 2, 6, 0x80].into();
        film
    };
    film(&gateway, &camera, &lost(15, Footage::counting(0, 10).await)).await;
    let first = director.post("/api/v1/exports", wish(&camera, true)).await;
    first.refused(409, "masks_not_possible");

    let yard = director.camera("Аула").await;
    cover(&director, &yard, &[SINCE]).await;
    film(&gateway, &yard, &lost(65, Footage::counting(0, 10).await)).await;
    let later = taken_out(&director, wish(&yard, true)).await;
    assert_eq!(later.status(), 200);
    assert!(later.bytes().await.is_err(), "it ends as something that broke, without a signature");
    eventually("the place is free again", || async { gateway.app().masker.is_free().then_some(()) }).await;
    gateway.stop().await;
}

#[tokio::test]
async fn who_goes_away_gives_the_place_back() {
    let gateway = Gateway::start().await;
    let (director, camera) = after_the_film(&gateway).await;
    film(&gateway, &camera, &Footage::of("color=gray:size=320x180:rate=10,noise=alls=80:allf=t", 60).await).await;
    let mut all = wish(&camera, true);
    all["to"] = json!("2026-11-23T05:41:54Z");
    let export = director.post("/api/v1/exports", all).await.ok(201).json();
    let mut fetched = director.request(reqwest::Method::GET, &path(&export)).send().await.unwrap();
    assert!(fetched.chunk().await.unwrap().is_some());
    assert!(!gateway.app().masker.is_free());
    director.get(&path(&export)).await.refused(503, "masking_busy");
    drop(fetched);
    eventually("the place is free again", || async { gateway.app().masker.is_free().then_some(()) }).await;
    gateway.stop().await;
}
