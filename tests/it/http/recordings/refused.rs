//! Who is refused recordings, on every route, and who is from a moment on.

use super::{
    super::{
        elsewhere::{MARAT, OTHER},
        people::{ASEL, DANIYAR, GULNAR, SAULE, TIMUR, ZARINA},
    },
    DAY, Recorded, at,
};
use crate::world::api::{Visitor, eventually};
use futures::StreamExt;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{db::accounts, id::AccountId};

#[tokio::test]
async fn a_parent_is_refused_on_every_route_of_recordings() {
    let mut world = Recorded::new().await;
    world.gateway.add(OTHER).await;
    let director = Visitor::log_in(&world.gateway, GULNAR).await;
    let playback = world.open(&director, "x").await;
    let list = format!("/api/v1/playbacks?kindergarten={}", world.kindergarten);
    let [playlist, segment] = world.pieces(playback);
    let looks = [world.day(), list.clone(), list.replace('?', ".csv?"), playlist, segment.clone()];
    let own_child = (ASEL, "live_only");
    let (staff, operator, elsewhere) = ((ZARINA, "role_sees_no_video"), (TIMUR, "role_sees_no_video"), (MARAT, "not_yours"));
    for (login, code) in [own_child, (DANIYAR, "live_only"), staff, operator, elsewhere] {
        let visitor = Visitor::log_in(&world.gateway, login).await;
        visitor.post("/api/v1/playbacks", world.wish("x")).await.refused(403, code);
        for look in &looks {
            visitor.get(look).await.refused(403, "not_yours");
        }
        let part = visitor.request(Method::GET, &segment).header("range", "bytes=0-99").send().await.unwrap();
        assert_eq!(part.status(), 403, "{login}");
        visitor.delete(&format!("/api/v1/playbacks/{playback}")).await.refused(403, "not_yours");
    }
    // Not even with a view token: it opens streams and nothing of the API.
    let parent = Visitor::log_in(&world.gateway, ASEL).await;
    let token = parent.token().await;
    let stranger = Visitor::stranger(&world.gateway);
    for look in &looks {
        stranger.get(look).await.refused(401, "not_logged_in");
        let answer = stranger.request(Method::GET, look).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{look}");
    }
    // The director's own playback is nobody else's, not even the inspector's, who may open one.
    let inspector = Visitor::log_in(&world.gateway, SAULE).await;
    for path in &looks[3..] {
        inspector.get(path).await.refused(403, "not_yours");
    }
    world.gateway.stop().await;
}

