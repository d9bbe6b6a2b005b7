//! Who may not answer, publish or decide, and what may not be asked for.

use super::{
    super::elsewhere::{MARAT, OTHER},
    super::people::{AIDOS, TIMUR, ZARINA},
    *,
};
use reqwest::Method;
use tereze::id::ChildId;

#[tokio::test]
async fn only_a_lasting_guardian_answers_and_only_for_the_own_child() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let desk = Desk::with_a_text(&gateway).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (address, word) = (consent(&asel).await, json!({ "agrees": true, "version": 1, "language": "kk" }));
    for login in [DANIYAR, AIDOS, ZARINA, GULNAR, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.get(&address).await.refused(403, "not_yours");
        visitor.put(&address, word.clone()).await.refused(403, "not_yours");
    }
    let nobody = format!("/api/v1/children/{}/consent", ChildId::new(gateway.clock.now()));
    asel.get(&nobody).await.refused(403, "not_yours");
    asel.put("/api/v1/children/none/consent", word.clone()).await.refused(403, "not_yours");
    let yerlan = Visitor::log_in(&gateway, YERLAN).await;
    assert_eq!(yerlan.me().await["children"][0]["consent"], Value::Null);
    let his = consent(&yerlan).await;
    yerlan.get(&his).await.refused(403, "restricted");
    yerlan.put(&his, word.clone()).await.refused(403, "restricted");
    Visitor::stranger(&gateway).put(&address, word.clone()).await.refused(401, "not_logged_in");
    Answer::of(asel.request(Method::PUT, &address).json(&word)).await.refused(403, "csrf");

    // A guest for some days looks, and does not speak for the child.
    let tie = json!({ "child": desk.child("Әмина Қасымова").await["id"], "name": "x", "login": DANIYAR, "language": "kk", "to": "2026-12-01" });
    desk.director.post("/api/v1/guardianships", tie).await.ok(201);
    let guest = Visitor::log_in(&gateway, DANIYAR).await;
    guest.put(&address, word).await.refused(403, "not_yours");
    assert_eq!(records(&gateway).await.len(), 1, "nothing but the text is on record");
    gateway.stop().await;
}

#[tokio::test]
async fn only_the_director_publishes_decides_and_writes_down_papers() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let desk = Desk::with_a_text(&gateway).await;
    let child = desk.child("Әмина Қасымова").await["id"].as_str().unwrap().to_owned();
    let address = format!("/api/v1/children/{child}/consent/paper");
    let rule = json!({ "kindergarten": desk.kindergarten, "rule": "own" });
    let text = json!({ "kindergarten": desk.kindergarten, "kk": "a", "ru": "b" });
    let listed = format!("/api/v1/consents?kindergarten={}", desk.kindergarten);
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.put("/api/v1/consents/rule", rule.clone()).await.refused(403, "not_yours");
        visitor.post("/api/v1/consents/texts", text.clone()).await.refused(403, "not_yours");
        visitor.put(&address, paper(true)).await.refused(403, "not_yours");
        if login != SAULE {
            visitor.get(&listed).await.refused(403, "not_yours");
            visitor.get(&listed.replace("consents?", "consents.csv?")).await.refused(403, "not_yours");
        }
    }
    let director = &desk.director;
    Answer::of(director.request(Method::PUT, "/api/v1/consents/rule").json(&rule)).await.refused(403, "csrf");
    Answer::of(director.request(Method::POST, "/api/v1/consents/texts").json(&text)).await.refused(403, "csrf");
    Answer::of(director.request(Method::PUT, &address).json(&paper(true))).await.refused(403, "csrf");
    assert_eq!(desk.get("consents").await.json()["rule"], "recorded");
    gateway.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_named_and_changes_nothing() {
    let gateway = Gateway::start().await;
    let desk = Desk::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    assert_eq!(asel.me().await["children"][0]["consent"], Value::Null, "nobody is asked before there is a text");
    let listed = desk.get("consents").await.json();
    assert!(listed["proposal"]["kk"].as_str().unwrap().contains("келісім"));
    desk.rule("own").await.refused(409, "no_consent_text");
    desk.rule("strict").await.refused(400, "bad_request");
    say(&asel, true, 1).await.refused(409, "no_consent_text");
    desk.paper("Әмина Қасымова", true).await.refused(409, "no_consent_text");

    let long = "a".repeat(6_001);
    let field = |answer: Answer| answer.refused(400, "bad_field").json()["field"].as_str().unwrap().to_owned();
    for (wrong, value) in [
        ("kk", json!(" ")),
        ("ru", json!("")),
        ("en", json!("a\u{202e}b")),
        ("kk", json!(long)),
        ("asks_again_from", json!("2026-11-22")),
        ("asks_again_from", json!("2027-11-24")),
    ] {
        let mut text = json!({ "kindergarten": desk.kindergarten, "kk": "a", "ru": "b" });
        text[wrong] = value;
        assert_eq!(field(desk.director.post("/api/v1/consents/texts", text).await), wrong);
    }
    desk.publish(None).await.ok(201);
    let address = format!("{}/paper", consent(&asel).await);
    for (wrong, value) in [
        ("day", json!("2026-11-24")),
        ("day", json!("2016-11-22")),
        ("document", json!("")),
        ("document", json!("a\nb")),
        ("version", json!(2)),
        ("language", json!("en")),
    ] {
        let mut paper = paper(true);
        paper[wrong] = value;
        assert_eq!(field(desk.director.put(&address, paper).await), wrong);
    }
    assert_eq!(field(say(&asel, true, 7).await), "version");
    assert_eq!(records(&gateway).await.len(), 1);
    gateway.stop().await;
}
