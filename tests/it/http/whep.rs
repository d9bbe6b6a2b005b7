//! WHEP, point by point (draft-ietf-wish-whep, and RFC 9725 for what it shares with WHIP).

use super::people::{ASEL, DANIYAR, GULNAR};
use crate::world::{
    api::{Answer, Visitor},
    gateway::Gateway,
    offer::{OFFER, Player},
};
use reqwest::Method;
use serde_json::json;

const FRAGMENT: &str = "a=group:BUNDLE 0 1\r\na=ice-ufrag:4ZcD\r\na=ice-pwd:2/1muCWoOi3uLifh0NuRHlig\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n\
    a=candidate:1 1 UDP 2130706431 3f5c0d3e.local 53421 typ host\r\na=candidate:2 1 TCP 1518280447 198.51.100.1 9 typ host tcptype active\r\n\
    a=candidate:3 1 UDP 2130706431 2001:db8::1 53421 typ host\r\na=candidate:nonsense\r\n";
const RESTART: &str = "a=ice-ufrag:9xYz\r\na=ice-pwd:0123456789abcdefghijklmn\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n";

async fn asel(gateway: &Gateway) -> (Visitor, Player, String) {
    let visitor = Visitor::log_in(gateway, ASEL).await;
    let (camera, player) = (visitor.camera("Ойын бөлмесі").await, Player::of(gateway, &visitor).await);
    (visitor, player, camera)
}

#[tokio::test]
async fn a_post_opens_a_stream_at_an_unguessable_address() {
    let gateway = Gateway::start().await;
    let (_, player, camera) = asel(&gateway).await;
    player.open(&camera).await;
    let answer = player.post(&camera).await.ok(201);
    assert_eq!(answer.header("content-type"), "application/sdp");
    let secret = answer.header("location").strip_prefix(&format!("/whep/{camera}/")).expect("a session URL of the camera");
    assert!(secret.len() >= 43, "{secret}");
    let etag = answer.header("etag");
    assert!(etag.starts_with('"') && etag.ends_with('"'), "a strong tag: {etag}");
    for line in ["a=sendonly", "a=group:BUNDLE", "a=rtcp-mux", "a=candidate:", "a=end-of-candidates"] {
        assert!(answer.body.contains(line), "{line} is missing: {}", answer.body);
    }
    assert!(!answer.body.contains("a=recvonly"));
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_no_offer_is_told_so() {
    let gateway = Gateway::start().await;
    let (_, player, camera) = asel(&gateway).await;
    player.open(&camera).await;
    let post = |kind: &str, body: String| {
        let request = player.request(Method::POST, &format!("/whep/{camera}")).header("content-type", kind.to_owned());
        Answer::of(request.body(body))
    };
    post("application/json", OFFER.to_owned()).await.refused(415, "wrong_content_type");
    post("text/plain", OFFER.to_owned()).await.refused(415, "wrong_content_type");
    post("application/sdp", "hello".to_owned()).await.refused(400, "bad_offer");
    post("application/sdp", String::new()).await.refused(400, "bad_offer");
    post("application/sdp", OFFER.replace("a=recvonly", "a=sendonly")).await.refused(400, "bad_offer");
    post("application/sdp", format!("{OFFER}{}", "a=x\r\n".repeat(20_000))).await.refused(413, "too_large");
    let none = post("application/sdp", OFFER.replace("H264", "VP8")).await.refused(406, "no_common_codec");
    assert_eq!(none.json()["codec"], "H264");
    post("application/sdp; charset=utf-8", OFFER.to_owned()).await.ok(201);
    gateway.stop().await;
}

#[tokio::test]
async fn a_camera_that_is_away_says_when_to_ask_again() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let (camera, player) = (director.camera("Музыка залы").await, Player::of(&gateway, &director).await);
    let answer = player.post(&camera).await.refused(409, "camera_offline");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_ne!(answer.json()["since"], json!(null));
    gateway.stop().await;
}

#[tokio::test]
async fn the_one_viewer_too_many_is_asked_to_come_back() {
    let mut gateway = Gateway::start().await;
    gateway.change("viewers_per_camera = 40", "viewers_per_camera = 1").await;
    let (_, player, camera) = asel(&gateway).await;
    player.open(&camera).await;
    // The same account takes over from itself.
    player.open(&camera).await;
    let daniyar = Player::of(&gateway, &Visitor::log_in(&gateway, DANIYAR).await).await;
    let answer = daniyar.post(&camera).await.refused(503, "too_many_viewers");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    gateway.stop().await;
}

