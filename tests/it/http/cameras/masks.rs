//! What nobody is to see of a picture: every page has it at once, its past is kept, and only the director says it.

use super::{
    super::elsewhere::{MARAT, OTHER},
    super::people::{ASEL, SAULE, TIMUR, ZARINA},
    Console, at, records,
};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::Gateway,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{args, db::Queries, db::site, id::CameraId};

fn masks_of(camera: &Value) -> String {
    format!("{}/masks", at(camera))
}

async fn an_area_is_covered_on(gateway: Gateway) {
    let console = Console::of(&gateway).await;
    let room = console.listed("Ойын бөлмесі").await;
    assert_eq!(room["masks"], json!([]));
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let mut events = asel.events().await;
    events.next_of("me").await;

    let areas = json!([[700, 0, 300, 1000], [0, 120, 250, 400], [0, 120, 250, 400]]);
    let answer = console.director.put(&masks_of(&room), json!({ "masks": areas })).await.ok(200).json();
    let covered = json!([[0, 120, 250, 400], [700, 0, 300, 1000]]);
    assert_eq!(answer["masks"], covered);
    assert_eq!(console.listed("Ойын бөлмесі").await["masks"], covered);
    let me = events.next_of("me").await;
    let seen = me["cameras"].as_array().unwrap().iter().find(|camera| camera["id"] == room["id"]).unwrap();
    assert_eq!(seen["masks"], covered);
    assert!(me["cameras"].as_array().unwrap().iter().any(|camera| camera["masks"] == json!([])), "the yard's picture is whole");

    // What was covered then is known later, and what stays the same leaves no trace.
    let id: CameraId = room["id"].as_str().unwrap().parse().unwrap();
    let then = gateway.clock.now();
    gateway.clock.advance(SignedDuration::from_mins(1));
    console.director.put(&masks_of(&room), json!({ "masks": covered })).await.ok(200);
    console.director.put(&masks_of(&room), json!({ "masks": [[0, 0, 1000, 10]] })).await.ok(200);
    let known = async |at| serde_json::to_value(site::of_camera(gateway.db(), id, at).await.unwrap().unwrap().masks(id)).unwrap();
    assert_eq!(known(then).await, covered);
    assert_eq!(known(gateway.clock.now()).await, json!([[0, 0, 1000, 10]]));
    let written = records(&gateway).await;
    let details: Vec<&Value> = written.iter().map(|(_, record)| &record["details"]).collect();
    assert_eq!(written.iter().map(|(action, _)| action.as_str()).collect::<Vec<_>>(), ["fact_changed", "fact_changed"]);
    let words = json!(["250×400 at 0,120 of 1000", "300×1000 at 700,0 of 1000"]);
    assert_eq!(*details[0], json!({ "before": { "masks": [] }, "after": { "masks": words } }));

    // A camera that is gone covers nothing.
    console.director.delete(&at(&room)).await.ok(204);
    let rows: Vec<(String,)> = gateway.db().rows("select id from masks where until is null", args![]).await.unwrap();
    assert!(rows.is_empty(), "{rows:?}");
    console.director.put(&masks_of(&room), json!({ "masks": [] })).await.refused(403, "not_yours");
    gateway.stop().await;
}

#[tokio::test]
async fn an_area_is_covered_on_every_page_at_once_and_its_past_is_kept() {
    an_area_is_covered_on(Gateway::start().await).await;
}

#[tokio::test]
async fn an_area_is_covered_on_every_page_at_once_and_its_past_is_kept_on_postgresql_as_well() {
    let database = databases::postgres().await;
    an_area_is_covered_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn nobody_but_the_director_of_the_kindergarten_covers_anything() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let console = Console::of(&gateway).await;
    let room = console.listed("Ойын бөлмесі").await;
    let body = json!({ "masks": [[0, 0, 10, 10]] });
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.put(&masks_of(&room), body.clone()).await.refused(403, "not_yours");
    }
    Visitor::stranger(&gateway).put(&masks_of(&room), body.clone()).await.refused(401, "not_logged_in");
    Answer::of(console.director.request(Method::PUT, &masks_of(&room)).json(&body)).await.refused(403, "csrf");
    let nobodys = json!({ "id": CameraId::new(gateway.clock.now()).to_string() });
    for camera in [nobodys, json!({ "id": "no-id" })] {
        console.director.put(&masks_of(&camera), body.clone()).await.refused(403, "not_yours");
    }
    // An inspector reads what is covered.
    let list = Visitor::log_in(&gateway, SAULE).await.get(&console.address()).await.ok(200).json();
    assert_eq!(list["cameras"][0]["masks"], json!([]));
    assert!(records(&gateway).await.is_empty());
    gateway.stop().await;
}

#[tokio::test]
async fn areas_lie_within_the_picture_and_are_eight_at_most() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let address = masks_of(&console.listed("Аула").await);
    let eight: Vec<Value> = (0..8).map(|n| json!([n * 100, 0, 50, 50])).collect();
    console.director.put(&address, json!({ "masks": eight })).await.ok(200);
    let mut nine = eight.clone();
    nine.push(json!([900, 900, 50, 50]));
    for masks in
        [json!(nine), json!([[991, 0, 10, 10]]), json!([[-1, 0, 10, 10]]), json!([[0, 0, 9, 10]]), json!([[0, 0, 1001, 10]])]
    {
        let refused = console.director.put(&address, json!({ "masks": masks })).await.refused(400, "bad_field").json();
        assert_eq!(refused["field"], "masks");
    }
    for body in
        [json!({}), json!({ "masks": [[0, 0, 10]] }), json!({ "masks": [[0, 0, 10.5, 10]] }), json!({ "masks": [], "x": 1 })]
    {
        console.director.put(&address, body).await.refused(400, "bad_request");
    }
    assert_eq!(console.listed("Аула").await["masks"], json!(eight));
    gateway.stop().await;
}
