//! A director sets when parents may look: the week, the dates with other hours, the public holidays; and sees the day before it comes.

mod refused;

use super::people::{ASEL, DANIYAR, GULNAR, SAULE};
use crate::world::{
    api::{Events, Visitor},
    databases,
    gateway::Gateway,
    offer::Player,
};
use serde_json::{Value, json};
use tereze::{args, db::Queries};

const SANTA: &str = "Жаңа жыл ертеңгілігі";

/// A director at the page of the hours.
struct Page {
    director: Visitor,
    kindergarten: String,
}

impl Page {
    async fn of(gateway: &Gateway, login: &str) -> Self {
        let director = Visitor::log_in(gateway, login).await;
        let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { director, kindergarten }
    }

    async fn hours(&self) -> Value {
        self.director.get(&format!("/api/v1/hours?kindergarten={}", self.kindergarten)).await.ok(200).json()
    }

    /// The group of this name, in what the page is told.
    async fn group(&self, name: &str) -> Value {
        self.hours().await["groups"].as_array().unwrap().iter().find(|group| group["name"] == name).unwrap().clone()
    }

    fn set(&self, group: &Value, week: Value) -> Value {
        json!({ "kindergarten": self.kindergarten, "group": group, "week": week })
    }

    fn dates(&self, dates: Value) -> Value {
        json!({ "kindergarten": self.kindergarten, "dates": dates })
    }

    async fn day(&self, group: &Value, date: &str) -> Value {
        let group = group["id"].as_str().unwrap();
        let path = format!("/api/v1/hours/day?kindergarten={}&group={group}&date={date}", self.kindergarten);
        self.director.get(&path).await.ok(200).json()
    }
}

/// A week whose Monday has `monday`, and whose other days are closed.
fn monday(monday: &[&str]) -> Value {
    json!({ "monday": monday, "tuesday": [], "wednesday": [], "thursday": [], "friday": [], "saturday": [], "sunday": [] })
}

async fn ended(events: &mut Events) -> Value {
    events.next_of("ended").await
}

/// What the audit log says of what a person did to the hours: the action, the subject, and the details.
async fn records(gateway: &Gateway) -> Vec<(String, String, Value)> {
    let sql =
        "select action, subject, record from audit_records where actor is not null and action like 'fact_%' order by position";
    let rows: Vec<(String, String, String)> = gateway.db().rows(sql, args![]).await.unwrap();
    let details = |record: String| serde_json::from_str::<Value>(&record).unwrap()["details"].clone();
    rows.into_iter().map(|(action, subject, record)| (action, subject, details(record))).collect()
}

async fn a_week_is_set_on(gateway: Gateway) {
    let page = Page::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (camera, player) = (asel.camera("Ойын бөлмесі").await, Player::of(&gateway, &asel).await);
    let mut events = asel.events().await;
    events.next_of("me").await;
    player.open(&camera).await;
    let group = page.group("Күншуақ").await;
    assert_eq!(group["week"], Value::Null, "it has the kindergarten's");

    // It is 10:31 on a Monday. Nap and changing times are the holes between the spans.
    let week = monday(&["08:00-10:00", "10:35-11:00", "22:00-06:00"]);
    page.director.put("/api/v1/hours", page.set(&group["id"], week.clone())).await.ok(204);
    let ended = ended(&mut events).await;
    assert_eq!((&ended["code"], &ended["opens_at"]), (&json!("outside_hours"), &json!("2026-11-23T05:35:00Z")));
    assert_eq!(page.group("Күншуақ").await["week"], week);

    let (action, subject, details) = records(&gateway).await.pop().unwrap();
    assert_eq!((action.as_str(), subject), ("fact_changed", format!("group:{}", group["id"].as_str().unwrap())));
    assert_eq!(details["before"], json!({}));
    assert_eq!(details["after"], json!({ "monday": ["08:00-10:00", "10:35-11:00", "22:00-06:00"] }));

    // The same again is nothing to do; over midnight it belongs to the evening before.
    page.director.put("/api/v1/hours", page.set(&group["id"], week)).await.ok(204);
    assert_eq!(records(&gateway).await.len(), 1);
    gateway.clock.set("2026-11-24T00:30:00Z".parse().unwrap());
    Player::of(&gateway, &asel).await.open(&camera).await;

    // Back to the kindergarten's week. A director who has been away for the night logs in again.
    let page = Page::of(&gateway, GULNAR).await;
    page.director.put("/api/v1/hours", page.set(&group["id"], Value::Null)).await.ok(204);
    assert_eq!(page.group("Күншуақ").await["week"], Value::Null);
    assert_eq!(
        asel.post("/api/v1/view-token", json!({})).await.refused(403, "outside_hours").json()["opens_at"],
        "2026-11-24T04:00:00Z"
    );
    assert_eq!(records(&gateway).await.len(), 2);

    // What held then is still known.
    let account = asel.me().await["account"]["id"].as_str().unwrap().to_owned();
    let then = format!("/api/v1/explain?account={account}&camera={camera}&at=2026-11-23T05:33:00Z");
    assert_eq!(page.director.get(&then).await.ok(200).json()["verdict"]["code"], "outside_hours");
    gateway.stop().await;
}

