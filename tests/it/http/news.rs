//! What changed for a child, or is to come, as its parents are told.

use super::people::{ASEL, DANIYAR, GULNAR, YERLAN};
use crate::world::{
    api::{Events, Visitor},
    databases,
    gateway::Gateway,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A day after the kindergarten was declared: Tuesday, 24 November, 10:31 in Almaty.
struct Day {
    gateway: Gateway,
    director: Visitor,
    parent: Visitor,
    kindergarten: Value,
}

impl Day {
    async fn of(gateway: Gateway) -> Self {
        gateway.clock.advance(SignedDuration::from_hours(24));
        let (director, parent) = (Visitor::log_in(&gateway, GULNAR).await, Visitor::log_in(&gateway, ASEL).await);
        let kindergarten = director.me().await["kindergartens"][0]["id"].clone();
        Self { gateway, director, parent, kindergarten }
    }

    async fn group(&self, name: &str) -> Value {
        let me = self.director.me().await;
        me["groups"].as_array().unwrap().iter().find(|group| group["name"] == name).unwrap()["id"].clone()
    }

    /// Sets `hours` for each of `dates`.
    async fn except(&self, dates: &[&str], hours: Value, reason: &str) {
        let date = |date: &&str| json!({ "group": null, "date": date, "hours": hours, "reason": reason });
        let dates: Vec<Value> = dates.iter().map(date).collect();
        self.director.post("/api/v1/exceptions", json!({ "kindergarten": self.kindergarten, "dates": dates })).await.ok(201);
    }

    async fn merge(&self, group: &str, host: &str, date: &str) {
        let (group, host) = (self.group(group).await, self.group(host).await);
        let merger = json!({ "kindergarten": self.kindergarten, "group": group, "host": host, "date": date });
        self.director.post("/api/v1/mergers", merger).await.ok(201);
    }

    async fn news(&self) -> Value {
        news(&self.parent).await
    }

    /// Goes on to `moment`, and logs in again.
    async fn later(&mut self, moment: &str) {
        self.gateway.clock.set(moment.parse().unwrap());
        self.director = Visitor::log_in(&self.gateway, GULNAR).await;
        self.parent = Visitor::log_in(&self.gateway, ASEL).await;
    }
}

async fn news(parent: &Visitor) -> Value {
    parent.me().await["children"][0]["news"].clone()
}

/// The next document in which there are news.
async fn told(events: &mut Events) -> Value {
    loop {
        let news = events.next_of("me").await["children"][0]["news"].clone();
        if news != json!([]) {
            return news;
        }
    }
}

async fn other_hours_on_dates_on(gateway: Gateway) {
    let mut day = Day::of(gateway).await;
    assert_eq!(day.news().await, json!([]), "what was so when the parent came is no news");
    let mut page = day.parent.events().await;
    page.next_of("me").await;
    // Saturday and Sunday have no hours anyway, and what lies beyond two weeks is told when it comes nearer.
    let dates = ["2026-11-25", "2026-11-26", "2026-11-28", "2026-11-29", "2026-12-09"];
    day.except(&dates, json!([]), "Жөндеу").await;
    let repair = json!({ "kind": "hours", "date": "2026-11-25", "to": "2026-11-26", "reason": "Жөндеу" });
    assert_eq!(told(&mut page).await, json!([repair]), "without a reload, and days in a row are one piece");
    day.except(&["2026-11-27"], json!(["09:00-11:00"]), "Ертеңгілік").await;
    let party =
        json!({ "kind": "hours", "date": "2026-11-27", "to": "2026-11-27", "hours": ["09:00-11:00"], "reason": "Ертеңгілік" });
    assert_eq!(day.news().await, json!([repair, party]));
    day.later("2026-11-26T19:00:00Z").await;
    let far = json!({ "kind": "hours", "date": "2026-12-09", "to": "2026-12-09", "reason": "Жөндеу" });
    assert_eq!(day.news().await, json!([party, far]), "a day that is over is told no more");
    day.gateway.stop().await;
}

#[tokio::test]
async fn other_hours_on_dates_are_told_from_two_weeks_before_until_they_are_over() {
    other_hours_on_dates_on(Gateway::start().await).await;
}

#[tokio::test]
async fn other_hours_on_dates_are_told_on_postgresql_as_well() {
    let database = databases::postgres().await;
    other_hours_on_dates_on(Gateway::start_on(&database.url).await).await;
}

async fn a_week_a_room_and_a_pause_on(gateway: Gateway) {
    let mut day = Day::of(gateway).await;
    let (camera, own) = (day.director.camera("Музыка залы").await, day.group("Күншуақ").await);
    let week = json!({
        "monday": ["08:00-18:00"], "tuesday": ["08:00-18:00"], "wednesday": [], "thursday": [], "friday": [], "saturday": [], "sunday": [],
    });
    let set = |week: &Value| json!({ "kindergarten": day.kindergarten, "group": own, "week": week });
    day.director.put("/api/v1/hours", set(&week)).await.ok(204);
    let changed = json!({ "kind": "week", "date": "2026-11-24" });
    assert_eq!(day.news().await, json!([changed]));

    let address = format!("/api/v1/cameras/{camera}");
    let place = |group: &Value| json!({ "name": "Музыка залы", "group": group, "sound": false });
    day.director.put(&address, place(&own)).await.ok(200);
    let added = json!({ "kind": "camera_added", "date": "2026-11-24", "name": "Музыка залы" });
    assert_eq!(day.news().await, json!([changed, added]));

    let closing = json!({ "kindergarten": day.kindergarten, "group": own, "until": "2026-11-24T05:46:00Z", "reason": "nap" });
    day.director.post("/api/v1/pauses", closing).await.ok(201);
    assert_eq!(day.news().await, json!([changed, added]), "while it lasts the state tells of it");
    let mut page = day.parent.events().await;
    page.next_of("me").await;
    day.gateway.clock.set("2026-11-24T05:46:00Z".parse().unwrap());
    let span = json!({ "start": "2026-11-24T05:31:00Z", "end": "2026-11-24T05:46:00Z" });
    let paused = json!({ "kind": "paused", "date": "2026-11-24", "span": span, "reason": "nap" });
    assert_eq!(told(&mut page).await, json!([changed, added, paused]));

    // Another day: the pause is forgotten, the camera is gone again, and the week is what it was.
    day.later("2026-11-25T05:31:00Z").await;
    assert_eq!(day.news().await, json!([changed, added]));
    let other = day.group("Қарлығаш").await;
    day.director.put(&address, place(&other)).await.ok(200);
    let set = json!({ "kindergarten": day.kindergarten, "group": own, "week": null });
    day.director.put("/api/v1/hours", set).await.ok(204);
    let again = json!({ "kind": "week", "date": "2026-11-25" });
    let gone = |name: &str| json!({ "kind": "camera_removed", "date": "2026-11-25", "name": name });
    assert_eq!(day.news().await, json!([again, gone("Музыка залы")]));
    day.director.delete(&format!("/api/v1/cameras/{}", day.director.camera("Аула").await)).await.ok(204);
    let all = json!([again, gone("Музыка залы"), gone("Аула")]);
    assert_eq!(day.news().await, all);
    day.later("2026-12-02T18:59:00Z").await;
    assert_eq!(day.news().await, all, "for a week");
    day.later("2026-12-02T19:00:00Z").await;
    assert_eq!(day.news().await, json!([]));
    day.gateway.stop().await;
}

#[tokio::test]
async fn a_week_that_changed_a_camera_that_came_and_a_pause_that_was_are_told() {
    a_week_a_room_and_a_pause_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_week_a_camera_and_a_pause_are_told_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_week_a_room_and_a_pause_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn a_child_that_moves_and_groups_that_are_together_are_told_with_the_hours_of_the_room() {
    let mut day = Day::of(Gateway::start().await).await;
    day.merge("Күншуақ", "Қарлығаш", "2026-11-26").await;
    day.merge("Балапан", "Күншуақ", "2026-11-25").await;
    let joined = json!({ "kind": "joined", "date": "2026-11-25", "name": "Балапан" });
    let with = json!({ "kind": "with", "date": "2026-11-26", "name": "Қарлығаш" });
    assert_eq!(day.news().await, json!([joined, with]));

    let child = day.parent.me().await["children"][0]["id"].as_str().unwrap().to_owned();
    let to = json!({ "group": day.group("Қарлығаш").await, "from": "2026-11-30" });
    day.director.put(&format!("/api/v1/children/{child}/group"), to).await.ok(204);
    let moved = json!({ "kind": "moved", "date": "2026-11-30", "name": "Қарлығаш" });
    assert_eq!(day.news().await, json!([joined, with, moved]));
    // What holds for the room in which the child will be then.
    let group = |group: Value, date: &str| json!({ "group": group, "date": date, "hours": [], "reason": "x" });
    let dates = [
        group(day.group("Қарлығаш").await, "2026-11-26"),
        group(day.group("Күншуақ").await, "2026-12-01"),
        group(day.group("Қарлығаш").await, "2026-12-02"),
    ];
    day.director.post("/api/v1/exceptions", json!({ "kindergarten": day.kindergarten, "dates": dates })).await.ok(201);
    let closed = |date: &str| json!({ "kind": "hours", "date": date, "to": date, "reason": "x" });
    let (with_closed, later) = (closed("2026-11-26"), closed("2026-12-02"));
    assert_eq!(day.news().await, json!([joined, with_closed, with, moved, later]));
    day.later("2026-12-03T05:31:00Z").await;
    assert_eq!(day.news().await, json!([moved]), "a week after it is still told");
    day.later("2026-12-07T19:00:00Z").await;
    assert_eq!(day.news().await, json!([]));
    day.gateway.stop().await;
}

#[tokio::test]
async fn news_are_of_the_own_child_and_for_those_who_may_look() {
    let day = Day::of(Gateway::start().await).await;
    day.except(&["2026-11-25", "2026-11-27"], json!([]), "Жөндеу").await;
    assert_eq!(day.news().await.as_array().unwrap().len(), 2);
    let yerlan = Visitor::log_in(&day.gateway, YERLAN).await;
    assert_eq!(news(&yerlan).await, json!([]), "an order keeps this parent from looking");
    // A guest until Wednesday is told nothing of Friday, nor of what was changed before the invitation.
    let child = day.parent.me().await["children"][0]["id"].clone();
    let guest = json!({ "child": child, "name": "Айдос Бекенов", "login": "+77010000008", "language": "kk", "to": "2026-11-25" });
    day.gateway.clock.advance(SignedDuration::from_mins(1));
    day.director.post("/api/v1/guardianships", guest).await.ok(201);
    let aidos = Visitor::log_in(&day.gateway, "+77010000008").await;
    let dates: Vec<Value> = news(&aidos).await.as_array().unwrap().iter().map(|piece| piece["date"].clone()).collect();
    assert_eq!(dates, ["2026-11-25"]);
    // At most six, the nearest.
    let dates = ["2026-12-01", "2026-12-03", "2026-12-04", "2026-12-07", "2026-12-08"];
    for (n, date) in dates.iter().enumerate() {
        day.except(&[date], json!([]), &format!("{n}")).await;
    }
    let told = day.news().await;
    let dates: Vec<&Value> = told.as_array().unwrap().iter().map(|piece| &piece["date"]).collect();
    assert_eq!(dates, ["2026-11-25", "2026-11-27", "2026-12-01", "2026-12-03", "2026-12-04", "2026-12-07"]);
    // Another child's group has hours on Tuesdays alone: only those are news.
    let tomiris = Visitor::log_in(&day.gateway, DANIYAR).await.me().await["children"][1]["news"].clone();
    let dates: Vec<&Value> = tomiris.as_array().unwrap().iter().map(|piece| &piece["date"]).collect();
    assert_eq!(dates, ["2026-12-01", "2026-12-08"]);
    day.gateway.stop().await;
}
