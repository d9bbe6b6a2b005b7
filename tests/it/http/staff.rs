//! Those who work in a kindergarten see how many look into the own room, and what the log says of themselves; nothing else.

use super::{
    elsewhere::{MARAT, OTHER},
    invitations::{Office, choose},
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

const TEACHER: &str = "+77017770002";

async fn group(office: &Office, name: &str) -> Value {
    let people = office.people().await;
    people["groups"].as_array().unwrap().iter().find(|group| group["name"] == name).unwrap()["id"].clone()
}

async fn new_teacher(office: &Office) -> Value {
    json!({ "name": "Мадина Сейіт", "login": TEACHER, "language": "kk", "group": group(office, "Күншуақ").await })
}

async fn a_teacher_on(gateway: Gateway) {
    let office = Office::of(&gateway, GULNAR).await;
    let made = office.director.post("/api/v1/staff", new_teacher(&office).await).await.ok(201).json();
    let account = made["account"].as_str().unwrap().to_owned();
    let teacher = Visitor::stranger(&gateway);
    choose(&teacher, &office.link(&account).await, "a window of my own").await.ok(200);

    // A number, no names, no picture.
    let (asel, daniyar) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, DANIYAR).await);
    let camera = asel.camera("Ойын бөлмесі").await;
    Player::of(&gateway, &asel).await.open(&camera).await;
    Player::of(&gateway, &daniyar).await.open(&camera).await;
    let me = teacher.me().await;
    let room = json!({ "id": group(&office, "Күншуақ").await, "name": "Күншуақ", "kindergarten": me["kindergartens"][0]["id"], "viewers": 2 });
    assert_eq!(me["groups"], json!([room]));
    assert_eq!(
        (&me["cameras"], &me["children"], &me["today"], &me["revision"]),
        (&json!([]), &json!([]), &json!([]), &Value::Null)
    );
    assert!(!me.to_string().contains("Әсел") && !me.to_string().contains("Ойын"));
    teacher.get("/api/v1/view-token").await.refused(405, "method_not_allowed");
    let records = teacher.get("/api/v1/me/records").await.ok(200).json();
    let told: Vec<(&str, bool)> = records
        .as_array()
        .unwrap()
        .iter()
        .map(|record| (record["action"].as_str().unwrap(), record["own"].as_bool().unwrap()))
        .collect();
    assert_eq!(told, [("log_in", true), ("password_changed", true), ("fact_added", false)]);

    let room = format!("/api/v1/staff/{account}/room");
    office.director.put(&room, json!({ "group": group(&office, "Балапан").await })).await.ok(204);
    office.director.put(&room, json!({ "group": group(&office, "Балапан").await })).await.ok(204);
    assert_eq!(teacher.me().await["groups"][0]["name"], "Балапан");
    office.director.delete(&format!("/api/v1/staff/{account}")).await.ok(204);
    teacher.get("/api/v1/me").await.refused(401, "not_logged_in");
    office.director.delete(&format!("/api/v1/staff/{account}")).await.refused(403, "not_yours");
    assert!(!office.people().await.to_string().contains("Мадина"));
    // Who left makes room for who comes.
    office.director.post("/api/v1/staff", new_teacher(&office).await).await.ok(201);
    gateway.stop().await;
}

async fn a_room_goes_on(gateway: Gateway) {
    let office = Office::of(&gateway, GULNAR).await;
    let kindergarten = office.director.me().await["kindergartens"][0]["id"].clone();
    let room = json!({ "kindergarten": kindergarten, "name": "Жұлдыз" });
    let room = office.director.post("/api/v1/groups", room).await.ok(201).json()["id"].clone();
    let mut teacher = new_teacher(&office).await;
    teacher["group"] = room.clone();
    let made = office.director.post("/api/v1/staff", teacher).await.ok(201).json();
    let account = made["account"].as_str().unwrap().to_owned();
    let teacher = Visitor::stranger(&gateway);
    choose(&teacher, &office.link(&account).await, "a window of my own").await.ok(200);
    assert_eq!(teacher.me().await["groups"][0]["name"], "Жұлдыз");

    office.director.delete(&format!("/api/v1/groups/{}", room.as_str().unwrap())).await.ok(204);
    assert_eq!(teacher.me().await["groups"], json!([]));
    let people = office.people().await;
    assert!(people.to_string().contains("Мадина Сейіт") && !people.to_string().contains(room.as_str().unwrap()), "{people}");
    let sql = "select subject from audit_records where action = 'fact_ended' order by position";
    let ended: Vec<(String,)> = gateway.db().rows(sql, args![]).await.unwrap();
    let ended: Vec<&str> = ended.iter().map(|(subject,)| subject.split(':').next().unwrap()).collect();
    assert_eq!(ended, ["posting", "group"]);
    let address = format!("/api/v1/staff/{account}/room");
    office.director.put(&address, json!({ "group": group(&office, "Балапан").await })).await.ok(204);
    assert_eq!(teacher.me().await["groups"][0]["name"], "Балапан");
    gateway.stop().await;
}

#[tokio::test]
async fn who_works_in_a_group_that_is_removed_has_no_room_until_another_is_given() {
    a_room_goes_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_room_that_is_removed_is_left_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_room_goes_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn a_staff_member_sees_a_number_and_the_own_entries() {
    a_teacher_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_staff_member_sees_a_number_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_teacher_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn nobody_but_the_director_makes_moves_or_removes_staff() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let office = Office::of(&gateway, GULNAR).await;
    let (new, zarina, asel) =
        (new_teacher(&office).await, office.account("Зарина Ахметова").await, office.account("Әсел Қасымова").await);
    let (room, address) = (format!("/api/v1/staff/{zarina}/room"), format!("/api/v1/staff/{zarina}"));
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.post("/api/v1/staff", new.clone()).await.refused(403, "not_yours");
        visitor.put(&room, json!({ "group": new["group"] })).await.refused(403, "not_yours");
        visitor.delete(&address).await.refused(403, "not_yours");
        let records = visitor.get("/api/v1/me/records").await;
        if login == ZARINA {
            records.ok(200)
        } else {
            records.refused(403, "not_allowed")
        };
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.post("/api/v1/staff", new.clone()).await.refused(401, "not_logged_in");
    stranger.get("/api/v1/me/records").await.refused(401, "not_logged_in");
    Answer::of(office.director.request(Method::POST, "/api/v1/staff").json(&new)).await.refused(403, "csrf");
    Answer::of(office.director.request(Method::DELETE, &address)).await.refused(403, "csrf");
    // A parent is no staff member, and another kindergarten's group is no room.
    office.director.delete(&format!("/api/v1/staff/{asel}")).await.refused(403, "not_yours");
    let marat = Office::of(&gateway, MARAT).await;
    let theirs = group(&marat, "Жұлдыз").await;
    office.director.put(&room, json!({ "group": theirs })).await.refused(403, "not_yours");
    for (field, value, status, code) in [
        ("login", json!(ASEL), 409, "login_in_use"),
        ("login", json!("x"), 400, "bad_field"),
        ("name", json!(""), 400, "bad_field"),
        ("group", theirs.clone(), 403, "not_yours"),
        ("role", json!("director"), 400, "bad_request"),
    ] {
        let mut body = new.clone();
        body[field] = value;
        office.director.post("/api/v1/staff", body).await.refused(status, code);
    }
    gateway.stop().await;
}
