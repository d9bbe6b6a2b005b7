//! A director ties a guardian to a child and hands over a link; the guardian comes in by it once and chooses a password.

use super::{
    elsewhere::{MARAT, OTHER},
    people::{AIDOS, ASEL, DANIYAR, GULNAR, SAULE, TIMUR, ZARINA},
};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::{Gateway, PASSWORD},
    log::Log,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{
    args,
    audit::verify::{Kept, verify_db},
    db::Queries,
};

const GRANDMOTHER: &str = "+7 701 777 00 01";
const NEW: &str = "a window of my own";

/// A director with the people of the kindergarten.
pub(super) struct Office {
    pub(super) director: Visitor,
    kindergarten: String,
}

impl Office {
    pub(super) async fn of(gateway: &Gateway, login: &str) -> Self {
        let director = Visitor::log_in(gateway, login).await;
        let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { director, kindergarten }
    }

    pub(super) fn page(&self) -> String {
        format!("/api/v1/people?kindergarten={}", self.kindergarten)
    }

    pub(super) async fn people(&self) -> Value {
        self.director.get(&self.page()).await.ok(200).json()
    }

    pub(super) async fn child(&self, name: &str) -> String {
        named(&self.people().await["children"], name)["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn person(&self, name: &str) -> Value {
        named(&self.people().await["people"], name).clone()
    }

    pub(super) async fn account(&self, name: &str) -> String {
        self.person(name).await["account"].as_str().unwrap().to_owned()
    }

    /// Ties a new guardian to a child.
    pub(super) async fn add(&self, child: &str, name: &str, login: &str) -> Answer {
        let body = json!({ "child": self.child(child).await, "name": name, "login": login, "language": "ru" });
        self.director.post("/api/v1/guardianships", body).await
    }

    pub(super) async fn invite(&self, account: &str) -> Answer {
        self.director.post(&format!("/api/v1/people/{account}/invitation"), json!({ "way": "print" })).await
    }

    /// The secret of a new link for somebody.
    pub(super) async fn link(&self, account: &str) -> String {
        let link = self.invite(account).await.ok(201).json()["link"].as_str().unwrap().to_owned();
        link.split_once('#').unwrap().1.to_owned()
    }
}

fn named<'a>(all: &'a Value, name: &str) -> &'a Value {
    let all = all.as_array().unwrap();
    all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name} is not there: {all:?}"))
}

pub(super) async fn look(visitor: &Visitor, secret: &str) -> Answer {
    visitor.post("/api/v1/invitation", json!({ "secret": secret })).await
}

pub(super) async fn choose(visitor: &Visitor, secret: &str, password: &str) -> Answer {
    visitor.post("/api/v1/invitation/password", json!({ "secret": secret, "password": password })).await
}

