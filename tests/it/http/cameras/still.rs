//! One picture of a camera, for those who answer for it.

use super::{
    super::people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA},
    Console, at, with,
};
use crate::world::{
    api::Visitor,
    films::{grey_of, jpeg_size},
    gateway::Gateway,
    ports::unused_address,
};
use reqwest::header;
use serde_json::{Value, json};
use tereze::{args, db::Queries, id::CameraId};

async fn still_records(gateway: &Gateway) -> Vec<(String, String)> {
    let sql = "select subject, record from audit_records where action = 'still_seen' order by position";
    gateway.db().rows(sql, args![]).await.unwrap()
}

#[tokio::test]
async fn a_still_is_given_to_the_director_and_the_inspector_and_is_on_record() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let yard = console.listed("Аула").await;
    for login in [GULNAR, SAULE] {
        let address = gateway.url(&format!("{}/still", at(&yard)));
        let answer = Visitor::log_in(&gateway, login).await.http.get(address).send().await.unwrap();
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/jpeg");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(jpeg_size(&answer.bytes().await.unwrap()), Some((320, 180)), "{login}");
    }
    let records = still_records(&gateway).await;
    let subject = format!("camera:{}", yard["id"].as_str().unwrap());
    assert_eq!(records.iter().map(|(of, _)| of.as_str()).collect::<Vec<_>>(), [&subject, &subject]);
    gateway.stop().await;
}

#[tokio::test]
async fn what_nobody_is_to_see_is_in_no_still() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let yard = console.listed("Аула").await;
    let bright = |(width, grey): (usize, Vec<u8>)| {
        let seen = |side: std::ops::Range<usize>| grey.chunks(width).flat_map(|row| &row[side.clone()]).any(|pixel| *pixel > 60);
        (seen(0..width / 2), seen(width / 2 + 8..width))
    };
    let still = || async {
        let address = gateway.url(&format!("{}/still", at(&yard)));
        let answer = console.director.http.get(address).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{:?}", answer.text().await);
        grey_of(&answer.bytes().await.unwrap()).await
    };
    assert_eq!(bright(still().await), (true, true));
    console.director.put(&format!("{}/masks", at(&yard)), json!({ "masks": [[0, 0, 500, 1000]] })).await.ok(200);
    assert_eq!(bright(still().await), (false, true));
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_else_is_given_a_still_and_no_camera_is_told_from_none() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let still = format!("{}/still", at(&console.listed("Аула").await));
    for login in [ASEL, ZARINA, TIMUR] {
        Visitor::log_in(&gateway, login).await.get(&still).await.refused(403, "not_yours");
    }
    Visitor::stranger(&gateway).get(&still).await.refused(401, "not_logged_in");
    for id in [CameraId::new(gateway.clock.now()).to_string(), "no-id".to_owned()] {
        console.director.get(&format!("/api/v1/cameras/{id}/still")).await.refused(403, "not_yours");
    }
    assert!(still_records(&gateway).await.is_empty());
    gateway.stop().await;
}

#[tokio::test]
async fn a_camera_that_shows_nothing_has_no_still() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let bedroom = console.listed("Жатын бөлме").await;
    let refused = console.director.get(&format!("{}/still", at(&bedroom))).await.refused(409, "camera_offline");
    assert!(refused.json()["since"].is_string());
    assert!(still_records(&gateway).await.is_empty());
    gateway.stop().await;
}

#[tokio::test]
async fn a_test_shows_what_the_camera_shows() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let wish = with(&console.wish(&gateway).await, "stream", json!("sub"));
    let tested = console.director.post("/api/v1/cameras/test", wish.clone()).await.ok(200).json();
    let picture = tested["picture"].as_str().unwrap_or_else(|| panic!("no picture: {tested}"));
    assert_eq!(jpeg_size(&data_encoding::BASE64.decode(picture.as_bytes()).unwrap()), Some((320, 180)));

    let nobody = with(&wish, "sub", json!(format!("rtsp://{}/sub", unused_address())));
    let tested = console.director.post("/api/v1/cameras/test", nobody).await.ok(200).json();
    assert_eq!(tested["picture"], Value::Null);
    gateway.stop().await;
}
