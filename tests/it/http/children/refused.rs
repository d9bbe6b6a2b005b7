//! Who may change nothing here, and what nobody may ask for.

use super::{
    super::elsewhere::{MARAT, OTHER},
    super::people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA},
    Office, TODAY, id, records,
};
use crate::world::{
    api::{Answer, Visitor},
    gateway::Gateway,
};
use reqwest::Method;
use serde_json::{Value, json};
use tereze::id::{ChildId, GroupId};

/// Every change there is, of `group` and `child` in `kindergarten`.
fn changes(kindergarten: &str, group: &str, child: &str) -> Vec<(Method, String, Value)> {
    let (groups, children) = (format!("/api/v1/groups/{group}"), format!("/api/v1/children/{child}"));
    vec![
        (Method::POST, "/api/v1/groups".to_owned(), json!({ "kindergarten": kindergarten, "name": "Жаңа" })),
        (Method::PUT, format!("{groups}/name"), json!({ "name": "Жаңа" })),
        (Method::DELETE, groups, Value::Null),
        (
            Method::POST,
            "/api/v1/children".to_owned(),
            json!({ "kindergarten": kindergarten, "name": "Жаңа", "group": group, "from": TODAY }),
        ),
        (Method::PUT, format!("{children}/name"), json!({ "name": "Жаңа" })),
        (Method::PUT, format!("{children}/group"), json!({ "group": group, "from": TODAY })),
        (Method::PUT, format!("{children}/last-day"), json!({ "last_day": TODAY })),
        (Method::PUT, format!("{children}/absence"), json!({ "from": TODAY, "to": TODAY })),
        (Method::DELETE, format!("{children}/absence"), Value::Null),
    ]
}

async fn send(visitor: &Visitor, (method, path, body): &(Method, String, Value)) -> Answer {
    match *method {
        Method::POST => visitor.post(path, body.clone()).await,
        Method::PUT => visitor.put(path, body.clone()).await,
        _ => visitor.delete(path).await,
    }
}

#[tokio::test]
async fn nobody_but_the_director_of_the_kindergarten_changes_anything() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let office = Office::of(&gateway, GULNAR).await;
    let (group, child) = (office.group("Күншуақ").await, id(&office.child("Әмина Қасымова").await));
    let changes = changes(&office.kindergarten, &group, &child);
    let before = office.list().await;
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        for change in &changes {
            send(&visitor, change).await.refused(403, "not_yours");
        }
        if login != SAULE {
            visitor.get(&office.address()).await.refused(403, "not_yours");
        }
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.get(&office.address()).await.refused(401, "not_logged_in");
    for change in &changes {
        send(&stranger, change).await.refused(401, "not_logged_in");
        Answer::of(office.director.request(change.0.clone(), &change.1).json(&change.2)).await.refused(403, "csrf");
    }
    assert_eq!(office.list().await, before);
    assert!(records(&gateway, "enrolment:").await.is_empty());
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_another_kindergartens_and_what_does_not_exist_look_the_same() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let (office, other) = (Office::of(&gateway, GULNAR).await, Office::of(&gateway, MARAT).await);
    let theirs = (other.group("Жұлдыз").await, id(&other.child("Жанель Иманова").await));
    let nobodys = (GroupId::new(gateway.clock.now()).to_string(), ChildId::new(gateway.clock.now()).to_string());
    let (group, child) = (office.group("Күншуақ").await, id(&office.child("Әмина Қасымова").await));
    let mut bodies = Vec::new();
    for (strange_group, strange_child) in [&theirs, &nobodys] {
        // The own kindergarten with the group of another, and a child of another with the own group.
        for change in changes(&office.kindergarten, strange_group, &child).iter().filter(|(_, path, _)| path != "/api/v1/groups") {
            if change.2["group"] == json!(strange_group) || change.1.contains(strange_group.as_str()) {
                bodies.push(send(&office.director, change).await.refused(403, "not_yours").body);
            }
        }
        for change in changes(&other.kindergarten, &group, strange_child) {
            if !change.1.contains(&group) {
                bodies.push(send(&office.director, &change).await.refused(403, "not_yours").body);
            }
        }
    }
    assert_eq!(bodies.len(), 22);
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    gateway.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_its_field_and_leaves_nothing_behind() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let (group, child) = (office.group("Күншуақ").await, office.child("Әмина Қасымова").await);
    let refused = async |answer: Answer, field: &str| assert_eq!(answer.refused(400, "bad_field").json()["field"], field);
    let too_long = "ұ".repeat(500);
    for name in ["", " \u{a0} ", "two\nlines", "a\u{202e}b", "nul\0", too_long.as_str()] {
        let kindergarten = &office.kindergarten;
        let new_group = json!({ "kindergarten": kindergarten, "name": name });
        refused(office.director.post("/api/v1/groups", new_group).await, "name").await;
        let new_child = json!({ "kindergarten": kindergarten, "name": name, "group": group, "from": TODAY });
        refused(office.director.post("/api/v1/children", new_child).await, "name").await;
        refused(office.put(&child, "name", json!({ "name": name })).await, "name").await;
    }
    for day in ["2016-11-22", "2028-11-24"] {
        let new_child = json!({ "kindergarten": office.kindergarten, "name": "Дана", "group": group, "from": day });
        refused(office.director.post("/api/v1/children", new_child).await, "from").await;
        refused(office.put(&child, "group", json!({ "group": group, "from": day })).await, "from").await;
    }
    // Before the first day it was not here at all.
    refused(office.put(&child, "last-day", json!({ "last_day": "2026-08-31" })).await, "last_day").await;
    for (from, to, field) in [("2026-11-24", TODAY, "to"), ("2025-01-01", TODAY, "from"), (TODAY, "2027-11-24", "to")] {
        refused(office.put(&child, "absence", json!({ "from": from, "to": to })).await, field).await;
    }
    for body in [json!({ "group": group, "from": "tomorrow" }), json!({ "group": "Күншуақ", "from": TODAY }), json!({})] {
        office.put(&child, "group", body).await.refused(400, "bad_request");
    }
    for kind in ["group:", "child:", "enrolment:", "absence:"] {
        assert!(records(&gateway, kind).await.is_empty(), "{kind}");
    }
    gateway.stop().await;
}
