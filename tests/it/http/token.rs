//! Tokens that open nothing.

use super::people::{ASEL, GULNAR, SAULE};
use crate::world::{
    api::{Answer, Visitor},
    gateway::Gateway,
    offer::Player,
};
use aws_lc_rs::{
    hmac,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The parts of a token.
struct Parts {
    header: Value,
    claims: Value,
    signature: Vec<u8>,
}

impl Parts {
    fn of(token: &str) -> Self {
        let [header, claims, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
        let read = |part: &str| BASE64.decode(part).unwrap();
        let json = |part: &str| serde_json::from_slice(&read(part)).unwrap();
        Self { header: json(header), claims: json(claims), signature: read(signature) }
    }

    fn signed_text(&self) -> String {
        format!("{}.{}", BASE64.encode(self.header.to_string()), BASE64.encode(self.claims.to_string()))
    }

    fn written(&self, signature: &[u8]) -> String {
        format!("{}.{}", self.signed_text(), BASE64.encode(signature))
    }
}

async fn refused(gateway: &Gateway, token: &str, camera: &str, code: &str) -> Answer {
    Player::with(gateway, token).post(camera).await.refused(401, code)
}

#[tokio::test]
async fn a_token_that_is_forged_altered_or_for_something_else_opens_nothing() {
    let gateway = Gateway::start().await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (good, camera) = (asel.token().await, asel.camera("Ойын бөлмесі").await);
    let parts = || Parts::of(&good);

    let stranger = Ed25519KeyPair::generate().unwrap();
    refused(&gateway, &parts().written(stranger.sign(parts().signed_text().as_bytes()).as_ref()), &camera, "token_invalid").await;

    let mut none = parts();
    none.header["alg"] = json!("none");
    refused(&gateway, &none.written(&[]), &camera, "token_invalid").await;
    refused(&gateway, &none.written(&none.signature), &camera, "token_invalid").await;

    // The public key, which everybody has, as a shared secret.
    let jwks = asel.get("/.well-known/jwks.json").await.ok(200).json();
    assert_eq!((&jwks["keys"][0]["kty"], &jwks["keys"][0]["crv"]), (&json!("OKP"), &json!("Ed25519")));
    let public = BASE64.decode(jwks["keys"][0]["x"].as_str().unwrap()).unwrap();
    let mut shared = parts();
    shared.header["alg"] = json!("HS256");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &public), shared.signed_text().as_bytes());
    refused(&gateway, &shared.written(tag.as_ref()), &camera, "token_invalid").await;
    assert_ne!(public, stranger.public_key().as_ref());

    for (claim, other) in [
        ("aud", json!("tereze:playback")),
        ("iss", json!("https://elsewhere.example")),
        ("sub", json!("0190163d-8694-739b-aea5-966c26f8ad91")),
        ("exp", json!(4_102_444_800_u64)),
    ] {
        let mut altered = parts();
        altered.claims[claim] = other;
        refused(&gateway, &altered.written(&altered.signature), &camera, "token_invalid").await;
    }
    let mut plain = parts();
    plain.header["typ"] = json!("JWT");
    refused(&gateway, &plain.written(&plain.signature), &camera, "token_invalid").await;

    for nonsense in ["x", "a.b.c", &"x".repeat(20_000)] {
        let answer = Player::with(&gateway, nonsense).post(&camera).await;
        assert!([401, 431].contains(&answer.status), "{answer:?}");
    }
    let answer = Player::with(&gateway, "").post(&camera).await.refused(401, "token_missing");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    gateway.stop().await;
}

#[tokio::test]
async fn a_token_ends_after_ten_minutes_and_says_so() {
    let gateway = Gateway::start().await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let camera = asel.camera("Ойын бөлмесі").await;
    let given = asel.post("/api/v1/view-token", json!({})).await.ok(200).json();
    assert_eq!(given["expires_at"], "2026-11-23T05:41:00Z");
    gateway.clock.advance(SignedDuration::from_mins(10));
    let answer = refused(&gateway, given["token"].as_str().unwrap(), &camera, "token_expired").await;
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    gateway.stop().await;
}

#[tokio::test]
async fn a_token_never_outlives_the_last_window() {
    let gateway = Gateway::start().await;
    gateway.clock.set("2026-11-23T12:57:00Z".parse().unwrap());
    let given = Visitor::log_in(&gateway, ASEL).await.post("/api/v1/view-token", json!({})).await.ok(200).json();
    assert_eq!(given["expires_at"], "2026-11-23T13:00:00Z");
    gateway.stop().await;
}

#[tokio::test]
async fn a_parents_token_is_of_no_use_for_another_groups_camera() {
    let gateway = Gateway::start().await;
    let camera = Visitor::log_in(&gateway, GULNAR).await.camera("Жатын бөлме").await;
    let asel = Player::of(&gateway, &Visitor::log_in(&gateway, ASEL).await).await;
    asel.post(&camera).await.refused(403, "not_yours");
    gateway.stop().await;
}

#[tokio::test]
async fn an_inspector_of_a_whole_city_names_the_kindergarten_that_is_looked_at() {
    let mut gateway = Gateway::start().await;
    let many: String = (0..120)
        .map(|number| {
            format!(
                "[[kindergarten]]\nkey = \"k{number}\"\nname = \"№ {number}\"\nzone = \"Asia/Almaty\"\n\
                [[kindergarten.camera]]\nkey = \"yard\"\nname = \"Yard\"\nmain = \"rtsp://127.0.0.1:9/\"\n\
                [[kindergarten.inspector]]\naccount = \"saule\"\nfrom = 2026-11-16\nto = 2026-11-30\n"
            )
        })
        .collect();
    gateway.add(&many).await;
    let saule = Visitor::log_in(&gateway, SAULE).await;
    let me = saule.me().await;
    let kindergartens = me["kindergartens"].as_array().unwrap();
    assert_eq!(kindergartens.len(), 121);
    saule.post("/api/v1/view-token", json!({})).await.refused(400, "name_a_kindergarten");
    let camera = saule.camera("Ойын бөлмесі").await;
    let id = |name: &str| kindergartens.iter().find(|one| one["name"] == name).unwrap()["id"].as_str().unwrap().to_owned();
    let token = async |kindergarten: String| {
        let token = saule.post(&format!("/api/v1/view-token?kindergarten={kindergarten}"), json!({})).await;
        token.ok(200).json()["token"].as_str().unwrap().to_owned()
    };
    Player::with(&gateway, &token(id("Балбөбек")).await).post(&camera).await.ok(201);
    Player::with(&gateway, &token(id("№ 7")).await).post(&camera).await.refused(403, "token_does_not_cover");
    saule.post("/api/v1/view-token?kindergarten=nowhere", json!({})).await.refused(400, "bad_request");
    gateway.stop().await;
}
