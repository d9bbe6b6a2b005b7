//! An operator adds a kindergarten, appoints its director and assigns its inspector; nobody else does.

use super::people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA};
use crate::world::{
    api::{Visitor, eventually},
    databases,
    gateway::{Gateway, PASSWORD},
};
use serde_json::{Value, json};
use tereze::{args, db::Queries};

const ALL: &str = "/api/v1/kindergartens";
const MARAT: &str = "+77010000077";

fn new_kindergarten(login: &str) -> Value {
    json!({
        "name": "Айгөлек", "district": "Алатау", "bin": "123456789012", "ownership": "state", "zone": "Asia/Aqtau",
        "director": { "name": "Марат Иманов", "login": login, "language": "ru" },
    })
}

/// What stands behind the `#` of a link.
fn secret(link: &Value) -> String {
    link["link"].as_str().unwrap().split_once("/invite#").unwrap().1.to_owned()
}

/// Comes in by a link, with everybody's password.
async fn comes_in(gateway: &Gateway, link: &Value, login: &str) -> Visitor {
    let visitor = Visitor::stranger(gateway);
    let body = json!({ "secret": secret(link), "password": PASSWORD });
    visitor.post("/api/v1/invitation/password", body).await.ok(200);
    Visitor::log_in(gateway, login).await
}

async fn the_only_other(operator: &Visitor) -> Value {
    let all = operator.get(ALL).await.ok(200).json();
    all.as_array().unwrap().iter().find(|it| it["name"] == "Айгөлек").unwrap().clone()
}

async fn an_operator_adds_a_kindergarten_on(gateway: Gateway) {
    let operator = Visitor::log_in(&gateway, TIMUR).await;
    let added = operator.post(ALL, new_kindergarten(MARAT)).await.ok(201);
    assert_eq!(added.header("cache-control"), "no-store");
    let added = added.json();
    let listed = the_only_other(&operator).await;
    assert_eq!(
        (&listed["id"], &listed["district"], &listed["bin"], &listed["zone"], &listed["ownership"]),
        (&added["id"], &json!("Алатау"), &json!("123456789012"), &json!("Asia/Aqtau"), &json!("state"))
    );
    assert_eq!((&listed["directors"][0]["login"], &listed["directors"][0]["has_password"]), (&json!(MARAT), &json!(false)));
    assert!(listed["directors"][0]["link_until"].is_string());

    let director = comes_in(&gateway, &added["link"], MARAT).await;
    let me = director.me().await;
    assert_eq!((&me["account"]["role"], &me["kindergartens"][0]["id"]), (&json!("director"), &added["id"]));
    assert_eq!(the_only_other(&operator).await["directors"][0]["has_password"], true);

    // A director who is dismissed is out within a second, and a link that waits with the account.
    let account = listed["directors"][0]["account"].as_str().unwrap();
    let path = format!("{ALL}/{}/directors/{account}", added["id"].as_str().unwrap());
    let waiting = operator.post(&format!("{path}/link"), json!({})).await.ok(201).json();
    operator.delete(&path).await.ok(204);
    operator.delete(&path).await.refused(403, "not_yours");
    eventually("the director is out", async || (director.get("/api/v1/me").await.status == 401).then_some(())).await;
    let late = json!({ "secret": secret(&waiting), "password": PASSWORD });
    Visitor::stranger(&gateway).post("/api/v1/invitation/password", late).await.refused(410, "invitation_withdrawn");
    assert_eq!(the_only_other(&operator).await["directors"], json!([]));
    gateway.stop().await;
}

#[tokio::test]
async fn an_operator_adds_a_kindergarten_and_its_director_comes_in_by_the_link() {
    an_operator_adds_a_kindergarten_on(Gateway::start().await).await;
}

#[tokio::test]
async fn postgresql_adds_a_kindergarten_as_well() {
    an_operator_adds_a_kindergarten_on(Gateway::start_on(&databases::postgres().await.url).await).await;
}

