//! A director finds cameras in the network, asks one for its streams, and adds a recorder's channels.

use super::{Console, actions, at, with};
use crate::world::{
    gateway::Gateway,
    onvif::{Onvif, OnvifDevice},
    ports::unused_address,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A device whose H.264 profiles lead to the yard's camera, and whose clock is an hour off.
async fn device(gateway: &Gateway) -> OnvifDevice {
    let (main, sub) = (gateway.yard.main_url(), gateway.yard.sub_url());
    let profiles = vec![
        ("p<1>", "H265", 3840, 2160, "rtsp://0.0.0.0:1/never".parse().unwrap()),
        ("p2", "H264", 640, 360, main),
        ("p3", "H264", 320, 180, sub),
    ];
    Onvif { profiles, clock_ahead: SignedDuration::from_hours(1), nonsense: None }.start().await
}

impl Console {
    /// The body that asks `device` for its streams.
    fn asking(&self, device: &OnvifDevice) -> Value {
        json!({
            "kindergarten": self.kindergarten, "host": device.services.ip(), "port": device.services.port(),
            "username": Onvif::USERNAME, "password": Onvif::PASSWORD,
        })
    }

    fn search(&self, target: &str) -> Value {
        json!({ "kindergarten": self.kindergarten, "target": target })
    }

    fn recorder(&self) -> Value {
        json!({
            "kindergarten": self.kindergarten, "name": "Регистратор", "brand": "hikvision", "host": "10.77.0.70", "first": 3, "last": 6,
            "username": "viewer", "password": "tulip-key",
        })
    }
}

#[tokio::test]
async fn a_camera_is_found_asked_for_its_streams_and_added() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let device = device(&gateway).await;
    let found = console.director.post("/api/v1/cameras/find", console.search(&device.discovery.to_string())).await.ok(200).json();
    let (host, port) = (json!(device.services.ip()), json!(device.services.port()));
    assert_eq!(found["devices"], json!([{ "host": host, "port": port, "name": "Ойын бөлмесі", "hardware": "IPC-1" }]));

    let streams = console.director.post("/api/v1/cameras/streams", console.asking(&device)).await.ok(200).json();
    assert_eq!((&streams["main"], &streams["sub"]), (&json!(gateway.yard.main_url()), &json!(gateway.yard.sub_url())));
    assert_eq!(streams["other"], Value::Null);

    let wish = with(&with(&console.wish(&gateway).await, "main", streams["main"].clone()), "sub", streams["sub"].clone());
    let camera = console.director.post("/api/v1/cameras", wish).await.ok(201).json();
    let test = json!({ "kindergarten": console.kindergarten, "camera": camera["id"], "stream": "sub" });
    assert_eq!(console.director.post("/api/v1/cameras/test", test).await.ok(200).json()["width"], 320);
    assert_eq!(actions(&gateway).await, ["network_looked", "network_looked", "fact_added", "network_looked"]);
    gateway.stop().await;
}

#[tokio::test]
async fn what_a_device_lacks_or_refuses_is_said() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let wrong = device(&gateway).await;
    let asked = |body| console.director.post("/api/v1/cameras/streams", body);
    asked(with(&console.asking(&wrong), "password", json!("wrong"))).await.refused(400, "device_password");
    asked(with(&console.asking(&wrong), "username", json!(""))).await.refused(400, "device_password");
    asked(with(&console.asking(&wrong), "port", json!(unused_address().port()))).await.refused(400, "device_silent");

    let url = "rtsp://0.0.0.0:554/1".parse().unwrap();
    let modern = Onvif { profiles: vec![("p", "H265", 1920, 1080, url)], clock_ahead: SignedDuration::ZERO, nonsense: None };
    let streams = asked(console.asking(&modern.clone().start().await)).await.ok(200).json();
    assert_eq!((&streams["main"], &streams["other"]), (&Value::Null, &json!("H.265")));

    // A page, a document that would grow, and no end of it: all the same, and nothing of it is shown.
    let long: &'static str = Box::leak("<a>secret</a>".repeat(100_000).into_boxed_str());
    for nonsense in ["<html>secret</html>", "<!DOCTYPE a [<!ENTITY x 'secret'>]><a>&x;</a>", long] {
        let strange = Onvif { nonsense: Some(nonsense), ..modern.clone() }.start().await;
        let answer = asked(console.asking(&strange)).await.refused(400, "device_strange");
        assert!(!answer.body.contains("secret"));
    }
    gateway.stop().await;
}

