//! A parent asks that a grandmother may look for some days; the director says yes or no.

use super::{
    elsewhere::{MARAT, OTHER},
    invitations::{Office, choose},
    people::{AIDOS, ASEL, DANIYAR, GULNAR, SAULE, TIMUR, YERLAN, ZARINA},
};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::{Gateway, PASSWORD},
    offer::Player,
};
use reqwest::Method;
use serde_json::{Value, json};

async fn wish(visitor: &Visitor) -> Value {
    let child = visitor.me().await["children"][0]["id"].clone();
    json!({ "child": child, "name": "Роза Әбенова", "login": "87017770001", "from": "2026-11-23", "to": "2026-11-27" })
}

fn decision(wish: &Value) -> String {
    format!("/api/v1/guests/{}/decision", wish["id"].as_str().unwrap())
}

async fn waiting(office: &Office) -> Value {
    office.director.me().await["today"][0]["requests"].clone()
}

async fn a_grandmother_may_look_until_friday_on(gateway: Gateway) {
    let office = Office::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let asked = asel.post("/api/v1/guests", wish(&asel).await).await.ok(201).json();
    assert_eq!((&asked["login"], &asked["outcome"]), (&json!("+77017770001"), &Value::Null));
    let waits = waiting(&office).await;
    assert_eq!((&waits[0]["name"], &waits[0]["child_name"]), (&json!("Роза Әбенова"), &json!("Әмина Қасымова")));
    assert_eq!(waits[0]["asked_by"], "Әсел Қасымова");

    let account = office.director.put(&decision(&asked), json!({ "approve": true })).await.ok(200).json();
    assert_eq!(waiting(&office).await, json!([]));
    assert_eq!(asel.get("/api/v1/guests").await.ok(200).json()[0]["outcome"], "approved");
    let link = office.link(account["account"].as_str().unwrap()).await;
    choose(&Visitor::stranger(&gateway), &link, PASSWORD).await.ok(200);
    let roza = Visitor::log_in(&gateway, "+77017770001").await;
    let camera = roza.camera("Ойын бөлмесі").await;
    Player::of(&gateway, &roza).await.open(&camera).await;
    // A guest has no guests.
    roza.post("/api/v1/guests", wish(&roza).await).await.refused(403, "not_yours");
    // The right ends with its last day, and nobody has to do anything.
    gateway.clock.set("2026-11-27T19:00:00Z".parse().unwrap());
    assert_eq!(roza.me().await["children"], json!([]));
    gateway.stop().await;
}

