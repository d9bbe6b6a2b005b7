//! A director adds, changes and removes cameras; where they are and their passwords never come out again.

mod defects;
mod found;
mod health;
mod masks;
mod refused;
mod still;
mod tested;

use super::people::{ASEL, DANIYAR, GULNAR};
use crate::world::{
    api::{Events, Visitor},
    databases,
    gateway::Gateway,
    offer::Player,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::time::Duration;
use tereze::{args, clock::monotonic, db::Queries};

/// A director at the page of cameras.
struct Console {
    director: Visitor,
    kindergarten: String,
}

impl Console {
    async fn of(gateway: &Gateway) -> Self {
        let director = Visitor::log_in(gateway, GULNAR).await;
        let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { director, kindergarten }
    }

    fn address(&self) -> String {
        format!("/api/v1/cameras?kindergarten={}", self.kindergarten)
    }

    async fn list(&self) -> Value {
        self.director.get(&self.address()).await.ok(200).json()
    }

    async fn listed(&self, name: &str) -> Value {
        let list = self.list().await;
        list["cameras"].as_array().unwrap().iter().find(|camera| camera["name"] == name).cloned().unwrap_or(Value::Null)
    }

    async fn group(&self, name: &str) -> Value {
        let list = self.list().await;
        list["groups"].as_array().unwrap().iter().find(|group| group["name"] == name).unwrap()["id"].clone()
    }

    /// The body that adds a second camera, which is that of the yard, to the room of Күншуақ.
    async fn wish(&self, gateway: &Gateway) -> Value {
        let (main, sub) = (gateway.yard.main_url(), gateway.yard.sub_url());
        json!({
            "kindergarten": self.kindergarten, "name": " Киім бөлмесі ", "group": self.group("Күншуақ").await, "sound": false,
            "main": main, "sub": sub, "username": "camera", "password": "window", "transport": "tcp",
        })
    }

    async fn add(&self, gateway: &Gateway) -> Value {
        self.director.post("/api/v1/cameras", self.wish(gateway).await).await.ok(201).json()
    }
}

fn at(camera: &Value) -> String {
    format!("/api/v1/cameras/{}", camera["id"].as_str().unwrap())
}

/// What a form sends for `camera` when nothing is touched.
fn untouched(camera: &Value) -> Value {
    json!({ "name": camera["name"], "group": camera["group"], "sound": camera["sound"] })
}

/// `body` with `field` set to `value`.
fn with(body: &Value, field: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[field] = value;
    body
}

async fn next_ended(events: &mut Events) -> Value {
    let began = monotonic();
    let ended = events.next_of("ended").await;
    assert!(began.elapsed() < Duration::from_secs(1), "cut after {:?}", began.elapsed());
    ended["code"].clone()
}

/// What the audit log says of cameras that a person changed: the action, and the record.
async fn records(gateway: &Gateway) -> Vec<(String, Value)> {
    let sql = "select action, record from audit_records where (subject like 'camera:%' or action = 'network_looked') \
               and actor is not null and action not like 'viewing%' order by position";
    let rows: Vec<(String, String)> = gateway.db().rows(sql, args![]).await.unwrap();
    rows.into_iter().map(|(action, record)| (action, serde_json::from_str(&record).unwrap())).collect()
}

async fn actions(gateway: &Gateway) -> Vec<String> {
    records(gateway).await.into_iter().map(|(action, _)| action).collect()
}

async fn a_camera_comes_moves_and_goes_on(gateway: Gateway) {
    let console = Console::of(&gateway).await;
    let camera = console.add(&gateway).await;
    assert_eq!((&camera["name"], &camera["state"]["code"]), (&json!("Киім бөлмесі"), &json!("idle")));
    assert_eq!(camera["source"], json!({ "sub": true, "password": true, "transport": "tcp" }));

    // Its parents have it at once.
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let id = asel.camera("Киім бөлмесі").await;
    let mut events = asel.events().await;
    events.next_of("me").await;
    Player::of(&gateway, &asel).await.open(&id).await;

    // In another group's room it is no more theirs, and the past stays as it was.
    gateway.clock.advance(SignedDuration::from_secs(60));
    let moved = with(&untouched(&camera), "group", console.group("Балапан").await);
    let moved = console.director.put(&at(&camera), moved).await.ok(200).json();
    assert_eq!(next_ended(&mut events).await, "not_yours");
    assert_eq!(moved["group"], console.group("Балапан").await);
    let account = asel.me().await["account"]["id"].as_str().unwrap().to_owned();
    let question = format!("/api/v1/explain?account={account}&camera={id}");
    assert_eq!(console.director.get(&question).await.ok(200).json()["verdict"]["code"], "not_yours");
    let then = console.director.get(&format!("{question}&at=2026-11-23T05:31:30Z")).await.ok(200).json();
    assert_eq!(then["verdict"]["allowed"], json!(true), "{then}");

    console.director.delete(&at(&camera)).await.ok(204);
    assert_eq!(console.listed("Киім бөлмесі").await, Value::Null);
    console.director.delete(&at(&camera)).await.ok(204);
    console.director.put(&at(&camera), untouched(&camera)).await.refused(403, "not_yours");

    let records = records(&gateway).await;
    let actions: Vec<&str> = records.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["fact_added", "fact_changed", "fact_ended"]);
    let details = json!({ "name": "Киім бөлмесі", "group": camera["group"], "sound": false });
    assert_eq!(records[0].1["details"], details);
    assert_eq!(records[0].1["actor"], console.director.me().await["account"]["id"]);
    gateway.stop().await;
}

