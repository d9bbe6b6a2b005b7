//! The policy's noes, as they leave the gateway.

use super::people::{ASEL, DANIYAR, GULNAR, OLGA, YERLAN, ZARINA};
use crate::world::{
    api::{Visitor, eventually},
    gateway::Gateway,
    offer::Player,
};
use serde_json::json;
use tereze::{args, db::Queries, id::CameraId};

#[tokio::test]
async fn another_groups_camera_and_one_that_does_not_exist_look_the_same() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let asel = Player::of(&gateway, &Visitor::log_in(&gateway, ASEL).await).await;
    let theirs = asel.post(&director.camera("Музыка залы").await).await.refused(403, "not_yours");
    let nowhere = asel.post(&CameraId::new(gateway.clock.now()).to_string()).await.refused(403, "not_yours");
    let no_id = asel.post("yard").await.refused(403, "not_yours");
    for other in [nowhere, no_id] {
        assert_eq!(theirs.body, other.body);
        let plain = |answer: &crate::world::api::Answer| {
            let mut headers = answer.headers.clone();
            headers.remove("date");
            headers
        };
        assert_eq!(plain(&theirs), plain(&other));
    }
    gateway.stop().await;
}

#[tokio::test]
async fn outside_the_hours_a_parent_is_told_when_they_begin() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::log_in(&gateway, DANIYAR).await;
    let player = Player::of(&gateway, &visitor).await;
    let refused = player.post(&visitor.camera("Жатын бөлме").await).await.refused(403, "outside_hours");
    assert_eq!(refused.json()["opens_at"], "2026-11-24T04:00:00Z");

    gateway.clock.set("2026-11-23T13:00:00Z".parse().unwrap());
    let refused = visitor.post("/api/v1/view-token", json!({})).await.refused(403, "outside_hours");
    assert_eq!(refused.json()["opens_at"], "2026-11-24T04:00:00Z");
    gateway.stop().await;
}

#[tokio::test]
async fn a_pause_is_said_with_its_reason_and_its_end() {
    let mut gateway = Gateway::start().await;
    let olga = Visitor::log_in(&gateway, OLGA).await;
    gateway.change("until = 2026-11-23T16:30:00", "until = 2026-11-23T10:32:00").await;
    let camera = olga.camera("Музыка залы").await;
    // The yard belongs to the group as well, so nothing is open for Olga: not even a token is given.
    let refused = olga.post("/api/v1/view-token", json!({})).await.refused(403, "paused");
    assert_eq!(refused.json()["until"], "2026-11-23T05:32:00Z");
    gateway.clock.set("2026-11-23T05:32:00Z".parse().unwrap());
    let player = Player::of(&gateway, &olga).await;
    gateway.clock.set("2026-11-23T05:31:00Z".parse().unwrap());
    let refused = player.post(&camera).await;
    // The clock went back before the token's time; with it at its place the pause is over.
    assert!(["paused", "token_not_yet_valid"].contains(&refused.code().as_str()), "{refused:?}");
    gateway.stop().await;
}

#[tokio::test]
async fn the_restricted_the_strange_and_the_staff_get_no_token() {
    let gateway = Gateway::start().await;
    for (login, code) in [(YERLAN, "restricted"), (super::people::AIDOS, "not_yours"), (ZARINA, "role_sees_no_video")] {
        Visitor::log_in(&gateway, login).await.post("/api/v1/view-token", json!({})).await.refused(403, code);
    }
    gateway.stop().await;
}

#[tokio::test]
async fn every_refusal_is_on_record_and_a_loop_of_them_once() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::log_in(&gateway, DANIYAR).await;
    let (player, camera) = (Player::of(&gateway, &visitor).await, visitor.camera("Жатын бөлме").await);
    for _ in 0..5 {
        player.post(&camera).await.refused(403, "outside_hours");
    }
    player.post("nowhere").await.refused(403, "not_yours");
    let refusals = || async {
        let sql = "select subject, record from audit_records where action = 'viewing_refused' order by position";
        gateway.db().rows::<(String, String)>(sql, args![]).await.unwrap()
    };
    let rows = eventually("two refusals on record", || async {
        let rows = refusals().await;
        (rows.len() >= 2).then_some(rows)
    })
    .await;
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0].0, format!("camera:{camera}"));
    assert!(rows[0].1.contains("outside_hours") && rows[1].1.contains("not_yours"), "{rows:?}");
    gateway.stop().await;
}
