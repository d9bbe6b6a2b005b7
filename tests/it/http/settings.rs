//! A director sets what holds for the whole kindergarten, and each setting does what it says.

use super::{
    elsewhere::{MARAT, OTHER},
    people::{ASEL, DANIYAR, GULNAR, SAULE, TIMUR, ZARINA},
};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::Gateway,
    offer::Player,
};
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{args, db::Queries};

/// A director at the page of the settings.
struct Page {
    director: Visitor,
    address: String,
}

impl Page {
    async fn of(gateway: &Gateway, login: &str) -> Self {
        let director = Visitor::log_in(gateway, login).await;
        let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { director, address: format!("/api/v1/settings?kindergarten={kindergarten}") }
    }

    async fn settings(&self) -> Value {
        self.director.get(&self.address).await.ok(200).json()
    }

    /// What is sent to leave everything as it is.
    async fn same(&self) -> Value {
        let mut settings = self.settings().await;
        settings["kindergarten"] = json!(self.address.split_once('=').unwrap().1);
        settings.as_object_mut().unwrap().remove("cameras");
        settings
    }

    async fn set(&self, field: &str, value: Value) {
        self.director.put("/api/v1/settings", with(&self.same().await, field, value)).await.ok(204);
    }
}

/// `body` with `field` set to `value`.
fn with(body: &Value, field: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[field] = value;
    body
}

/// What the audit log says of what a person changed: the subject and the details.
async fn records(gateway: &Gateway) -> Vec<(String, Value)> {
    let sql = "select subject, record from audit_records where actor is not null and action = 'fact_changed' order by position";
    let rows: Vec<(String, String)> = gateway.db().rows(sql, args![]).await.unwrap();
    let details = |record: String| serde_json::from_str::<Value>(&record).unwrap()["details"].clone();
    rows.into_iter().map(|(subject, record)| (subject, details(record))).collect()
}

async fn the_settings_are_set_on(gateway: Gateway) {
    let page = Page::of(&gateway, GULNAR).await;
    let before = page.settings().await;
    assert_eq!(
        (&before["name"], &before["zone"], &before["languages"], &before["watermark"]),
        (&json!("Балбөбек"), &json!("Asia/Almaty"), &json!(["kk", "ru"]), &json!("name_and_login"))
    );
    let same = page.same().await;
    page.director.put("/api/v1/settings", same.clone()).await.ok(204);
    assert!(records(&gateway).await.is_empty(), "what is the same is nothing to do");

    let wanted = with(&with(&same, "name", json!(" «Балбөбек» № 7 ")), "languages", json!(["ru", "kk", "en"]));
    page.director.put("/api/v1/settings", wanted).await.ok(204);
    let after = page.settings().await;
    assert_eq!((&after["name"], &after["languages"]), (&json!("«Балбөбек» № 7"), &json!(["ru", "kk", "en"])));
    let me = Visitor::log_in(&gateway, ASEL).await.me().await;
    let kindergarten = &me["kindergartens"][0];
    assert_eq!((&kindergarten["name"], &kindergarten["languages"]), (&after["name"], &after["languages"]));
    let (subject, details) = records(&gateway).await.pop().unwrap();
    assert_eq!(subject, format!("kindergarten:{}", kindergarten["id"].as_str().unwrap()));
    assert_eq!(
        details,
        json!({
            "before": { "name": "Балбөбек", "languages": ["kk", "ru"] },
            "after": { "name": "«Балбөбек» № 7", "languages": ["ru", "kk", "en"] },
        })
    );
    gateway.stop().await;
}

#[tokio::test]
async fn a_director_sets_the_name_and_the_languages_and_everybody_reads_them() {
    the_settings_are_set_on(Gateway::start().await).await;
}

