//! Who may not change cameras, and what may not be asked for.

use super::{
    super::elsewhere::{MARAT, OTHER},
    super::people::{ASEL, SAULE, TIMUR, ZARINA},
    Console, actions, at, untouched, with,
};
use crate::world::{
    api::{Answer, Visitor},
    gateway::Gateway,
};
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{args, db::Queries, id::CameraId};

/// What looks through the network, and what adds a recorder.
fn looks(console: &Console) -> [(&'static str, Value); 3] {
    let kindergarten = &console.kindergarten;
    let device = json!({ "kindergarten": kindergarten, "host": "10.77.0.7", "port": 80, "username": "", "password": "" });
    let recorder =
        json!({ "kindergarten": kindergarten, "name": "x", "brand": "dahua", "host": "10.77.0.7", "first": 1, "last": 1 });
    [
        ("/api/v1/cameras/find", json!({ "kindergarten": kindergarten, "target": "10.77.0.7" })),
        ("/api/v1/cameras/streams", device),
        ("/api/v1/cameras/recorder", recorder),
    ]
}

#[tokio::test]
async fn nobody_but_the_director_of_the_kindergarten_changes_cameras() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let console = Console::of(&gateway).await;
    let camera = console.add(&gateway).await;
    let wish = console.wish(&gateway).await;
    let test = with(&wish, "stream", json!("main"));
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.post("/api/v1/cameras", wish.clone()).await.refused(403, "not_yours");
        visitor.post("/api/v1/cameras/test", test.clone()).await.refused(403, "not_yours");
        for (path, body) in looks(&console) {
            visitor.post(path, body).await.refused(403, "not_yours");
        }
        visitor.put(&at(&camera), untouched(&camera)).await.refused(403, "not_yours");
        visitor.delete(&at(&camera)).await.refused(403, "not_yours");
        if login != SAULE {
            visitor.get(&console.address()).await.refused(403, "not_yours");
        }
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.get(&console.address()).await.refused(401, "not_logged_in");
    stranger.post("/api/v1/cameras", wish.clone()).await.refused(401, "not_logged_in");
    for (path, body) in looks(&console) {
        stranger.post(path, body.clone()).await.refused(401, "not_logged_in");
        Answer::of(console.director.request(Method::POST, path).json(&body)).await.refused(403, "csrf");
    }
    stranger.put(&at(&camera), untouched(&camera)).await.refused(401, "not_logged_in");
    for (method, address) in [
        (Method::POST, "/api/v1/cameras".to_owned()),
        (Method::POST, "/api/v1/cameras/test".to_owned()),
        (Method::PUT, at(&camera)),
        (Method::DELETE, at(&camera)),
    ] {
        Answer::of(console.director.request(method, &address).json(&wish)).await.refused(403, "csrf");
    }
    assert_eq!(actions(&gateway).await, ["fact_added"]);
    gateway.stop().await;
}

