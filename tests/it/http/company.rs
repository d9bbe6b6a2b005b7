//! How many watched a group today: for its parents, and without a name.

use super::people::{AIDOS, ASEL, DANIYAR, GULNAR, OLGA, SAULE, TIMUR, YERLAN, ZARINA};
use crate::world::{api::Visitor, databases, gateway::Gateway, offer::Player};
use serde_json::{Value, json};
use tereze::id::GroupId;

/// The address of the question for the group with this name, as the director knows it.
async fn question(gateway: &Gateway, group: &str) -> String {
    let me = Visitor::log_in(gateway, GULNAR).await.me().await;
    let group = me["groups"].as_array().unwrap().iter().find(|found| found["name"] == group).unwrap();
    format!("/api/v1/watched-today?group={}", group["id"].as_str().unwrap())
}

fn counts(answer: &Value) -> (u64, u64, u64) {
    let count = |role: &str| answer[role].as_u64().unwrap();
    (count("parents"), count("directors"), count("inspectors"))
}

#[tokio::test]
async fn a_parent_is_told_how_many_of_each_role_looked_in_today_on_both_databases() {
    for url in ["sqlite:tereze.db", &databases::postgres().await.url] {
        let gateway = Gateway::start_on(url).await;
        let path = question(&gateway, "Күншуақ").await;
        let asel = Visitor::log_in(&gateway, ASEL).await;
        assert_eq!(counts(&asel.get(&path).await.ok(200).json()), (0, 0, 0));
        for login in [ASEL, ASEL, DANIYAR, GULNAR, SAULE] {
            let visitor = Visitor::log_in(&gateway, login).await;
            let camera = visitor.camera("Ойын бөлмесі").await;
            Player::of(&gateway, &visitor).await.open(&camera).await;
        }
        // The yard is everybody's, and tells nothing of one group.
        let olga = Visitor::log_in(&gateway, GULNAR).await;
        let yard = olga.camera("Аула").await;
        Player::of(&gateway, &olga).await.open(&yard).await;
        let answer = asel.get(&path).await.ok(200).json();
        assert_eq!(counts(&answer), (2, 1, 1), "each person once");
        assert_eq!(answer["since"], "2026-11-22T19:00:00Z", "midnight in Almaty");
        assert_eq!(answer.as_object().unwrap().len(), 4, "no name, no login: {answer}");
        gateway.stop().await;
    }
}

#[tokio::test]
async fn tomorrow_the_count_begins_anew() {
    let gateway = Gateway::start().await;
    let path = question(&gateway, "Күншуақ").await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let (camera, player) = (asel.camera("Ойын бөлмесі").await, Player::of(&gateway, &asel).await);
    let stream = player.open(&camera).await;
    player.delete(&stream).await.ok(200);
    crate::world::api::eventually("the viewing has ended", || async {
        let running =
            tereze::db::Queries::row::<(i64,)>(gateway.db(), "select count(*) from viewings where ended_at is null", &[]).await;
        (running.unwrap() == Some((0,))).then_some(())
    })
    .await;
    assert_eq!(counts(&asel.get(&path).await.ok(200).json()), (1, 0, 0));
    gateway.clock.set("2026-11-23T19:00:00Z".parse().unwrap());
    assert_eq!(counts(&asel.get(&path).await.ok(200).json()), (0, 0, 0));
    gateway.stop().await;
}

#[tokio::test]
async fn whoever_has_no_child_in_the_group_learns_nothing_of_it() {
    let gateway = Gateway::start().await;
    let path = question(&gateway, "Күншуақ").await;
    let nowhere = format!("/api/v1/watched-today?group={}", GroupId::new(gateway.clock.now()));
    for login in [OLGA, AIDOS, GULNAR, SAULE, ZARINA, TIMUR] {
        let visitor = Visitor::log_in(&gateway, login).await;
        let theirs = visitor.get(&path).await.refused(403, "not_yours");
        assert_eq!(theirs.body, visitor.get(&nowhere).await.refused(403, "not_yours").body);
    }
    Visitor::log_in(&gateway, YERLAN).await.get(&path).await.refused(403, "restricted");
    Visitor::stranger(&gateway).get(&path).await.refused(401, "not_logged_in");
    let asel = Visitor::log_in(&gateway, ASEL).await;
    asel.get("/api/v1/watched-today?group=x").await.refused(400, "bad_request");
    asel.get("/api/v1/watched-today").await.refused(400, "bad_request");
    assert_eq!(asel.post(&path, json!({})).await.status, 405);
    gateway.stop().await;
}
