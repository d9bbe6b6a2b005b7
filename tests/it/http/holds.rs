//! Recordings that are kept: by directors, by inspectors, by complaints and by alarms.

use super::people::{ASEL, GULNAR, OLGA, SAULE, TIMUR, ZARINA};
use crate::world::{api::Visitor, databases, gateway::Gateway};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tereze::{args, db::Queries};

const FROM: &str = "2026-11-23T05:00:00Z";
const TO: &str = "2026-11-23T05:20:00Z";

/// A director or an inspector, and the yard's camera.
struct Keeper {
    visitor: Visitor,
    kindergarten: String,
    yard: String,
}

impl Keeper {
    async fn of(gateway: &Gateway, login: &str) -> Self {
        let visitor = Visitor::log_in(gateway, login).await;
        let kindergarten = visitor.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        let yard = visitor.camera("Аула").await;
        Self { visitor, kindergarten, yard }
    }

    fn wish(&self) -> Value {
        json!({ "kindergarten": self.kindergarten, "cameras": [self.yard], "from": FROM, "to": TO, "reason": "Құлап қалды" })
    }

    /// Keeps it, and returns the order's id.
    async fn hold(&self) -> String {
        let held = self.visitor.post("/api/v1/holds", self.wish()).await.ok(201).json();
        held["holds"][0].as_str().unwrap().to_owned()
    }

    async fn holds(&self) -> Vec<Value> {
        let list = self.visitor.get(&format!("/api/v1/holds?kindergarten={}", self.kindergarten)).await.ok(200).json();
        list["holds"].as_array().unwrap().clone()
    }

    async fn release(&self, hold: &str) -> crate::world::api::Answer {
        self.visitor.post(&format!("/api/v1/holds/{hold}/release"), json!({ "reason": "Қате екен" })).await
    }
}

/// What the audit log says of orders: the action and the details.
async fn records(gateway: &Gateway) -> Vec<(String, Value)> {
    let sql = "select action, record from audit_records where subject like 'hold:%' order by position";
    let rows: Vec<(String, String)> = gateway.db().rows(sql, args![]).await.unwrap();
    rows.into_iter().map(|(action, text)| (action, serde_json::from_str::<Value>(&text).unwrap()["details"].clone())).collect()
}

async fn a_recording_is_kept_on(gateway: Gateway) {
    let director = Keeper::of(&gateway, GULNAR).await;
    let id = director.hold().await;
    let hold = director.holds().await.pop().unwrap();
    assert_eq!((&hold["id"], &hold["camera"], &hold["camera_name"]), (&json!(id), &json!(director.yard), &json!("Аула")));
    assert_eq!((&hold["from"], &hold["to"], &hold["origin"]), (&json!(FROM), &json!(TO), &json!("person")));
    assert_eq!(
        (&hold["by"], &hold["role"], &hold["reason"]),
        (&json!("Гүлнар Сапарова"), &json!("director"), &json!("Құлап қалды"))
    );
    assert_eq!((&hold["until"], &hold["may_release"]), (&Value::Null, &json!(true)));

    gateway.clock.advance(SignedDuration::from_mins(5));
    director.release(&id).await.ok(204);
    director.release(&id).await.ok(204);
    let hold = director.holds().await.pop().unwrap();
    assert_eq!((&hold["until"], &hold["released_by"]), (&json!("2026-11-23T05:36:00Z"), &json!("Гүлнар Сапарова")));
    assert_eq!((&hold["release_reason"], &hold["may_release"]), (&json!("Қате екен"), &json!(false)));

    let records = records(&gateway).await;
    let actions: Vec<&str> = records.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["fact_added", "fact_ended"], "what is released is not released again");
    assert_eq!((&records[0].1["camera"], &records[0].1["from"]), (&json!(director.yard), &json!(FROM)));
    assert_eq!(records[1].1["release_reason"], "Қате екен");
    // A month later it is no longer told; the records are still there.
    gateway.clock.advance(SignedDuration::from_hours(31 * 24));
    let director = Keeper::of(&gateway, GULNAR).await;
    assert!(director.holds().await.is_empty());
    gateway.stop().await;
}

