//! What is still being written can be taken out: it is ended for that.

use super::story::{Story, camera, until};
use crate::{
    http::people::GULNAR,
    world::{
        api::{PATIENCE, Visitor},
        gateway::Gateway,
    },
};
use jiff::SignedDuration;
use serde_json::json;
use std::io::Cursor;
use tereze::{id::CameraId, model::GapCause, recording::export::check::check};

/// Takes out what `camera` showed in its last two seconds, and what came before back to its first file.
async fn take_out(gateway: &Gateway, director: &Visitor, camera: CameraId) {
    let first = Story::of(gateway.db(), camera).await.segments[0].starts_at;
    let wish = json!({ "camera": camera, "from": first, "to": gateway.clock.now(), "reason": "A" });
    let export = director.post("/api/v1/exports", wish).await.ok(201).json();
    let path = format!("/api/v1/exports/{}", export["id"].as_str().unwrap());
    let response = director.request(reqwest::Method::GET, &path).timeout(PATIENCE).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let report = check(Cursor::new(response.bytes().await.unwrap()), None);
    assert!(report.passed() && report.missing.is_empty(), "{report}");
}

#[tokio::test]
async fn what_was_seen_a_moment_ago_can_be_taken_out_and_recording_goes_on_without_a_gap() {
    let gateway = Gateway::start_recording_now().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let room = camera(gateway.db(), "Ойын бөлмесі").await;
    until("it is recorded", async || Story::of(gateway.db(), room).await.goes_on_after(0)).await;
    take_out(&gateway, &director, room).await;
    until("another file goes on", async || {
        let story = Story::of(gateway.db(), room).await;
        (story.segments.len() == 2 && story.goes_on_after(0).is_some()).then_some(())
    })
    .await;
    let story = Story::of(gateway.db(), room).await;
    assert!(story.gaps.is_empty(), "{story:#?}");
    let between = story.segments[1].starts_at.duration_since(story.segments[0].ends_at);
    assert!(between.abs() < SignedDuration::from_millis(200), "{between:?}");

    // A gap that lasts is ended as well, and goes on.
    gateway.playroom.freeze(true);
    until("the gap is known", async || Story::of(gateway.db(), room).await.open(GapCause::NoVideo)).await;
    take_out(&gateway, &director, room).await;
    until("the gap goes on", async || {
        let story = Story::of(gateway.db(), room).await;
        (story.gaps.len() == 2).then(|| story.open(GapCause::NoVideo)).flatten()
    })
    .await;
    Story::of(gateway.db(), room).await.assert_told_once();
    gateway.stop().await;
}
