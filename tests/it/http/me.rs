//! What each role is shown.

use super::people::{AIDOS, ASEL, DANIYAR, GULNAR, OLGA, SAULE, TIMUR, YERLAN, ZARINA};
use crate::world::{api::Visitor, gateway::Gateway};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|thing| thing["name"].as_str().unwrap()).collect()
}

fn camera<'a>(me: &'a Value, name: &str) -> &'a Value {
    me["cameras"].as_array().unwrap().iter().find(|camera| camera["name"] == name).unwrap()
}

#[tokio::test]
async fn a_parent_sees_the_own_groups_their_hours_and_the_yard() {
    let gateway = Gateway::start().await;
    let me = Visitor::log_in(&gateway, ASEL).await.me().await;
    assert_eq!(me["now"], "2026-11-23T05:31:00Z");
    assert_eq!((names(&me["children"]), names(&me["groups"])), (vec!["Әмина Қасымова"], vec!["Күншуақ"]));
    assert_eq!(names(&me["cameras"]), ["Ойын бөлмесі", "Аула"]);
    assert_eq!(me["children"][0]["group"], me["groups"][0]["id"]);
    assert_eq!(me["kindergartens"][0]["zone"], "Asia/Almaty");
    assert_eq!(me["kindergartens"][0]["district"], "Бостандық ауданы");
    let room = camera(&me, "Ойын бөлмесі");
    assert_eq!(
        room["state"],
        json!({ "code": "live", "since": null, "until": "2026-11-23T07:30:00Z", "opens_at": null, "reason": null })
    );
    let hours = json!([
        { "start": "2026-11-23T04:00:00Z", "end": "2026-11-23T07:30:00Z" },
        { "start": "2026-11-23T10:30:00Z", "end": "2026-11-23T13:00:00Z" }
    ]);
    assert_eq!(room["today"], hours);
    assert_eq!((&camera(&me, "Аула")["sound"], &camera(&me, "Аула")["group"]), (&json!(true), &Value::Null));
    assert_eq!(me["system"], Value::Null);
    gateway.stop().await;
}

#[tokio::test]
async fn a_closed_and_a_paused_group_say_when_they_open() {
    let gateway = Gateway::start().await;
    let me = Visitor::log_in(&gateway, DANIYAR).await.me().await;
    let bedroom = &camera(&me, "Жатын бөлме")["state"];
    assert_eq!((&bedroom["code"], &bedroom["opens_at"]), (&json!("outside_hours"), &json!("2026-11-24T04:00:00Z")));
    assert_eq!(camera(&me, "Жатын бөлме")["today"], json!([]));

    let me = Visitor::log_in(&gateway, OLGA).await.me().await;
    let music = &camera(&me, "Музыка залы")["state"];
    assert_eq!((&music["code"], &music["until"]), (&json!("paused"), &json!("2026-11-23T11:30:00Z")));
    assert_eq!((&music["opens_at"], &music["reason"]), (&json!("2026-11-23T11:30:00Z"), &json!("Дәрігер балаларды қарап жатыр")));
    gateway.stop().await;
}

#[tokio::test]
async fn a_restricted_guardian_sees_the_childs_name_and_no_camera() {
    let gateway = Gateway::start().await;
    let me = Visitor::log_in(&gateway, YERLAN).await.me().await;
    assert_eq!((names(&me["children"]), &me["children"][0]["restricted"]), (vec!["Мирас Оспанов"], &json!(true)));
    assert_eq!((&me["cameras"], &me["groups"]), (&json!([]), &json!([])));
    let me = Visitor::log_in(&gateway, AIDOS).await.me().await;
    assert_eq!((&me["children"], &me["cameras"]), (&json!([]), &json!([])));
    gateway.stop().await;
}

#[tokio::test]
async fn director_inspector_operator_and_staff_see_what_is_theirs() {
    let gateway = Gateway::start().await;
    let everything = ["Ойын бөлмесі", "Жатын бөлме", "Музыка залы", "Аула"];
    let director = Visitor::log_in(&gateway, GULNAR).await.me().await;
    assert_eq!(names(&director["cameras"]), everything);
    assert!(director["cameras"].as_array().unwrap().iter().all(|camera| camera["state"]["code"] == "live"));

    let inspector = Visitor::log_in(&gateway, SAULE).await.me().await;
    assert_eq!(names(&inspector["cameras"]), everything);
    let kindergarten = &inspector["kindergartens"][0];
    assert_eq!((&kindergarten["from"], &kindergarten["to"]), (&json!("2026-11-16"), &json!("2026-11-30")));

    let operator = Visitor::log_in(&gateway, TIMUR).await.me().await;
    assert_eq!(operator["cameras"], json!([]));
    assert_eq!((&operator["system"]["database"], &operator["system"]["viewers"]), (&json!("sqlite"), &json!(0)));
    assert!(operator["system"]["audit_size"].as_u64().unwrap() > 0);

    let staff = Visitor::log_in(&gateway, ZARINA).await.me().await;
    assert_eq!((&staff["cameras"], &staff["system"]), (&json!([]), &Value::Null));
    gateway.stop().await;
}

#[tokio::test]
async fn a_page_is_told_when_a_window_closes_and_opens_without_asking() {
    let gateway = Gateway::start().await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let mut events = asel.events().await;
    let me = events.next_of("me").await;
    assert_eq!(camera(&me, "Ойын бөлмесі")["state"]["code"], "live");
    gateway.clock.set("2026-11-23T07:30:00Z".parse().unwrap());
    let me = events.next_of("me").await;
    let state = &camera(&me, "Ойын бөлмесі")["state"];
    assert_eq!((&state["code"], &state["opens_at"]), (&json!("outside_hours"), &json!("2026-11-23T10:30:00Z")));
    gateway.clock.set("2026-11-23T10:30:00Z".parse().unwrap());
    assert_eq!(camera(&events.next_of("me").await, "Ойын бөлмесі")["state"]["code"], "live");
    // The children's groups of tomorrow are another day's.
    gateway.clock.set("2026-11-23T19:00:00Z".parse().unwrap());
    let me = events.next_of("me").await;
    let start: Timestamp = camera(&me, "Ойын бөлмесі")["today"][0]["start"].as_str().unwrap().parse().unwrap();
    assert_eq!(start.duration_since("2026-11-23T19:00:00Z".parse().unwrap()), SignedDuration::from_hours(9));
    gateway.stop().await;
}

#[tokio::test]
async fn a_page_is_told_when_somebody_changes_the_kindergarten() {
    let mut gateway = Gateway::start().await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let mut events = asel.events().await;
    events.next_of("me").await;
    gateway.change("name = \"Күншуақ\"", "name = \"Күн\"").await;
    assert_eq!(names(&events.next_of("me").await["groups"]), ["Күн"]);
    gateway.stop().await;
}

#[tokio::test]
async fn the_language_is_chosen_for_every_page_of_the_account() {
    let gateway = Gateway::start().await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let mut events = asel.events().await;
    assert_eq!(events.next_of("me").await["account"]["language"], "kk");
    asel.put("/api/v1/me/language", json!({ "language": "ru" })).await.ok(204);
    assert_eq!(events.next_of("me").await["account"]["language"], "ru");
    asel.put("/api/v1/me/language", json!({ "language": "xx" })).await.refused(400, "bad_request");
    gateway.stop().await;
}