#[tokio::test]
async fn a_grandmother_may_look_on_the_days_that_the_director_said_yes_to() {
    a_grandmother_may_look_until_friday_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_grandmother_may_look_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_grandmother_may_look_until_friday_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn a_no_has_a_word_and_a_wish_can_be_taken_back() {
    let gateway = Gateway::start().await;
    let (office, asel) = (Office::of(&gateway, GULNAR).await, Visitor::log_in(&gateway, ASEL).await);
    let asked = asel.post("/api/v1/guests", wish(&asel).await).await.ok(201).json();
    let no = |word: Value| json!({ "approve": false, "word": word });
    for word in [Value::Null, json!(" "), json!("one\ntwo"), json!("а".repeat(201))] {
        office.director.put(&decision(&asked), no(word)).await.refused(400, "bad_field");
    }
    office.director.put(&decision(&asked), no(json!("Алдымен хабарласыңыз"))).await.ok(200);
    office.director.put(&decision(&asked), json!({ "approve": true })).await.refused(403, "not_yours");
    let own = asel.get("/api/v1/guests").await.ok(200).json();
    assert_eq!((&own[0]["outcome"], &own[0]["word"]), (&json!("refused"), &json!("Алдымен хабарласыңыз")));
    assert!(!office.people().await.to_string().contains("Роза"), "a no lets nobody in");

    let again = asel.post("/api/v1/guests", wish(&asel).await).await.ok(201).json();
    let address = format!("/api/v1/guests/{}", again["id"].as_str().unwrap());
    Visitor::log_in(&gateway, DANIYAR).await.delete(&address).await.refused(403, "not_yours");
    asel.delete(&address).await.ok(204);
    asel.delete(&address).await.ok(204);
    assert_eq!(waiting(&office).await, json!([]));
    for _ in 0..5 {
        asel.post("/api/v1/guests", wish(&asel).await).await.ok(201);
    }
    asel.post("/api/v1/guests", wish(&asel).await).await.refused(409, "too_many_waiting");
    gateway.stop().await;
}

async fn a_wish_lapses_on(gateway: Gateway) {
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let mut asked = Value::Null;
    for _ in 0..5 {
        asked = asel.post("/api/v1/guests", wish(&asel).await).await.ok(201).json();
    }
    gateway.clock.set("2026-11-27T18:59:59Z".parse().unwrap());
    let (office, asel) = (Office::of(&gateway, GULNAR).await, Visitor::log_in(&gateway, ASEL).await);
    assert_eq!(waiting(&office).await.as_array().unwrap().len(), 5, "on the last day it still waits");
    let mut events = office.director.events().await;
    events.next_of("me").await;
    gateway.clock.set("2026-11-27T19:00:00Z".parse().unwrap());
    assert_eq!(events.next_of("me").await["today"][0]["requests"], json!([]), "the director's page follows by itself");
    let own = asel.get("/api/v1/guests").await.ok(200).json();
    assert!(own.as_array().unwrap().iter().all(|guest| guest["outcome"] == "lapsed" && guest["word"].is_null()), "{own}");
    for body in [json!({ "approve": true }), json!({ "approve": false, "word": "No" })] {
        office.director.put(&decision(&asked), body).await.refused(403, "not_yours");
    }
    // What has lapsed keeps nobody from asking again.
    let days = json!({ "from": "2026-11-30", "to": "2026-12-01" });
    let mut again = wish(&asel).await;
    again.as_object_mut().unwrap().extend(days.as_object().unwrap().clone());
    assert_eq!(asel.post("/api/v1/guests", again).await.ok(201).json()["outcome"], Value::Null);
    gateway.stop().await;
}

#[tokio::test]
async fn a_wish_that_nobody_answered_lapses_by_itself_and_the_parent_is_told() {
    a_wish_lapses_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_wish_lapses_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_wish_lapses_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn only_a_lasting_guardian_asks_and_only_the_own_director_decides() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let good = wish(&asel).await;
    let asked = asel.post("/api/v1/guests", good.clone()).await.ok(201).json();
    let yes = json!({ "approve": true });
    for login in [ASEL, DANIYAR, AIDOS, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.put(&decision(&asked), yes.clone()).await.refused(403, "not_yours");
        if login != ASEL {
            visitor.post("/api/v1/guests", good.clone()).await.refused(403, "not_yours");
            assert_eq!(visitor.get("/api/v1/guests").await.ok(200).json(), json!([]));
        }
    }
    let yerlan = Visitor::log_in(&gateway, YERLAN).await;
    yerlan.post("/api/v1/guests", wish(&yerlan).await).await.refused(403, "restricted");
    let stranger = Visitor::stranger(&gateway);
    stranger.post("/api/v1/guests", good.clone()).await.refused(401, "not_logged_in");
    stranger.get("/api/v1/guests").await.refused(401, "not_logged_in");
    stranger.put(&decision(&asked), yes.clone()).await.refused(401, "not_logged_in");
    Answer::of(asel.request(Method::POST, "/api/v1/guests").json(&good)).await.refused(403, "csrf");
    for (field, value, code) in [
        ("name", json!("\u{202e}"), "bad_field"),
        ("login", json!("granny"), "bad_field"),
        ("to", json!("2026-11-22"), "bad_field"),
        ("to", json!("2027-02-24"), "bad_field"),
        ("to", Value::Null, "bad_request"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        asel.post("/api/v1/guests", body).await.refused(400, code);
    }
    gateway.stop().await;
}
