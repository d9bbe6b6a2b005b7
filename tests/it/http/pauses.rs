//! A director closes a group or everything, now, with a reason and an end, and opens it again.

mod refused;

use super::people::{ASEL, DANIYAR, GULNAR, OLGA};
use crate::world::{
    api::{Answer, Events, Visitor},
    databases,
    gateway::Gateway,
    offer::Player,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::time::Duration;
use tereze::{args, clock::monotonic, db::Queries};

/// Half past ten and a minute; everything here is closed until a quarter to eleven.
const UNTIL: &str = "2026-11-23T05:46:00Z";
const NAP: &str = "Тыныш ұйқы";

/// A director at the console.
struct Console {
    director: Visitor,
    kindergarten: String,
}

impl Console {
    async fn of(gateway: &Gateway, login: &str) -> Self {
        let director = Visitor::log_in(gateway, login).await;
        let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { director, kindergarten }
    }

    async fn today(&self) -> Value {
        self.director.get(&format!("/api/v1/today?kindergarten={}", self.kindergarten)).await.ok(200).json()
    }

    async fn group(&self, name: &str) -> Value {
        let today = self.today().await;
        today["groups"].as_array().unwrap().iter().find(|group| group["name"] == name).unwrap().clone()
    }

    /// The body that closes `group`, or everything.
    async fn closing(&self, group: Option<&str>) -> Value {
        let group = match group {
            Some(group) => self.group(group).await["id"].clone(),
            None => Value::Null,
        };
        json!({ "kindergarten": self.kindergarten, "group": group, "until": UNTIL, "reason": NAP })
    }

    async fn close(&self, group: Option<&str>) -> Value {
        self.director.post("/api/v1/pauses", self.closing(group).await).await.ok(201).json()
    }

    async fn open_again(&self, pause: &Value) -> Answer {
        self.director.delete(&address(pause)).await
    }
}

fn address(pause: &Value) -> String {
    format!("/api/v1/pauses/{}", pause["id"].as_str().unwrap())
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
    ended
}

/// The next document of the page that is as wanted: a camera that comes up on the way may change it too.
async fn told(events: &mut Events, wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        let me = events.next_of("me").await;
        if wanted(&me["today"][0]) {
            return me;
        }
    }
}

/// Whether anybody watches any camera.
fn watched(today: &Value) -> bool {
    today["cameras"].as_array().unwrap().iter().any(|camera| camera["watching"] != json!([]))
}

/// What the audit log says of pauses that a person ordered or ended: the action, the subject, and the record.
async fn records(gateway: &Gateway) -> Vec<(String, String, Value)> {
    let sql =
        "select action, subject, record from audit_records where subject like 'pause:%' and actor is not null order by position";
    let rows: Vec<(String, String, String)> = gateway.db().rows(sql, args![]).await.unwrap();
    rows.into_iter().map(|(action, subject, record)| (action, subject, serde_json::from_str(&record).unwrap())).collect()
}

async fn a_director_closes_a_group_on(gateway: Gateway) {
    let console = Console::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (camera, player) = (asel.camera("Ойын бөлмесі").await, Player::of(&gateway, &asel).await);
    let mut events = asel.events().await;
    events.next_of("me").await;
    player.open(&camera).await;

    let pause = console.close(Some("Күншуақ")).await;
    let ended = next_ended(&mut events).await;
    assert_eq!((&ended["code"], &ended["until"], &ended["reason"]), (&json!("paused"), &json!(UNTIL), &json!(NAP)));
    player.post(&camera).await.refused(403, "paused");
    assert_eq!((&pause["by"], &pause["from"]), (&json!("Гүлнар Сапарова"), &json!("2026-11-23T05:31:00Z")));

    let account = asel.me().await["account"]["id"].as_str().unwrap().to_owned();
    let question = format!("/api/v1/explain?account={account}&camera={camera}");
    let why = console.director.get(&question).await.ok(200).json();
    assert_eq!((&why["decided_by"], &why["verdict"]["reason"]), (&json!("pause"), &json!(NAP)));
    assert_eq!(why["steps"].as_array().unwrap().last().unwrap()["facts"]["pause"], pause["id"]);

    let record = records(&gateway).await.pop().unwrap();
    assert_eq!((record.0.as_str(), record.1), ("fact_added", format!("pause:{}", pause["id"].as_str().unwrap())));
    assert_eq!(record.2["actor"], console.director.me().await["account"]["id"]);
    let details = json!({ "group": pause["group"], "camera": null, "from": "2026-11-23T05:31:00Z", "until": UNTIL, "reason": NAP });
    assert_eq!(record.2["details"], details);

    // What was closed for a while opens at its end, and nobody has to do anything.
    assert_eq!(console.group("Күншуақ").await["state"]["code"], "paused");
    gateway.clock.set(UNTIL.parse().unwrap());
    let state = console.group("Күншуақ").await["state"].clone();
    assert_eq!((&state["code"], &state["until"]), (&json!("open"), &json!("2026-11-23T07:30:00Z")));
    Player::of(&gateway, &asel).await.open(&camera).await;
    console.open_again(&pause).await.ok(204);
    assert_eq!(records(&gateway).await.len(), 1, "what is over by itself is not ended again");
    gateway.stop().await;
}

