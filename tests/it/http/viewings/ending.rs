//! A director ends a viewing, and lets the person in again.

use super::{Overseer, account, records};
use crate::{
    http::people::{ASEL, DANIYAR, GULNAR, SAULE},
    world::{
        api::{Visitor, eventually},
        databases,
        gateway::Gateway,
        offer::Player,
    },
};
use serde_json::{Value, json};
use std::time::Duration;
use tereze::clock::monotonic;

/// A quarter of an hour after the gateway's time.
pub(super) const UNTIL: &str = "2026-11-23T05:46:00Z";
const REASON: &str = "Экранды суретке түсіріп жатыр";

pub(super) fn ending() -> Value {
    json!({ "reason": REASON, "until": UNTIL })
}

pub(super) fn end_of(viewing: &Value) -> String {
    format!("/api/v1/viewings/{}/end", viewing["id"].as_str().unwrap())
}

async fn a_director_ends_a_viewing_on(gateway: Gateway) {
    let director = Overseer::of(&gateway, GULNAR).await;
    let (asel, daniyar) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, DANIYAR).await);
    let (camera, player) = (asel.camera("Ойын бөлмесі").await, Player::of(&gateway, &asel).await);
    let mut events = asel.events().await;
    events.next_of("me").await;
    player.open(&camera).await;
    let viewing = director.running().await.pop().unwrap();

    let kept_out = director.visitor.post(&end_of(&viewing), ending()).await.ok(201).json();
    assert_eq!((&kept_out["until"], &kept_out["account"]), (&json!(UNTIL), &json!(account(&asel).await)));
    let began = monotonic();
    let ended = events.next_of("ended").await;
    assert!(began.elapsed() < Duration::from_secs(1), "cut after {:?}", began.elapsed());
    assert_eq!((&ended["code"], &ended["reason"], &ended["until"]), (&json!("ended_by_director"), &json!(REASON), &json!(UNTIL)));

    // Neither this camera nor another of the kindergarten opens, and nobody else is kept out.
    for name in ["Ойын бөлмесі", "Аула"] {
        let refused = player.post(&asel.camera(name).await).await.refused(403, "ended_by_director").json();
        assert_eq!((&refused["reason"], &refused["until"]), (&json!(REASON), &json!(UNTIL)));
    }
    asel.post("/api/v1/view-token", json!({})).await.refused(403, "ended_by_director");
    Player::of(&gateway, &daniyar).await.open(&camera).await;

    let listed = eventually("the end is told", || async {
        let page = director.look("viewings", "").await;
        page["viewings"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!((&listed["code"], &listed["reason"]), (&json!("ended_by_director"), &json!(REASON)));
    assert_eq!(listed["kept_out_until"], UNTIL);
    director.visitor.post(&end_of(&viewing), ending()).await.refused(404, "no_such_session");
    let details = json!({ "account": account(&asel).await, "until": UNTIL, "reason": REASON });
    assert_eq!(records(&gateway, "viewing_cut").await, [details]);

    let question = format!("/api/v1/explain?account={}&camera={camera}", account(&asel).await);
    let why = director.visitor.get(&question).await.ok(200).json();
    assert_eq!((&why["decided_by"], &why["verdict"]["reason"]), (&json!("interruption"), &json!(REASON)));

    // It ends by itself.
    gateway.clock.set(UNTIL.parse().unwrap());
    Player::of(&gateway, &asel).await.open(&camera).await;
    let then = format!("{question}&at=2026-11-23T05:40:00Z");
    assert_eq!(director.visitor.get(&then).await.ok(200).json()["verdict"]["code"], "ended_by_director");
    gateway.stop().await;
}

#[tokio::test]
async fn a_director_ends_a_viewing_and_the_person_stays_out_until_then() {
    a_director_ends_a_viewing_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_director_ends_a_viewing_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_director_ends_a_viewing_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn whoever_was_sent_away_by_mistake_is_let_in_again_at_once() {
    let gateway = Gateway::start().await;
    let director = Overseer::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (camera, player) = (asel.camera("Ойын бөлмесі").await, Player::of(&gateway, &asel).await);
    player.open(&camera).await;
    let viewing = director.running().await.pop().unwrap();
    director.visitor.post(&end_of(&viewing), ending()).await.ok(201);
    director.visitor.delete(&end_of(&viewing)).await.ok(204);
    Player::of(&gateway, &asel).await.open(&camera).await;
    director.visitor.delete(&end_of(&viewing)).await.ok(204);
    assert_eq!(records(&gateway, "viewing_allowed").await.len(), 1, "what is over is not ended again");
    gateway.stop().await;
}

#[tokio::test]
async fn a_director_can_end_neither_an_inspectors_viewing_nor_the_own() {
    let gateway = Gateway::start().await;
    let director = Overseer::of(&gateway, GULNAR).await;
    let inspector = Visitor::log_in(&gateway, SAULE).await;
    for visitor in [&inspector, &director.visitor] {
        let camera = visitor.camera("Ойын бөлмесі").await;
        Player::of(&gateway, visitor).await.open(&camera).await;
    }
    for viewing in director.running().await {
        assert_eq!(viewing["may_end"], false);
        director.visitor.post(&end_of(&viewing), ending()).await.refused(403, "not_allowed");
    }
    assert_eq!(director.running().await.len(), 2);
    gateway.stop().await;
}
