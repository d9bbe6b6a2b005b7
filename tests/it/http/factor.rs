//! The second factor of directors, inspectors and operators, where it is required.

mod own;

use super::people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA};
use crate::world::{
    api::{Answer, Visitor, eventually},
    authenticator::Authenticator,
    gateway::{Gateway, PASSWORD},
    offer::Player,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{
    args,
    audit::{Action, Record},
    auth::login::reset_factor,
    db::Queries,
    id::AccountId,
};

const FACTOR: &str = "/api/v1/me/second-factor";
const STEP: SignedDuration = SignedDuration::from_secs(30);

/// Somebody whose second factor is set up, with the app and the recovery codes.
struct Equipped {
    visitor: Visitor,
    app: Authenticator,
    recovery_codes: Vec<String>,
}

/// The recovery codes in an answer.
fn codes(answer: &Answer) -> Vec<String> {
    answer.json()["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

/// Sets up the second factor of somebody who has just logged in with the password.
async fn set_up(gateway: &Gateway, visitor: Visitor) -> Equipped {
    let begun = visitor.post(FACTOR, json!({})).await.ok(200).json();
    let app = Authenticator::scan(begun["uri"].as_str().unwrap());
    let answer = visitor.put(FACTOR, json!({ "code": app.code(gateway.clock.now()) })).await.ok(200);
    Equipped { visitor, app, recovery_codes: codes(&answer) }
}

async fn equipped(gateway: &Gateway, login: &str) -> Equipped {
    set_up(gateway, Visitor::log_in(gateway, login).await).await
}

impl Equipped {
    /// The code of the next step: the one of this step may have been taken.
    fn next_code(&self, gateway: &Gateway) -> String {
        gateway.clock.advance(STEP);
        self.app.code(gateway.clock.now())
    }
}

/// A stranger who has sent the right password.
async fn halfway(gateway: &Gateway, login: &str) -> Visitor {
    let visitor = Visitor::stranger(gateway);
    visitor.try_log_in(login, PASSWORD).await.refused(401, "second_factor");
    visitor
}

async fn second_step(visitor: &Visitor, code: &str) -> Answer {
    visitor.post("/api/v1/login/second-factor", json!({ "code": code })).await
}

/// The details of the audit records of `action`, the oldest first.
async fn records(gateway: &Gateway, action: &'static str) -> Vec<Value> {
    let sql = "select record from audit_records where action = $1 order by position";
    let rows: Vec<(String,)> = gateway.db().rows(sql, args![action]).await.unwrap();
    rows.iter().map(|(record,)| serde_json::from_str::<Value>(record).unwrap()["details"].clone()).collect()
}

#[tokio::test]
async fn without_a_second_factor_nothing_opens_but_the_way_to_set_it_up() {
    let gateway = Gateway::start_strict().await;
    for login in [GULNAR, SAULE, TIMUR] {
        let visitor = Visitor::log_in(&gateway, login).await;
        let me = visitor.me().await;
        assert_eq!((&me["second_factor"], &me["system"]), (&json!("needed"), &Value::Null), "{login}");
        for list in ["kindergartens", "groups", "cameras", "today", "children"] {
            assert_eq!(me[list], json!([]), "{login}: {list}");
        }
        for (method, path) in [
            (Method::GET, "/api/v1/today?kindergarten=x"),
            (Method::GET, "/api/v1/explain?account=x&camera=y"),
            (Method::POST, "/api/v1/view-token"),
            (Method::POST, "/api/v1/pauses"),
            (Method::GET, "/api/v1/me/logins"),
            (Method::DELETE, "/api/v1/me/logins"),
            (Method::PUT, "/api/v1/me/password"),
            (Method::POST, "/api/v1/me/recovery-codes"),
        ] {
            let answer = match method {
                Method::GET => visitor.get(path).await,
                Method::PUT => visitor.put(path, json!({})).await,
                Method::DELETE => visitor.delete(path).await,
                _ => visitor.post(path, json!({})).await,
            };
            answer.refused(403, "second_factor_needed");
        }
        let mut events = visitor.events().await;
        assert_eq!(events.next_of("me").await["cameras"], json!([]));
        visitor.put("/api/v1/me/language", json!({ "language": "en" })).await.ok(204);
        visitor.post("/api/v1/logout", json!({})).await.ok(204);
    }
    for login in [ASEL, ZARINA] {
        let visitor = Visitor::log_in(&gateway, login).await;
        assert_eq!(visitor.me().await["second_factor"], Value::Null);
        visitor.get(FACTOR).await.refused(403, "not_allowed");
        visitor.post(FACTOR, json!({ "proof": PASSWORD })).await.refused(403, "not_allowed");
    }
    Visitor::stranger(&gateway).get(FACTOR).await.refused(401, "not_logged_in");
    gateway.stop().await;
}

#[tokio::test]
async fn once_it_is_set_up_everything_opens_and_the_page_is_told() {
    let gateway = Gateway::start_strict().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let other = Visitor::log_in(&gateway, GULNAR).await;
    let mut events = director.events().await;
    assert_eq!(events.next_of("me").await["second_factor"], "needed");
    let begun = director.post(FACTOR, json!({})).await.ok(200);
    assert_eq!(begun.header("cache-control"), "no-store");
    let begun = begun.json();
    let (key, uri) = (begun["key"].as_str().unwrap(), begun["uri"].as_str().unwrap());
    assert!(key.split(' ').count() == 8 && key.split(' ').all(|group| group.len() == 4), "{key}");
    assert!(uri.contains(&key.replace(' ', "")) && begun["qr"].as_str().unwrap().starts_with("<svg"));

    let app = Authenticator::scan(uri);
    director.put(FACTOR, json!({ "code": "000000" })).await.refused(403, "wrong_code");
    assert_eq!(director.me().await["second_factor"], "needed");
    let answer = director.put(FACTOR, json!({ "code": app.code(gateway.clock.now()) })).await.ok(200);
    assert_eq!(codes(&answer).len(), 10);
    assert_eq!(events.next_of("me").await["second_factor"], "set");
    assert_eq!(director.me().await["cameras"].as_array().unwrap().len(), 4);
    assert_eq!(director.get(FACTOR).await.ok(200).json(), json!({ "state": "set", "recovery_codes": 10 }));
    other.get("/api/v1/me").await.refused(401, "not_logged_in");
    assert_eq!(records(&gateway, "second_factor_set").await, [json!({ "replaced": false })]);

    let camera = director.camera("Ойын бөлмесі").await;
    Player::of(&gateway, &director).await.open(&camera).await;
    // What was confirmed once is no longer being set up.
    director.put(FACTOR, json!({ "code": app.code(gateway.clock.now()) })).await.refused(409, "set_up_again");
    gateway.stop().await;
}

#[tokio::test]
async fn after_the_password_the_code_is_asked_for_and_each_is_taken_once() {
    let gateway = Gateway::start_strict().await;
    let gulnar = equipped(&gateway, GULNAR).await;
    let visitor = Visitor::stranger(&gateway);
    let answer = visitor.try_log_in(GULNAR, PASSWORD).await.refused(401, "second_factor");
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("tereze-half=") && cookie.contains("HttpOnly") && cookie.contains("Max-Age=300"), "{cookie}");
    // Half a log-in opens nothing, under its own name and under the other.
    visitor.get("/api/v1/me").await.refused(401, "not_logged_in");
    let renamed = cookie.split(';').next().unwrap().replace("tereze-half=", "tereze=");
    let slipped = Visitor::stranger(&gateway);
    Answer::of(slipped.request(Method::GET, "/api/v1/me").header("cookie", renamed)).await.refused(401, "not_logged_in");

    second_step(&visitor, "000000").await.refused(401, "wrong_code");
    // The code that confirmed the set-up is taken already.
    second_step(&visitor, &gulnar.app.code(gateway.clock.now())).await.refused(401, "wrong_code");
    let code = gulnar.next_code(&gateway);
    let answer = second_step(&visitor, &format!("{} {}", &code[..3], &code[3..])).await.ok(200);
    assert_eq!(answer.json()["account"]["role"], "director");
    assert_eq!(visitor.me().await["second_factor"], "set");
    second_step(&visitor, &code).await.refused(401, "log_in_again");
    second_step(&halfway(&gateway, GULNAR).await, &code).await.refused(401, "wrong_code");

    let proofs: Vec<Value> = records(&gateway, "log_in").await.iter().map(|details| details["proof"].clone()).collect();
    assert_eq!(proofs, ["password", "code"]);
    let refused: Vec<Value> = records(&gateway, "log_in_refused").await.iter().map(|details| details["code"].clone()).collect();
    assert_eq!(refused, ["wrong_code", "wrong_code", "wrong_code"]);
    gateway.stop().await;
}

#[tokio::test]
async fn half_a_log_in_waits_five_minutes_and_not_beyond_a_new_password() {
    let gateway = Gateway::start_strict().await;
    let gulnar = equipped(&gateway, GULNAR).await;
    second_step(&Visitor::stranger(&gateway), "000000").await.refused(401, "log_in_again");
    let late = halfway(&gateway, GULNAR).await;
    gateway.clock.advance(SignedDuration::from_mins(5));
    second_step(&late, &gulnar.next_code(&gateway)).await.refused(401, "log_in_again");

    let stale = halfway(&gateway, GULNAR).await;
    let change = json!({ "old": PASSWORD, "new": "another password" });
    gulnar.visitor.put("/api/v1/me/password", change).await.ok(204);
    second_step(&stale, &gulnar.next_code(&gateway)).await.refused(401, "log_in_again");
    gateway.stop().await;
}

#[tokio::test]
async fn who_guesses_codes_must_wait_however_often_the_password_is_sent() {
    let gateway = Gateway::start_strict().await;
    let gulnar = equipped(&gateway, GULNAR).await;
    let mut refused = 0;
    let wait = loop {
        let answer = second_step(&halfway(&gateway, GULNAR).await, "123456").await;
        if answer.status == 429 {
            break answer.refused(429, "too_many_attempts").json()["retry_after"].as_i64().unwrap();
        }
        answer.refused(401, "wrong_code");
        refused += 1;
        assert!(refused < 20, "twenty wrong codes in a row were answered");
    };
    let visitor = halfway(&gateway, GULNAR).await;
    second_step(&visitor, &gulnar.recovery_codes[0]).await.refused(429, "too_many_attempts");
    gateway.clock.advance(SignedDuration::from_secs(wait));
    second_step(&visitor, &gulnar.next_code(&gateway)).await.ok(200);
    gateway.stop().await;
}

#[tokio::test]
async fn a_recovery_code_works_once_and_leaves_a_record() {
    let gateway = Gateway::start_strict().await;
    let gulnar = equipped(&gateway, GULNAR).await;
    let code = &gulnar.recovery_codes[3];
    let visitor = halfway(&gateway, GULNAR).await;
    second_step(&visitor, &code.to_lowercase().replace('-', " ")).await.ok(200);
    assert_eq!(visitor.get(FACTOR).await.json()["recovery_codes"], 9);
    assert_eq!(records(&gateway, "recovery_code_used").await, [json!({ "left": 9 })]);
    second_step(&halfway(&gateway, GULNAR).await, code).await.refused(401, "wrong_code");
    gateway.stop().await;
}

#[tokio::test]
async fn what_the_database_keeps_of_it_opens_nothing() {
    let gateway = Gateway::start_strict().await;
    let gulnar = Visitor::log_in(&gateway, GULNAR).await;
    let key = gulnar.post(FACTOR, json!({})).await.json()["key"].as_str().unwrap().replace(' ', "");
    let gulnar = set_up(&gateway, gulnar).await;
    let kept: Vec<(String,)> = gateway
        .db()
        .rows("select sealed from second_factors union all select hash from recovery_codes union all select record from audit_records", args![])
        .await
        .unwrap();
    let kept: String = kept.into_iter().map(|(text,)| text + "\n").collect();
    assert!(!kept.contains(&key));
    for code in &gulnar.recovery_codes {
        assert!(!kept.contains(code.as_str()) && !kept.contains(&code.replace('-', "")));
    }
    gateway.stop().await;
}

#[tokio::test]
async fn another_sites_page_cannot_take_the_second_step() {
    let gateway = Gateway::start_strict().await;
    let gulnar = equipped(&gateway, GULNAR).await;
    let visitor = halfway(&gateway, GULNAR).await;
    let code = json!({ "code": gulnar.next_code(&gateway) });
    let step = visitor.request(Method::POST, "/api/v1/login/second-factor").json(&code);
    Answer::of(step.header("origin", "https://evil.example")).await.refused(403, "cross_site");
    Answer::of(gulnar.visitor.request(Method::POST, FACTOR).json(&json!({}))).await.refused(403, "csrf");
    gateway.stop().await;
}

#[tokio::test]
async fn the_operator_takes_away_a_lost_factor_and_the_next_log_in_sets_up_another() {
    let gateway = Gateway::start_strict().await;
    let gulnar = equipped(&gateway, GULNAR).await;
    let (camera, player) = (gulnar.visitor.camera("Ойын бөлмесі").await, Player::of(&gateway, &gulnar.visitor).await);
    player.open(&camera).await;
    let mut events = gulnar.visitor.events().await;
    events.next_of("me").await;

    let account: AccountId = gulnar.visitor.me().await["account"]["id"].as_str().unwrap().parse().unwrap();
    let (at, subject) = (gateway.clock.now(), format!("account:{account}"));
    let record = Record { at, actor: None, kindergarten: None, action: Action::SecondFactorReset, subject, details: json!({}) };
    let tx = gateway.db().begin().await.unwrap();
    assert!(reset_factor(&tx, account, record.clone()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(events.next_of("ended").await["code"], "logged_out", "the stream ends with the log-in");
    events.next_of("logged_out").await;
    eventually("the stream's end on record", || async { (!records(&gateway, "viewing_ended").await.is_empty()).then_some(()) })
        .await;
    let tx = gateway.db().begin().await.unwrap();
    assert!(!reset_factor(&tx, account, record).await.unwrap(), "there is nothing left to take away");
    tx.commit().await.unwrap();
    assert_eq!(records(&gateway, "second_factor_reset").await.len(), 1);

    let visitor = Visitor::log_in(&gateway, GULNAR).await;
    assert_eq!(visitor.me().await["second_factor"], "needed");
    gateway.clock.advance(STEP);
    let again = set_up(&gateway, visitor).await;
    assert_ne!(again.recovery_codes, gulnar.recovery_codes);
    second_step(&halfway(&gateway, GULNAR).await, &gulnar.recovery_codes[0]).await.refused(401, "wrong_code");
    gateway.stop().await;
}