async fn a_grandmother_is_invited_on(gateway: Gateway) {
    let office = Office::of(&gateway, GULNAR).await;
    let tie = office.add("Әмина Қасымова", "Роза Әбенова", GRANDMOTHER).await.ok(201).json();
    let account = tie["account"].as_str().unwrap();
    let roza = office.person("Роза Әбенова").await;
    assert_eq!((&roza["login"], &roza["has_password"]), (&json!("+77017770001"), &json!(false)));
    assert_eq!(roza["guardianships"], json!([tie]));

    let made = office.invite(account).await.ok(201);
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    assert_eq!((&made["reset"], &made["expires_at"]), (&json!(false), &json!("2026-11-30T05:31:00Z")));
    assert!(made["qr"].as_str().unwrap().starts_with("<svg"));
    let (address, secret) = made["link"].as_str().unwrap().split_once('#').unwrap();
    assert_eq!(address, gateway.url("/invite"));
    let standing = json!({ "reset": false, "way": "print", "expires_at": "2026-11-30T05:31:00Z" });
    assert_eq!(office.person("Роза Әбенова").await["invitation"], standing);

    let roza = Visitor::stranger(&gateway);
    let invited = look(&roza, secret).await.ok(200).json();
    assert_eq!((&invited["kindergarten"], &invited["children"]), (&json!("Балбөбек"), &json!(["Әмина"])));
    assert_eq!((&invited["name"], &invited["login"]), (&json!("Роза Әбенова"), &json!("+77017770001")));
    choose(&roza, secret, "1234567").await.refused(400, "password_too_short");
    choose(&roza, secret, &"x".repeat(1_025)).await.refused(400, "password_too_long");
    // It is read from a letter, too.
    let answer = choose(&roza, &secret.to_lowercase().replace('-', " "), NEW).await.ok(200);
    assert!(answer.header("set-cookie").contains("HttpOnly"));
    assert_eq!(roza.me().await["children"][0]["name"], "Әмина Қасымова");
    look(&roza, secret).await.refused(410, "invitation_used");
    choose(&Visitor::stranger(&gateway), secret, "another window").await.refused(410, "invitation_used");
    Visitor::stranger(&gateway).try_log_in(GRANDMOTHER, NEW).await.ok(200);
    let known = office.person("Роза Әбенова").await;
    assert_eq!((&known["has_password"], &known["invitation"]), (&json!(true), &Value::Null));
    assert_eq!(known["logged_in_at"], "2026-11-23T05:31:00Z");

    let sql = "select action, subject, record from audit_records where record like $1 order by position";
    let told: Vec<(String, String, String)> = gateway.db().rows(sql, args![format!("%{account}%")]).await.unwrap();
    let actions: Vec<&str> = told.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(actions, ["fact_added", "fact_added", "invited", "password_changed", "log_in", "log_in"]);
    assert_eq!(told[2].1.split(':').next(), Some("invitation"));
    assert!(told.iter().all(|(.., record)| !record.contains(secret) && !record.contains(NEW)));
    let kept = "select secret_hash from invitations";
    let kept: Vec<(String,)> = gateway.db().rows(kept, args![]).await.unwrap();
    assert!(!kept[0].0.contains(secret));
    look(&roza, &kept[0].0).await.refused(404, "invitation_unknown");
    assert_eq!(verify_db(gateway.db(), &Kept::default()).await.unwrap().fault, None);
    gateway.stop().await;
}

#[tokio::test]
async fn a_guardian_comes_in_by_a_link_once_and_by_the_chosen_password_ever_after() {
    a_grandmother_is_invited_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_guardian_comes_in_by_a_link_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_grandmother_is_invited_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn a_link_that_is_over_says_why() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let (aidos, visitor) = (office.account("Айдос Бекенов").await, Visitor::stranger(&gateway));
    let older = office.link(&aidos).await;
    let newer = office.link(&aidos).await;
    choose(&visitor, &older, NEW).await.refused(410, "invitation_replaced");
    look(&visitor, &newer).await.ok(200);
    let address = format!("/api/v1/people/{aidos}/invitation");
    office.director.delete(&address).await.ok(204);
    office.director.delete(&address).await.ok(204);
    look(&visitor, &newer).await.refused(410, "invitation_withdrawn");
    assert_eq!(office.person("Айдос Бекенов").await["invitation"], Value::Null);

    let last = office.link(&aidos).await;
    for wrong in ["", "7K3M-9QPA-2TFW-HD84-XB1C-06RZ", "' or 1=1", &last[..28]] {
        look(&visitor, wrong).await.refused(404, "invitation_unknown");
    }
    gateway.clock.advance(SignedDuration::from_hours(7 * 24) - SignedDuration::from_millis(1));
    look(&visitor, &last).await.ok(200);
    gateway.clock.advance(SignedDuration::from_millis(1));
    look(&visitor, &last).await.refused(410, "invitation_expired");
    choose(&visitor, &last, NEW).await.refused(410, "invitation_expired");
    visitor.try_log_in(AIDOS, PASSWORD).await.ok(200);
    gateway.stop().await;
}

#[tokio::test]
async fn a_reset_link_ends_every_log_in_when_it_is_used_and_none_before() {
    let gateway = Gateway::start().await;
    let (office, asel) = (Office::of(&gateway, GULNAR).await, Visitor::log_in(&gateway, ASEL).await);
    let account = office.account("Әсел Қасымова").await;
    let made = office.invite(&account).await.ok(201).json();
    assert_eq!(made["reset"], true);
    asel.me().await;
    let mut events = asel.events().await;
    events.next_of("me").await;
    let again = Visitor::stranger(&gateway);
    choose(&again, made["link"].as_str().unwrap().split_once('#').unwrap().1, NEW).await.ok(200);
    events.next_of("logged_out").await;
    asel.get("/api/v1/me").await.refused(401, "not_logged_in");
    again.me().await;
    Visitor::stranger(&gateway).try_log_in(ASEL, PASSWORD).await.refused(401, "login_failed");
    gateway.stop().await;
}

