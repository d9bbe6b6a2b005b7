//! How cameras were is written down, and told to those who answer for them.

use super::{
    super::people::{ASEL, SAULE, TIMUR, ZARINA},
    Console, at,
};
use crate::world::{
    api::{Visitor, eventually},
    databases,
    gateway::Gateway,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tereze::{args, db::Queries, id::CameraId};

/// Cameras are looked at every ten minutes.
async fn looking() -> Gateway {
    Gateway::start_with(going_round).await
}

fn going_round(config: String) -> String {
    config.replace("look_minutes = 0", "look_minutes = 10")
}

impl Console {
    async fn history(&self, camera: &Value) -> Value {
        self.director.get(&format!("{}/health", at(camera))).await.ok(200).json()
    }

    /// Waits until the camera, which nobody watches, is so.
    async fn state(&self, gateway: &Gateway, camera: &Value, wanted: &str) {
        let id = camera["id"].as_str().unwrap().parse().unwrap();
        let states = gateway.app().media.states();
        let is = || states.borrow().get(&id).is_some_and(|state| state.health.code() == wanted);
        // The rounds take the clock's time when they begin to wait, which may be after it was moved.
        eventually(wanted, || async {
            gateway.clock.advance(SignedDuration::from_secs(31));
            is().then_some(())
        })
        .await;
    }

    /// The history of `camera` once it is as wanted; whoever asks too often is told to wait.
    async fn once(&self, gateway: &Gateway, camera: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
        eventually("a history as wanted", || async {
            gateway.clock.advance(SignedDuration::from_secs(31));
            let answer = self.director.get(&format!("{}/health", at(camera))).await;
            Some(answer).filter(|answer| answer.status == 200).map(|answer| answer.json()).filter(&wanted)
        })
        .await
    }
}

async fn an_outage_is_found_without_a_viewer_on(gateway: Gateway) {
    let console = Console::of(&gateway).await;
    let bedroom = console.listed("Жатын бөлме").await;
    let unseen = console.history(&bedroom).await;
    assert_eq!((&unseen["outages"], unseen["days"].as_array().unwrap().len()), (&json!([]), 30));
    assert!(unseen["days"].as_array().unwrap().iter().all(|day| day["online"] == 0 && day["offline"] == 0));
    assert_eq!(unseen["days"][29]["date"], "2026-11-23");

    console.state(&gateway, &bedroom, "unreachable").await;
    let history = console.once(&gateway, &bedroom, |history| history["days"][29]["offline"].as_i64().unwrap() > 0).await;
    let outage = &history["outages"][0];
    assert_eq!((&outage["code"], &outage["until"]), (&json!("unreachable"), &Value::Null));

    // The yard's camera works, and the round says so although nobody watches.
    let yard = console.listed("Аула").await;
    let history = console.once(&gateway, &yard, |history| history["days"][29]["online"].as_i64().unwrap() > 0).await;
    assert_eq!((&history["outages"], &history["days"][29]["offline"]), (&json!([]), &json!(0)));
    gateway.stop().await;
}

#[tokio::test]
async fn an_outage_is_found_and_written_down_without_a_viewer() {
    an_outage_is_found_without_a_viewer_on(looking().await).await;
}

#[tokio::test]
async fn an_outage_is_found_and_written_down_without_a_viewer_on_postgresql_as_well() {
    let database = databases::postgres().await;
    an_outage_is_found_without_a_viewer_on(Gateway::start_as(&database.url, going_round).await).await;
}

#[tokio::test]
async fn where_nobody_looks_nothing_is_known() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    for _ in 0..3 {
        gateway.clock.advance(SignedDuration::from_mins(20));
        assert_eq!(console.listed("Жатын бөлме").await["state"]["code"], "idle");
    }
    let rows: Vec<(i64,)> = gateway.db().rows("select count(*) from camera_health", args![]).await.unwrap();
    assert_eq!(rows, [(0,)]);
    gateway.stop().await;
}

#[tokio::test]
async fn the_past_is_told_to_directors_and_inspectors_alone() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let camera = console.listed("Аула").await;
    let address = format!("{}/health", at(&camera));
    Visitor::log_in(&gateway, SAULE).await.get(&address).await.ok(200);
    let sql = "select record from audit_records where action = 'inspected'";
    let rows: Vec<(String,)> = gateway.db().rows(sql, args![]).await.unwrap();
    assert!(rows.iter().any(|(record,)| record.contains("GET /api/v1/cameras/{camera}/health")), "{rows:?}");
    for login in [ASEL, ZARINA, TIMUR] {
        Visitor::log_in(&gateway, login).await.get(&address).await.refused(403, "not_yours");
    }
    Visitor::stranger(&gateway).get(&address).await.refused(401, "not_logged_in");
    let nobodys = CameraId::new(gateway.clock.now());
    for id in [nobodys.to_string(), "no-id".to_owned()] {
        console.director.get(&format!("/api/v1/cameras/{id}/health")).await.refused(403, "not_yours");
    }
    for days in ["0", "31", "-1", "x"] {
        console.director.get(&format!("{address}?days={days}")).await.refused(400, "bad_request");
    }
    assert_eq!(console.director.get(&format!("{address}?days=7")).await.ok(200).json()["days"].as_array().unwrap().len(), 7);
    gateway.stop().await;
}