#[tokio::test]
async fn a_camera_comes_moves_to_another_room_and_goes() {
    a_camera_comes_moves_and_goes_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_camera_comes_moves_to_another_room_and_goes_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_camera_comes_moves_and_goes_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn a_camera_that_is_removed_ends_its_streams() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let camera = console.add(&gateway).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let mut events = asel.events().await;
    events.next_of("me").await;
    Player::of(&gateway, &asel).await.open(camera["id"].as_str().unwrap()).await;
    console.director.delete(&at(&camera)).await.ok(204);
    assert_eq!(next_ended(&mut events).await, "camera_removed");
    gateway.stop().await;
}

#[tokio::test]
async fn sound_that_is_turned_off_is_cut_within_a_second() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let daniyar = Visitor::log_in(&gateway, DANIYAR).await;
    let yard = console.listed("Аула").await;
    let mut events = daniyar.events().await;
    events.next_of("me").await;
    let player = Player::of(&gateway, &daniyar).await;
    player.open(yard["id"].as_str().unwrap()).await;
    console.director.put(&at(&yard), with(&untouched(&yard), "sound", json!(false))).await.ok(200);
    assert_eq!(next_ended(&mut events).await, "sound_off");
    let stream = player.open(yard["id"].as_str().unwrap()).await;
    assert!(stream.answer.contains("a=inactive"), "the way for sound is closed: {}", stream.answer);
    // Where the camera hangs stays, and what was so then is still known.
    let sql = "select sound from placements where camera_id = $1 and group_id is null order by since";
    let placements: Vec<(bool,)> = gateway.db().rows(sql, args![yard["id"].as_str().unwrap()]).await.unwrap();
    assert_eq!(placements, [(true,), (false,)]);
    gateway.stop().await;
}

#[tokio::test]
async fn what_a_form_leaves_empty_stays_and_only_a_change_is_on_record() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let camera = console.add(&gateway).await;
    let empty = json!({ "main": "", "sub": null, "username": "", "password": "", "transport": null });
    let mut same = untouched(&camera);
    same.as_object_mut().unwrap().extend(empty.as_object().unwrap().clone());
    let answer = console.director.put(&at(&camera), same).await.ok(200).json();
    assert_eq!(answer["source"], camera["source"]);
    assert_eq!(actions(&gateway).await, ["fact_added"], "nothing was changed");

    let asel = Visitor::log_in(&gateway, ASEL).await;
    let player = Player::of(&gateway, &asel).await;
    player.open(camera["id"].as_str().unwrap()).await;
    let named = with(&untouched(&camera), "name", json!("Гардероб"));
    console.director.put(&at(&camera), with(&named, "password", json!("another"))).await.ok(200);
    let records = records(&gateway).await;
    let last: Vec<&str> = records[1..].iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(last, ["fact_changed", "secret_changed"]);
    assert_eq!(records[2].1["details"], json!({}));

    // Another device wants its own password.
    let elsewhere = with(&untouched(&camera), "main", json!("rtsp://10.77.0.9/main"));
    console.director.put(&at(&camera), elsewhere.clone()).await.refused(400, "password_needed");
    console.director.put(&at(&camera), with(&elsewhere, "password", json!("new"))).await.ok(200);
    assert_eq!(console.listed("Киім бөлмесі").await["source"]["sub"], json!(false), "a new address replaces both");
    gateway.stop().await;
}

#[tokio::test]
async fn addresses_and_passwords_never_come_out() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let wish = with(&console.wish(&gateway).await, "main", json!("rtsp://keeper:tulip-key@10.77.0.7/secret-path"));
    let wish = with(&with(&wish, "sub", Value::Null), "password", Value::Null);
    let added = console.director.post("/api/v1/cameras", with(&wish, "username", Value::Null)).await.ok(201);
    let changed = console.director.put(&at(&added.json()), untouched(&added.json())).await.ok(200);
    let list = console.director.get(&console.address()).await.ok(200);
    let me = console.director.get("/api/v1/me").await.ok(200);
    let records = serde_json::to_string(&records(&gateway).await).unwrap();
    let rows: Vec<(String,)> = gateway.db().rows("select source from cameras", args![]).await.unwrap();
    let rows = rows.into_iter().map(|(source,)| source).collect();
    for text in [added.body, changed.body, list.body, me.body, records, rows] {
        for secret in ["tulip-key", "keeper", "10.77.0.7", "secret-path", "rtsp:"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
    gateway.stop().await;
}