#[tokio::test]
async fn the_settings_are_the_same_on_postgresql() {
    let database = databases::postgres().await;
    the_settings_are_set_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn fewer_viewers_of_a_camera_are_fewer_and_who_came_first_stays() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    let (asel, daniyar) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, DANIYAR).await);
    let room = asel.camera("Ойын бөлмесі").await;
    let first = Player::of(&gateway, &asel).await;
    first.open(&room).await;
    let mut events = daniyar.events().await;
    events.next_of("me").await;
    let second = Player::of(&gateway, &daniyar).await;
    second.open(&room).await;
    page.set("viewers_per_camera", json!(1)).await;
    assert_eq!(events.next_of("ended").await["code"], "too_many_viewers");
    second.post(&room).await.refused(503, "too_many_viewers");
    gateway.stop().await;
}

#[tokio::test]
async fn more_pictures_for_a_parent_run_side_by_side() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    page.set("streams_per_account", json!(2)).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let mut events = asel.events().await;
    events.next_of("me").await;
    let (room, yard, player) = (asel.camera("Ойын бөлмесі").await, asel.camera("Аула").await, Player::of(&gateway, &asel).await);
    player.open(&room).await;
    player.open(&yard).await;
    // With one picture for each, the next takes over from both.
    page.set("streams_per_account", json!(1)).await;
    player.open(&room).await;
    assert_eq!(events.next_of("ended").await["code"], "taken_over");
    gateway.stop().await;
}

#[tokio::test]
async fn the_watermark_says_as_much_as_the_director_wants() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    for (watermark, shown) in [("name_and_login", json!("Әсел Қ. ··· 0001")), ("name", json!("Әсел Қ.")), ("off", Value::Null)]
    {
        page.set("watermark", json!(watermark)).await;
        assert_eq!(asel.me().await["kindergartens"][0]["watermark"], shown);
    }
    gateway.stop().await;
}

#[tokio::test]
async fn another_zone_moves_the_hours() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    page.set("zone", json!("Europe/Berlin")).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let refused = asel.post("/api/v1/view-token", json!({})).await.refused(403, "outside_hours");
    assert_eq!(refused.json()["opens_at"], "2026-11-23T08:00:00Z");
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_but_the_director_sets_and_nobody_but_overseers_sees() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let page = Page::of(&gateway, GULNAR).await;
    let wanted = with(&page.same().await, "name", json!("Басқа"));
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.put("/api/v1/settings", wanted.clone()).await.refused(403, "not_yours");
        let answer = visitor.get(&page.address).await;
        if login == SAULE {
            answer.ok(200)
        } else {
            answer.refused(403, "not_yours")
        };
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.put("/api/v1/settings", wanted.clone()).await.refused(401, "not_logged_in");
    stranger.get(&page.address).await.refused(401, "not_logged_in");
    Answer::of(page.director.request(Method::PUT, "/api/v1/settings").json(&wanted)).await.refused(403, "csrf");

    assert_eq!(page.settings().await["name"], "Балбөбек");
    assert!(records(&gateway).await.is_empty());
    gateway.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_name_and_nothing_changes() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    let same = with(&page.same().await, "name", json!("Басқа"));
    for (field, value) in [
        ("name", json!(" ")),
        ("name", json!("a\nb")),
        ("name", json!("a\u{202e}b")),
        ("name", json!("ұ".repeat(201))),
        ("languages", json!([])),
        ("languages", json!(["kk", "kk"])),
        ("zone", json!("Asia/Alma-Ata")),
        ("zone", json!("")),
        ("viewers_per_camera", json!(0)),
        ("viewers_per_camera", json!(10_001)),
        ("streams_per_account", json!(0)),
        ("streams_per_account", json!(17)),
    ] {
        let answer = page.director.put("/api/v1/settings", with(&same, field, value)).await.refused(400, "bad_field");
        assert_eq!(answer.json()["field"], field);
    }
    for (field, value) in [
        ("languages", json!(["de"])),
        ("viewers_per_camera", json!(-1)),
        ("watermark", json!("loud")),
        // Sound is set with the camera.
        ("sound", json!([])),
        ("retention", json!(30)),
        ("name", Value::Null),
    ] {
        page.director.put("/api/v1/settings", with(&same, field, value)).await.refused(400, "bad_request");
    }
    assert!(records(&gateway).await.is_empty() && page.settings().await["name"] == "Балбөбек");
    gateway.stop().await;
}
