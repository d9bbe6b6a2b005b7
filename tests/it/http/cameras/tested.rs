//! A director tests a camera, before it is added and afterwards.

use super::{Console, actions, at, untouched, with};
use crate::world::{gateway::Gateway, ports::unused_address};
use futures::{StreamExt, stream::FuturesUnordered};
use serde_json::{Value, json};

fn codes(tested: &Value) -> Vec<&str> {
    tested["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_test_tells_what_a_stream_is_like_and_what_to_change_on_the_camera() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let wish = with(&console.wish(&gateway).await, "stream", json!("sub"));
    let tested = console.director.post("/api/v1/cameras/test", wish).await.ok(200);
    let sub = tested.json();
    assert_eq!((&sub["codec"], &sub["width"], &sub["height"]), (&json!("H.264"), &json!(320), &json!(180)));
    assert_eq!((&sub["b_frames"], &sub["sound"], &sub["transport"]), (&json!(false), &json!(["PCMA"]), &json!("tcp")));
    assert!(sub["frame_rate"].as_f64().is_some_and(|rate| rate > 5.0), "{sub}");
    assert!(sub["key_frame_interval_ms"].as_u64().is_some_and(|interval| interval < 4_500), "{sub}");
    // The cameras of the tests show the machine's time, and the gateway's stands still.
    assert!(codes(&sub).contains(&"clock_off") && codes(&sub).contains(&"weak_password"), "{sub}");
    for secret in ["rtsp:", "127.0.0.1", "window"] {
        assert!(!tested.body.contains(secret), "{secret} is in {}", tested.body);
    }
    assert_eq!(actions(&gateway).await, ["network_looked"], "nothing was added");
    gateway.stop().await;
}

#[tokio::test]
async fn a_camera_that_is_there_is_tested_with_what_is_kept_of_it() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let camera = console.add(&gateway).await;
    let test = json!({ "kindergarten": console.kindergarten, "camera": camera["id"], "stream": "sub" });
    let tested = console.director.post("/api/v1/cameras/test", test.clone()).await.ok(200).json();
    assert_eq!(tested["codec"], "H.264");

    // With a wrong password it is tried once, and what is kept stays.
    let wrong = with(&test, "password", json!("wrong"));
    let tested = console.director.post("/api/v1/cameras/test", wrong).await.ok(200).json();
    assert_eq!((codes(&tested), &tested["codec"]), (vec!["wrong_password"], &Value::Null));
    let elsewhere = with(&test, "main", json!("rtsp://10.77.0.9/main"));
    console.director.post("/api/v1/cameras/test", elsewhere).await.refused(400, "password_needed");

    let main = with(&untouched(&camera), "main", json!(gateway.yard.main_url()));
    console.director.put(&at(&camera), main).await.ok(200);
    let answer = console.director.post("/api/v1/cameras/test", test).await.refused(400, "bad_field");
    assert_eq!(answer.json()["field"], "sub", "there is none any more");
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_at_the_address_is_said_and_many_tests_at_once_are_not_taken() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let nobody = format!("rtsp://{}/main", unused_address());
    let test = with(&with(&console.wish(&gateway).await, "stream", json!("main")), "main", json!(nobody));
    let tested = console.director.post("/api/v1/cameras/test", test.clone()).await.ok(200).json();
    assert_eq!(tested["findings"], json!([{ "code": "unreachable", "value": null }]));

    // A camera that takes its time: five want to look, four may.
    gateway.yard.freeze(true);
    let frozen = with(&test, "main", json!(gateway.yard.main_url()));
    let mut answers: FuturesUnordered<_> = (0..5).map(|_| console.director.post("/api/v1/cameras/test", frozen.clone())).collect();
    let refused = answers.next().await.unwrap().refused(503, "cameras_busy");
    assert!(refused.json()["retry_after"].as_u64().is_some_and(|seconds| seconds > 0));
    gateway.stop().await;
}
