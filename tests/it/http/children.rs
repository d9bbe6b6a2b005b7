//! A director keeps the groups and their children; what parents may watch follows.

mod import;
mod mergers;
mod refused;

use super::people::{AIDOS, ASEL, DANIYAR, GULNAR, SAULE};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::Gateway,
    offer::Player,
};
use serde_json::{Value, json};
use tereze::{args, db::Queries};

/// The Monday of `site.toml`, and the day after.
const TODAY: &str = "2026-11-23";
const TOMORROW: &str = "2026-11-24";

/// A director with the list of children before her.
struct Office {
    director: Visitor,
    kindergarten: String,
}

impl Office {
    async fn of(gateway: &Gateway, login: &str) -> Self {
        let director = Visitor::log_in(gateway, login).await;
        let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { director, kindergarten }
    }

    fn address(&self) -> String {
        format!("/api/v1/children?kindergarten={}", self.kindergarten)
    }

    async fn list(&self) -> Value {
        self.director.get(&self.address()).await.ok(200).json()
    }

    async fn named(&self, what: &str, name: &str) -> Value {
        let list = self.list().await;
        let found = list[what].as_array().unwrap().iter().find(|it| it["name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {list}")).clone()
    }

    async fn child(&self, name: &str) -> Value {
        self.named("children", name).await
    }

    async fn group(&self, name: &str) -> String {
        id(&self.named("groups", name).await)
    }

    async fn make_group(&self, name: &str) -> String {
        let body = json!({ "kindergarten": self.kindergarten, "name": name });
        id(&self.director.post("/api/v1/groups", body).await.ok(201).json())
    }

    async fn enrol(&self, name: &str, group: &str, from: &str) -> String {
        let body = json!({ "kindergarten": self.kindergarten, "name": name, "group": group, "from": from });
        id(&self.director.post("/api/v1/children", body).await.ok(201).json())
    }

    async fn put(&self, child: &Value, what: &str, body: Value) -> Answer {
        self.director.put(&format!("/api/v1/children/{}/{what}", id(child)), body).await
    }

    /// The first card of the director's day of the group with this name.
    async fn today(&self, group: &str) -> Value {
        let today = self.director.get(&format!("/api/v1/today?kindergarten={}", self.kindergarten)).await.ok(200).json();
        today["groups"].as_array().unwrap().iter().find(|it| it["name"] == group).unwrap().clone()
    }
}

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

/// What the audit log says of subjects that begin with `subject`, by persons: the action and the details.
async fn records(gateway: &Gateway, subject: &str) -> Vec<(String, Value)> {
    let sql = "select action, record from audit_records where subject like $1 and actor is not null order by position";
    let rows: Vec<(String, String)> = gateway.db().rows(sql, args![format!("{subject}%")]).await.unwrap();
    rows.into_iter().map(|(action, record)| (action, serde_json::from_str::<Value>(&record).unwrap()["details"].clone())).collect()
}

