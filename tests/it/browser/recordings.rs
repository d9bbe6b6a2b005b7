//! Recordings in the page: any second of a day is found, gaps are seen, several cameras go in step.

use super::{DIRECTOR, INSPECTOR, enter, go};
use crate::world::{
    api::Visitor,
    browser::Browser,
    gateway::Gateway,
    recordings::{Footage, RATE, record},
};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use jiff::{SignedDuration, Timestamp, civil::Time};
use serde_json::json;
use std::io::Write;
use tereze::{
    args,
    db::{Moment, gaps, gaps::GapRow},
    demo::camera::{ClockText, VideoFormat},
    id::{CameraId, GapId, SegmentId},
    model::GapCause,
};

/// The size of all footage.
const FORMAT: VideoFormat = VideoFormat { width: 320, height: 180, rate: 10 };
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Another camera in the room of the first.
const SECOND_CAMERA: &str = r#"
[[kindergarten.camera]]
key = "window"
name = "Терезе жақ"
group = "kunshuaq"
main = "rtsp://127.0.0.1:9/main"
"#;

/// A minute whose pictures carry the clock that the simulated cameras draw: the minutes of an hour modulo ten, and seconds with tenths.
async fn minute(minute: u32) -> Footage {
    let text = ClockText::of(FORMAT);
    let (width, height) = (usize::from(FORMAT.width), usize::from(FORMAT.height));
    let mut film = tempfile::Builder::new().suffix(".y4m").tempfile().unwrap();
    writeln!(film, "YUV4MPEG2 W{width} H{height} F{RATE}:1 Ip A1:1 C420jpeg").unwrap();
    for frame in 0..60 * RATE {
        let band = text.draw(&format!("00:0{minute}:{:02}.{}00", frame / RATE, frame % RATE * (10 / RATE)));
        let mut picture = vec![128_u8; width * height * 3 / 2];
        let luma = &band.y.samples[..width * text.rows() * 16];
        picture[..luma.len()].copy_from_slice(luma);
        film.write_all(b"FRAME\n").unwrap();
        film.write_all(&picture).unwrap();
    }
    film.flush().unwrap();
    Footage::of(&format!("movie={}", film.path().display()), 60).await
}

/// Records the minutes from `from` to `to`, each in a file of its own with the clock of that minute.
async fn fill(gateway: &Gateway, camera: CameraId, film: &[Footage], from: &str, to: &str) {
    let (mut now, to): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
    while now < to {
        let minute = usize::try_from(now.as_second() / 60 % 10).unwrap();
        record(gateway.db(), &gateway.app().store, camera, now, &film[minute % film.len()], true).await;
        now += MINUTE;
    }
}

async fn gap(gateway: &Gateway, camera: CameraId, from: &str, to: &str) {
    let (starts_at, ended_at): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
    let cause = GapCause::CameraOffline;
    let (id, ended_at) = (GapId::new(starts_at), Some(Moment(ended_at)));
    let row = GapRow { id, camera_id: camera, cause, starts_at, seen_at: starts_at, ended_at, seal_id: None };
    gaps::begin(gateway.db(), &row).await.unwrap();
}

/// A room with two cameras: by its clock the first has 09:45–10:15 and 10:20–10:30, the second 09:58–10:25.
async fn recorded() -> Gateway {
    let mut gateway = Gateway::start().await;
    gateway.add(SECOND_CAMERA).await;
    let director = Visitor::log_in(&gateway, DIRECTOR).await;
    let camera = async |name: &str| director.camera(name).await.parse::<CameraId>().unwrap();
    let (first, second) = (camera("Ойын бөлмесі").await, camera("Терезе жақ").await);
    let mut film = Vec::new();
    for number in 0..10 {
        film.push(minute(number).await);
    }
    fill(&gateway, first, &film, "2026-11-23T04:45:00Z", "2026-11-23T05:15:00Z").await;
    fill(&gateway, first, &film, "2026-11-23T05:20:00Z", "2026-11-23T05:30:00Z").await;
    fill(&gateway, second, &film, "2026-11-23T04:58:00Z", "2026-11-23T05:25:00Z").await;
    gap(&gateway, first, "2026-11-23T05:15:00Z", "2026-11-23T05:20:00Z").await;
    gateway
}

