//! What will be missing of recordings is told before it is, to those who answer for it.

use super::people::{ASEL, GULNAR, SAULE};
use crate::world::{api::Visitor, gateway::Gateway, shed};
use jiff::SignedDuration;
use serde_json::json;
use tereze::id::CameraId;

#[tokio::test]
async fn directors_and_inspectors_are_told_what_will_not_fit_and_parents_are_not() {
    let gateway = Gateway::start_recording().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let mut events = director.events().await;
    assert_eq!(events.next_of("me").await["kindergartens"][0]["shortfalls"], json!([]));
    let camera_id: CameraId = director.camera("Жатын бөлме").await.parse().unwrap();

    // Ten gigabytes in five minutes fill any disk of this machine within a month.
    shed::claim(gateway.db(), camera_id, gateway.clock.now(), 10_000_000_000).await;
    gateway.app().keeper.round().await.unwrap();

    let me = events.next_of("me").await;
    let told = &me["kindergartens"][0]["shortfalls"];
    assert_eq!((&told[0]["cause"], &told[0]["wanted"], &told[0]["cameras"]), (&json!("room"), &json!(30), &json!([camera_id])));
    assert!(told[0]["fits"].as_u64().unwrap() < 30 && told[1].is_null(), "{told}");
    assert_eq!(&Visitor::log_in(&gateway, SAULE).await.me().await["kindergartens"][0]["shortfalls"], told);
    assert_eq!(Visitor::log_in(&gateway, ASEL).await.me().await["kindergartens"][0]["shortfalls"], json!([]));
    gateway.stop().await;
}

#[tokio::test]
async fn directors_and_inspectors_are_told_that_the_clock_is_doubted_and_parents_are_not() {
    let gateway = Gateway::start_recording().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    gateway.app().keeper.round().await.unwrap();
    let mut events = director.events().await;
    assert_eq!(events.next_of("me").await["kindergartens"][0]["clock"], json!(null));
    let right = gateway.clock.now();
    // A log-in lasts no longer than it should, whatever the clock is set to: three hours are no year.
    gateway.clock.set(right + SignedDuration::from_hours(3));
    gateway.app().keeper.round().await.unwrap();
    let told = loop {
        let told = events.next_of("me").await["kindergartens"][0]["clock"].clone();
        if !told.is_null() {
            break told;
        }
    };
    let until = right + SignedDuration::from_hours(3 + 72);
    let expected = json!({ "code": "clock_ahead", "expected": right, "shown": gateway.clock.now(), "until": until });
    assert_eq!(told, expected);
    assert_eq!(Visitor::log_in(&gateway, SAULE).await.me().await["kindergartens"][0]["clock"], told);
    assert_eq!(Visitor::log_in(&gateway, ASEL).await.me().await["kindergartens"][0]["clock"], json!(null));
    gateway.stop().await;
}
