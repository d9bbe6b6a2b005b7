//! Who may not close anything, and what may not be asked for.

use super::{
    super::elsewhere::{MARAT, OTHER},
    super::people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA},
    Console, address, records, with,
};
use crate::world::{
    api::{Answer, Visitor},
    gateway::Gateway,
};
use reqwest::Method;
use serde_json::{Value, json};
use tereze::id::PauseId;

#[tokio::test]
async fn nobody_but_the_director_of_the_kindergarten_closes_opens_or_looks() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let console = Console::of(&gateway, GULNAR).await;
    let closing = console.closing(Some("Күншуақ")).await;
    let pause = console.close(Some("Күншуақ")).await;
    let today = format!("/api/v1/today?kindergarten={}", console.kindergarten);
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.post("/api/v1/pauses", closing.clone()).await.refused(403, "not_yours");
        visitor.delete(&address(&pause)).await.refused(403, "not_yours");
        visitor.get(&today).await.refused(403, "not_yours");
        assert_eq!(visitor.me().await["today"].as_array().unwrap().len(), usize::from(login == MARAT));
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.post("/api/v1/pauses", closing.clone()).await.refused(401, "not_logged_in");
    stranger.get(&today).await.refused(401, "not_logged_in");
    let forged = console.director.request(Method::POST, "/api/v1/pauses").json(&closing);
    Answer::of(forged).await.refused(403, "csrf");
    Answer::of(console.director.request(Method::DELETE, &address(&pause))).await.refused(403, "csrf");
    assert_eq!(console.group("Күншуақ").await["state"]["code"], "paused");
    assert_eq!(records(&gateway).await.len(), 1);
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_another_kindergartens_and_what_does_not_exist_look_the_same() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let (console, other) = (Console::of(&gateway, GULNAR).await, Console::of(&gateway, MARAT).await);
    let own = console.closing(None).await;
    let theirs = other.close(Some("Жұлдыз")).await;
    let nobodys = PauseId::new(gateway.clock.now()).to_string();
    let mut bodies = Vec::new();
    for (field, value) in [
        ("kindergarten", json!(other.kindergarten)),
        ("kindergarten", json!(nobodys)),
        ("group", theirs["group"].clone()),
        ("group", json!(nobodys)),
        ("camera", json!(nobodys)),
    ] {
        bodies.push(console.director.post("/api/v1/pauses", with(&own, field, value)).await.refused(403, "not_yours").body);
    }
    for pause in [theirs["id"].as_str().unwrap(), &nobodys, "no-id"] {
        bodies.push(console.director.delete(&format!("/api/v1/pauses/{pause}")).await.refused(403, "not_yours").body);
    }
    for kindergarten in [&other.kindergarten, &nobodys] {
        bodies
            .push(console.director.get(&format!("/api/v1/today?kindergarten={kindergarten}")).await.refused(403, "not_yours").body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    gateway.stop().await;
}

#[tokio::test]
async fn a_pause_wants_a_reason_and_an_end_that_is_near() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway, GULNAR).await;
    let good = console.closing(None).await;
    let (long, longest) = ("ұ".repeat(201), "ұ".repeat(200));
    let yard = console.director.camera("Аула").await;
    for (field, value, code) in [
        ("reason", json!(""), "bad_reason"),
        ("reason", json!(" \u{a0} "), "bad_reason"),
        ("reason", json!(long), "bad_reason"),
        ("reason", json!("one\ntwo"), "bad_reason"),
        ("reason", json!("a\u{0}b"), "bad_reason"),
        ("reason", json!("\u{202e}turned"), "bad_reason"),
        ("reason", json!(7), "bad_request"),
        ("reason", Value::Null, "bad_request"),
        ("until", json!("2026-11-23T05:31:00Z"), "bad_until"),
        ("until", json!("2026-11-22T05:31:00Z"), "bad_until"),
        ("until", json!("2026-12-23T05:31:00.001Z"), "bad_until"),
        ("until", json!("tomorrow"), "bad_request"),
        ("until", Value::Null, "bad_request"),
        ("kindergarten", json!("balbobek"), "bad_request"),
        ("for", json!("ever"), "bad_request"),
    ] {
        console.director.post("/api/v1/pauses", with(&good, field, value)).await.refused(400, code);
    }
    let both = with(&with(&good, "camera", json!(yard)), "group", console.group("Күншуақ").await["id"].clone());
    console.director.post("/api/v1/pauses", both).await.refused(400, "bad_request");
    console.director.get("/api/v1/today").await.refused(400, "bad_request");
    assert!(records(&gateway).await.is_empty(), "what is refused leaves nothing behind");

    let most = with(&with(&good, "reason", json!(format!("  {longest}  "))), "until", json!("2026-12-23T05:31:00Z"));
    assert_eq!(console.director.post("/api/v1/pauses", most).await.ok(201).json()["reason"], json!(longest));
    gateway.stop().await;
}