#[tokio::test]
async fn every_channel_of_a_recorder_becomes_a_camera_or_none_does() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let added = console.director.post("/api/v1/cameras/recorder", console.recorder()).await.ok(201);
    for secret in ["tulip-key", "10.77.0.70", "Streaming"] {
        assert!(!added.body.contains(secret), "{secret} is in {}", added.body);
    }
    let names: Vec<Value> = added.json()["cameras"].as_array().unwrap().iter().map(|camera| camera["name"].clone()).collect();
    assert_eq!(names, ["Регистратор 3", "Регистратор 4", "Регистратор 5", "Регистратор 6"]);
    let listed = console.listed("Регистратор 6").await;
    assert_eq!((&listed["source"]["sub"], &listed["group"], &listed["sound"]), (&json!(true), &Value::Null, &json!(false)));
    console.director.delete(&at(&listed)).await.ok(204);

    for (field, value) in [("first", json!(0)), ("last", json!(2)), ("last", json!(65)), ("host", json!("")), ("name", json!(""))] {
        let wish = with(&console.recorder(), field, value);
        let wish = with(&wish, "brand", json!("dahua"));
        let answer = console.director.post("/api/v1/cameras/recorder", wish).await.refused(400, "bad_field");
        assert_eq!(answer.json()["field"], field);
    }
    let own = with(&with(&console.recorder(), "brand", json!("own")), "main", json!("rtsp://10.77.0.70/{channel}"));
    console
        .director
        .post("/api/v1/cameras/recorder", with(&own, "sub", json!("rtsp://10.77.0.70/sub")))
        .await
        .refused(400, "bad_field");
    console.director.post("/api/v1/cameras/recorder", own.clone()).await.ok(201);
    // More than a kindergarten may have: then none of them is added.
    let many = with(&with(&own, "first", json!(1)), "last", json!(64));
    for _ in 0..2 {
        console.director.post("/api/v1/cameras/recorder", many.clone()).await.ok(201);
    }
    let before = console.list().await["cameras"].as_array().unwrap().len();
    console.director.post("/api/v1/cameras/recorder", many).await.refused(400, "too_many_cameras");
    assert_eq!(console.list().await["cameras"].as_array().unwrap().len(), before);
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_looks_where_cameras_cannot_be() {
    let gateway = Gateway::start_with(|config| config.replace("allow_loopback = true", "")).await;
    let console = Console::of(&gateway).await;
    let device = device(&gateway).await;
    for target in ["127.0.0.1", "127.0.0.0/24", "::1", "239.255.255.250", "10.0.0.0/8", "camera.local", "0.0.0.0"] {
        let answer = console.director.post("/api/v1/cameras/find", console.search(target)).await.refused(400, "bad_field");
        assert_eq!(answer.json()["field"], "target", "{target}");
    }
    let answer = console.director.post("/api/v1/cameras/streams", console.asking(&device)).await.refused(400, "bad_field");
    assert_eq!(answer.json()["field"], "host");
    let answer = console.director.post("/api/v1/cameras/recorder", with(&console.recorder(), "host", json!("127.0.0.1"))).await;
    assert_eq!(answer.refused(400, "bad_field").json()["field"], "main");
    assert_eq!(actions(&gateway).await, Vec::<String>::new());
    gateway.stop().await;
}
