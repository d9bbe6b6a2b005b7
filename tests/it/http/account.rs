//! The own account: the password, and the devices that are logged in.

use super::people::{ASEL, DANIYAR, GULNAR, SAULE, TIMUR, ZARINA};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::{Gateway, PASSWORD},
    offer::Player,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{args, db::Queries, id::LoginId};

const LOGINS: &str = "/api/v1/me/logins";
const NEW: &str = "Жаңа құпиясөз 2026";

fn change(old: &str, new: &str) -> Value {
    json!({ "old": old, "new": new })
}

/// The action, actor and details of the account's newest audit record.
async fn newest(gateway: &Gateway) -> Value {
    let sql = "select record from audit_records order by position desc limit 1";
    let (record,): (String,) = gateway.db().row(sql, args![]).await.unwrap().unwrap();
    serde_json::from_str(&record).unwrap()
}

#[tokio::test]
async fn everybody_changes_the_own_password_and_every_other_log_in_ends() {
    let gateway = Gateway::start().await;
    for login in [ASEL, ZARINA, GULNAR, SAULE, TIMUR] {
        let (here, there) = (Visitor::log_in(&gateway, login).await, Visitor::log_in(&gateway, login).await);
        let mut events = there.events().await;
        events.next_of("me").await;
        here.put("/api/v1/me/password", change(PASSWORD, NEW)).await.ok(204);
        events.next_of("logged_out").await;
        let record = newest(&gateway).await;
        assert_eq!((&record["action"], &record["actor"]), (&json!("password_changed"), &here.me().await["account"]["id"]));
        there.get("/api/v1/me").await.refused(401, "not_logged_in");
        let stranger = Visitor::stranger(&gateway);
        stranger.try_log_in(login, PASSWORD).await.refused(401, "login_failed");
        stranger.try_log_in(login, NEW).await.ok(200);
    }
    gateway.stop().await;
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_the_old_one_and_into_one_that_is_long_enough() {
    let gateway = Gateway::start().await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    asel.put("/api/v1/me/password", change(PASSWORD, "seven 7")).await.refused(400, "password_too_short");
    asel.put("/api/v1/me/password", change(PASSWORD, &"x".repeat(1_025))).await.refused(400, "password_too_long");
    asel.put("/api/v1/me/password", json!({ "new": NEW })).await.refused(400, "bad_request");
    let forged = asel.request(Method::PUT, "/api/v1/me/password").json(&change(PASSWORD, NEW));
    Answer::of(forged).await.refused(403, "csrf");
    Visitor::stranger(&gateway).put("/api/v1/me/password", change(PASSWORD, NEW)).await.refused(401, "not_logged_in");
    let mut wrong = 0;
    while asel.put("/api/v1/me/password", change("not it", NEW)).await.status != 429 {
        wrong += 1;
        assert!(wrong < 20, "twenty wrong passwords in a row were answered");
    }
    let record = newest(&gateway).await;
    assert_eq!((&record["action"], &record["details"]["code"]), (&json!("access_refused"), &json!("wrong_password")));
    // Guessing here is guessing at the door.
    Visitor::stranger(&gateway).try_log_in(ASEL, PASSWORD).await.refused(429, "too_many_attempts");
    gateway.clock.advance(SignedDuration::from_mins(15));
    Visitor::stranger(&gateway).try_log_in(ASEL, PASSWORD).await.ok(200);
    gateway.stop().await;
}

/// What the account's devices are, as it is shown.
async fn devices(visitor: &Visitor) -> Vec<Value> {
    visitor.get(LOGINS).await.ok(200).json().as_array().unwrap().clone()
}

#[tokio::test]
async fn a_parent_sees_the_own_devices_and_signs_one_out_with_its_stream() {
    let gateway = Gateway::start().await;
    let phone = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36";
    let lost = Visitor::stranger(&gateway).named(phone).logged_in(ASEL).await;
    let (camera, player) = (lost.camera("Ойын бөлмесі").await, Player::of(&gateway, &lost).await);
    player.open(&camera).await;
    gateway.clock.advance(SignedDuration::from_mins(2));
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let shown = devices(&asel).await;
    assert_eq!(shown.len(), 2);
    assert_eq!((&shown[0]["here"], &shown[0]["device"]), (&json!(true), &json!({ "browser": null, "system": null })));
    assert_eq!((&shown[1]["here"], &shown[1]["device"]), (&json!(false), &json!({ "browser": "Chrome", "system": "Android" })));
    assert_eq!((&shown[1]["since"], &shown[1]["seen"]), (&json!("2026-11-23T05:31:00Z"), &json!("2026-11-23T05:31:00Z")));
    lost.me().await;
    assert_eq!(devices(&asel).await.iter().find(|shown| shown["here"] == false).unwrap()["seen"], "2026-11-23T05:33:00Z");

    let mut events = lost.events().await;
    events.next_of("me").await;
    let one = format!("{LOGINS}/{}", shown[1]["id"].as_str().unwrap());
    Answer::of(asel.request(Method::DELETE, &one)).await.refused(403, "csrf");
    Visitor::log_in(&gateway, DANIYAR).await.delete(&one).await.refused(403, "not_yours");
    Visitor::stranger(&gateway).delete(&one).await.refused(401, "not_logged_in");
    for none in [LoginId::new(gateway.clock.now()).to_string(), "x".to_owned()] {
        asel.delete(&format!("{LOGINS}/{none}")).await.refused(403, "not_yours");
    }
    asel.delete(&one).await.ok(204);
    assert_eq!(events.next_of("ended").await["code"], "logged_out");
    events.next_of("logged_out").await;
    asel.delete(&one).await.ok(204);
    assert_eq!(devices(&asel).await.len(), 1);
    gateway.stop().await;
}

#[tokio::test]
async fn all_others_are_signed_out_at_once_on_both_databases() {
    for url in ["sqlite:tereze.db", &databases::postgres().await.url] {
        let gateway = Gateway::start_on(url).await;
        let here = Visitor::log_in(&gateway, GULNAR).await;
        let others = [Visitor::log_in(&gateway, GULNAR).await, Visitor::log_in(&gateway, GULNAR).await];
        let stranger = Visitor::log_in(&gateway, ASEL).await;
        Answer::of(here.request(Method::DELETE, LOGINS)).await.refused(403, "csrf");
        here.delete(LOGINS).await.ok(204);
        let record = newest(&gateway).await;
        assert_eq!((&record["action"], &record["details"]["others"]), (&json!("log_out"), &json!(2)));
        here.delete(LOGINS).await.ok(204);
        assert_eq!(newest(&gateway).await, record, "nothing happened, so nothing is on record");
        for other in others {
            other.get(LOGINS).await.refused(401, "not_logged_in");
        }
        assert_eq!((devices(&here).await.len(), devices(&stranger).await.len()), (1, 1));
        gateway.stop().await;
    }
}