async fn a_child_moves_on(gateway: Gateway) {
    let office = Office::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let player = Player::of(&gateway, &asel).await;
    let room = asel.camera("Ойын бөлмесі").await;
    let mut events = asel.events().await;
    events.next_of("me").await;
    player.open(&room).await;

    let (amina, balapan) = (office.child("Әмина Қасымова").await, office.group("Балапан").await);
    let kunshuaq = office.group("Күншуақ").await;
    office.put(&amina, "group", json!({ "group": balapan, "from": TOMORROW })).await.ok(204);
    let stays = json!([
        { "group": kunshuaq, "from": "2026-09-01", "to": TODAY },
        { "group": balapan, "from": TOMORROW, "to": null },
    ]);
    assert_eq!(office.child("Әмина Қасымова").await["stays"], stays);

    gateway.clock.advance(jiff::SignedDuration::from_mins(5));
    // Another plan, from today on: the picture stops, and the other room is there instead.
    office.put(&amina, "group", json!({ "group": balapan, "from": TODAY })).await.ok(204);
    assert_eq!(events.next_of("ended").await["code"], "not_yours");
    let me = asel.me().await;
    assert_eq!(me["children"][0]["group"], json!(balapan));
    let names: Vec<&str> = me["cameras"].as_array().unwrap().iter().map(|camera| camera["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Жатын бөлме", "Аула"]);
    let stays =
        json!([{ "group": kunshuaq, "from": "2026-09-01", "to": "2026-11-22" }, { "group": balapan, "from": TODAY, "to": null }]);
    assert_eq!(office.child("Әмина Қасымова").await["stays"], stays);
    let actions: Vec<String> = records(&gateway, "enrolment:").await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["fact_ended", "fact_added", "fact_added", "fact_ended", "fact_ended", "fact_added", "fact_added"]);

    // What held a moment ago is still known.
    let account = me["account"]["id"].as_str().unwrap();
    let why = |at: &str| format!("/api/v1/explain?account={account}&camera={room}&at={at}");
    for (at, allowed) in [("2026-11-23T05:33:00Z", true), ("2026-11-23T05:36:00Z", false)] {
        assert_eq!(office.director.get(&why(at)).await.ok(200).json()["verdict"]["allowed"], allowed, "{at}");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn a_child_moves_from_a_day_on_and_its_parents_see_the_other_room() {
    a_child_moves_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_child_moves_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_child_moves_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn who_leaves_may_be_watched_to_the_end_of_the_last_day_and_who_comes_back_again() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let room = asel.camera("Ойын бөлмесі").await;
    let amina = office.child("Әмина Қасымова").await;
    office.put(&amina, "last-day", json!({ "last_day": TODAY })).await.ok(204);
    Player::of(&gateway, &asel).await.open(&room).await;
    gateway.clock.set("2026-11-24T04:30:00Z".parse().unwrap());
    let (office, asel) = (Office::of(&gateway, GULNAR).await, Visitor::log_in(&gateway, ASEL).await);
    assert_eq!(asel.me().await["children"][0]["group"], Value::Null);
    asel.post("/api/v1/view-token", json!({})).await.refused(403, "not_yours");

    let kunshuaq = office.group("Күншуақ").await;
    office.put(&amina, "group", json!({ "group": kunshuaq, "from": TOMORROW })).await.ok(204);
    Player::of(&gateway, &asel).await.open(&room).await;
    let stays = json!([{ "group": kunshuaq, "from": "2026-09-01", "to": null }]);
    assert_eq!(office.child("Әмина Қасымова").await["stays"], stays, "as if it had never been going to leave");
    gateway.stop().await;
}

#[tokio::test]
async fn a_child_that_is_away_is_on_the_directors_page_and_its_parents_watch_all_the_same() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let amina = office.child("Әмина Қасымова").await;
    assert_eq!((&office.today("Күншуақ").await["children"], &office.today("Күншуақ").await["absent"]), (&json!(3), &json!([])));
    let mut events = office.director.events().await;
    events.next_of("me").await;
    office.put(&amina, "absence", json!({ "from": TODAY, "to": "2026-11-27" })).await.ok(204);
    let absent = json!([{ "id": amina["id"], "name": "Әмина Қасымова" }]);
    let told = events.next_of("me").await;
    let card = told["today"][0]["groups"].as_array().unwrap().iter().find(|group| group["name"] == "Күншуақ").unwrap();
    assert_eq!((&card["absent"], &card["children"]), (&absent, &json!(3)));
    assert_eq!(office.child("Әмина Қасымова").await["absences"], json!([{ "from": TODAY, "to": "2026-11-27" }]));
    Player::of(&gateway, &asel).await.open(&asel.camera("Ойын бөлмесі").await).await;

    // It comes back earlier: the day that it was away stays known.
    gateway.clock.set("2026-11-24T04:30:00Z".parse().unwrap());
    let office = Office::of(&gateway, GULNAR).await;
    assert_eq!(office.today("Күншуақ").await["absent"], absent);
    let back = format!("/api/v1/children/{}/absence", id(&amina));
    office.director.delete(&back).await.ok(204);
    office.director.delete(&back).await.ok(204);
    assert_eq!(office.today("Күншуақ").await["absent"], json!([]));
    let records = records(&gateway, "absence:").await;
    let actions: Vec<&str> = records.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["fact_added", "fact_ended", "fact_added"]);
    assert_eq!(records[2].1, json!({ "child": amina["id"], "from": TODAY, "to": TODAY }));
    gateway.stop().await;
}

