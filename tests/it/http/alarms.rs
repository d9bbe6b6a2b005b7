//! Panic buttons: their keys, and the alarms that they ring.

use super::people::{ASEL, GULNAR, SAULE};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::Gateway,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{args, db::Queries};

/// The director, where the buttons are.
struct House {
    director: Visitor,
    kindergarten: String,
}

impl House {
    async fn of(gateway: &Gateway) -> Self {
        let director = Visitor::log_in(gateway, GULNAR).await;
        let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { director, kindergarten }
    }

    async fn make(&self, group: &Value) -> Value {
        let key = json!({ "kindergarten": self.kindergarten, "group": group, "name": "Кіреберіс" });
        self.director.post("/api/v1/alarm-keys", key).await.ok(201).json()
    }

    async fn look(&self, what: &str) -> Value {
        self.director.get(&format!("/api/v1/{what}?kindergarten={}", self.kindergarten)).await.ok(200).json()
    }
}

/// What a controller sends: neither a cookie nor a body.
async fn ring(gateway: &Gateway, key: &str) -> Answer {
    let controller = Visitor::stranger(gateway);
    Answer::of(controller.request(Method::POST, "/api/v1/alarms").bearer_auth(key)).await
}

async fn an_alarm_keeps_the_room_on(gateway: Gateway) {
    let house = House::of(&gateway).await;
    let group = house.director.me().await["groups"][0]["id"].clone();
    let made = house.make(&group).await;
    let key = made["key"].as_str().unwrap();
    let listed = house.look("alarm-keys").await;
    assert_eq!((&listed["keys"][0]["name"], &listed["keys"][0]["group"]), (&json!("Кіреберіс"), &group));
    assert!(!listed.to_string().contains(key), "a key is shown once");

    let mut events = house.director.events().await;
    events.next_of("me").await;
    let rung = ring(&gateway, key).await.ok(201).json();
    let kept = json!({ "at": "2026-11-23T05:31:00Z", "from": "2026-11-23T05:26:00Z", "to": "2026-11-23T05:46:00Z", "cameras": 1 });
    assert_eq!(rung, kept);
    let told = loop {
        let me = events.next_of("me").await;
        if me["today"][0]["alarms"] != json!([]) {
            break me["today"][0]["alarms"].clone();
        }
    };
    let alarm =
        json!({ "name": "Кіреберіс", "at": "2026-11-23T05:31:00Z", "from": "2026-11-23T05:26:00Z", "to": "2026-11-23T05:46:00Z" });
    assert_eq!(told, json!([alarm]));
    let holds = house.look("holds").await["holds"].as_array().unwrap().clone();
    assert_eq!(holds.len(), 1);
    assert_eq!((&holds[0]["camera_name"], &holds[0]["origin"]), (&json!("Ойын бөлмесі"), &json!("alarm")));

    // A button that sticks rings once; ten minutes later it is another alarm.
    gateway.clock.advance(SignedDuration::from_mins(9));
    assert_eq!(ring(&gateway, key).await.ok(201).json(), kept);
    gateway.clock.advance(SignedDuration::from_mins(2));
    ring(&gateway, key).await.ok(201);
    assert_eq!(house.look("holds").await["holds"].as_array().unwrap().len(), 2);
    let rung: Vec<(String,)> =
        gateway.db().rows("select record from audit_records where action = 'alarm_rung' order by position", args![]).await.unwrap();
    assert_eq!(rung.len(), 2);
    assert!(!rung[0].0.contains(key));

    for hold in house.look("holds").await["holds"].as_array().unwrap() {
        let path = format!("/api/v1/holds/{}/release", hold["id"].as_str().unwrap());
        house.director.post(&path, json!({ "reason": "Жалған дабыл" })).await.ok(204);
    }
    assert_eq!(house.look("today").await["alarms"], json!([]), "what was released needs nobody");
    gateway.stop().await;
}

#[tokio::test]
async fn an_alarm_keeps_what_the_room_recorded_and_the_director_is_told_at_once() {
    an_alarm_keeps_the_room_on(Gateway::start().await).await;
    let database = databases::postgres().await;
    an_alarm_keeps_the_room_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn a_button_of_the_whole_house_keeps_every_camera() {
    let gateway = Gateway::start().await;
    let house = House::of(&gateway).await;
    let made = house.make(&Value::Null).await;
    let rung = ring(&gateway, made["key"].as_str().unwrap()).await.ok(201).json();
    let cameras = house.look("cameras").await["cameras"].as_array().unwrap().len();
    assert!(cameras > 1);
    assert_eq!(rung["cameras"], json!(cameras));
    gateway.stop().await;
}

#[tokio::test]
async fn a_key_that_is_gone_or_was_never_there_rings_nothing() {
    let gateway = Gateway::start().await;
    let house = House::of(&gateway).await;
    let made = house.make(&Value::Null).await;
    let address = format!("/api/v1/alarm-keys/{}", made["id"].as_str().unwrap());
    house.director.delete(&address).await.ok(204);
    house.director.delete(&address).await.ok(204);
    ring(&gateway, made["key"].as_str().unwrap()).await.refused(401, "alarm_key_unknown");
    ring(&gateway, "tereze-alarm-none").await.refused(401, "alarm_key_unknown");
    // A log-in is no key.
    house.director.post("/api/v1/alarms", json!({})).await.refused(401, "alarm_key_unknown");
    assert_eq!(house.look("holds").await["holds"], json!([]));
    gateway.stop().await;
}

#[tokio::test]
async fn only_the_director_makes_keys() {
    let gateway = Gateway::start().await;
    let house = House::of(&gateway).await;
    let made = house.make(&Value::Null).await;
    let key = json!({ "kindergarten": house.kindergarten, "group": null, "name": "A" });
    let saule = Visitor::log_in(&gateway, SAULE).await;
    saule.post("/api/v1/alarm-keys", key.clone()).await.refused(403, "not_yours");
    saule.delete(&format!("/api/v1/alarm-keys/{}", made["id"].as_str().unwrap())).await.refused(403, "not_yours");
    saule.get(&format!("/api/v1/alarm-keys?kindergarten={}", house.kindergarten)).await.ok(200);
    let asel = Visitor::log_in(&gateway, ASEL).await;
    asel.post("/api/v1/alarm-keys", key.clone()).await.refused(403, "not_yours");
    asel.get(&format!("/api/v1/alarm-keys?kindergarten={}", house.kindergarten)).await.refused(403, "not_yours");
    let mut nameless = key.clone();
    nameless["name"] = json!("");
    house.director.post("/api/v1/alarm-keys", nameless).await.refused(400, "bad_field");
    let mut elsewhere = key;
    elsewhere["group"] = json!("00000000-0000-7000-8000-000000000000");
    house.director.post("/api/v1/alarm-keys", elsewhere).await.refused(403, "not_yours");
    gateway.stop().await;
}
