//! The gateway looks at pictures itself, and tells what is wrong with them.

use super::{
    super::people::{ASEL, SAULE},
    Console, at, with,
};
use crate::world::{
    api::{Visitor, eventually},
    camera::GstCamera,
    databases,
    gateway::Gateway,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{cell::Cell, collections::BTreeMap};
use tereze::media::Look;

/// The pictures that are looked at, with what is wrong with each; the clocks of these cameras are the machine's, not the gateway's.
const PICTURES: [(&str, &[&str]); 4] = [
    ("black", &["black", "wrong_clock"]),
    ("grey", &["covered", "wrong_clock"]),
    ("frozen", &["frozen", "wrong_clock"]),
    ("noise", &["wrong_clock"]),
];

impl Console {
    /// Adds the streams of `real`, and lets them run as if somebody watched.
    async fn add_pictures(&self, gateway: &Gateway, real: &GstCamera) -> Vec<Look> {
        let mut looks = Vec::new();
        for (path, _) in PICTURES {
            let wish = json!({
                "kindergarten": self.kindergarten, "name": path, "group": null, "sound": false, "main": real.url(path),
                "username": GstCamera::USERNAME, "password": GstCamera::PASSWORD,
            });
            let added = self.director.post("/api/v1/cameras", wish).await.ok(201).json();
            let id = added["id"].as_str().unwrap().parse().unwrap();
            let media = &gateway.app().media;
            looks.push(eventually("the camera is known", || async { media.look(id).await }).await);
        }
        looks
    }

    /// What is wrong with each camera, by its name.
    async fn defects(&self) -> BTreeMap<String, Vec<String>> {
        let list = self.list().await;
        list["cameras"].as_array().unwrap().iter().map(|camera| (text(&camera["name"]), codes(&camera["defects"]))).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn codes(defects: &Value) -> Vec<String> {
    defects.as_array().unwrap().iter().map(|defect| text(&defect["code"])).collect()
}

/// Lets time go by, slowly enough for a picture to be looked at in every half minute, until `is` gives something.
async fn in_time<T, F: Future<Output = Option<T>>>(gateway: &Gateway, what: &str, is: impl Fn() -> F) -> T {
    let asked = Cell::new(0_u32);
    eventually(what, || async {
        asked.set(asked.get() + 1);
        if asked.get().is_multiple_of(12) {
            gateway.clock.advance(SignedDuration::from_secs(31));
            return is().await;
        }
        None
    })
    .await
}

async fn what_is_wrong_with_pictures_is_found_on(gateway: Gateway) {
    let console = Console::of(&gateway).await;
    let real = GstCamera::start().await;
    let looks = console.add_pictures(&gateway, &real).await;
    let wanted: BTreeMap<String, Vec<String>> =
        PICTURES.map(|(name, codes)| (name.to_owned(), codes.iter().map(|code| (*code).to_owned()).collect())).into();
    in_time(&gateway, "every picture is as it is", || async {
        let found = console.defects().await;
        wanted.iter().all(|(name, codes)| found.get(name) == Some(codes)).then_some(())
    })
    .await;

    // Its director has it on the first page, in the history, and the inspector in the list; a parent learns nothing.
    let me = console.director.me().await;
    let today = me["today"][0]["cameras"].as_array().unwrap();
    assert_eq!(codes(&today.iter().find(|camera| camera["name"] == "grey").unwrap()["defects"]), ["covered", "wrong_clock"]);
    let frozen = console.listed("frozen").await;
    let history = console.director.get(&format!("{}/health", at(&frozen))).await.ok(200).json();
    assert_eq!(history["days"][29]["defects"], json!(["frozen", "wrong_clock"]));
    let outage = history["outages"].as_array().unwrap().iter().find(|outage| outage["code"] == "frozen").unwrap();
    assert_eq!((&outage["from"], &outage["until"]), (&frozen["defects"][0]["since"], &Value::Null));
    let listed = Visitor::log_in(&gateway, SAULE).await.get(&console.address()).await.ok(200).json();
    assert!(listed["cameras"].as_array().unwrap().iter().any(|camera| codes(&camera["defects"]) == ["black", "wrong_clock"]));
    assert!(!Visitor::log_in(&gateway, ASEL).await.me().await.to_string().contains("defects"));

    // A camera that fails has no picture of which anything could be wrong.
    real.kill().await;
    in_time(&gateway, "nothing is claimed of them", || async {
        let found = console.defects().await;
        PICTURES.iter().all(|(name, _)| found[*name].is_empty()).then_some(())
    })
    .await;
    let history = console.director.get(&format!("{}/health", at(&frozen))).await.ok(200).json();
    let outage = history["outages"].as_array().unwrap().iter().find(|outage| outage["code"] == "frozen").unwrap();
    assert!(outage["until"].is_string(), "{outage}");
    drop(looks);
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_pictures_is_found_and_told() {
    what_is_wrong_with_pictures_is_found_on(Gateway::start().await).await;
}

#[tokio::test]
async fn what_is_wrong_with_pictures_is_found_and_told_on_postgresql_as_well() {
    let database = databases::postgres().await;
    what_is_wrong_with_pictures_is_found_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn a_camera_whose_lens_is_free_again_is_fine_again() {
    let gateway = Gateway::start().await;
    let console = Console::of(&gateway).await;
    let real = GstCamera::start().await;
    let _looks = console.add_pictures(&gateway, &real).await;
    in_time(&gateway, "it is covered", || async { console.defects().await["grey"].contains(&"covered".to_owned()).then_some(()) })
        .await;
    let grey = console.listed("grey").await;
    let free = with(&super::untouched(&grey), "main", json!(real.url("noise")));
    let free = with(&with(&free, "username", json!(GstCamera::USERNAME)), "password", json!(GstCamera::PASSWORD));
    console.director.put(&at(&grey), free).await.ok(200);
    let id = grey["id"].as_str().unwrap().parse().unwrap();
    let _look = gateway.app().media.look(id).await;
    in_time(&gateway, "it is not covered any more", || async {
        (!console.defects().await["grey"].contains(&"covered".to_owned())).then_some(())
    })
    .await;
    let history = console.director.get(&format!("{}/health", at(&grey))).await.ok(200).json();
    let outage = history["outages"].as_array().unwrap().iter().find(|outage| outage["code"] == "covered").unwrap();
    assert!(outage["until"].is_string(), "{outage}");
    gateway.stop().await;
}