#[tokio::test]
async fn a_director_who_is_blocked_gets_nothing_more_of_an_open_recording() {
    let world = Recorded::new().await;
    let director = Visitor::log_in(&world.gateway, GULNAR).await;
    let account: AccountId = director.me().await["account"]["id"].as_str().unwrap().parse().unwrap();
    let playback = world.open(&director, "x").await;
    for path in world.pieces(playback) {
        director.get(&path).await.ok(200);
    }
    let tx = world.gateway.db().begin().await.unwrap();
    accounts::block(&tx, account, "x", world.gateway.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    for path in world.pieces(playback) {
        let answer = director.get(&path).await;
        assert!(matches!(answer.status, 401 | 403), "{answer:?}");
    }
    world.gateway.stop().await;
}

#[tokio::test]
async fn an_inspector_whose_assignment_ends_gets_nothing_more() {
    let world = Recorded::new().await;
    world.gateway.clock.set(at("2026-11-30T18:30:00Z"));
    let inspector = Visitor::log_in(&world.gateway, SAULE).await;
    let playback = world.open(&inspector, "").await;
    for path in world.pieces(playback) {
        inspector.get(&path).await.ok(200);
    }
    world.gateway.clock.set(at("2026-11-30T19:00:00Z"));
    for path in world.pieces(playback) {
        inspector.get(&path).await.refused(403, "not_yours");
    }
    world.gateway.stop().await;
}

#[tokio::test]
async fn a_long_answer_ends_when_the_playback_does() {
    let world = Recorded::new().await;
    let director = Visitor::log_in(&world.gateway, GULNAR).await;
    let playback = world.open(&director, "x").await;
    // A file that no socket's buffers hold.
    let file = &world.files[0];
    let path = world.gateway.app().store.path(world.camera, file.id, file.starts_at);
    std::fs::OpenOptions::new().append(true).open(path).unwrap().set_len(512 << 20).unwrap();
    let longer = "update segments set bytes = 536870912 where id = $1";
    world.gateway.db().execute(longer, tereze::args![file.id]).await.unwrap();
    let [_, segment] = world.pieces(playback);
    let answer = director.request(Method::GET, &segment).send().await.unwrap();
    assert_eq!(answer.content_length(), Some(512 << 20));
    let mut bytes = answer.bytes_stream();
    bytes.next().await.unwrap().unwrap();
    director.delete(&format!("/api/v1/playbacks/{playback}")).await.ok(204);
    // What the buffers hold still comes, and then the connection breaks.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let mut got = 0;
    let ended = loop {
        match bytes.next().await {
            Some(Ok(piece)) => got += piece.len(),
            Some(Err(_)) => break true,
            None => break false,
        }
    };
    assert!(ended && got < 64 << 20, "{got} bytes more");
    world.gateway.stop().await;
}

#[tokio::test]
async fn a_playback_is_over_after_half_a_day_and_is_opened_with_a_reason_again() {
    let world = Recorded::new().await;
    let director = Visitor::log_in(&world.gateway, GULNAR).await;
    let playback = world.open(&director, "x").await;
    world.gateway.clock.advance(SignedDuration::from_hours(12));
    let director = Visitor::log_in(&world.gateway, GULNAR).await;
    for path in world.pieces(playback) {
        director.get(&path).await.refused(403, "playback_over");
    }
    world.open(&director, "x").await;
    world.gateway.stop().await;
}

#[tokio::test]
async fn a_wish_that_makes_no_sense_is_refused_and_a_refusal_is_on_record() {
    let world = Recorded::new().await;
    let director = Visitor::log_in(&world.gateway, GULNAR).await;
    let wish = |change: Value| {
        let mut wish = world.wish("x");
        wish.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        wish
    };
    for (change, status, code) in [
        (json!({ "reason": "" }), 403, "reason_missing"),
        (json!({ "reason": " \u{a0} " }), 403, "reason_missing"),
        (json!({ "reason": "a\u{202e}b" }), 400, "bad_reason"),
        (json!({ "reason": "ұ".repeat(201) }), 400, "bad_reason"),
        (json!({ "to": DAY.0 }), 400, "bad_field"),
        (json!({ "to": "2026-11-23T20:00:01Z" }), 400, "bad_field"),
        (json!({ "camera": "none" }), 400, "bad_request"),
    ] {
        director.post("/api/v1/playbacks", wish(change)).await.refused(status, code);
    }
    let refused = eventually("the refusal is on record", || async {
        let records = world.records("access_refused").await;
        records.into_iter().find(|record| record["code"] == "reason_missing")
    });
    refused.await;
    let playback = world.open(&director, "x").await;
    let base = format!("/api/v1/playbacks/{playback}");
    director.get(&format!("{base}/playlist.m3u8?from=2026-11-22T18:59:59Z")).await.refused(400, "bad_field");
    director.get(&format!("{base}/playlist.m3u8?from=2026-11-23T08:00:00Z")).await.refused(404, "recording_gone");
    for segment in ["none", "01992f3a-0000-7000-8000-000000000000"] {
        director.get(&format!("{base}/segments/{segment}")).await.refused(404, "recording_gone");
    }
    let other = director.get("/api/v1/playbacks/none/playlist.m3u8?from=2026-11-23T05:00:00Z").await;
    other.refused(403, "not_yours");
    director.get(&world.day().replace("2026-11-23", "today")).await.refused(400, "bad_request");
    world.gateway.stop().await;
}