#[tokio::test]
async fn an_inspector_looks_between_the_days_of_the_assignment_and_no_longer() {
    let gateway = Gateway::start().await;
    let (operator, inspector) = (Visitor::log_in(&gateway, TIMUR).await, Visitor::log_in(&gateway, SAULE).await);
    let id = operator.post(ALL, new_kindergarten(MARAT)).await.ok(201).json()["id"].as_str().unwrap().to_owned();
    let assign = |login: &str, from: &str, to: &str| {
        let inspector = json!({ "name": "Сәуле Нұрланова", "login": login });
        (format!("{ALL}/{id}/assignments"), json!({ "inspector": inspector, "from": from, "to": to }))
    };
    let sees = async |count: usize| {
        let at = gateway.clock.now();
        eventually("the kindergartens of the inspector", async || {
            let me = inspector.me().await;
            let seen = me["kindergartens"].as_array().unwrap().iter().filter(|it| it["name"] == "Айгөлек").count();
            (seen == count).then_some(at)
        })
        .await;
    };
    sees(0).await;
    let (path, body) = assign(SAULE, "2026-11-20", "2026-11-25");
    let made = operator.post(&path, body).await.ok(201).json();
    assert_eq!(made["link"], Value::Null, "who has an account needs no link");
    sees(1).await;
    let shown = &the_only_other(&operator).await["inspections"][0];
    assert_eq!((&shown["from"], &shown["to"], &shown["login"]), (&json!("2026-11-20"), &json!("2026-11-25"), &json!(SAULE)));
    operator.delete(&format!("/api/v1/assignments/{}", made["id"].as_str().unwrap())).await.ok(204);
    sees(0).await;

    let (path, body) = assign("new@example.kz", "2026-11-23", "2026-11-23");
    let made = operator.post(&path, body).await.ok(201).json();
    let newcomer = comes_in(&gateway, &made["link"], "new@example.kz").await;
    assert_eq!(newcomer.me().await["account"]["role"], "inspector");
    let (path, body) = assign(ASEL, "2026-11-23", "2026-11-23");
    operator.post(&path, body).await.refused(409, "login_taken");
    let (path, body) = assign(SAULE, "2026-11-24", "2026-11-23");
    assert_eq!(operator.post(&path, body).await.refused(400, "bad_field").json()["field"], "to");
    gateway.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_named_and_nothing_is_added() {
    let gateway = Gateway::start().await;
    let operator = Visitor::log_in(&gateway, TIMUR).await;
    for (field, value) in
        [("name", json!(" ")), ("bin", json!("12")), ("zone", json!("Asia/Nowhere")), ("district", json!("a\u{202e}b"))]
    {
        let mut new = new_kindergarten(MARAT);
        new[field] = value;
        assert_eq!(operator.post(ALL, new).await.refused(400, "bad_field").json()["field"], field);
    }
    assert_eq!(operator.post(ALL, new_kindergarten("nobody")).await.refused(400, "bad_field").json()["field"], "login");
    operator.post(ALL, new_kindergarten(ASEL)).await.refused(409, "login_taken");
    operator.post(ALL, json!({ "name": "x", "surprise": 1 })).await.refused(400, "bad_request");
    assert_eq!(operator.get(ALL).await.ok(200).json().as_array().unwrap().len(), 1);
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_but_an_operator_adds_or_lists_kindergartens() {
    let gateway = Gateway::start().await;
    let operator = Visitor::log_in(&gateway, TIMUR).await;
    let id = operator.get(ALL).await.ok(200).json()[0]["id"].as_str().unwrap().to_owned();
    for login in [ASEL, ZARINA, GULNAR, SAULE] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.get(ALL).await.refused(403, "not_yours");
        visitor.post(ALL, new_kindergarten(MARAT)).await.refused(403, "not_yours");
        let person = json!({ "name": "x", "login": MARAT });
        visitor.post(&format!("{ALL}/{id}/directors"), person.clone()).await.refused(403, "not_yours");
        let assignment = json!({ "inspector": person, "from": "2026-11-23", "to": "2026-11-23" });
        visitor.post(&format!("{ALL}/{id}/assignments"), assignment).await.refused(403, "not_yours");
    }
    Visitor::stranger(&gateway).get(ALL).await.refused(401, "not_logged_in");
    // An operator sees who manages a kindergarten, and nothing of what happens in it.
    operator.get(&format!("/api/v1/today?kindergarten={id}")).await.refused(403, "not_yours");
    let sql = "select count(*) from audit_records where action = 'access_refused' and actor is not null";
    let written = eventually("the refusals are on record", async || {
        let row: Option<(i64,)> = gateway.db().row(sql, args![]).await.unwrap();
        row.filter(|(count,)| *count >= 17)
    });
    written.await;
    gateway.stop().await;
}
