//! What somebody does with the own second factor.

use super::{
    super::people::{GULNAR, SAULE},
    FACTOR, codes, equipped, halfway, records, second_step, set_up,
};
use crate::world::{
    api::Visitor,
    authenticator::Authenticator,
    databases,
    gateway::{Gateway, PASSWORD},
};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn where_it_is_offered_the_password_is_asked_for_before_it_is_set_up() {
    let gateway = Gateway::start().await;
    let saule = Visitor::log_in(&gateway, SAULE).await;
    assert_eq!(saule.me().await["second_factor"], "offered");
    assert!(!saule.me().await["cameras"].as_array().unwrap().is_empty());
    saule.post(FACTOR, json!({})).await.refused(403, "wrong_password");
    saule.post(FACTOR, json!({ "proof": "not it" })).await.refused(403, "wrong_password");
    let begun = saule.post(FACTOR, json!({ "proof": PASSWORD })).await.ok(200).json();
    let app = Authenticator::scan(begun["uri"].as_str().unwrap());
    saule.put(FACTOR, json!({ "code": app.code(gateway.clock.now()) })).await.ok(200);
    // Whoever has one must show it, needed or not.
    halfway(&gateway, SAULE).await;
    let refused: Vec<_> = records(&gateway, "access_refused").await.iter().map(|details| details["code"].clone()).collect();
    assert_eq!(refused, ["wrong_password", "wrong_password"]);
    gateway.stop().await;
}

#[tokio::test]
async fn a_factor_is_changed_by_who_shows_a_code_of_the_present_one() {
    let gateway = Gateway::start_strict().await;
    let gulnar = equipped(&gateway, GULNAR).await;
    let visitor = &gulnar.visitor;
    visitor.post(FACTOR, json!({})).await.refused(403, "wrong_code");
    visitor.post(FACTOR, json!({ "proof": PASSWORD })).await.refused(403, "wrong_code");
    let begun = visitor.post(FACTOR, json!({ "proof": gulnar.next_code(&gateway) })).await.ok(200).json();
    let app = Authenticator::scan(begun["uri"].as_str().unwrap());
    // Until the new one is confirmed, the present one counts.
    second_step(&halfway(&gateway, GULNAR).await, &gulnar.next_code(&gateway)).await.ok(200);
    let answer = visitor.put(FACTOR, json!({ "code": app.code(gateway.clock.now()) })).await.ok(200);
    let old = gulnar.next_code(&gateway);
    second_step(&halfway(&gateway, GULNAR).await, &old).await.refused(401, "wrong_code");
    second_step(&halfway(&gateway, GULNAR).await, &gulnar.recovery_codes[0]).await.refused(401, "wrong_code");
    second_step(&halfway(&gateway, GULNAR).await, &codes(&answer)[0]).await.ok(200);
    second_step(&halfway(&gateway, GULNAR).await, &app.code(gateway.clock.now())).await.ok(200);
    let set = records(&gateway, "second_factor_set").await;
    assert_eq!(set, [json!({ "replaced": false }), json!({ "replaced": true })]);
    gateway.stop().await;
}

#[tokio::test]
async fn what_was_begun_an_hour_ago_cannot_be_confirmed() {
    let gateway = Gateway::start_strict().await;
    let gulnar = Visitor::log_in(&gateway, GULNAR).await;
    let begun = gulnar.post(FACTOR, json!({})).await.ok(200).json();
    let app = Authenticator::scan(begun["uri"].as_str().unwrap());
    gateway.clock.advance(SignedDuration::from_mins(61));
    gulnar.put(FACTOR, json!({ "code": app.code(gateway.clock.now()) })).await.refused(409, "set_up_again");
    set_up(&gateway, gulnar).await;
    gateway.stop().await;
}

#[tokio::test]
async fn new_recovery_codes_make_the_old_ones_void() {
    let gateway = Gateway::start_strict().await;
    let gulnar = equipped(&gateway, GULNAR).await;
    let renew = |code: String| gulnar.visitor.post("/api/v1/me/recovery-codes", json!({ "code": code }));
    renew("000000".to_owned()).await.refused(403, "wrong_code");
    // The last one that somebody has will do.
    let renewed = codes(&renew(gulnar.recovery_codes[9].clone()).await.ok(200));
    assert_eq!(renewed.len(), 10);
    second_step(&halfway(&gateway, GULNAR).await, &gulnar.recovery_codes[0]).await.refused(401, "wrong_code");
    second_step(&halfway(&gateway, GULNAR).await, &renewed[0]).await.ok(200);
    assert_eq!(records(&gateway, "recovery_codes_renewed").await.len(), 1);
    let asel = Visitor::log_in(&gateway, super::ASEL).await;
    asel.post("/api/v1/me/recovery-codes", json!({ "code": "000000" })).await.refused(403, "not_allowed");
    gateway.stop().await;
}

#[tokio::test]
async fn postgresql_takes_a_code_once_too() {
    let database = databases::postgres().await;
    let gateway = Gateway::start_on(&database.url).await;
    let gulnar = Visitor::log_in(&gateway, GULNAR).await;
    let begun = gulnar.post(FACTOR, json!({ "proof": PASSWORD })).await.ok(200).json();
    let app = Authenticator::scan(begun["uri"].as_str().unwrap());
    let answer = gulnar.put(FACTOR, json!({ "code": app.code(gateway.clock.now()) })).await.ok(200);
    gateway.clock.advance(super::STEP);
    let code = app.code(gateway.clock.now());
    let (one, other) = (halfway(&gateway, GULNAR).await, halfway(&gateway, GULNAR).await);
    let (first, second) = tokio::join!(second_step(&one, &code), second_step(&other, &code));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401], "two at once, with the same code");
    let code = &codes(&answer)[0];
    second_step(&halfway(&gateway, GULNAR).await, code).await.ok(200);
    second_step(&halfway(&gateway, GULNAR).await, code).await.refused(401, "wrong_code");
    assert_eq!(gulnar.get(FACTOR).await.json(), json!({ "state": "set", "recovery_codes": 9 }));
    gateway.stop().await;
}
