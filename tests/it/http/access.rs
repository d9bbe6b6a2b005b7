//! A director keeps somebody out, lets somebody in again, and logs somebody out.

use super::{
    elsewhere::{MARAT, OTHER},
    invitations::{Office, look},
    people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA},
};
use crate::world::{
    api::{Answer, Visitor, eventually},
    databases,
    gateway::{Gateway, PASSWORD},
    offer::Player,
};
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{args, db::Queries};

/// Whether anybody watches any camera.
async fn watched(office: &Office) -> bool {
    let today = office.director.me().await["today"][0].clone();
    today["cameras"].as_array().unwrap().iter().any(|camera| camera["watching"] != json!([]))
}

async fn a_blocked_parent_is_out_on(gateway: Gateway) {
    let (office, asel) = (Office::of(&gateway, GULNAR).await, Visitor::log_in(&gateway, ASEL).await);
    let account = office.account("Әсел Қасымова").await;
    let secret = office.link(&account).await;
    let camera = asel.camera("Ойын бөлмесі").await;
    let mut events = asel.events().await;
    events.next_of("me").await;
    Player::of(&gateway, &asel).await.open(&camera).await;

    let address = format!("/api/v1/people/{account}/block");
    office.director.put(&address, json!({ "reason": "Аккаунтты басқа адам қолданып жүр" })).await.ok(204);
    events.next_of("logged_out").await;
    eventually("the stream is cut", || async { (!watched(&office).await).then_some(()) }).await;
    asel.get("/api/v1/me").await.refused(401, "not_logged_in");
    asel.try_log_in(ASEL, PASSWORD).await.refused(403, "account_blocked");
    look(&asel, &secret).await.refused(410, "invitation_withdrawn");
    office.invite(&account).await.refused(409, "person_blocked");
    let block = office.person("Әсел Қасымова").await["block"].clone();
    assert_eq!(block, json!({ "since": "2026-11-23T05:31:00Z", "reason": "Аккаунтты басқа адам қолданып жүр" }));

    office.director.put(&address, json!({ "reason": "twice" })).await.ok(204);
    office.director.delete(&address).await.ok(204);
    office.director.delete(&address).await.ok(204);
    asel.try_log_in(ASEL, PASSWORD).await.ok(200);
    let sql = "select action, actor from audit_records where subject = $1 and action like 'account_%' order by position";
    let told: Vec<(String, Option<String>)> = gateway.db().rows(sql, args![format!("account:{account}")]).await.unwrap();
    let director = office.director.me().await["account"]["id"].as_str().map(str::to_owned);
    assert_eq!(told, [("account_blocked".to_owned(), director.clone()), ("account_unblocked".to_owned(), director)]);
    gateway.stop().await;
}

#[tokio::test]
async fn a_blocked_parent_is_out_at_once_and_in_again_when_the_block_is_lifted() {
    a_blocked_parent_is_out_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_blocked_parent_is_out_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_blocked_parent_is_out_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn devices_are_listed_in_plain_words_and_logged_out_one_by_one_or_all() {
    const PHONE: &str =
        "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36";
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let phone = Visitor::stranger(&gateway);
    let log_in = phone.request(Method::POST, "/api/v1/login").header("user-agent", PHONE);
    Answer::of(log_in.json(&json!({ "login": ASEL, "password": PASSWORD }))).await.ok(200);
    let (tablet, laptop) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, ASEL).await);
    let account = office.account("Әсел Қасымова").await;
    let address = format!("/api/v1/people/{account}/logins");
    let listed = office.director.get(&address).await.ok(200).json();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 3);
    let known = listed.iter().find(|device| device["browser"] == "Chrome").unwrap();
    assert_eq!((&known["system"], &known["since"]), (&json!("Android"), &json!("2026-11-23T05:31:00Z")));
    assert!(!listed.iter().any(|device| device.to_string().contains("127.0.0.1")), "where they are is not told");

    office.director.delete(&format!("{address}/{}", known["id"].as_str().unwrap())).await.ok(204);
    phone.get("/api/v1/me").await.refused(401, "not_logged_in");
    tablet.me().await;
    office.director.delete(&address).await.ok(204);
    for visitor in [&tablet, &laptop] {
        visitor.get("/api/v1/me").await.refused(401, "not_logged_in");
    }
    assert_eq!(office.director.get(&address).await.ok(200).json(), json!([]));
    office.director.delete(&address).await.ok(204);
    let sql = "select record from audit_records where action = 'logins_ended' order by position";
    let told: Vec<(String,)> = gateway.db().rows(sql, args![]).await.unwrap();
    let counts: Vec<Value> =
        told.iter().map(|(record,)| serde_json::from_str::<Value>(record).unwrap()["details"]["count"].clone()).collect();
    assert_eq!(counts, [json!(1), json!(2)]);
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_but_the_own_director_keeps_out_or_logs_out() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let office = Office::of(&gateway, GULNAR).await;
    let account = office.account("Ольга Ким").await;
    let (block, logins) = (format!("/api/v1/people/{account}/block"), format!("/api/v1/people/{account}/logins"));
    let reason = json!({ "reason": "x" });
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.put(&block, reason.clone()).await.refused(403, "not_yours");
        visitor.delete(&block).await.refused(403, "not_yours");
        visitor.get(&logins).await.refused(403, "not_yours");
        visitor.delete(&logins).await.refused(403, "not_yours");
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.put(&block, reason.clone()).await.refused(401, "not_logged_in");
    stranger.get(&logins).await.refused(401, "not_logged_in");
    Answer::of(office.director.request(Method::PUT, &block).json(&reason)).await.refused(403, "csrf");
    Answer::of(office.director.request(Method::DELETE, &logins)).await.refused(403, "csrf");
    for wrong in [json!(" "), json!("one\ntwo"), json!("a".repeat(201))] {
        office.director.put(&block, json!({ "reason": wrong })).await.refused(400, "bad_field");
    }
    // Nobody's log-in, the director's own account, and a parent of two kindergartens.
    let own = office.director.me().await["account"]["id"].as_str().unwrap().to_owned();
    office.director.put(&format!("/api/v1/people/{own}/block"), reason.clone()).await.refused(403, "not_yours");
    office.director.delete(&format!("{logins}/{own}")).await.refused(403, "not_yours");
    let marat = Office::of(&gateway, MARAT).await;
    marat.add("Жанель Иманова", "Әсел", ASEL).await.ok(201);
    let asel = office.account("Әсел Қасымова").await;
    office.director.put(&format!("/api/v1/people/{asel}/block"), reason).await.refused(409, "shared_account");
    gateway.stop().await;
}
