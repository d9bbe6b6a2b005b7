//! What is recorded and for how long it is kept: the director says it, an inspector reads it, its past is kept.

use super::{
    elsewhere::{MARAT, OTHER},
    people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA},
};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::Gateway,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{
    args,
    db::{Queries, recording_rules, site},
    id::CameraId,
    model::{RecordedQuality, RecordingRule},
};

const ADDRESS: &str = "/api/v1/recording-rules";

/// Somebody who looks at the rules of the kindergarten.
struct Page {
    visitor: Visitor,
    kindergarten: String,
}

impl Page {
    async fn of(gateway: &Gateway, login: &str) -> Self {
        let visitor = Visitor::log_in(gateway, login).await;
        let kindergarten = visitor.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { visitor, kindergarten }
    }

    async fn rules(&self) -> Value {
        self.visitor.get(&format!("{ADDRESS}?kindergarten={}", self.kindergarten)).await.ok(200).json()
    }

    async fn put(&self, camera: &Value, rule: Value) -> Answer {
        self.visitor.put(ADDRESS, self.body(camera, rule)).await
    }

    fn body(&self, camera: &Value, rule: Value) -> Value {
        json!({ "kindergarten": self.kindergarten, "camera": camera, "rule": rule })
    }
}

fn rule(days: u32) -> Value {
    json!({ "recorded": true, "quality": "main", "days": days, "bytes": null })
}

/// What holds for every camera, by its id.
async fn held(gateway: &Gateway) -> Vec<(CameraId, bool, RecordingRule)> {
    let all = recording_rules::all(gateway.db()).await.unwrap();
    all.iter().map(|ruled| (ruled.camera, ruled.is_recorded(), ruled.rule)).collect()
}

async fn the_rules_are_set_on(gateway: Gateway) {
    let page = Page::of(&gateway, GULNAR).await;
    let before = page.rules().await;
    assert_eq!((&before["enabled"], &before["common"]), (&json!(false), &rule(30)), "thirty days where nobody says otherwise");
    let room = before["cameras"][0]["id"].clone();
    let id: CameraId = room.as_str().unwrap().parse().unwrap();
    assert_eq!(before["cameras"][0]["own"], Value::Null);
    assert!(held(&gateway).await.iter().all(|(_, recorded, rule)| *recorded && *rule == RecordingRule::DEFAULT));

    page.put(&Value::Null, rule(45)).await.ok(204);
    let small = json!({ "recorded": true, "quality": "sub", "days": 60, "bytes": 200_000_000_000_u64 });
    page.put(&room, small.clone()).await.ok(204);
    let (then, after) = (gateway.clock.now(), page.rules().await);
    assert_eq!((&after["common"], &after["cameras"][0]["own"]), (&rule(45), &small));
    let own = RecordingRule { recorded: true, quality: RecordedQuality::Sub, days: 60, bytes: Some(200_000_000_000) };
    let common = RecordingRule { days: 45, ..RecordingRule::DEFAULT };
    assert!(held(&gateway).await.iter().all(|(camera, _, rule)| *rule == if *camera == id { own } else { common }));

    // An own rule without a limit has none, whatever the common one says; what was known then is known later.
    gateway.clock.advance(SignedDuration::from_mins(1));
    let limited = json!({ "recorded": true, "quality": "main", "days": 30, "bytes": 5_000_000_000_u64 });
    page.put(&Value::Null, limited).await.ok(204);
    page.put(&room, json!({ "recorded": false, "quality": "main", "days": 30, "bytes": null })).await.ok(204);
    let site_at = async |at| site::of_camera(gateway.db(), id, at).await.unwrap().unwrap().recording_rules.of(id);
    assert_eq!(site_at(then).await, own);
    let now = held(&gateway).await.into_iter().find(|(camera, ..)| *camera == id).unwrap();
    assert_eq!((now.1, now.2.bytes), (false, None));

    // Taken back, and set to the same again: nothing to do.
    page.put(&room, Value::Null).await.ok(204);
    page.put(&room, Value::Null).await.ok(204);
    assert_eq!(page.rules().await["cameras"][0]["own"], Value::Null);
    let sql = "select record from audit_records where actor is not null and action = 'fact_changed' order by position";
    let records: Vec<(String,)> = gateway.db().rows(sql, args![]).await.unwrap();
    let records: Vec<Value> = records.iter().map(|(record,)| serde_json::from_str(record).unwrap()).collect();
    assert_eq!(records.len(), 5);
    assert_eq!(records[1]["details"], json!({ "before": { "recording": null }, "after": { "recording": small } }));
    assert_eq!(records[1]["subject"], format!("camera:{id}"));
    gateway.stop().await;
}

#[tokio::test]
async fn a_director_says_what_is_recorded_and_the_past_of_it_is_known() {
    the_rules_are_set_on(Gateway::start().await).await;
}

#[tokio::test]
async fn the_rules_of_recording_are_the_same_on_postgresql() {
    let database = databases::postgres().await;
    the_rules_are_set_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn nobody_but_the_director_sets_rules_and_an_inspector_reads_them() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let director = Page::of(&gateway, GULNAR).await;
    let path = format!("{ADDRESS}?kindergarten={}", director.kindergarten);
    let body = director.body(&Value::Null, rule(31));
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.put(ADDRESS, body.clone()).await.refused(403, "not_yours");
        if login == SAULE {
            assert_eq!(visitor.get(&path).await.ok(200).json()["common"], rule(30));
        } else {
            visitor.get(&path).await.refused(403, "not_yours");
        }
    }
    Visitor::stranger(&gateway).get(&path).await.refused(401, "not_logged_in");
    Visitor::stranger(&gateway).put(ADDRESS, body.clone()).await.refused(401, "not_logged_in");
    Answer::of(director.visitor.request(Method::PUT, ADDRESS).json(&body)).await.refused(403, "csrf");
    let nobodys = json!(CameraId::new(gateway.clock.now()).to_string());
    director.put(&nobodys, rule(31)).await.refused(403, "not_yours");
    assert_eq!(director.rules().await["common"], rule(30));
    gateway.stop().await;
}

#[tokio::test]
async fn less_than_the_law_asks_for_is_refused() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    for (field, value) in [("days", json!(29)), ("days", json!(367)), ("bytes", json!(999_999_999)), ("bytes", json!(0))] {
        let mut wanted = rule(30);
        wanted[field] = value;
        assert_eq!(page.put(&Value::Null, wanted).await.refused(400, "bad_field").json()["field"], field);
    }
    for wanted in [json!({ "recorded": true }), json!({ "recorded": true, "quality": "tiny", "days": 30, "bytes": null })] {
        page.put(&Value::Null, wanted).await.refused(400, "bad_request");
    }
    assert_eq!(page.rules().await["common"], rule(30));
    gateway.stop().await;
}
