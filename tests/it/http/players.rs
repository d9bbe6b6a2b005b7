//! A player and a camera that nobody here wrote, with the whole gateway between them.

use super::people::ASEL;
use crate::world::{
    aiortc::Aiortc,
    api::{Visitor, eventually},
    camera::GstCamera,
    gateway::Gateway,
    offer::Player,
};
use serde_json::{Value, json};
use tereze::{args, db::Queries};

/// A gateway with a camera of `GStreamer` beside its own, once for each transport, where every parent may look.
async fn gateway_with(camera: &GstCamera) -> Gateway {
    let mut gateway = Gateway::start().await;
    let (first, url, user, password) = ("[[kindergarten.account]]", camera.url("plain"), GstCamera::USERNAME, GstCamera::PASSWORD);
    let tables = ["tcp", "udp"].map(|transport| {
        format!(
            "[[kindergarten.camera]]\nkey = \"{transport}\"\nname = \"{transport}\"\nmain = \"{url}\"\n\
             username = \"{user}\"\npassword = \"{password}\"\ntransport = \"{transport}\"\n\n"
        )
    });
    let asel = format!("{first}\nkey = \"asel\"");
    gateway.change(&asel, &format!("{}{asel}", tables.concat())).await;
    gateway
}

/// Lets the player play the camera of this name, once it is up.
async fn play(gateway: &Gateway, visitor: &Visitor, name: &str, seconds: u32) -> Aiortc {
    let (camera, player) = (visitor.camera(name).await, Player::of(gateway, visitor).await);
    let stream = player.open(&camera).await;
    player.delete(&stream).await.ok(200);
    Aiortc::play(&gateway.url(&format!("/whep/{camera}")), &player.token, seconds).await
}

fn frames(seen: &Value) -> u64 {
    seen["frames"].as_u64().unwrap_or_default()
}

#[tokio::test]
async fn a_player_that_nobody_here_wrote_plays_such_a_camera_whatever_its_packets_travel_by() {
    let camera = GstCamera::start().await;
    let gateway = gateway_with(&camera).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    for transport in ["tcp", "udp"] {
        let seen = play(&gateway, &asel, transport, 2).await.until(|seen| !seen["deleted"].is_null()).await;
        assert_eq!((&seen["width"], &seen["height"], &seen["changed"]), (&json!(640), &json!(360), &json!(true)), "{seen}");
        // There are twenty-five a second; a busy machine decodes fewer.
        assert!(frames(&seen) >= 10 && seen["deleted"] == 200, "{transport}: {seen}");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn a_camera_that_is_killed_and_comes_back_is_one_stream_to_a_player_that_does_nothing() {
    let camera = GstCamera::start().await;
    let gateway = gateway_with(&camera).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let mut player = play(&gateway, &asel, "tcp", 120).await;
    player.until(|seen| frames(seen) > 25).await;

    let port = camera.kill().await;
    eventually("the page says that the camera is away", || async {
        let me = asel.me().await;
        let camera = me["cameras"].as_array().unwrap().iter().find(|camera| camera["name"] == "tcp").unwrap();
        (camera["state"]["code"] == "camera_offline").then_some(())
    })
    .await;
    let before = frames(&player.now());
    let _camera = GstCamera::start_on(port).await;
    player.until(|seen| frames(seen) > before + 25).await;

    // The first was to wake the camera; the player's goes on.
    let sql = "select end_code from viewings order by started_record";
    let viewings: Vec<(Option<String>,)> = gateway.db().rows(sql, args![]).await.unwrap();
    assert_eq!(viewings, [(Some("closed".to_owned()),), (None,)]);
    gateway.stop().await;
}
