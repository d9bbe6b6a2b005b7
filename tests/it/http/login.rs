//! Logging in and out.

use super::people::{ASEL, DANIYAR};
use crate::world::{
    api::{Answer, Visitor, client},
    gateway::{Gateway, PASSWORD},
    offer::{OFFER, Player},
};
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_log_in_is_a_cookie_that_scripts_cannot_read_and_other_sites_cannot_use() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::stranger(&gateway);
    let answer = visitor.try_log_in("8 (701) 000-00-01", PASSWORD).await.ok(200);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("tereze="), "{cookie}");
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie} lacks {flag}");
    }
    assert_eq!(answer.json()["account"]["role"], "parent");
    assert_eq!(visitor.me().await["kindergartens"][0]["watermark"], "Әсел Қ. ··· 0001");
    gateway.stop().await;
}

#[tokio::test]
async fn the_cookie_is_found_on_any_line_and_a_second_one_beside_it_is_trusted_on_none() {
    let gateway = Gateway::start().await;
    let answer = Visitor::stranger(&gateway).try_log_in(ASEL, PASSWORD).await.ok(200);
    let ours = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    // Over HTTP/2 a browser gives each cookie a line of its own; other programs on this host have theirs, in any language.
    let with = |lines: &[&str]| {
        let request = client().build().unwrap().get(gateway.url("/api/v1/me"));
        Answer::of(lines.iter().fold(request, |request, line| request.header("cookie", line.as_bytes())))
    };
    with(&["theme=dark", &ours, "lang=kk"]).await.ok(200);
    with(&[&ours, "city=Алматы"]).await.ok(200);
    with(&[&format!("city=Алматы; {ours}")]).await.ok(200);
    for slipped_in in [[&ours, "tereze=slipped-in"], ["tereze=slipped-in", &ours]] {
        with(&slipped_in).await.refused(401, "not_logged_in");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn an_unknown_login_and_a_wrong_password_are_answered_alike() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::stranger(&gateway);
    let wrong = visitor.try_log_in(ASEL, "not it").await.refused(401, "login_failed");
    let unknown = visitor.try_log_in("+77019999999", "not it").await.refused(401, "login_failed");
    assert_eq!(wrong.body, unknown.body);
    assert_eq!(visitor.get("/api/v1/me").await.status, 401);
    gateway.stop().await;
}

#[tokio::test]
async fn twenty_log_ins_stand_at_a_time_and_the_newest_always_does() {
    // The clock stands still, so that all of them begin in one instant.
    let gateway = Gateway::start().await;
    let mut visitors = Vec::new();
    for _ in 0..60 {
        let visitor = Visitor::log_in(&gateway, ASEL).await;
        visitor.get("/api/v1/me").await.ok(200);
        visitors.push(visitor);
    }
    let stand = join_all(visitors.iter().map(async |visitor| visitor.get("/api/v1/me").await.status == 200)).await;
    assert_eq!(stand.into_iter().filter(|stands| *stands).count(), 20);
    gateway.stop().await;
}

#[tokio::test]
async fn who_guesses_passwords_is_told_to_wait() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::stranger(&gateway);
    for _ in 0..20 {
        let answer = visitor.try_log_in(ASEL, "not it").await;
        if answer.status == 429 {
            let answer = answer.refused(429, "too_many_attempts");
            let wait = answer.json()["retry_after"].as_u64().unwrap();
            assert!(wait >= 1);
            assert_eq!(answer.header("retry-after"), wait.to_string());
            // The right password does not help either, and others are not touched by it.
            visitor.try_log_in(ASEL, PASSWORD).await.refused(429, "too_many_attempts");
            return gateway.stop().await;
        }
        answer.refused(401, "login_failed");
    }
    panic!("twenty wrong passwords in a row were answered");
}

#[tokio::test]
async fn a_change_needs_the_word_that_only_our_pages_know() {
    let gateway = Gateway::start().await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    for path in ["/api/v1/logout", "/api/v1/view-token"] {
        Answer::of(asel.request(Method::POST, path)).await.refused(403, "csrf");
        Answer::of(asel.request(Method::POST, path).header("x-csrf-token", "guess")).await.refused(403, "csrf");
    }
    asel.me().await;
    gateway.stop().await;
}

#[tokio::test]
async fn another_sites_page_cannot_log_its_visitors_in() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::stranger(&gateway);
    let log_in = || visitor.request(Method::POST, "/api/v1/login").json(&json!({ "login": ASEL, "password": PASSWORD }));
    Answer::of(log_in().header("origin", "https://evil.example")).await.refused(403, "cross_site");
    Answer::of(log_in().header("sec-fetch-site", "cross-site")).await.refused(403, "cross_site");
    Answer::of(log_in().header("origin", gateway.url("")).header("sec-fetch-site", "same-origin")).await.ok(200);
    // A form cannot send JSON.
    let form = visitor.request(Method::POST, "/api/v1/login").header("content-type", "text/plain").body("{}");
    Answer::of(form).await.refused(415, "wrong_content_type");
    gateway.stop().await;
}

#[tokio::test]
async fn a_cookie_opens_no_stream_and_a_token_no_page() {
    let gateway = Gateway::start().await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let camera = asel.camera("Ойын бөлмесі").await;
    let offer = asel.request(Method::POST, &format!("/whep/{camera}")).header("content-type", "application/sdp").body(OFFER);
    Answer::of(offer).await.refused(401, "token_missing");

    let player = Player::of(&gateway, &asel).await;
    for (method, path) in [(Method::GET, "/api/v1/me"), (Method::POST, "/api/v1/view-token"), (Method::GET, "/api/v1/events")] {
        Answer::of(player.request(method, path)).await.refused(401, "not_logged_in");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn who_has_logged_out_is_out_with_the_token_too() {
    let gateway = Gateway::start().await;
    let (asel, daniyar) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, DANIYAR).await);
    let (camera, player) = (asel.camera("Ойын бөлмесі").await, Player::of(&gateway, &asel).await);
    let mut events = asel.events().await;
    events.next_of("me").await;
    let answer = asel.post("/api/v1/logout", json!({})).await.ok(204);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    events.next_of("logged_out").await;
    assert_eq!(events.next().await, None, "nothing comes after");
    asel.get("/api/v1/me").await.refused(401, "not_logged_in");
    player.post(&camera).await.refused(401, "token_invalid");
    daniyar.me().await;
    gateway.stop().await;
}
