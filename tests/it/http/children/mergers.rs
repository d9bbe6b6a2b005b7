//! A duty group: a group's children are with another on a day, and their parents see that room.

use super::{
    super::people::{ASEL, DANIYAR, GULNAR, SAULE, TIMUR, ZARINA},
    Office, TODAY, TOMORROW, id, records,
};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::Gateway,
    offer::Player,
};
use reqwest::Method;
use serde_json::{Value, json};

impl Office {
    async fn merging(&self, group: &str, host: &str, date: &str) -> Value {
        json!({ "kindergarten": self.kindergarten, "group": self.group(group).await, "host": self.group(host).await, "date": date })
    }

    async fn merge(&self, group: &str, host: &str, date: &str) -> Answer {
        self.director.post("/api/v1/mergers", self.merging(group, host, date).await).await
    }
}

async fn a_duty_group_on(gateway: Gateway) {
    let office = Office::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let room = asel.camera("Ойын бөлмесі").await;
    let mut events = asel.events().await;
    events.next_of("me").await;
    Player::of(&gateway, &asel).await.open(&room).await;
    let merger = office.merge("Күншуақ", "Қарлығаш", TODAY).await.ok(201).json();
    assert_eq!(events.next_of("ended").await["code"], "not_yours");

    let me = asel.me().await;
    assert_eq!((&me["children"][0]["group"], &me["children"][0]["home"]), (&merger["host"], &json!("Күншуақ")));
    let names: Vec<&str> = me["cameras"].as_array().unwrap().iter().map(|camera| camera["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Музыка залы", "Аула"]);
    assert_eq!(office.today("Күншуақ").await["host"], merger["host"]);
    assert_eq!(office.list().await["mergers"], json!([merger]));

    // Parted again, each is in its own room.
    let address = format!("/api/v1/mergers/{}", id(&merger));
    office.director.delete(&address).await.ok(204);
    Player::of(&gateway, &asel).await.open(&room).await;
    assert_eq!(office.list().await["mergers"], json!([]));
    let details = json!({ "group": merger["group"], "host": merger["host"], "date": TODAY });
    assert_eq!(
        records(&gateway, "merger:").await,
        [("fact_added".to_owned(), details.clone()), ("fact_ended".to_owned(), details)]
    );
    gateway.stop().await;
}

#[tokio::test]
async fn on_the_day_parents_see_the_room_of_the_other_group_until_the_groups_part() {
    a_duty_group_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_duty_group_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_duty_group_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn a_duty_group_begins_and_ends_by_itself() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    // Балапан has hours of its own on Tuesdays.
    office.merge("Күншуақ", "Балапан", TOMORROW).await.ok(201);
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let own = asel.me().await["children"][0]["group"].clone();
    for (now, home) in [("2026-11-24T05:00:00Z", json!("Күншуақ")), ("2026-11-25T05:00:00Z", Value::Null)] {
        gateway.clock.set(now.parse().unwrap());
        let asel = Visitor::log_in(&gateway, ASEL).await;
        let child = asel.me().await["children"][0].clone();
        assert_eq!((&child["home"], child["group"] == own), (&home, home.is_null()), "{now}");
    }
    gateway.stop().await;
}

/// On Tuesday the room of Балапан is open from 07:00 to 19:00.
const EARLY: &str = r#"
[[kindergarten.exception]]
date = 2026-11-24
group = "balapan"
hours = ["07:00-19:00"]
reason = "duty"
"#;

#[tokio::test]
async fn the_evening_before_everybody_is_told_the_hours_of_the_other_room() {
    let mut gateway = Gateway::start().await;
    gateway.add(EARLY).await;
    let office = Office::of(&gateway, GULNAR).await;
    office.merge("Күншуақ", "Балапан", TOMORROW).await.ok(201);
    gateway.clock.set("2026-11-23T14:00:00Z".parse().unwrap());
    let me = Visitor::log_in(&gateway, ASEL).await.me().await;
    let cameras = me["cameras"].as_array().unwrap();
    let states: Vec<(&Value, &Value)> = cameras.iter().map(|it| (&it["state"]["code"], &it["state"]["opens_at"])).collect();
    let early = (&json!("outside_hours"), &json!("2026-11-24T02:00:00Z"));
    assert_eq!(states, [early, early], "the room of today and the yard");
    let group = office.group("Күншуақ").await;
    let day = async |date: &str| {
        let query = format!("kindergarten={}&group={}&date={date}", office.kindergarten, group);
        office.director.get(&format!("/api/v1/hours/day?{query}")).await.ok(200).json()
    };
    let merged = day(TOMORROW).await;
    assert_eq!((&merged["host"], &merged["stretches"][1]["start"]), (&json!("Балапан"), &json!("2026-11-24T02:00:00Z")));
    let own = day("2026-11-25").await;
    assert_eq!((&own["host"], &own["stretches"][1]["start"]), (&Value::Null, &json!("2026-11-25T04:00:00Z")));
    assert_eq!(office.today("Күншуақ").await["state"]["opens_at"], "2026-11-24T02:00:00Z");
    gateway.stop().await;
}

#[tokio::test]
async fn guests_have_no_guests_and_a_day_that_is_over_is_over() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    for (group, host, date, field) in [
        ("Күншуақ", "Күншуақ", TODAY, "host"),
        ("Күншуақ", "Балапан", "2026-11-22", "date"),
        ("Күншуақ", "Балапан", "2027-11-24", "date"),
    ] {
        assert_eq!(office.merge(group, host, date).await.refused(400, "bad_field").json()["field"], field);
    }
    office.merge("Күншуақ", "Балапан", TODAY).await.ok(201);
    for (group, host) in [("Күншуақ", "Қарлығаш"), ("Балапан", "Қарлығаш"), ("Қарлығаш", "Күншуақ")]
    {
        office.merge(group, host, TODAY).await.refused(409, "merged_otherwise");
        let tomorrow = office.merge(group, host, TOMORROW).await.ok(201).json();
        office.director.delete(&format!("/api/v1/mergers/{}", id(&tomorrow))).await.ok(204);
    }
    office.merge("Қарлығаш", "Балапан", TODAY).await.ok(201);
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_but_the_director_puts_groups_together() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let body = office.merging("Күншуақ", "Балапан", TODAY).await;
    let address = format!("/api/v1/mergers/{}", id(&office.merge("Қарлығаш", "Балапан", TODAY).await.ok(201).json()));
    for login in [ASEL, DANIYAR, ZARINA, SAULE, TIMUR] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.post("/api/v1/mergers", body.clone()).await.refused(403, "not_yours");
        visitor.delete(&address).await.refused(403, "not_yours");
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.post("/api/v1/mergers", body.clone()).await.refused(401, "not_logged_in");
    stranger.delete(&address).await.refused(401, "not_logged_in");
    Answer::of(office.director.request(Method::POST, "/api/v1/mergers").json(&body)).await.refused(403, "csrf");
    office.director.delete("/api/v1/mergers/no-id").await.refused(403, "not_yours");
    assert_eq!(office.list().await["mergers"].as_array().unwrap().len(), 1);
    gateway.stop().await;
}
