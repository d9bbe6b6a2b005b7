//! Families agree to the camera or do not, and what follows from it.

mod refused;

use super::people::{ASEL, DANIYAR, GULNAR, SAULE, YERLAN};
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

const ROOM: &str = "Ойын бөлмесі";

/// The director's desk, with a text that is published.
struct Desk {
    director: Visitor,
    kindergarten: String,
}

impl Desk {
    async fn of(gateway: &Gateway, login: &str) -> Self {
        let director = Visitor::log_in(gateway, login).await;
        let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { director, kindergarten }
    }

    async fn with_a_text(gateway: &Gateway) -> Self {
        let desk = Self::of(gateway, GULNAR).await;
        desk.publish(None).await.ok(201);
        desk
    }

    async fn publish(&self, asks_again_from: Option<&str>) -> Answer {
        let text = json!({ "kindergarten": self.kindergarten, "kk": "Келісесіз бе?", "ru": "Вы согласны?\n\nПодумайте.", "asks_again_from": asks_again_from });
        self.director.post("/api/v1/consents/texts", text).await
    }

    async fn rule(&self, rule: &str) -> Answer {
        self.director.put("/api/v1/consents/rule", json!({ "kindergarten": self.kindergarten, "rule": rule })).await
    }

    async fn get(&self, what: &str) -> Answer {
        self.director.get(&format!("/api/v1/{what}?kindergarten={}", self.kindergarten)).await.ok(200)
    }

    async fn child(&self, name: &str) -> Value {
        let list = self.get("children").await.json();
        list["children"].as_array().unwrap().iter().find(|child| child["name"] == name).unwrap().clone()
    }

    async fn paper(&self, name: &str, agrees: bool) -> Answer {
        let address = format!("/api/v1/children/{}/consent/paper", self.child(name).await["id"].as_str().unwrap());
        self.director.put(&address, paper(agrees)).await
    }

    async fn group(&self, name: &str) -> Value {
        let today = self.get("today").await.json();
        today["groups"].as_array().unwrap().iter().find(|group| group["name"] == name).unwrap().clone()
    }

    /// What `explain` says of the account of `visitor`, now or at a moment.
    async fn why(&self, visitor: &Visitor, camera: &str, at: Option<&str>) -> Value {
        let account = visitor.me().await["account"]["id"].as_str().unwrap().to_owned();
        let at = at.map(|at| format!("&at={at}")).unwrap_or_default();
        self.director.get(&format!("/api/v1/explain?account={account}&camera={camera}{at}")).await.ok(200).json()
    }
}

fn paper(agrees: bool) -> Value {
    json!({ "agrees": agrees, "version": 1, "language": "ru", "day": "2026-11-02", "document": "Папка 3, № 17" })
}

/// The address of a parent's answer for the first child.
async fn consent(parent: &Visitor) -> String {
    format!("/api/v1/children/{}/consent", parent.me().await["children"][0]["id"].as_str().unwrap())
}

async fn say(parent: &Visitor, agrees: bool, version: u32) -> Answer {
    parent.put(&consent(parent).await, json!({ "agrees": agrees, "version": version, "language": "kk" })).await
}

/// The state of the room's camera as the page has it.
fn state(me: &Value) -> &str {
    me["cameras"].as_array().unwrap().iter().find(|camera| camera["name"] == ROOM).unwrap()["state"]["code"].as_str().unwrap()
}

/// Waits until the page is told that the room's camera is so.
async fn told(events: &mut Events, code: &str) -> Value {
    loop {
        let me = events.next_of("me").await;
        if state(&me) == code {
            return me;
        }
    }
}

/// What the audit log says of consents.
async fn records(gateway: &Gateway) -> Vec<(String, Value)> {
    let sql = "select action, record from audit_records where subject like 'consent%' order by position";
    let rows: Vec<(String, String)> = gateway.db().rows(sql, args![]).await.unwrap();
    rows.into_iter().map(|(action, record)| (action, serde_json::from_str::<Value>(&record).unwrap()["details"].clone())).collect()
}