#[tokio::test]
async fn a_recording_is_kept_until_somebody_releases_it() {
    a_recording_is_kept_on(Gateway::start().await).await;
    let database = databases::postgres().await;
    a_recording_is_kept_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn what_an_inspector_keeps_a_director_cannot_let_go() {
    let gateway = Gateway::start().await;
    let (director, inspector) = (Keeper::of(&gateway, GULNAR).await, Keeper::of(&gateway, SAULE).await);
    let id = inspector.hold().await;
    assert_eq!(director.holds().await[0]["may_release"], false);
    director.release(&id).await.refused(409, "hold_not_yours");
    let own = director.hold().await;
    inspector.release(&own).await.ok(204);
    inspector.release(&id).await.ok(204);
    gateway.stop().await;
}

#[tokio::test]
async fn a_whole_group_is_kept_with_one_order() {
    let gateway = Gateway::start().await;
    let director = Keeper::of(&gateway, GULNAR).await;
    let group = director.visitor.me().await["groups"][0].clone();
    let mut wish = director.wish();
    wish["cameras"] = json!([]);
    wish["group"] = group["id"].clone();
    director.visitor.post("/api/v1/holds", wish.clone()).await.ok(201);
    assert_eq!(director.holds().await[0]["camera_name"], "Ойын бөлмесі");
    wish["cameras"] = json!([director.yard]);
    director.visitor.post("/api/v1/holds", wish).await.refused(400, "bad_request");
    gateway.stop().await;
}

#[tokio::test]
async fn a_complaint_keeps_what_its_camera_saw_until_it_is_fixed_or_closed() {
    let gateway = Gateway::start().await;
    let director = Keeper::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (child, camera) = (asel.me().await["children"][0]["id"].clone(), asel.camera("Ойын бөлмесі").await);
    let minute = "2026-11-23T05:25:00Z";
    let report = json!({ "child": child, "camera": camera, "minute": minute, "kind": "seen", "words": "Жылап отыр" });
    let appeal = asel.post("/api/v1/appeals", report).await.ok(201).json()["id"].as_str().unwrap().to_owned();
    let hold = director.holds().await.pop().unwrap();
    assert_eq!((&hold["camera"], &hold["origin"]), (&json!(camera), &json!("appeal")));
    assert_eq!((&hold["from"], &hold["to"]), (&json!("2026-11-23T05:10:00Z"), &json!("2026-11-23T05:40:00Z")));
    assert_eq!((&hold["reason"], &hold["by"]), (&json!(""), &Value::Null), "the words are the family's");
    let id = hold["id"].as_str().unwrap();
    director.release(id).await.refused(409, "hold_not_yours");
    let answer = async |outcome: &str| {
        let words = json!({ "outcome": outcome, "words": "Көрдік" });
        director.visitor.post(&format!("/api/v1/appeals/{appeal}/answers"), words).await.ok(201)
    };
    answer("answered").await;
    director.release(id).await.refused(409, "hold_not_yours");
    answer("fixed").await;
    director.release(id).await.ok(204);
    // One that names no camera keeps nothing.
    let report = json!({ "child": child, "camera": null, "minute": minute, "kind": "other", "words": "Б" });
    asel.post("/api/v1/appeals", report).await.ok(201);
    assert_eq!(director.holds().await.len(), 1);
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_else_keeps_or_lets_go_and_nothing_is_kept_for_no_reason() {
    let gateway = Gateway::start().await;
    let director = Keeper::of(&gateway, GULNAR).await;
    let id = director.hold().await;
    for login in [ASEL, ZARINA, TIMUR, OLGA] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.get(&format!("/api/v1/holds?kindergarten={}", director.kindergarten)).await.refused(403, "not_yours");
        visitor.post("/api/v1/holds", director.wish()).await.refused(403, "not_yours");
        visitor.post(&format!("/api/v1/holds/{id}/release"), json!({ "reason": "x" })).await.refused(403, "not_yours");
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.post("/api/v1/holds", director.wish()).await.refused(401, "not_logged_in");
    let unsigned = director.visitor.request(reqwest::Method::POST, "/api/v1/holds").json(&director.wish());
    crate::world::api::Answer::of(unsigned).await.refused(403, "csrf");

    let bad = [
        ("reason", json!(" "), 400, "bad_reason"),
        ("reason", json!("a\nb"), 400, "bad_reason"),
        ("reason", json!("x".repeat(201)), 400, "bad_reason"),
        ("to", json!(FROM), 400, "bad_field"),
        ("from", json!("2026-11-01T05:00:00Z"), 400, "bad_field"),
        ("cameras", json!([]), 403, "not_yours"),
        ("cameras", json!(["00000000-0000-7000-8000-000000000000"]), 403, "not_yours"),
        ("more", json!(1), 400, "bad_request"),
    ];
    for (field, value, status, code) in bad {
        let mut wish = director.wish();
        wish[field] = value;
        director.visitor.post("/api/v1/holds", wish).await.refused(status, code);
    }
    let mut ahead = director.wish();
    (ahead["from"], ahead["to"]) = (json!("2026-11-25T05:00:00Z"), json!("2026-11-25T05:10:00Z"));
    director.visitor.post("/api/v1/holds", ahead).await.refused(400, "bad_field");
    let release = format!("/api/v1/holds/{id}/release");
    director.visitor.post(&release, json!({ "reason": "" })).await.refused(400, "bad_reason");
    director.visitor.post("/api/v1/holds/none/release", json!({ "reason": "x" })).await.refused(403, "not_yours");
    assert_eq!(records(&gateway).await.len(), 1, "nothing but the first was written down");
    gateway.stop().await;
}