/// What screens show of recordings: a minute that plays, a day of which something is missing, and somebody who looked.
pub(super) async fn some(gateway: &Gateway) {
    let director = Visitor::log_in(gateway, DIRECTOR).await;
    let camera: CameraId = director.camera("Ойын бөлмесі").await.parse().unwrap();
    let film = [minute(0).await];
    fill(gateway, camera, &film, "2026-11-23T02:00:00Z", "2026-11-23T02:01:00Z").await;
    // Of what is only drawn as a strip there are no files.
    let mut starts_at: Timestamp = "2026-11-23T02:01:00Z".parse().unwrap();
    while starts_at < "2026-11-23T04:11:00Z".parse().unwrap() {
        let (id, ends_at) = (SegmentId::new(starts_at), starts_at + SignedDuration::from_mins(10));
        let sql = "insert into segments (id, camera_id, codec, width, height, starts_at, ends_at, bytes, place) \
                   values ($1, $2, 'avc1', 320, 180, $3, $4, 1, 'folder')";
        gateway.db().execute(sql, args![id, camera, starts_at, ends_at]).await.unwrap();
        starts_at = ends_at;
    }
    gap(gateway, camera, "2026-11-23T04:11:00Z", "2026-11-23T04:31:07Z").await;
    let span = json!({ "camera": camera, "from": "2026-11-22T19:00:00Z", "to": "2026-11-23T19:00:00Z", "reason": "Ата-ананың шағымы № 14" });
    director.post("/api/v1/playbacks", span).await.ok(201);
}

/// Opens the recording of the first camera, for a reason.
async fn open(browser: &Browser) {
    browser.press("[data-does=play]").await;
    browser.wait_for("document.querySelector('#recordings-reason') !== null").await;
    browser.type_into("#recordings-reason", "Түскі ас кезіндегі құлау").await;
    browser.press("dialog [type=submit]").await;
    browser.wait_for("document.querySelector('tereze-deck video')?.readyState >= 2").await;
}