async fn a_family_answers_on(gateway: Gateway) {
    let desk = Desk::with_a_text(&gateway).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let camera = asel.camera(ROOM).await;
    desk.rule("own").await.ok(204);
    let mut events = asel.events().await;
    let me = told(&mut events, "consent_missing").await;
    assert_eq!(me["children"][0]["consent"], json!({ "standing": "missing", "asked": true }));
    asel.post("/api/v1/view-token", json!({})).await.refused(403, "consent_missing");

    // She reads, agrees, and it opens without more.
    let own = asel.get(&consent(&asel).await).await.ok(200).json();
    assert_eq!((&own["rule"], &own["texts"][0]["kk"], &own["answer"]), (&json!("own"), &json!("Келісесіз бе?"), &Value::Null));
    say(&asel, true, 1).await.ok(204);
    let me = told(&mut events, "live").await;
    assert_eq!(me["children"][0]["consent"], json!({ "standing": "given", "asked": false }));
    let player = Player::of(&gateway, &asel).await;
    player.open(&camera).await;
    say(&asel, true, 1).await.ok(204);

    // A minute later she takes it back, and the picture is gone within a second.
    let before = gateway.clock.now().to_string();
    gateway.clock.set(gateway.clock.now() + SignedDuration::from_mins(1));
    say(&asel, false, 1).await.ok(204);
    let began = monotonic();
    let ended = events.next_of("ended").await;
    assert!(began.elapsed() < Duration::from_secs(1), "cut after {:?}", began.elapsed());
    assert_eq!(ended["code"], "consent_missing");
    player.post(&camera).await.refused(403, "consent_missing");
    let (now, then) = (desk.why(&asel, &camera, None).await, desk.why(&asel, &camera, Some(&before)).await);
    assert_eq!((&now["decided_by"], &now["verdict"]["code"]), (&json!("consent"), &json!("consent_missing")));
    assert_eq!(now["steps"].as_array().unwrap().last().unwrap()["facts"]["consent_rule"], "own");
    assert_eq!(then["verdict"]["allowed"], true);

    let child = desk.child("Әмина Қасымова").await;
    assert_eq!((&child["consent"]["standing"], &child["consent"]["answer"]["by"]), (&json!("withdrawn"), &json!("Әсел Қасымова")));
    let records = records(&gateway).await;
    let told: Vec<(&str, &str)> =
        records.iter().map(|(action, details)| (action.as_str(), details["answer"].as_str().unwrap_or_default())).collect();
    let expected = [("fact_added", ""), ("fact_added", "agreed"), ("fact_ended", "agreed"), ("fact_added", "withdrawn")];
    assert_eq!(told, expected, "the same answer again is none");
    assert_eq!(records[0].1["sha256"]["kk"].as_str().unwrap().len(), 64);
    let details = json!({ "child": child["id"], "answer": "withdrawn", "version": 1, "language": "kk", "day": "2026-11-23", "document": null });
    assert_eq!(records[3].1, details);
    let until = "select count(*) from consents where until is null";
    let standing: Option<(i64,)> = gateway.db().row(until, args![]).await.unwrap();
    assert_eq!(standing, Some((1,)), "one answer is in force");
    gateway.stop().await;
}

#[tokio::test]
async fn a_family_answers_and_takes_it_back_and_the_picture_follows() {
    a_family_answers_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_family_answers_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_family_answers_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn by_the_groups_rule_a_room_waits_for_every_child_that_is_in_it() {
    let gateway = Gateway::start().await;
    let desk = Desk::with_a_text(&gateway).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    say(&asel, true, 1).await.ok(204);
    let mut events = asel.events().await;
    told(&mut events, "live").await;
    desk.rule("group").await.ok(204);
    told(&mut events, "group_consent").await;
    asel.post("/api/v1/view-token", json!({})).await.refused(403, "group_consent");
    let group = desk.group("Күншуақ").await;
    assert_eq!((&group["state"]["code"], &group["without_consent"]), (&json!("group_consent"), &json!(2)));
    assert_eq!(desk.group("Балапан").await["without_consent"], 1);
    let day = format!("hours/day?group={}&date=2026-11-23&kindergarten={}", group["id"].as_str().unwrap(), desk.kindergarten);
    let day = desk.director.get(&format!("/api/v1/{day}")).await.ok(200).json();
    let codes: Vec<&str> = day["stretches"].as_array().unwrap().iter().map(|part| part["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["outside_hours", "group_consent", "outside_hours", "group_consent", "outside_hours"]);
    assert!(desk.director.token().await.len() > 20, "a director is not bound");

    // One family has signed on paper, and the other's child stays away today.
    desk.paper("Әлихан Жұмабаев", true).await.ok(204);
    let miras = desk.child("Мирас Оспанов").await;
    let away = format!("/api/v1/children/{}/absence", miras["id"].as_str().unwrap());
    desk.director.put(&away, json!({ "from": "2026-11-23", "to": "2026-11-23" })).await.ok(204);
    told(&mut events, "live").await;
    let alikhan = desk.child("Әлихан Жұмабаев").await;
    let answer =
        json!({ "version": 1, "language": "ru", "day": "2026-11-02", "by": "Гүлнар Сапарова", "document": "Папка 3, № 17" });
    assert_eq!(alikhan["consent"], json!({ "standing": "given", "answer": answer }));
    assert_eq!(desk.group("Күншуақ").await["without_consent"], 0);

    desk.paper("Әлихан Жұмабаев", false).await.ok(204);
    told(&mut events, "group_consent").await;
    desk.rule("recorded").await.ok(204);
    told(&mut events, "live").await;
    gateway.stop().await;
}

#[tokio::test]
async fn a_new_text_asks_again_from_its_day_and_leaves_who_answers_beforehand() {
    let gateway = Gateway::start().await;
    let desk = Desk::with_a_text(&gateway).await;
    desk.rule("own").await.ok(204);
    let (asel, daniyar) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, DANIYAR).await);
    for parent in [&asel, &daniyar] {
        say(parent, true, 1).await.ok(204);
    }
    assert_eq!(desk.publish(Some("2026-11-24")).await.ok(201).json(), json!({ "version": 2 }));
    say(&asel, true, 1).await.refused(409, "consent_text_changed");
    let me = asel.me().await;
    assert_eq!(me["children"][0]["consent"], json!({ "standing": "given", "asked": true }));
    assert_eq!(state(&me), "live");
    let own = asel.get(&consent(&asel).await).await.ok(200).json();
    let versions: Vec<u64> = own["texts"].as_array().unwrap().iter().map(|text| text["version"].as_u64().unwrap()).collect();
    assert_eq!((versions, &own["good_before"]), (vec![2, 1], &json!("2026-11-24")));
    say(&asel, true, 2).await.ok(204);
    assert_eq!(asel.me().await["children"][0]["consent"]["asked"], false);

    // Midnight comes by itself.
    let mut events = daniyar.events().await;
    told(&mut events, "live").await;
    gateway.clock.set("2026-11-24T05:31:00Z".parse().unwrap());
    told(&mut events, "consent_missing").await;
    // Log-ins of the day before are over.
    assert_eq!(state(&Visitor::log_in(&gateway, ASEL).await.me().await), "live");
    let desk = Desk::of(&gateway, GULNAR).await;
    assert_eq!(desk.child("Әлихан Жұмабаев").await["consent"]["standing"], "asked_again");
    gateway.stop().await;
}

#[tokio::test]
async fn the_no_of_one_guardian_is_not_undone_by_another() {
    let gateway = Gateway::start().await;
    let desk = Desk::with_a_text(&gateway).await;
    let (asel, daniyar) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, DANIYAR).await);
    let address = consent(&asel).await;
    let amina = desk.child("Әмина Қасымова").await["id"].clone();
    let tie = json!({ "child": amina, "name": "Данияр Жұмабаев", "login": DANIYAR, "language": "kk" });
    let tie = desk.director.post("/api/v1/guardianships", tie).await.ok(201).json();
    let word = |agrees| json!({ "agrees": agrees, "version": 1, "language": "ru" });
    daniyar.put(&address, word(false)).await.ok(204);
    asel.put(&address, word(true)).await.refused(409, "consent_refused");
    let own = asel.get(&address).await.ok(200).json();
    assert_eq!(
        (&own["standing"], &own["refused_by_other"], &own["answer"]["by"]),
        (&json!("declined"), &json!(true), &json!("Данияр Жұмабаев"))
    );
    daniyar.put(&address, word(true)).await.ok(204);
    daniyar.put(&address, word(false)).await.ok(204);
    // Who is no guardian any more says nothing any more.
    desk.director.delete(&format!("/api/v1/guardianships/{}", tie["id"].as_str().unwrap())).await.ok(204);
    daniyar.get(&address).await.refused(403, "not_yours");
    asel.put(&address, word(true)).await.ok(204);
    gateway.stop().await;
}

