//! Cameras that send H.265: it is recorded as it comes, and what browsers can show live is their other stream.

use super::story::{Story, camera, until};
use crate::world::{
    aiortc::Aiortc,
    api::{Visitor, eventually},
    camera::GstCamera,
    gateway::Gateway,
    offer::Player,
    ports::unused_address,
    recordings::{missing, play, steps},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::path::Path;
use tereze::model::GapCause;
use tokio::process::Command;

const DIRECTOR: &str = "+77010000010";
/// How many pictures the camera may send after one that is shown later (`bframes` in `rtsp_server.py`).
const SHOWN_BEFORE: usize = 2;

/// A gateway by the machine's clock that records a camera of `GStreamer` with these streams, called `name`, beside its own.
async fn gateway_with(source: &GstCamera, cameras: &[(&str, &str, Option<&str>)]) -> Gateway {
    let mut gateway = Gateway::start_recording_now().await;
    let (user, password) = (GstCamera::USERNAME, GstCamera::PASSWORD);
    let table = |(name, main, sub): &(&str, &str, Option<&str>)| {
        let sub = sub.map(|sub| format!("sub = \"{}\"\n", source.url(sub))).unwrap_or_default();
        format!(
            "[[kindergarten.camera]]\nkey = \"{name}\"\nname = \"{name}\"\nmain = \"{}\"\n{sub}\
             username = \"{user}\"\npassword = \"{password}\"\n\n",
            source.url(main)
        )
    };
    let before = "[[kindergarten.account]]\nkey = \"asel\"";
    let tables: String = cameras.iter().map(table).collect();
    gateway.change(before, &format!("{tables}{before}")).await;
    gateway
}

/// When pictures of a file are shown, in seconds, and what is in them; from `second` on as a player finds it that jumps there, or all.
async fn pictures(file: &Path, second: Option<f64>) -> Vec<(f64, String)> {
    let jump = second.map(|second| ["-seek_timestamp", "1", "-ss", &second.to_string()].map(str::to_owned)).into_iter().flatten();
    let all = ["-map", "0:v", "-fps_mode", "passthrough", "-enc_time_base", "1:90000", "-f", "framemd5", "-"];
    let output = Command::new("ffmpeg").args(["-v", "error", "-copyts"]).args(jump).arg("-i").arg(file).args(all).output().await;
    let output = output.unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let picture = |line: &str| {
        let columns: Vec<_> = line.split(',').map(str::trim).collect();
        (columns[2].parse::<f64>().unwrap() / 90_000.0, columns[5].to_owned())
    };
    text.lines().filter(|line| !line.starts_with('#')).map(picture).collect()
}

/// How many pictures are in a file, be they such as a decoder can show or not.
async fn coded(file: &Path) -> u64 {
    let count =
        ["-v", "error", "-count_packets", "-select_streams", "v", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0"];
    let output = Command::new("ffprobe").args(count).arg(file).output().await.unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// Whoever jumps into a file sees what is there for one who has seen all of it; a few pictures before a key frame need what was before.
async fn assert_found_by_jumps(file: &Path) {
    let all = pictures(file, None).await;
    assert!(all.is_sorted_by(|one, next| one.0 < next.0), "{all:?}");
    for at in [all.len() / 4, all.len() / 2, all.len() * 3 / 4] {
        let wanted = all[at].0 - 0.01;
        let found = pictures(file, Some(wanted)).await;
        let seen = |found: &&(f64, String)| all.contains(found) && (0.0..0.25).contains(&(found.0 - wanted));
        assert!(found.first().filter(seen).is_some(), "at {wanted} s {found:?} of {all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn h265_is_recorded_and_shown_live_by_the_other_stream_or_said_not_to_be() {
    let source = GstCamera::start().await;
    let gateway = gateway_with(&source, &[("both", "open", Some("plain")), ("only", "h265", None)]).await;
    let (both, only) = (camera(gateway.db(), "both").await, camera(gateway.db(), "only").await);

    let director = Visitor::log_in(&gateway, DIRECTOR).await;
    let player = Player::of(&gateway, &director).await;
    let stream = player.open(&both.to_string()).await;
    player.delete(&stream).await.ok(200);
    let mut watching = Aiortc::play(&gateway.url(&format!("/whep/{both}")), &player.token, 2).await;
    let seen = watching.until(|seen| !seen["deleted"].is_null()).await;
    assert_eq!((&seen["width"], &seen["height"]), (&json!(640), &json!(360)), "the sub stream: {seen}");
    let refused = eventually("it is known what the camera sends", || async {
        let answer = player.post(&only.to_string()).await;
        (answer.code() != "camera_offline").then_some(answer)
    });
    assert_eq!(refused.await.refused(406, "wrong_codec").json()["codec"], "H265");
    let state = |me: &Value, name: &str| {
        let cameras = me["cameras"].as_array().unwrap();
        cameras.iter().find(|camera| camera["name"] == name).unwrap()["state"]["code"].as_str().unwrap().to_owned()
    };
    let me = director.me().await;
    assert_eq!((state(&me, "both"), state(&me, "only")), ("live".to_owned(), "wrong_codec".to_owned()));
    director.get(&format!("/api/v1/cameras/{both}/still")).await.ok(200);
    director.get(&format!("/api/v1/cameras/{only}/still")).await.refused(409, "no_still");

    for camera in [both, only] {
        until("five seconds of it are safe", async || {
            let story = Story::of(gateway.db(), camera).await;
            story
                .segments
                .last()
                .filter(|last| last.ends_at.duration_since(last.starts_at) > SignedDuration::from_secs(5))
                .map(drop)
        })
        .await;
    }
    // Who begins in the middle of a camera's film begins with a key frame that pictures follow which need what was before it.
    gateway.record(both, false).await;
    until("the gap is known", async || Story::of(gateway.db(), both).await.open(GapCause::Ordered)).await;
    gateway.record(both, true).await;
    until("it goes on", async || Story::of(gateway.db(), both).await.goes_on_after(1)).await;
    let (store, kept) = (gateway.app().store.clone(), gateway.stop_and_keep().await);
    let db = kept.db().await;
    for camera in [both, only] {
        let story = Story::of(&db, camera).await;
        story.assert_complete();
        assert!(story.gaps.iter().all(|gap| gap.cause != GapCause::WrongCodec), "{story:#?}");
        for row in &story.segments {
            assert!(row.codec.starts_with("hvc1.1.6.L"), "{}", row.codec);
            let file = store.path(row.camera_id, row.id, row.starts_at);
            let probed = play(&file).await;
            assert_eq!((probed.codecs, probed.pictures), (vec!["hevc".to_owned()], coded(&file).await));
            // Some that are sent after another are shown before it: where a file ends with that one they have not come yet.
            let mut steps = steps(&file).await;
            steps.truncate(steps.len().saturating_sub(SHOWN_BEFORE));
            assert!(!steps.iter().any(|step| missing(*step, 15.0)), "a picture is missing: {steps:?}");
            assert_found_by_jumps(&file).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_that_changes_its_codec_goes_on_in_another_file_without_a_hidden_hole() {
    let port = unused_address().port();
    let mut source = GstCamera::start_set(port, "h264").await;
    let gateway = gateway_with(&source, &[("changing", "set", None)]).await;
    let changing = camera(gateway.db(), "changing").await;
    let mut codecs = vec!["avc1"];
    for next in [Some("h265"), Some("h264"), None] {
        until("two seconds of it are safe", async || {
            let story = Story::of(gateway.db(), changing).await;
            let last = story.segments.last().filter(|last| last.codec.starts_with(codecs[codecs.len() - 1]))?;
            (last.ends_at.duration_since(last.starts_at) >= SignedDuration::from_secs(2)).then_some(())
        })
        .await;
        if let Some(next) = next {
            source = GstCamera::start_set(source.kill().await, next).await;
            codecs.push(if next == "h265" { "hvc1" } else { "avc1" });
        }
    }
    let (store, kept) = (gateway.app().store.clone(), gateway.stop_and_keep().await);
    let story = Story::of(&kept.db().await, changing).await;
    story.assert_complete();
    let mut seen: Vec<&str> = story.segments.iter().map(|row| &row.codec[..4]).collect();
    seen.dedup();
    assert_eq!(seen, codecs);
    for row in &story.segments {
        let name = if row.codec.starts_with("hvc1") { "hevc" } else { "h264" };
        assert_eq!(play(&store.path(row.camera_id, row.id, row.starts_at)).await.codecs, [name]);
    }
}