/// Types a time, waits until the picture of it is there, and returns how long that took and the band with the clock.
const SEEK: &str = "
    const [time, place] = arguments;
    const deck = document.querySelectorAll('tereze-deck')[place];
    const [video, replay] = [deck.querySelector('video'), document.querySelector('tereze-replay')];
    const field = document.querySelector('#recordings-time');
    const began = performance.now();
    if (time) {
        field.value = time;
        field.dispatchEvent(new Event('change', { bubbles: true }));
        const there = () => !video.seeking && deck.at !== null && Math.abs(deck.at - replay.at) < 500;
        while (!there() && performance.now() - began < 15000) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const took = performance.now() - began;
    const paper = new OffscreenCanvas(320, 32).getContext('2d');
    // The picture is on the canvas a moment after it is decoded.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    paper.drawImage(video, 0, 0, 320, 180);
    const { data } = paper.getImageData(0, 0, 320, 32);
    let green = '';
    for (let i = 1; i < data.length; i += 4) green += String.fromCharCode(data[i]);
    return [btoa(green), took];
";

/// The time that stands in the picture of the camera at `place`, after a jump to `time` where one is named; and how long that took, in ms.
async fn clock(browser: &Browser, time: &str, place: usize) -> (Time, f64) {
    let (band, took): (String, f64) = browser.run(SEEK, &[json!(time), json!(place)]).await;
    let text = ClockText::of(FORMAT).read(&BASE64.decode(band).unwrap(), 320, 12);
    (text.parse().unwrap_or_else(|_| panic!("{text:?} is no time; asked for {time}")), took)
}

/// How far the picture is from `time`, of which it carries the last digit of the minute, the seconds and the tenths; in ms.
fn off(shown: Time, time: &str) -> i64 {
    let wanted: Time = time.parse().unwrap();
    let millis =
        |time: Time| i64::from(time.minute() % 10) * 60_000 + i64::from(time.second()) * 1_000 + i64::from(time.millisecond());
    let off = millis(shown) - millis(wanted);
    (off + 900_000) % 600_000 - 300_000
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_to_any_second_shows_that_second() {
    let (gateway, browser) = (recorded().await, Browser::start().await);
    enter(&browser, &gateway, DIRECTOR, "en", "/recordings").await;
    open(&browser).await;
    // Near and far, on both sides of the hour and of the gap, at the edges of files and of what there is.
    let times = [
        "09:45:00", "10:14:59", "09:52:07", "09:52:08", "10:00:00", "09:59:59", "10:07:31", "10:20:00", "10:29:58", "10:03:03",
        "10:24:44", "09:58:29",
    ];
    let mut lags = Vec::new();
    for time in times {
        let (shown, took) = clock(&browser, time, 0).await;
        assert!(off(shown, time).abs() <= 500, "{time} shows {shown}");
        lags.push(took.round() as u64);
    }
    println!("jumps took {lags:?} ms");
    // On a busy machine some are late; a page that seeks badly always is.
    lags.sort_unstable();
    assert!(lags[times.len() / 2] < 500, "jumps took {lags:?} ms");
    assert_eq!(browser.console().await, Vec::<String>::new());
    gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_told_with_its_cause_and_passed_over() {
    let (gateway, browser) = (recorded().await, Browser::start().await);
    enter(&browser, &gateway, DIRECTOR, "en", "/recordings").await;
    let line = "document.querySelector('[aria-labelledby=gaps-title] .line')?.innerText";
    let line = browser.wait_for(line).await;
    assert!(
        line.as_str().unwrap().contains("10:15:00") && line.as_str().unwrap().contains("The camera could not be reached"),
        "{line}"
    );
    open(&browser).await;
    clock(&browser, "10:14:57", 0).await;
    browser.press("[data-does=play]").await;
    browser.wait_for("document.querySelector('tereze-replay').at > Date.parse('2026-11-23T05:20:01Z')").await;
    browser.press("[data-does=play]").await;
    let (shown, _) = clock(&browser, "", 0).await;
    assert!((0..5).contains(&shown.second()) && shown.minute() % 10 == 0, "{shown}");

    // From key frame to key frame, two seconds apart in the playlist.
    clock(&browser, "10:05:01", 0).await;
    browser.press("[data-does=key]").await;
    browser.wait_for("document.querySelector('tereze-replay').at === Date.parse('2026-11-23T05:05:02Z')").await;
    browser.press("[data-does=key-back]").await;
    browser.wait_for("document.querySelector('tereze-replay').at === Date.parse('2026-11-23T05:05:00Z')").await;
    let (shown, _) = clock(&browser, "", 0).await;
    assert!(off(shown, "10:05:00").abs() <= 200, "{shown}");
    assert_eq!(browser.console().await, Vec::<String>::new());
    gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_browser_cannot_play_is_said_and_can_be_taken_out() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    let plays: bool = browser.run("return MediaSource.isTypeSupported('video/mp4; codecs=\"hvc1.1.6.L60.90\"')", &[]).await;
    assert!(!plays, "this browser plays H.265 by now: the test needs one that does not");
    let director = Visitor::log_in(&gateway, DIRECTOR).await;
    let camera: CameraId = director.camera("Ойын бөлмесі").await.parse().unwrap();
    let film = Footage::h265("testsrc2=size=320x180:rate=10", 20).await;
    let at = |second: i64| "2026-11-23T05:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second);
    for second in [0, 20] {
        record(gateway.db(), &gateway.app().store, camera, at(second), &film, true).await;
    }
    enter(&browser, &gateway, DIRECTOR, "en", "/recordings").await;
    browser.press("[data-does=play]").await;
    browser.wait_for("document.querySelector('#recordings-reason') !== null").await;
    browser.type_into("#recordings-reason", "Түскі ас кезіндегі құлау").await;
    browser.press("dialog [type=submit]").await;
    browser.wait_for("document.querySelector('tereze-deck .player-end')?.innerText.includes('cannot play H.265')").await;
    browser.press("[data-does=export]").await;
    browser.wait_for("document.querySelector('dialog[open] h2')?.innerText.includes('Ойын бөлмесі')").await;
    // What is covered can be covered in the file, too; where nothing is, nothing is offered, and what cannot be covered is said.
    browser.wait_for("document.querySelector('dialog[open] [name=masked]') === null").await;
    let masks = json!({ "masks": [[0, 0, 200, 200]] });
    director.put(&format!("/api/v1/cameras/{camera}/masks"), masks).await.ok(200);
    go(&browser, &gateway, "/recordings").await;
    browser.press("[data-does=export]").await;
    let told = "document.getElementById(document.querySelector('dialog[open] [name=masked]')?.getAttribute('aria-describedby'))?.innerText";
    let told = browser.wait_for(told).await;
    assert!(told.as_str().unwrap().contains("15 minutes"), "{told}");
    assert!(!browser.run::<bool>("return document.querySelector('[name=masked]').checked", &[]).await);
    let fill = "document.querySelector('#span-from').value = '2026-11-23T10:00'; document.querySelector('#span-to').value = '2026-11-23T10:01';";
    let () = browser.run(fill, &[]).await;
    browser.press("[name=masked]").await;
    browser.type_into("#span-reason", "Ата-анасы сұрады").await;
    browser.press("dialog [type=submit]").await;
    browser.wait_for("document.querySelector('dialog[open] [role=alert]')?.innerText.includes('cannot decode')").await;
    let console = browser.console().await;
    assert!(console.iter().all(|line| line.contains("409")), "{console:?}");
    gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_cameras_go_in_step_and_one_leads_where_the_other_has_nothing() {
    let (gateway, browser) = (recorded().await, Browser::start().await);
    enter(&browser, &gateway, INSPECTOR, "en", "/recordings").await;
    browser.press(".choice[aria-label='Which cameras to show together'] button:last-child").await;
    browser.press("[data-does=play]").await;
    browser.wait_for("document.querySelectorAll('tereze-deck').length === 2").await;
    clock(&browser, "10:02:30", 0).await;
    browser.wait_for("[...document.querySelectorAll('tereze-deck video')].every((video) => video.readyState >= 2)").await;
    browser.press(".transport .choice button:nth-child(3)").await;
    browser.press("[data-does=play]").await;
    browser.wait_for("document.querySelector('tereze-replay').at > Date.parse('2026-11-23T05:02:38Z')").await;
    browser.press("[data-does=play]").await;
    browser.wait_for("[...document.querySelectorAll('tereze-deck video')].every((video) => video.paused && !video.seeking)").await;
    let ((one, _), (other, _)) = (clock(&browser, "", 0).await, clock(&browser, "", 1).await);
    assert!((one.duration_until(other)).abs() <= SignedDuration::from_millis(800), "{one} and {other}");

    // Where the first has nothing, it says why, and the second goes on.
    clock(&browser, "10:16:20", 1).await;
    let word = browser.wait_for("document.querySelector('tereze-deck .player-end')?.innerText").await;
    assert_eq!(word, "There is no recording of this moment. The camera could not be reached.");
    let (shown, _) = clock(&browser, "10:16:40", 1).await;
    assert!(off(shown, "10:16:40").abs() <= 500, "{shown}");
    assert_eq!(browser.console().await, Vec::<String>::new());
    gateway.stop().await;
}