#[tokio::test]
async fn every_address_answers_options_get_and_head_to_any_site() {
    let gateway = Gateway::start().await;
    let (_, player, camera) = asel(&gateway).await;
    for path in [format!("/whep/{camera}"), format!("/whep/{camera}/x")] {
        let stranger = |method| Visitor::stranger(&gateway).request(method, &path).header("origin", "https://player.example");
        let options = Answer::of(stranger(Method::OPTIONS)).await.ok(204);
        assert_eq!((options.header("access-control-allow-origin"), options.header("accept-post")), ("*", "application/sdp"));
        for needed in ["POST", "PATCH", "DELETE"] {
            assert!(options.header("access-control-allow-methods").contains(needed));
        }
        for needed in ["Authorization", "Content-Type", "If-Match"] {
            assert!(options.header("access-control-allow-headers").contains(needed));
        }
        assert_eq!(Answer::of(stranger(Method::GET)).await.ok(204).body, "");
        Answer::of(stranger(Method::HEAD)).await.ok(200);
    }
    player.open(&camera).await;
    for answer in [player.post(&camera).await.ok(201), player.post("x").await.refused(403, "not_yours")] {
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        for exposed in ["Location", "Link", "ETag"] {
            assert!(answer.header("access-control-expose-headers").contains(exposed));
        }
    }
    gateway.stop().await;
}

#[tokio::test]
async fn candidates_trickle_under_the_current_tag_or_none() {
    let gateway = Gateway::start().await;
    let (_, player, camera) = asel(&gateway).await;
    let stream = player.open(&camera).await;
    player.patch(&stream, Some(&stream.etag), FRAGMENT).await.ok(204);
    player.patch(&stream, None, FRAGMENT).await.ok(204);
    player.patch(&stream, Some("\"another\""), FRAGMENT).await.refused(412, "etag_mismatch");
    let plain = player.request(Method::PATCH, &stream.path).header("content-type", "application/sdp").body(FRAGMENT);
    Answer::of(plain).await.refused(415, "wrong_content_type");
    gateway.stop().await;
}

#[tokio::test]
async fn an_ice_restart_gives_a_new_tag_and_a_failed_one_changes_nothing() {
    let gateway = Gateway::start().await;
    let (_, player, camera) = asel(&gateway).await;
    let stream = player.open(&camera).await;
    player.patch(&stream, Some("\"*\""), "nonsense").await.refused(400, "bad_request");
    player.patch(&stream, Some(&stream.etag), "").await.ok(204);

    let restarted = player.patch(&stream, Some("\"*\""), RESTART).await.ok(200);
    assert_eq!(restarted.header("content-type"), "application/trickle-ice-sdpfrag");
    assert!(restarted.body.contains("a=ice-ufrag:") && restarted.body.contains("a=ice-pwd:"), "{restarted:?}");
    let tag = restarted.header("etag");
    assert!(!tag.is_empty() && tag != stream.etag);
    player.patch(&stream, Some(&stream.etag), "").await.refused(412, "etag_mismatch");
    player.patch(&stream, Some(tag), "").await.ok(204);
    gateway.stop().await;
}

#[tokio::test]
async fn a_stream_is_ended_once_and_by_its_own_account() {
    let gateway = Gateway::start().await;
    let (_, player, camera) = asel(&gateway).await;
    let stream = player.open(&camera).await;
    let daniyar = Player::of(&gateway, &Visitor::log_in(&gateway, DANIYAR).await).await;
    daniyar.delete(&stream).await.refused(404, "no_such_session");
    daniyar.patch(&stream, None, FRAGMENT).await.refused(404, "no_such_session");
    let nobody = Player::with(&gateway, "");
    nobody.delete(&stream).await.refused(401, "token_missing");
    nobody.patch(&stream, None, FRAGMENT).await.refused(401, "token_missing");
    player.delete(&stream).await.ok(200);
    player.delete(&stream).await.refused(404, "no_such_session");
    gateway.stop().await;
}

#[tokio::test]
async fn offers_of_every_kind_of_client_are_taken() {
    let gateway = Gateway::start().await;
    let (_, player, camera) = asel(&gateway).await;
    player.open(&camera).await;
    let with = |candidates: &str| OFFER.replace("a=mid:0\r\n", &format!("a=mid:0\r\n{candidates}"));
    let video_only = OFFER.split("m=audio").next().unwrap().replace("BUNDLE 0 1", "BUNDLE 0");
    for offer in [
        video_only,
        with("a=candidate:1 1 UDP 2130706431 3f5c0d3e-0b1d-4ecb-9c4e-2f1b6a2d9c11.local 53421 typ host\r\n"),
        with("a=candidate:1 1 TCP 1518280447 198.51.100.1 9 typ host tcptype active\r\n"),
        with("a=candidate:1 1 UDP 2130706431 2001:db8::1 53421 typ host\r\na=end-of-candidates\r\n"),
    ] {
        let request =
            player.request(Method::POST, &format!("/whep/{camera}?quality=sub")).header("content-type", "application/sdp");
        Answer::of(request.body(offer)).await.ok(201);
    }
    gateway.stop().await;
}

#[tokio::test]
async fn an_account_that_asks_in_a_loop_is_slowed_down_and_others_are_not() {
    let gateway = Gateway::start().await;
    let (_, player, camera) = asel(&gateway).await;
    let slowed = async {
        for _ in 0..100 {
            let answer = player.post("nothing").await;
            if answer.status == 429 {
                return answer.refused(429, "too_many_requests");
            }
        }
        panic!("a hundred posts in a row were answered");
    };
    assert!(slowed.await.header("retry-after").parse::<u64>().unwrap() >= 1);
    let daniyar = Player::of(&gateway, &Visitor::log_in(&gateway, DANIYAR).await).await;
    daniyar.open(&camera).await;
    gateway.stop().await;
}