#[tokio::test]
async fn a_parent_who_is_known_is_reused_and_who_is_no_parent_is_not() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let tie = office.add("Әмина Қасымова", "Somebody else", "8 701 000 00 02").await.ok(201).json();
    assert_eq!(tie["account"], office.account("Данияр Жұмабаев").await, "the account keeps its name");
    office.add("Әмина Қасымова", "Данияр", DANIYAR).await.refused(409, "already_guardian");
    for login in [GULNAR, ZARINA, SAULE, TIMUR] {
        office.add("Әмина Қасымова", "Х", login).await.refused(409, "login_taken");
    }
    let body = json!({ "child": office.child("Максим Ким").await, "account": office.account("Айдос Бекенов").await });
    office.director.post("/api/v1/guardianships", body.clone()).await.ok(201);
    office.director.post("/api/v1/guardianships", body).await.refused(409, "already_guardian");
    let names: Vec<Value> = Visitor::log_in(&gateway, DANIYAR).await.me().await["children"].as_array().unwrap().clone();
    assert_eq!(names.len(), 3);
    gateway.stop().await;
}

#[tokio::test]
async fn a_parent_of_two_kindergartens_is_in_neither_directors_hand() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let (gulnar, marat) = (Office::of(&gateway, GULNAR).await, Office::of(&gateway, MARAT).await);
    let asel = gulnar.account("Әсел Қасымова").await;
    let address = format!("/api/v1/people/{asel}/invitation");
    marat.invite(&asel).await.refused(403, "not_yours");
    marat.director.delete(&address).await.refused(403, "not_yours");
    // Whoever types a stranger's number in does not get the stranger's child by it.
    marat.add("Жанель Иманова", "Әсел", ASEL).await.ok(201);
    for office in [&gulnar, &marat] {
        assert_eq!(office.person("Әсел Қасымова").await["shared"], true);
        office.invite(&asel).await.refused(409, "shared_account");
    }
    let other = marat.person("Әсел Қасымова").await["guardianships"].clone();
    assert_eq!(other.as_array().unwrap().len(), 1, "only the own children are shown");
    let tie = other[0]["id"].as_str().unwrap();
    gulnar.director.delete(&format!("/api/v1/guardianships/{tie}")).await.refused(403, "not_yours");
    assert_eq!(marat.person("Әсел Қасымова").await["guardianships"], other, "it was not hers to end");
    marat.director.delete(&format!("/api/v1/guardianships/{tie}")).await.ok(204);
    marat.invite(&asel).await.refused(403, "not_yours");
    gulnar.invite(&asel).await.ok(201);
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_but_the_director_invites_and_an_inspector_only_looks() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let office = Office::of(&gateway, GULNAR).await;
    let (account, child) = (office.account("Әсел Қасымова").await, office.child("Максим Ким").await);
    let address = format!("/api/v1/people/{account}/invitation");
    let body = json!({ "child": child, "name": "Х", "login": GRANDMOTHER });
    for login in [ASEL, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.post("/api/v1/guardianships", body.clone()).await.refused(403, "not_yours");
        visitor.post(&address, json!({ "way": "print" })).await.refused(403, "not_yours");
        visitor.delete(&address).await.refused(403, "not_yours");
        let people = visitor.get(&office.page()).await;
        if login == SAULE {
            people.ok(200)
        } else {
            people.refused(403, "not_yours")
        };
    }
    let sql = "select record from audit_records where action = 'inspected'";
    let looked: Vec<(String,)> = gateway.db().rows(sql, args![]).await.unwrap();
    assert_eq!(looked.len(), 1);
    assert!(looked[0].0.contains("GET /api/v1/people"));
    let stranger = Visitor::stranger(&gateway);
    stranger.get(&office.page()).await.refused(401, "not_logged_in");
    stranger.post("/api/v1/guardianships", body.clone()).await.refused(401, "not_logged_in");
    stranger.post(&address, json!({ "way": "print" })).await.refused(401, "not_logged_in");
    let forged = |path: &str, body: &Value| Answer::of(office.director.request(Method::POST, path).json(body));
    forged("/api/v1/guardianships", &body).await.refused(403, "csrf");
    forged(&address, &json!({ "way": "print" })).await.refused(403, "csrf");
    assert_eq!(office.person("Әсел Қасымова").await["invitation"], Value::Null);
    gateway.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_named_by_its_field_and_leaves_nothing_behind() {
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let good = json!({ "child": office.child("Максим Ким").await, "name": "Роза", "login": GRANDMOTHER, "language": "kk" });
    for (field, value, code, named) in [
        ("name", json!(" "), "bad_field", json!("name")),
        ("name", json!("а".repeat(101)), "bad_field", json!("name")),
        ("name", json!("Роза\u{202e}"), "bad_field", json!("name")),
        ("name", Value::Null, "bad_field", json!("name")),
        ("login", json!("12345"), "bad_field", json!("login")),
        ("login", Value::Null, "bad_field", json!("login")),
        ("to", json!("2026-11-22"), "bad_field", json!("to")),
        ("to", json!("tomorrow"), "bad_request", Value::Null),
        ("language", json!("fr"), "bad_request", Value::Null),
        ("account", json!(office.account("Ольга Ким").await), "bad_field", json!("account")),
        ("role", json!("director"), "bad_request", Value::Null),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let answer = office.director.post("/api/v1/guardianships", body).await.refused(400, code);
        assert_eq!(answer.json()["field"], named, "{field}");
    }
    let mut backwards = good.clone();
    (backwards["from"], backwards["to"]) = (json!("2026-12-02"), json!("2026-12-01"));
    office.director.post("/api/v1/guardianships", backwards).await.refused(400, "bad_field");
    let people = office.people().await;
    assert!(people["people"].as_array().unwrap().iter().all(|person| person["login"] != "+77017770001"));

    // What is not pretty is not forbidden: it is text everywhere.
    let hostile = "<img src=x onerror=alert(1)> 👵🏼 О’Роза";
    let mut body = good;
    body["name"] = json!(hostile);
    office.director.post("/api/v1/guardianships", body).await.ok(201);
    assert_eq!(office.person(hostile).await["login"], "+77017770001");
    gateway.stop().await;
}