#[tokio::test]
async fn a_group_is_made_renamed_and_removed_when_nothing_stands_in_the_way() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let group = office.make_group("  Жұлдыз ").await;
    let address = format!("/api/v1/groups/{group}");
    let name = |name: &str| json!({ "name": name });
    office.director.put(&format!("{address}/name"), name("КҮНШУАҚ")).await.refused(409, "name_taken");
    office.director.put(&format!("{address}/name"), name("Айгөлек")).await.ok(204);
    office.director.put(&format!("{address}/name"), name("айгөлек")).await.ok(204);
    let body = json!({ "kindergarten": office.kindergarten, "name": "Айгөлек" });
    office.director.post("/api/v1/groups", body).await.refused(409, "name_taken");

    office.enrol("Дана Ли", &group, "2027-01-11").await;
    office.director.delete(&address).await.refused(409, "group_has_children");
    let dana = office.child("Дана Ли").await;
    office.put(&dana, "group", json!({ "group": office.group("Балапан").await, "from": TODAY })).await.ok(204);
    office.director.delete(&address).await.ok(204);
    office.director.delete(&address).await.refused(403, "not_yours");
    let qarlygash = office.group("Қарлығаш").await;
    let maksim = office.child("Максим Ким").await;
    office.put(&maksim, "last-day", json!({ "last_day": "2026-11-22" })).await.ok(204);
    office.director.delete(&format!("/api/v1/groups/{qarlygash}")).await.refused(409, "group_has_cameras");
    let actions: Vec<String> = records(&gateway, "group:").await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["fact_added", "fact_changed", "fact_changed", "fact_ended"]);
    gateway.stop().await;
}

#[tokio::test]
async fn what_a_director_makes_stays_when_the_file_is_applied_again() {
    let mut gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let group = office.make_group("Жұлдыз").await;
    office.enrol("Дана Ли", &group, TODAY).await;
    let amina = office.child("Әмина Қасымова").await;
    office.put(&amina, "absence", json!({ "from": TODAY, "to": TODAY })).await.ok(204);
    gateway.change("name = \"Данияр Жұмабаев\"", "name = \"Данияр Ж.\"").await;
    assert_eq!(office.child("Дана Ли").await["stays"][0]["group"], json!(group));
    assert_eq!(office.child("Әмина Қасымова").await["absences"], json!([{ "from": TODAY, "to": TODAY }]));
    gateway.stop().await;
}

#[tokio::test]
async fn a_child_gets_another_name_and_its_parents_read_it() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let name = "<img src=x onerror=alert(1)> \u{5d0}\u{5d1}";
    office.put(&office.child("Әмина Қасымова").await, "name", json!({ "name": name })).await.ok(204);
    assert_eq!(asel.me().await["children"][0]["name"], name);
    let changed = json!({ "changed": ["name"], "before": { "name": "Әмина Қасымова" }, "after": { "name": name } });
    assert_eq!(records(&gateway, "child:").await, [("fact_changed".to_owned(), changed)]);
    gateway.stop().await;
}

#[tokio::test]
async fn an_inspector_reads_the_list_and_each_look_is_written_down() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let saule = Visitor::log_in(&gateway, SAULE).await;
    assert_eq!(saule.get(&office.address()).await.ok(200).json(), office.list().await);
    let looks = records(&gateway, "kindergarten:").await;
    assert_eq!(looks, [("inspected".to_owned(), json!({ "request": "GET /api/v1/children" }))]);
    gateway.stop().await;
}

#[tokio::test]
async fn a_parent_of_nobody_stays_so_when_a_child_of_the_same_name_comes() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    office.enrol("Әлихан Жұмабаев", &office.group("Балапан").await, TODAY).await;
    let aidos = Visitor::log_in(&gateway, AIDOS).await;
    assert_eq!(aidos.me().await["children"], json!([]));
    let daniyar = Visitor::log_in(&gateway, DANIYAR).await;
    assert_eq!(daniyar.me().await["children"].as_array().unwrap().len(), 2);
    gateway.stop().await;
}
