//! Who may not look or end anything, and what may not be asked for.

use super::{
    Overseer,
    ending::{end_of, ending},
    records,
};
use crate::{
    http::{
        elsewhere::{MARAT, OTHER},
        people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA},
    },
    world::{
        api::{Answer, Visitor},
        gateway::Gateway,
        offer::Player,
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use tereze::id::ViewingId;

const LISTS: [&str; 5] = ["viewings", "viewings/people", "viewings/unusual", "viewings.csv", "refusals"];

#[tokio::test]
async fn nobody_but_the_director_ends_a_viewing_and_only_an_inspector_reads_besides() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let director = Overseer::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    Player::of(&gateway, &asel).await.open(&asel.camera("Ойын бөлмесі").await).await;
    let viewing = director.running().await.pop().unwrap();
    let nobodys = json!({ "id": ViewingId::new(gateway.clock.now()).to_string() });
    for login in [ASEL, ZARINA, TIMUR, MARAT, SAULE] {
        let visitor = Visitor::log_in(&gateway, login).await;
        let theirs = visitor.post(&end_of(&viewing), ending()).await.refused(403, "not_yours");
        assert_eq!(visitor.post(&end_of(&nobodys), ending()).await.refused(403, "not_yours").body, theirs.body);
        visitor.delete(&end_of(&viewing)).await.refused(403, "not_yours");
        for list in LISTS.iter().filter(|_| login != SAULE) {
            visitor.get(&director.address(list, "")).await.refused(403, "not_yours");
        }
    }
    let stranger = Visitor::stranger(&gateway);
    stranger.post(&end_of(&viewing), ending()).await.refused(401, "not_logged_in");
    for list in LISTS {
        stranger.get(&director.address(list, "")).await.refused(401, "not_logged_in");
    }
    for method in [Method::POST, Method::DELETE] {
        let forged = director.visitor.request(method, &end_of(&viewing)).json(&ending());
        Answer::of(forged).await.refused(403, "csrf");
    }
    assert_eq!(director.running().await.len(), 1);
    assert_eq!(records(&gateway, "viewing_cut").await, Vec::<Value>::new());
    gateway.stop().await;
}

#[tokio::test]
async fn what_may_not_be_asked_for_is_refused_and_leaves_nothing_behind() {
    let gateway = Gateway::start().await;
    let director = Overseer::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    Player::of(&gateway, &asel).await.open(&asel.camera("Ойын бөлмесі").await).await;
    let viewing = director.running().await.pop().unwrap();
    for (field, value, code) in [
        ("reason", json!(" "), "bad_reason"),
        ("reason", json!("a\nb"), "bad_reason"),
        ("reason", json!("\u{202e}a"), "bad_reason"),
        ("reason", json!("x".repeat(201)), "bad_reason"),
        ("until", json!("2026-11-23T05:31:00Z"), "bad_field"),
        ("until", json!("2026-11-24T05:31:01Z"), "bad_field"),
        ("until", json!("soon"), "bad_request"),
        ("for", json!("ever"), "bad_request"),
    ] {
        let mut body = ending();
        body[field] = value;
        director.visitor.post(&end_of(&viewing), body).await.refused(400, code);
    }
    director.visitor.get("/api/v1/viewings").await.refused(400, "bad_request");
    for more in ["&from=2026-11-24&to=2026-11-23", "&to=-9999-01-01"] {
        let refused = director.visitor.get(&director.address("viewings", more)).await;
        assert_eq!(refused.status, 400, "{more}");
    }
    assert_eq!(director.running().await.len(), 1);
    gateway.stop().await;
}
