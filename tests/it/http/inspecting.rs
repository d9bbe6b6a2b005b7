//! What an inspector asks first, and how the director learns of it.

use super::people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA};
use crate::world::{api::Visitor, gateway::Gateway};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn kindergarten(visitor: &Visitor) -> String {
    visitor.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_director_sees_at_once_that_an_inspector_looks_and_since_when() {
    let gateway = Gateway::start().await;
    let (director, inspector) = (Visitor::log_in(&gateway, GULNAR).await, Visitor::log_in(&gateway, SAULE).await);
    let id = kindergarten(&inspector).await;
    let mut events = director.events().await;
    let me = events.next_of("me").await;
    assert_eq!(me["today"][0]["inspecting"], json!([]));

    inspector.get(&format!("/api/v1/viewings?kindergarten={id}")).await.ok(200);
    let me = events.next_of("me").await;
    let account = inspector.me().await["account"]["id"].clone();
    let looking = json!([{ "account": account, "name": "Сәуле Нұрланова", "since": "2026-11-23T05:31:00Z" }]);
    assert_eq!(me["today"][0]["inspecting"], looking);

    // Further looks are the same visit; ten minutes after the last it is over, and nobody has to do anything.
    gateway.clock.advance(SignedDuration::from_mins(9));
    inspector.get(&format!("/api/v1/audit/records?kindergarten={id}")).await.ok(200);
    gateway.clock.advance(SignedDuration::from_mins(9));
    let today = director.get(&format!("/api/v1/today?kindergarten={id}")).await.ok(200).json();
    assert_eq!(today["inspecting"], looking);
    gateway.clock.advance(SignedDuration::from_mins(1));
    loop {
        let me = events.next_of("me").await;
        if me["today"][0]["inspecting"] == json!([]) {
            break;
        }
    }
    gateway.stop().await;
}

#[tokio::test]
async fn an_inspector_reads_between_the_days_of_the_assignment_and_not_after() {
    let gateway = Gateway::start().await;
    let inspector = Visitor::log_in(&gateway, SAULE).await;
    let id = kindergarten(&inspector).await;
    let looks = ["viewings", "viewings/people", "viewings/unusual", "refusals", "pauses", "audit/records", "audit/checkpoint"];
    gateway.clock.set("2026-11-30T18:59:00Z".parse().unwrap());
    let inspector = Visitor::log_in(&gateway, SAULE).await;
    inspector.get(&format!("/api/v1/pauses?kindergarten={id}")).await.ok(200);
    gateway.clock.set("2026-11-30T19:00:00Z".parse().unwrap());
    for look in looks {
        inspector.get(&format!("/api/v1/{look}?kindergarten={id}")).await.refused(403, "not_yours");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn pauses_are_told_with_their_reasons_and_what_became_of_them() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let id = kindergarten(&director).await;
    let closing = json!({ "kindergarten": id, "until": "2026-11-23T06:00:00Z", "reason": "nap" });
    let pause = director.post("/api/v1/pauses", closing).await.ok(201).json();
    gateway.clock.advance(SignedDuration::from_mins(5));
    director.delete(&format!("/api/v1/pauses/{}", pause["id"].as_str().unwrap())).await.ok(204);

    let inspector = Visitor::log_in(&gateway, SAULE).await;
    let told = |more: &str| format!("/api/v1/pauses?kindergarten={id}{more}");
    let pauses = inspector.get(&told("&from=2026-11-23&to=2026-11-23")).await.ok(200).json()["pauses"].clone();
    let mine = &pauses[0];
    assert_eq!((&mine["id"], &mine["reason"], &mine["by"]), (&pause["id"], &json!("nap"), &json!("Гүлнар Сапарова")));
    assert_eq!((&mine["group"], &mine["name"]), (&Value::Null, &Value::Null));
    assert_eq!((&mine["until"], &mine["ended_at"]), (&json!("2026-11-23T06:00:00Z"), &json!("2026-11-23T05:36:00Z")));
    assert_eq!(mine["ended_by"], "Гүлнар Сапарова");
    let files = &pauses[1];
    assert_eq!((&files["name"], &files["by"], &files["ended_at"]), (&json!("Қарлығаш"), &Value::Null, &Value::Null));
    assert_eq!(inspector.get(&told("&to=2026-11-22")).await.ok(200).json()["pauses"], json!([]));
    for login in [ASEL, ZARINA, TIMUR] {
        Visitor::log_in(&gateway, login).await.get(&told("")).await.refused(403, "not_yours");
    }
    Visitor::stranger(&gateway).get(&told("")).await.refused(401, "not_logged_in");
    inspector.get(&told("&from=2026-11-23&to=2026-11-22")).await.refused(400, "bad_field");
    gateway.stop().await;
}