#[tokio::test]
async fn an_inspector_reads_the_texts_and_the_answers_and_takes_them_as_a_table_and_each_look_is_on_record() {
    let gateway = Gateway::start().await;
    let desk = Desk::with_a_text(&gateway).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    say(&asel, true, 1).await.ok(204);
    say(&asel, false, 1).await.ok(204);
    desk.paper("Әлихан Жұмабаев", true).await.ok(204);
    let inspector = Desk::of(&gateway, SAULE).await;
    let listed = inspector.get("consents").await.json();
    assert_eq!((&listed["rule"], &listed["texts"][0]["ru"]), (&json!("recorded"), &json!("Вы согласны?\n\nПодумайте.")));
    assert_eq!(listed["proposal"], Value::Null);
    assert_eq!(inspector.child("Әмина Қасымова").await["consent"]["standing"], "withdrawn");
    let table = inspector.get("consents.csv").await.body;
    let lines: Vec<&str> = table.lines().collect();
    let of = |name: &str| lines.iter().filter(|line| line.starts_with(&format!("\"{name}\""))).copied().collect::<Vec<_>>();
    assert_eq!(of("Әмина Қасымова").len(), 2, "{table}");
    assert_eq!(
        of("Әмина Қасымова")[0],
        r#""Әмина Қасымова";"Күншуақ";"отозвано";"отозвано";"1";"казахский";"2026-11-23";"Әсел Қасымова";"";"""#
    );
    assert!(of("Әмина Қасымова")[1].ends_with(r#""2026-11-23 10:31:00""#), "{table}");
    assert!(of("Әлихан Жұмабаев")[0].contains("Папка 3, № 17"), "{table}");
    assert_eq!(of("Максим Ким"), [r#""Максим Ким";"Қарлығаш";"ответа нет";"";"";"";"";"";"";"""#]);
    let sql = "select count(*) from audit_records where action = 'inspected' and record like '%/api/v1/consents%'";
    assert_eq!(gateway.db().row::<(i64,)>(sql, args![]).await.unwrap(), Some((2,)));
    let sql = "select count(*) from audit_records where action = 'exported' and record like '%consents%'";
    assert_eq!(gateway.db().row::<(i64,)>(sql, args![]).await.unwrap(), Some((1,)));
    gateway.stop().await;
}