#[tokio::test]
async fn an_inspector_looks_at_the_list_without_what_is_set_and_the_look_is_on_record() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let saule = Visitor::log_in(&gateway, SAULE).await;
    let list = saule.get(&console.address()).await.ok(200).json();
    let cameras = list["cameras"].as_array().unwrap();
    assert_eq!(cameras.len(), 4);
    assert!(cameras.iter().all(|camera| camera["source"].is_null() && camera["state"]["code"].is_string()));
    let sql = "select record from audit_records where action = 'inspected'";
    let rows: Vec<(String,)> = gateway.db().rows(sql, args![]).await.unwrap();
    assert!(rows.iter().any(|(record,)| record.contains("GET /api/v1/cameras")), "{rows:?}");
    // After the last day of the assignment there is nothing to look at.
    gateway.clock.set("2026-12-01T05:00:00Z".parse().unwrap());
    Visitor::log_in(&gateway, SAULE).await.get(&console.address()).await.refused(403, "not_yours");
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_another_kindergartens_and_what_does_not_exist_look_the_same() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let console = Console::of(&gateway).await;
    let marat = Visitor::log_in(&gateway, MARAT).await;
    let theirs = marat.me().await["kindergartens"][0]["id"].clone();
    let group = marat.get(&format!("/api/v1/cameras?kindergarten={}", theirs.as_str().unwrap())).await.ok(200).json();
    let wish = console.wish(&gateway).await;
    let theirs_wish = with(&with(&wish, "kindergarten", theirs.clone()), "group", Value::Null);
    let camera = marat.post("/api/v1/cameras", theirs_wish).await.ok(201).json();
    let nobodys = CameraId::new(gateway.clock.now()).to_string();
    let mut bodies = Vec::new();
    for (field, value) in [
        ("kindergarten", theirs),
        ("kindergarten", json!(nobodys)),
        ("group", group["groups"][0]["id"].clone()),
        ("group", json!(nobodys)),
    ] {
        bodies.push(console.director.post("/api/v1/cameras", with(&wish, field, value)).await.refused(403, "not_yours").body);
    }
    for id in [camera["id"].as_str().unwrap(), &nobodys, "no-id"] {
        let address = format!("/api/v1/cameras/{id}");
        bodies.push(console.director.put(&address, untouched(&camera)).await.refused(403, "not_yours").body);
        bodies.push(console.director.delete(&address).await.refused(403, "not_yours").body);
    }
    for id in [camera["id"].clone(), json!(nobodys)] {
        let test = with(&with(&wish, "stream", json!("main")), "camera", id);
        bodies.push(console.director.post("/api/v1/cameras/test", test).await.refused(403, "not_yours").body);
    }
    assert!(bodies.windows(2).all(|two| two[0] == two[1]), "{bodies:?}");
    gateway.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_the_name_of_its_field() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let wish = console.wish(&gateway).await;
    for (field, value) in [
        ("name", json!(" ")),
        ("name", json!("x".repeat(101))),
        ("name", json!("a\nb")),
        ("name", json!("a\u{202e}b")),
        ("main", json!("")),
        ("main", json!("http://10.0.0.7/")),
        ("main", json!("rtsp://127.1/")),
        ("main", json!("rtsp://239.255.255.250/")),
        ("sub", json!("file:///etc/passwd")),
        ("sub", json!("rtsp://255.255.255.255/")),
        ("username", json!("a\u{0}b")),
        ("password", json!("x".repeat(201))),
    ] {
        let answer = console.director.post("/api/v1/cameras", with(&wish, field, value)).await.refused(400, "bad_field");
        assert_eq!(answer.json()["field"], field);
    }
    for (field, value) in [("transport", json!("quic")), ("sound", json!("yes")), ("group", json!("none"))] {
        console.director.post("/api/v1/cameras", with(&wish, field, value)).await.refused(400, "bad_request");
    }
    let hostile = with(&wish, "name", json!("<img src=x onerror=alert(1)>"));
    assert_eq!(console.director.post("/api/v1/cameras", hostile).await.ok(201).json()["name"], "<img src=x onerror=alert(1)>");
    assert_eq!(actions(&gateway).await, ["fact_added"]);
    gateway.stop().await;
}

#[tokio::test]
async fn this_machine_itself_is_no_camera_where_the_configuration_does_not_say_so() {
    let gateway = Gateway::start_with(|config| config.replace("allow_loopback = true", "")).await;
    let console = Console::of(&gateway).await;
    let wish = console.wish(&gateway).await;
    for main in ["rtsp://127.0.0.1:5432/", "rtsp://[::1]/", "rtsp://localhost:22/", "rtsp://[::ffff:127.0.0.1]/", "rtsp://0.0.0.0/"]
    {
        for path in ["/api/v1/cameras", "/api/v1/cameras/test"] {
            let wish = with(&with(&wish, "main", json!(main)), "stream", json!("main"));
            assert_eq!(console.director.post(path, wish).await.refused(400, "bad_field").json()["field"], "main", "{main}");
        }
    }
    assert_eq!(actions(&gateway).await, Vec::<String>::new());
    gateway.stop().await;
}
