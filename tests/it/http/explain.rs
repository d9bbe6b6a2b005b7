//! Why somebody may watch or may not.

use super::people::{ASEL, DANIYAR, GULNAR, SAULE, TIMUR, ZARINA};
use crate::world::{api::Visitor, gateway::Gateway};
use serde_json::{Value, json};

async fn account(gateway: &Gateway, login: &str) -> String {
    Visitor::log_in(gateway, login).await.me().await["account"]["id"].as_str().unwrap().to_owned()
}

fn question(account: &str, camera: &str, at: Option<&str>) -> String {
    let at = at.map(|at| format!("&at={at}")).unwrap_or_default();
    format!("/api/v1/explain?account={account}&camera={camera}{at}")
}

#[tokio::test]
async fn a_director_learns_which_rule_decided_now_and_at_another_moment() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let (daniyar, bedroom) = (account(&gateway, DANIYAR).await, director.camera("Жатын бөлме").await);

    let now = director.get(&question(&daniyar, &bedroom, None)).await.ok(200).json();
    assert_eq!((&now["verdict"]["allowed"], &now["verdict"]["code"]), (&json!(false), &json!("outside_hours")));
    assert_eq!((&now["decided_by"], &now["verdict"]["opens_at"]), (&json!("hours"), &json!("2026-11-24T04:00:00Z")));
    let rules: Vec<&str> = now["steps"].as_array().unwrap().iter().map(|step| step["rule"].as_str().unwrap()).collect();
    assert_eq!(rules.first().zip(rules.last()), Some((&"role", &"hours")));

    let tomorrow = director.get(&question(&daniyar, &bedroom, Some("2026-11-24T05:00:00Z"))).await.ok(200).json();
    assert_eq!((&tomorrow["verdict"]["allowed"], &tomorrow["verdict"]["until"]), (&json!(true), &json!("2026-11-24T13:00:00Z")));
    gateway.stop().await;
}

#[tokio::test]
async fn the_past_is_explained_as_it_was() {
    let mut gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let (asel, room) = (account(&gateway, ASEL).await, director.camera("Ойын бөлмесі").await);
    gateway.clock.set("2026-11-23T06:00:00Z".parse().unwrap());
    gateway
        .change(
            "group = \"kunshuaq\"\nfrom = 2026-09-01\nguardians = [{ account = \"asel\" }]",
            "group = \"balapan\"\nfrom = 2026-09-01\nguardians = [{ account = \"asel\" }]",
        )
        .await;
    let now = director.get(&question(&asel, &room, None)).await.ok(200).json();
    assert_eq!((&now["verdict"]["code"], &now["decided_by"]), (&json!("not_yours"), &json!("belonging")));
    let before = director.get(&question(&asel, &room, Some("2026-11-23T05:59:59Z"))).await.ok(200).json();
    assert_eq!(before["verdict"]["allowed"], json!(true), "{before}");
    gateway.stop().await;
}

#[tokio::test]
async fn only_those_who_answer_for_it_may_ask_about_others() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let (daniyar, room) = (account(&gateway, DANIYAR).await, director.camera("Ойын бөлмесі").await);
    for login in [SAULE, TIMUR] {
        let answer = Visitor::log_in(&gateway, login).await.get(&question(&daniyar, &room, None)).await.ok(200);
        assert_eq!(answer.json()["verdict"]["allowed"], Value::Bool(true));
    }
    for login in [ASEL, ZARINA] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.get(&question(&daniyar, &room, None)).await.refused(403, "not_allowed");
        let own = account(&gateway, login).await;
        visitor.get(&question(&own, &room, None)).await.ok(200);
    }
    director.get("/api/v1/explain?account=x&camera=y").await.refused(400, "bad_request");
    gateway.stop().await;
}