#[tokio::test]
async fn a_director_closes_a_group_and_its_parents_are_cut_until_it_opens_by_itself() {
    a_director_closes_a_group_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_director_closes_a_group_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_director_closes_a_group_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn what_was_closed_opens_again_at_once_and_the_past_stays_as_it_was() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let camera = asel.camera("Ойын бөлмесі").await;
    let pause = console.close(None).await;
    assert_eq!((&pause["group"], &pause["camera"]), (&Value::Null, &Value::Null));
    asel.post("/api/v1/view-token", json!({})).await.refused(403, "paused");

    gateway.clock.advance(SignedDuration::from_mins(5));
    console.open_again(&pause).await.ok(204);
    Player::of(&gateway, &asel).await.open(&camera).await;
    console.open_again(&pause).await.ok(204);
    let actions: Vec<String> = records(&gateway).await.into_iter().map(|(action, ..)| action).collect();
    assert_eq!(actions, ["fact_added", "fact_ended"]);

    let account = asel.me().await["account"]["id"].as_str().unwrap().to_owned();
    let then = format!("/api/v1/explain?account={account}&camera={camera}&at=2026-11-23T05:33:00Z");
    assert_eq!(console.director.get(&then).await.ok(200).json()["verdict"]["code"], "paused");
    gateway.stop().await;
}

#[tokio::test]
async fn a_camera_is_closed_alone() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (room, yard) = (asel.camera("Ойын бөлмесі").await, asel.camera("Аула").await);
    let closing = with(&console.closing(None).await, "camera", json!(yard));
    console.director.post("/api/v1/pauses", closing).await.ok(201);
    let player = Player::of(&gateway, &asel).await;
    player.post(&yard).await.refused(403, "paused");
    player.open(&room).await;
    gateway.stop().await;
}

#[tokio::test]
async fn today_says_what_is_open_what_is_paused_and_who_watches() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway, GULNAR).await;
    let mut events = console.director.events().await;
    events.next_of("me").await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (room, player) = (asel.camera("Ойын бөлмесі").await, Player::of(&gateway, &asel).await);
    let stream = player.open(&room).await;

    let me = told(&mut events, watched).await;
    let today = console.today().await;
    assert_eq!(me["today"], json!([today]), "the page is told the same without asking");
    let states: Vec<(&str, &str)> = today["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["name"].as_str().unwrap(), group["state"]["code"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("Күншуақ", "open"), ("Балапан", "closed"), ("Қарлығаш", "paused")]);
    assert_eq!(today["groups"][1]["state"]["opens_at"], "2026-11-24T04:00:00Z");
    assert_eq!(today["groups"][2]["state"]["reason"], "Дәрігер балаларды қарап жатыр");
    assert_eq!((&today["pauses"][0]["by"], &today["pauses"][0]["group"]), (&Value::Null, &today["groups"][2]["id"]));
    let camera = today["cameras"].as_array().unwrap().iter().find(|camera| camera["id"] == room.as_str()).unwrap();
    let account = asel.me().await["account"]["id"].clone();
    let watcher = json!({ "account": account, "name": "Әсел Қасымова", "role": "parent", "since": "2026-11-23T05:31:00Z" });
    assert_eq!(camera["watching"], json!([watcher]));

    player.delete(&stream).await.ok(200);
    told(&mut events, |today| !watched(today)).await;
    // The end of the hours is told too, although nobody did anything.
    gateway.clock.set("2026-11-23T07:30:00Z".parse().unwrap());
    told(&mut events, |today| today["groups"][0]["state"]["code"] == "closed").await;
    gateway.stop().await;
}

async fn what_a_person_did_outlasts_the_file_on(mut gateway: Gateway) {
    let console = Console::of(&gateway, GULNAR).await;
    let mine = console.close(Some("Күншуақ")).await;
    let files = console.today().await["pauses"].as_array().unwrap().iter().find(|pause| pause["by"].is_null()).unwrap().clone();
    console.open_again(&files).await.ok(204);
    gateway.change("name = \"Данияр Жұмабаев\"", "name = \"Данияр Ж.\"").await;
    let ids: Vec<Value> = console.today().await["pauses"].as_array().unwrap().iter().map(|pause| pause["id"].clone()).collect();
    assert_eq!(ids, [mine["id"].clone()]);
    let olga = Visitor::log_in(&gateway, OLGA).await;
    olga.post("/api/v1/view-token", json!({})).await.ok(200);

    // Another pause in the file is another order.
    gateway.change("until = 2026-11-23T16:30:00", "until = 2026-11-23T16:00:00").await;
    olga.post("/api/v1/view-token", json!({})).await.refused(403, "paused");
    gateway.stop().await;
}

#[tokio::test]
async fn what_a_person_closed_or_opened_stays_so_when_the_file_is_applied_again() {
    what_a_person_did_outlasts_the_file_on(Gateway::start().await).await;
    let database = databases::postgres().await;
    what_a_person_did_outlasts_the_file_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn a_parent_of_two_groups_keeps_the_other_when_one_is_closed() {
    let gateway = Gateway::start().await;
    gateway.clock.set("2026-11-24T05:00:00Z".parse().unwrap());
    let console = Console::of(&gateway, GULNAR).await;
    let daniyar = Visitor::log_in(&gateway, DANIYAR).await;
    let closing = with(&console.closing(Some("Күншуақ")).await, "until", json!("2026-11-24T06:00:00Z"));
    console.director.post("/api/v1/pauses", closing).await.ok(201);
    let player = Player::of(&gateway, &daniyar).await;
    player.post(&daniyar.camera("Ойын бөлмесі").await).await.refused(403, "paused");
    // The yard is common: one of the own groups is open.
    player.open(&daniyar.camera("Аула").await).await;
    gateway.stop().await;
}
