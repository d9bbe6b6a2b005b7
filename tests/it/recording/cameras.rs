//! Cameras that are recorded: everything is there, or it is said why not.

use super::story::{Story, camera, stopped, until};
use crate::world::{
    gateway::Gateway,
    recordings::{files, missing, play, steps},
};
use jiff::SignedDuration;
use std::fs;
use tereze::{media::Health, model::GapCause};

#[tokio::test]
async fn what_cameras_show_is_on_the_disk_within_two_seconds_and_whole_when_the_gateway_stops() {
    let gateway = Gateway::start_recording_now().await;
    let (room, yard) = (camera(gateway.db(), "Ойын бөлмесі").await, camera(gateway.db(), "Аула").await);
    for camera in [room, yard] {
        let safe = until("five seconds of it are safe", async || {
            let story = Story::of(gateway.db(), camera).await;
            story.segments.last().filter(|last| last.ends_at.duration_since(last.starts_at) > SignedDuration::from_secs(5)).cloned()
        });
        let safe = safe.await;
        let old = gateway.clock.now().duration_since(safe.ends_at);
        // A second of pictures, and half of one until the index is written; the rest is a busy machine.
        assert!(old < SignedDuration::from_secs(4), "{old:?}");
    }
    let (store, kept) = (gateway.app().store.clone(), gateway.stop_and_keep().await);
    let db = kept.db().await;
    let (room, yard) = (Story::of(&db, room).await, Story::of(&db, yard).await);
    for (story, codecs) in [(&room, &["h264"][..]), (&yard, &["h264", "flac"])] {
        story.assert_complete();
        for row in &story.segments {
            let file = store.path(row.camera_id, row.id, row.starts_at);
            let probed = play(&file).await;
            assert_eq!(probed.codecs, codecs);
            let span = row.ends_at.duration_since(row.starts_at).as_secs_f64();
            assert!((probed.duration - span).abs() < 0.1, "{} {span}", probed.duration);
            let steps = steps(&file).await;
            assert!(!steps.iter().any(|step| missing(*step, 15.0)), "a picture is missing: {steps:?}");
            assert_eq!(probed.pictures, steps.len() as u64 + 1);
        }
    }
    assert_eq!(files(store.folder()).len(), room.segments.len() + yard.segments.len());
}

#[tokio::test]
async fn a_camera_that_falls_silent_leaves_a_gap_with_its_cause_and_is_recorded_again_when_it_is_back() {
    let gateway = Gateway::start_recording_now().await;
    let room = camera(gateway.db(), "Ойын бөлмесі").await;
    let recorded = async || (Story::of(gateway.db(), room).await.segments.len() == 1).then_some(());
    until("it is recorded", recorded).await;
    gateway.playroom.freeze(true);
    until("the gap is known", async || Story::of(gateway.db(), room).await.open(GapCause::NoVideo)).await;
    assert!(Story::of(gateway.db(), room).await.segments[0].sha256.is_some(), "the file is ended meanwhile");
    gateway.playroom.freeze(false);
    until("it goes on", async || Story::of(gateway.db(), room).await.goes_on_after(1)).await;

    gateway.playroom.drop_connections();
    gateway.playroom.jump_timestamps(1 << 30);
    until("it goes on", async || Story::of(gateway.db(), room).await.goes_on_after(1)).await;
    stopped(gateway, room).await.assert_complete();
}

#[tokio::test]
async fn a_camera_that_is_not_there_is_a_gap_from_the_beginning_and_one_that_is_not_recorded_says_that_it_was_ordered() {
    let gateway = Gateway::start_recording_now().await;
    let (bedroom, room) = (camera(gateway.db(), "Жатын бөлме").await, camera(gateway.db(), "Ойын бөлмесі").await);
    until("the gap is known", async || Story::of(gateway.db(), bedroom).await.open(GapCause::CameraOffline)).await;
    until("it is recorded", async || (Story::of(gateway.db(), room).await.segments.len() == 1).then_some(())).await;
    gateway.record(room, false).await;
    until("the gap is known", async || Story::of(gateway.db(), room).await.open(GapCause::Ordered)).await;
    gateway.record(room, true).await;
    until("it goes on", async || Story::of(gateway.db(), room).await.goes_on_after(1)).await;
    stopped(gateway, room).await.assert_complete();
}

#[tokio::test]
async fn sound_that_is_forbidden_is_in_no_file_from_then_on() {
    let mut gateway = Gateway::start_recording_now().await;
    let yard = camera(gateway.db(), "Аула").await;
    until("it is recorded", async || (Story::of(gateway.db(), yard).await.segments.len() == 1).then_some(())).await;
    gateway.change("sound = true", "sound = false").await;
    let codecs = until("another file begins", async || {
        let codecs: Vec<_> = Story::of(gateway.db(), yard).await.segments.into_iter().map(|row| row.codec).collect();
        (codecs.len() > 1).then_some(codecs)
    });
    let codecs = codecs.await;
    assert!(codecs[0].ends_with(",fLaC") && !codecs[1].contains("fLaC"), "{codecs:?}");
    stopped(gateway, yard).await.assert_complete();
}

#[tokio::test]
async fn a_folder_that_is_gone_is_a_gap_and_what_was_broken_off_is_made_whole_when_it_is_back() {
    let gateway = Gateway::start_recording_now().await;
    let room = camera(gateway.db(), "Ойын бөлмесі").await;
    let folder = gateway.app().store.folder().to_owned();
    until("it is recorded", async || {
        Story::of(gateway.db(), room).await.segments.first().filter(|first| first.ends_at > first.starts_at).map(drop)
    })
    .await;
    // A disk that is pulled out: what is open cannot be written, and nothing new can be made.
    let away = folder.with_extension("away");
    fs::rename(&folder, &away).unwrap();
    fs::write(&folder, "no folder").unwrap();
    gateway.playroom.drop_connections();
    gateway.playroom.freeze(true);
    until("the file is ended", async || Story::of(gateway.db(), room).await.segments[0].sha256.clone()).await;
    gateway.playroom.freeze(false);
    until("the gap is known", async || Story::of(gateway.db(), room).await.open(GapCause::DiskFailed)).await;
    assert_eq!(gateway.app().media.states().borrow()[&room].health, Health::Online, "viewers notice nothing");
    fs::remove_file(&folder).unwrap();
    fs::rename(&away, &folder).unwrap();
    until("it goes on", async || Story::of(gateway.db(), room).await.goes_on_after(1)).await;
    stopped(gateway, room).await.assert_complete();
}
