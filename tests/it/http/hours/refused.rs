//! Who may not set or see the hours, and what may not be asked for.

use super::{
    super::elsewhere::{MARAT, OTHER},
    super::people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA},
    Page, SANTA, monday, records,
};
use crate::world::{
    api::{Answer, Visitor},
    gateway::Gateway,
};
use reqwest::Method;
use serde_json::{Value, json};
use tereze::id::GroupId;

#[tokio::test]
async fn nobody_but_the_director_sets_hours_and_nobody_but_overseers_sees_them() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let page = Page::of(&gateway, GULNAR).await;
    let group = page.group("Күншуақ").await;
    let (week, date) = (
        page.set(&group["id"], monday(&["08:00-09:00"])),
        json!({ "group": null, "date": "2026-12-16", "hours": [], "reason": SANTA }),
    );
    let dates = page.dates(json!([date]));
    let set = page.director.post("/api/v1/exceptions", dates.clone()).await.ok(201).json();
    let exception = format!("/api/v1/exceptions/{}", set[0]["id"].as_str().unwrap());
    let id = group["id"].as_str().unwrap();
    let looks = [
        format!("/api/v1/hours?kindergarten={}", page.kindergarten),
        format!("/api/v1/hours/day?kindergarten={}&group={id}&date=2026-11-24", page.kindergarten),
    ];
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.put("/api/v1/hours", week.clone()).await.refused(403, "not_yours");
        visitor.post("/api/v1/exceptions", dates.clone()).await.refused(403, "not_yours");
        visitor.delete(&exception).await.refused(403, "not_yours");
        for look in &looks {
            let answer = visitor.get(look).await;
            if login == SAULE {
                answer.ok(200)
            } else {
                answer.refused(403, "not_yours")
            };
        }
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.put("/api/v1/hours", week.clone()).await.refused(401, "not_logged_in");
    stranger.post("/api/v1/exceptions", dates.clone()).await.refused(401, "not_logged_in");
    stranger.delete(&exception).await.refused(401, "not_logged_in");
    for look in looks.iter().map(String::as_str).chain(["/api/v1/holidays?year=2027"]) {
        stranger.get(look).await.refused(401, "not_logged_in");
    }
    for (method, path, body) in [
        (Method::PUT, "/api/v1/hours", &week),
        (Method::POST, "/api/v1/exceptions", &dates),
        (Method::DELETE, exception.as_str(), &Value::Null),
    ] {
        Answer::of(page.director.request(method, path).json(body)).await.refused(403, "csrf");
    }
    assert_eq!(records(&gateway).await.len(), 1, "nothing but the director's own date is on record");
    gateway.stop().await;
}

#[tokio::test]
async fn another_kindergartens_group_and_none_at_all_look_the_same() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let (page, other) = (Page::of(&gateway, GULNAR).await, Page::of(&gateway, MARAT).await);
    let theirs = other.group("Жұлдыз").await["id"].clone();
    let nobodys = json!(GroupId::new(gateway.clock.now()));
    let mut bodies = Vec::new();
    for group in [&theirs, &nobodys] {
        let set = page.set(group, monday(&["08:00-09:00"]));
        bodies.push(page.director.put("/api/v1/hours", set).await.refused(403, "not_yours").body);
        let date = json!({ "group": group, "date": "2026-12-16", "hours": [], "reason": SANTA });
        bodies.push(page.director.post("/api/v1/exceptions", page.dates(json!([date]))).await.refused(403, "not_yours").body);
        let id = group.as_str().unwrap();
        let day = format!("/api/v1/hours/day?kindergarten={}&group={id}&date=2026-11-24", page.kindergarten);
        bodies.push(page.director.get(&day).await.refused(403, "not_yours").body);
        bodies.push(page.director.delete(&format!("/api/v1/exceptions/{id}")).await.refused(403, "not_yours").body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    gateway.stop().await;
}

#[tokio::test]
async fn hours_that_cannot_be_are_refused_by_name_and_change_nothing() {
    let gateway = Gateway::start().await;
    let page = Page::of(&gateway, GULNAR).await;
    let group = page.group("Күншуақ").await["id"].clone();
    let many: Vec<String> = (0..13).map(|hour| format!("{hour:02}:00-{hour:02}:30")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (group, week, code, field) in [
        (&group, monday(&[]), "no_hours", Value::Null),
        (&group, monday(&["8-9"]), "bad_field", json!("hours")),
        (&group, monday(&["09:00-09:00"]), "bad_field", json!("hours")),
        (&group, monday(&["09:00-25:00"]), "bad_field", json!("hours")),
        (&group, monday(&many), "bad_field", json!("hours")),
        (&group, json!({ "monday": [] }), "bad_request", Value::Null),
        (&Value::Null, Value::Null, "bad_field", json!("hours")),
    ] {
        let answer = page.director.put("/api/v1/hours", page.set(group, week)).await.refused(400, code);
        assert_eq!(answer.json()["field"], field);
    }
    let good = json!({ "group": null, "date": "2026-12-16", "hours": [], "reason": SANTA });
    let with = |field: &str, value: Value| {
        let mut date = good.clone();
        date[field] = value;
        json!([date])
    };
    for (dates, code) in [
        (json!([]), "bad_field"),
        (json!([good, good]), "bad_field"),
        (with("date", json!("2026-11-22")), "bad_field"),
        (with("date", json!("2028-11-26")), "bad_field"),
        (with("date", json!("2026-02-30")), "bad_request"),
        (with("hours", json!(["9"])), "bad_field"),
        (with("hours", json!(many)), "bad_field"),
        (with("reason", json!(" ")), "bad_reason"),
        (with("reason", json!("a\nb")), "bad_reason"),
        (with("reason", json!("a\u{202e}b")), "bad_reason"),
        (with("reason", json!("ұ".repeat(201))), "bad_reason"),
        (with("group", json!("sun")), "bad_request"),
        (with("for", json!("ever")), "bad_request"),
    ] {
        page.director.post("/api/v1/exceptions", page.dates(dates)).await.refused(400, code);
    }
    // One bad date keeps the good ones from being set.
    let mixed = json!([good, with("date", json!("2020-01-01"))[0]]);
    page.director.post("/api/v1/exceptions", page.dates(mixed)).await.refused(400, "bad_field");
    let id = group.as_str().unwrap();
    for date in ["2026-11-22", "2028-11-26"] {
        let day = format!("/api/v1/hours/day?kindergarten={}&group={id}&date={date}", page.kindergarten);
        page.director.get(&day).await.refused(400, "bad_field");
    }
    assert!(records(&gateway).await.is_empty() && page.hours().await["exceptions"] == json!([]));
    gateway.stop().await;
}