#[tokio::test]
async fn who_tries_one_link_after_another_is_told_to_wait() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::stranger(&gateway);
    for _ in 0..200 {
        let answer = look(&visitor, "7K3M-9QPA-2TFW-HD84-XB1C-06RZ").await;
        if answer.status == 429 {
            answer.refused(429, "too_many_requests");
            choose(&visitor, "7K3M-9QPA-2TFW-HD84-XB1C-06RZ", NEW).await.refused(429, "too_many_requests");
            return gateway.stop().await;
        }
        answer.refused(404, "invitation_unknown");
    }
    panic!("two hundred links in a row were looked up");
}

#[tokio::test]
async fn another_sites_page_can_use_no_link_and_no_log_line_has_one() {
    let log = Log::of_this_process();
    let gateway = Gateway::start().await;
    let office = Office::of(&gateway, GULNAR).await;
    let secret = office.link(&office.account("Айдос Бекенов").await).await;
    let visitor = Visitor::stranger(&gateway);
    for path in ["/api/v1/invitation", "/api/v1/invitation/password"] {
        let body = json!({ "secret": secret, "password": NEW });
        let foreign = visitor.request(Method::POST, path).header("origin", "https://elsewhere.example").json(&body);
        Answer::of(foreign).await.refused(403, "cross_site");
    }
    look(&visitor, &secret).await.ok(200);
    choose(&visitor, &secret, NEW).await.ok(200);
    gateway.stop().await;
    let written = log.text();
    assert!(written.contains("/api/v1/invitation/password"), "requests are logged by their route");
    let line = written.lines().find(|line| line.contains(&secret) || line.contains(NEW)).map(|line| line.replace(&secret, "…"));
    assert_eq!(line, None);
}