#[tokio::test]
async fn a_groups_own_week_cuts_its_parents_at_once_and_can_be_given_up_again() {
    a_week_is_set_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_groups_own_week_is_the_same_on_postgresql() {
    let database = databases::postgres().await;
    a_week_is_set_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn the_kindergartens_week_holds_for_every_group_without_one_of_its_own() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    page.director.put("/api/v1/hours", page.set(&Value::Null, monday(&["00:00-24:00"]))).await.ok(204);
    gateway.clock.set("2026-11-23T18:00:00Z".parse().unwrap());
    let asel = Visitor::log_in(&gateway, ASEL).await;
    asel.post("/api/v1/view-token", json!({})).await.ok(200);
    // Балапан has its own week, which opens on Tuesday at nine.
    let daniyar = Visitor::log_in(&gateway, DANIYAR).await;
    let bedroom = daniyar.camera("Жатын бөлме").await;
    let me = daniyar.me().await;
    let state = &me["cameras"].as_array().unwrap().iter().find(|camera| camera["id"] == json!(bedroom)).unwrap()["state"];
    assert_eq!((&state["code"], &state["opens_at"]), (&json!("outside_hours"), &json!("2026-11-24T04:00:00Z")));
    gateway.stop().await;
}

async fn a_date_is_set_on(gateway: Gateway) {
    let page = Page::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (camera, player) = (asel.camera("Ойын бөлмесі").await, Player::of(&gateway, &asel).await);
    let mut events = asel.events().await;
    events.next_of("me").await;
    player.open(&camera).await;

    let today = json!({ "group": null, "date": "2026-11-23", "hours": [], "reason": " Бояу жұмыстары " });
    let party = json!({ "group": null, "date": "2026-12-29", "hours": ["09:00-11:00"], "reason": SANTA });
    let set = page.director.post("/api/v1/exceptions", page.dates(json!([party, today]))).await.ok(201).json();
    assert_eq!(ended(&mut events).await["code"], "outside_hours");
    assert_eq!((&set[1]["by"], &set[1]["reason"]), (&json!("Гүлнар Сапарова"), &json!("Бояу жұмыстары")));
    let listed = page.hours().await["exceptions"].clone();
    assert_eq!(listed, json!([set[1], set[0]]), "the earliest first");

    // A group's own date goes before the kindergarten's; the same date again takes the place of the first.
    let group = page.group("Күншуақ").await;
    let own = json!({ "group": group["id"], "date": "2026-11-23", "hours": ["10:00-10:30"], "reason": SANTA });
    page.director.post("/api/v1/exceptions", page.dates(json!([own]))).await.ok(201);
    let own = json!({ "group": group["id"], "date": "2026-11-23", "hours": ["10:00-11:00"], "reason": SANTA });
    let own = page.director.post("/api/v1/exceptions", page.dates(json!([own]))).await.ok(201).json();
    Player::of(&gateway, &asel).await.open(&camera).await;
    assert_eq!(page.hours().await["exceptions"].as_array().unwrap().len(), 3);

    let address = |exception: &Value| format!("/api/v1/exceptions/{}", exception["id"].as_str().unwrap());
    page.director.delete(&address(&own[0])).await.ok(204);
    assert_eq!(ended(&mut events).await["code"], "outside_hours");
    page.director.delete(&address(&set[1])).await.ok(204);
    page.director.delete(&address(&set[1])).await.ok(204);
    Player::of(&gateway, &asel).await.open(&camera).await;
    let actions: Vec<String> = records(&gateway).await.into_iter().map(|(action, ..)| action).collect();
    assert_eq!(actions, ["fact_added", "fact_added", "fact_added", "fact_added", "fact_ended", "fact_ended"]);
    let (_, subject, details) = records(&gateway).await.remove(0);
    assert_eq!(subject, format!("exception:{}", set[0]["id"].as_str().unwrap()));
    assert_eq!(details, json!({ "group": null, "date": "2026-12-29", "hours": ["09:00-11:00"], "reason": SANTA }));
    gateway.stop().await;
}

#[tokio::test]
async fn a_date_with_other_hours_goes_before_the_week_until_it_is_taken_back() {
    a_date_is_set_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_date_with_other_hours_is_the_same_on_postgresql() {
    let database = databases::postgres().await;
    a_date_is_set_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn what_held_on_a_day_that_is_gone_stays_on_record() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    let today = json!({ "group": null, "date": "2026-11-23", "hours": [], "reason": "Бояу" });
    let set = page.director.post("/api/v1/exceptions", page.dates(json!([today]))).await.ok(201).json();
    gateway.clock.set("2026-11-24T05:31:00Z".parse().unwrap());
    let (page, address) = (Page::of(&gateway, GULNAR).await, format!("/api/v1/exceptions/{}", set[0]["id"].as_str().unwrap()));
    assert_eq!(page.director.delete(&address).await.refused(400, "bad_field").json()["field"], "date");
    assert_eq!(page.hours().await["exceptions"], set);
    gateway.stop().await;
}

#[tokio::test]
async fn a_day_is_shown_before_it_comes_with_the_reason_for_every_closed_stretch() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    let paused = page.group("Қарлығаш").await;
    let music = page.director.camera("Музыка залы").await;
    let pause =
        json!({ "kindergarten": page.kindergarten, "camera": music, "until": "2026-11-23T13:00:00Z", "reason": "Микрофон" });
    page.director.post("/api/v1/pauses", pause).await.ok(201);
    let day = page.day(&paused, "2026-11-23").await;
    let stretches: Vec<(&str, &str)> = day["stretches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stretch| (stretch["start"].as_str().unwrap(), stretch["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        stretches,
        [
            ("2026-11-22T19:00:00Z", "outside_hours"),
            ("2026-11-23T04:00:00Z", "open"),
            ("2026-11-23T05:00:00Z", "paused"),
            ("2026-11-23T07:30:00Z", "outside_hours"),
            ("2026-11-23T10:30:00Z", "paused"),
            ("2026-11-23T11:30:00Z", "open"),
            ("2026-11-23T13:00:00Z", "outside_hours"),
        ]
    );
    assert_eq!(day["stretches"][2]["reason"], "Дәрігер балаларды қарап жатыр");
    assert_eq!((&day["cameras"][0]["name"], &day["cameras"][0]["reason"]), (&json!("Музыка залы"), &json!("Микрофон")));

    let holiday = json!({ "group": null, "date": "2026-12-16", "hours": [], "reason": "Тәуелсіздік күні" });
    page.director.post("/api/v1/exceptions", page.dates(json!([holiday]))).await.ok(201);
    let day = page.day(&paused, "2026-12-16").await;
    let whole = json!({
        "start": "2026-12-15T19:00:00Z", "end": "2026-12-16T19:00:00Z", "code": "exception", "reason": "Тәуелсіздік күні",
    });
    assert_eq!(day, json!({ "host": null, "stretches": [whole], "cameras": [] }));
    gateway.stop().await;
}

#[tokio::test]
async fn the_holidays_of_a_year_come_as_a_proposal_that_holds_nowhere_yet() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    let holidays = page.director.get("/api/v1/holidays?year=2027").await.ok(200).json();
    let victory = json!({ "date": "2027-05-10", "name": "victory_day", "instead_of": "2027-05-09", "expected": false });
    assert!(holidays.as_array().unwrap().contains(&victory));
    assert!(holidays.as_array().unwrap().iter().any(|day| day["name"] == "kurban_ait" && day["expected"] == json!(true)));
    assert_eq!(page.hours().await["exceptions"], json!([]));
    for year in ["2025", "2051"] {
        page.director.get(&format!("/api/v1/holidays?year={year}")).await.refused(400, "bad_field");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn an_inspector_reads_the_hours_and_each_look_is_on_record() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, SAULE).await;
    let group = page.group("Балапан").await;
    assert_eq!(group["week"]["tuesday"], json!(["09:00-18:00"]));
    page.day(&group, "2026-11-24").await;
    let sql = "select record from audit_records where action = 'inspected' order by position";
    let looks: Vec<(String,)> = gateway.db().rows(sql, args![]).await.unwrap();
    let asked: Vec<Value> =
        looks.iter().map(|(record,)| serde_json::from_str::<Value>(record).unwrap()["details"]["request"].clone()).collect();
    assert_eq!(asked, ["GET /api/v1/hours", "GET /api/v1/hours/day"]);
    gateway.stop().await;
}
