//! What must not be known is in no log line, metric or answer.

use super::people::ASEL;
use crate::world::{
    api::Visitor,
    gateway::{Gateway, PASSWORD},
    log::Log,
    offer::Player,
};

#[tokio::test]
async fn no_secret_is_written_anywhere() {
    let log = Log::of_this_process();
    let gateway = Gateway::start().await;
    let asel = Visitor::stranger(&gateway);
    let cookie = asel.try_log_in(ASEL, PASSWORD).await.ok(200).header("set-cookie").to_owned();
    let cookie = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    asel.try_log_in(ASEL, "a-wrong-password").await.refused(401, "login_failed");
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (camera, token) = (asel.camera("Ойын бөлмесі").await, asel.token().await);
    let player = Player::with(&gateway, &token);
    let stream = player.open(&camera).await;
    player.patch(&stream, None, "").await.ok(204);
    let session = stream.path.rsplit('/').next().unwrap().to_owned();
    let metrics = asel.get("/metrics").await.ok(200).body;
    let me = asel.get("/api/v1/me").await.ok(200).body;
    let camera_address = gateway.playroom.address().to_string();
    gateway.stop().await;

    let written = log.text();
    assert!(written.contains("/whep/{camera}/{session}"), "requests are logged by their route");
    let signature = token.rsplit('.').next().unwrap();
    for (what, secret) in [
        ("the password", PASSWORD),
        ("a wrong password", "a-wrong-password"),
        ("the cookie", &cookie),
        ("the token", signature),
        ("the session URL", &session),
        ("a camera's address", &camera_address),
        ("a camera's password", "password=\"window\""),
        ("a password hash", "$argon2id$"),
    ] {
        let line = written.lines().find(|line| line.contains(secret)).map(|line| line.replace(secret, "…"));
        assert_eq!(line, None, "{what} is in the log");
        assert!(!metrics.contains(secret) && !me.contains(secret), "{what} is in an answer");
    }
}
