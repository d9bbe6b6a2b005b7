//! Who may do what: every route of the description, asked by every role, against a written table. A route that is not in the table
//! fails the test by its name, so that nobody adds one without saying who may use it.

use super::people::{AIDOS, ASEL, GULNAR, SAULE, TIMUR, ZARINA};
use crate::world::{
    api::{Visitor, eventually},
    gateway::Gateway,
    light_client::LightClient,
    offer::Player,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};
use tereze::{args, db::Queries, id::ExceptionId};

/// The table: `yes` is a success, `no` is `not_yours`, `log in` is `not_logged_in`; anything else is the code of the answer.
const TABLE: &str = include_str!("rights.md");

/// Another kindergarten with a director and an inspector of nothing.
const OTHER: &str = r#"
[[kindergarten]]
key = "other"
name = "Айгөлек"
zone = "Asia/Almaty"

[[kindergarten.account]]
key = "marat"
login = "+77010000040"
name = "Марат Иманов"
role = "director"
password = "tereze-test"

[[kindergarten.account]]
key = "bolat"
login = "bolat@example.kz"
name = "Болат Серіков"
role = "inspector"
password = "tereze-test"
"#;

/// The columns of the table, and who stands for them. Those who may least ask first, the director last: what is taken away is then
/// still there for the others.
const ROLES: [(&str, Option<&str>); 9] = [
    ("nobody", None),
    ("parent", Some(ASEL)),
    ("parent of nobody", Some(AIDOS)),
    ("staff", Some(ZARINA)),
    ("operator", Some(TIMUR)),
    ("inspector elsewhere", Some("bolat@example.kz")),
    ("director elsewhere", Some("+77010000040")),
    ("inspector", Some(SAULE)),
    ("director", Some(GULNAR)),
];

/// What a request needs to be sensible: a query, and a body. `{words}` stand for the ids of what there is.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("GET /api/v1/alarm-keys", "kindergarten={kindergarten}", ""),
    ("POST /api/v1/alarm-keys", "", r#"{ "kindergarten": "{kindergarten}", "group": null, "name": "A" }"#),
    ("GET /api/v1/appeals", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/appeals.csv", "kindergarten={kindergarten}", ""),
    (
        "POST /api/v1/appeals",
        "",
        r#"{ "child": "{child}", "camera": null, "minute": "2026-11-23T05:25:00Z", "kind": "other", "words": "A" }"#,
    ),
    ("POST /api/v1/appeals/{appeal}/answers", "", r#"{ "outcome": "fixed", "words": "A" }"#),
    ("POST /api/v1/appeals/{appeal}/replies", "", r#"{ "words": "A" }"#),
    ("GET /api/v1/audit/checkpoint", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/audit/proofs/consistency", "kindergarten={kindergarten}&from=1&to=2", ""),
    ("GET /api/v1/audit/proofs/inclusion", "kindergarten={kindergarten}&positions={record}&size={size}", ""),
    ("GET /api/v1/audit/records", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/audit/records.csv", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/cameras", "kindergarten={kindergarten}", ""),
    (
        "POST /api/v1/cameras",
        "",
        r#"{ "kindergarten": "{kindergarten}", "name": "A", "group": null, "sound": false, "main": "rtsp://10.0.0.7/main", "username": "u", "password": "p" }"#,
    ),
    ("POST /api/v1/cameras/find", "", r#"{ "kindergarten": "{kindergarten}", "target": "none" }"#),
    (
        "POST /api/v1/cameras/recorder",
        "",
        r#"{ "kindergarten": "{kindergarten}", "name": "", "brand": "hikvision", "first": 1, "last": 1 }"#,
    ),
    (
        "POST /api/v1/cameras/streams",
        "",
        r#"{ "kindergarten": "{kindergarten}", "host": "192.0.2.1", "port": 0, "username": "", "password": "" }"#,
    ),
    ("POST /api/v1/cameras/test", "", r#"{ "kindergarten": "{kindergarten}", "stream": "main", "main": "none" }"#),
    ("PUT /api/v1/cameras/{camera}", "", r#"{ "name": "B", "group": null, "sound": false }"#),
    ("PUT /api/v1/cameras/{camera}/masks", "", r#"{ "masks": [[0, 0, 100, 100]] }"#),
    ("GET /api/v1/children", "kindergarten={kindergarten}", ""),
    ("POST /api/v1/children", "", r#"{ "kindergarten": "{kindergarten}", "name": "A", "group": "{group}", "from": "2026-11-23" }"#),
    ("GET /api/v1/children/export", "kindergarten={kindergarten}", ""),
    ("POST /api/v1/children/import", "kindergarten={kindergarten}", r#"{}"#),
    ("POST /api/v1/children/import/preview", "kindergarten={kindergarten}", r#"{}"#),
    ("GET /api/v1/children/template", "kindergarten={kindergarten}", ""),
    ("PUT /api/v1/children/{child}/absence", "", r#"{ "from": "2026-11-24", "to": "2026-11-25" }"#),
    ("PUT /api/v1/children/{child}/consent", "", r#"{ "agrees": true, "version": 1, "language": "kk" }"#),
    (
        "PUT /api/v1/children/{child}/consent/paper",
        "",
        r#"{ "agrees": true, "version": 1, "language": "kk", "day": "2026-11-23", "document": "A" }"#,
    ),
    ("PUT /api/v1/children/{child}/group", "", r#"{ "group": "{group}", "from": "2026-11-24" }"#),
    ("PUT /api/v1/children/{child}/last-day", "", r#"{ "last_day": "2026-11-30" }"#),
    ("PUT /api/v1/children/{child}/name", "", r#"{ "name": "A" }"#),
    ("GET /api/v1/consents", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/consents.csv", "kindergarten={kindergarten}", ""),
    ("PUT /api/v1/consents/rule", "", r#"{ "kindergarten": "{kindergarten}", "rule": "recorded" }"#),
    ("POST /api/v1/consents/texts", "", r#"{ "kindergarten": "{kindergarten}", "kk": "", "ru": "" }"#),
    ("POST /api/v1/exceptions", "", r#"{ "kindergarten": "{kindergarten}", "dates": [] }"#),
    ("GET /api/v1/explain", "account={account}&camera={camera}", ""),
    ("POST /api/v1/groups", "", r#"{ "kindergarten": "{kindergarten}", "name": "A" }"#),
    ("PUT /api/v1/groups/{group}/name", "", r#"{ "name": "B" }"#),
    ("POST /api/v1/guardianships", "", r#"{ "child": "{child}", "name": "", "login": "+77010000099", "language": "kk" }"#),
    ("PUT /api/v1/guardianships/{guardianship}/days", "", r#"{ "to": "2026-12-31" }"#),
    ("PUT /api/v1/guardianships/{guardianship}/restriction", "", r#"{ "reference": "A" }"#),
    ("PUT /api/v1/guests/{guest}/decision", "", r#"{ "approve": true }"#),
    (
        "POST /api/v1/exports",
        "",
        r#"{ "camera": "{camera}", "from": "2026-11-23T04:00:00Z", "to": "2026-11-23T04:10:00Z", "reason": "A" }"#,
    ),
    ("GET /api/v1/holds", "kindergarten={kindergarten}", ""),
    (
        "POST /api/v1/holds",
        "",
        r#"{ "kindergarten": "{kindergarten}", "cameras": ["{yard}"], "from": "2026-11-23T05:00:00Z", "to": "2026-11-23T05:10:00Z", "reason": "A" }"#,
    ),
    ("POST /api/v1/holds/{hold}/release", "", r#"{ "reason": "A" }"#),
    ("GET /api/v1/holidays", "kindergarten={kindergarten}&year=2026", ""),
    ("GET /api/v1/hours", "kindergarten={kindergarten}", ""),
    ("PUT /api/v1/hours", "", r#"{ "kindergarten": "{kindergarten}", "group": "{group}", "week": null }"#),
    ("GET /api/v1/hours/day", "kindergarten={kindergarten}&group={group}&date=2026-11-23", ""),
    ("POST /api/v1/invitation", "", r#"{ "secret": "none" }"#),
    ("POST /api/v1/invitation/password", "", r#"{ "secret": "none", "password": "tereze-test" }"#),
    ("POST /api/v1/kindergartens", "", r#"{ "name": "", "director": { "name": "", "login": "" } }"#),
    (
        "POST /api/v1/kindergartens/{kindergarten}/assignments",
        "",
        r#"{ "inspector": { "name": "", "login": "+77010000096", "language": "kk" }, "from": "2026-11-23", "to": "2026-11-24" }"#,
    ),
    ("POST /api/v1/kindergartens/{kindergarten}/directors", "", r#"{ "name": "", "login": "+77010000098", "language": "kk" }"#),
    ("POST /api/v1/login", "", r#"{ "login": "+77010000001", "password": "tereze-test" }"#),
    ("POST /api/v1/login/second-factor", "", r#"{ "code": "000000" }"#),
    ("PUT /api/v1/me/language", "", r#"{ "language": "en" }"#),
    ("PUT /api/v1/me/password", "", r#"{ "old": "none", "new": "tereze-test" }"#),
    ("POST /api/v1/me/recovery-codes", "", r#"{ "code": "000000" }"#),
    ("POST /api/v1/me/second-factor", "", r#"{ "proof": "none" }"#),
    ("PUT /api/v1/me/second-factor", "", r#"{ "code": "000000" }"#),
    ("GET /api/v1/pauses", "kindergarten={kindergarten}", ""),
    (
        "POST /api/v1/pauses",
        "",
        r#"{ "kindergarten": "{kindergarten}", "camera": "{yard}", "until": "2026-11-23T05:46:00Z", "reason": "nap" }"#,
    ),
    ("GET /api/v1/people", "kindergarten={kindergarten}", ""),
    ("PUT /api/v1/people/{account}/block", "", r#"{ "reason": "A" }"#),
    ("POST /api/v1/people/{account}/invitation", "", r#"{ "way": "print" }"#),
    ("GET /api/v1/playbacks", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/playbacks.csv", "kindergarten={kindergarten}", ""),
    (
        "POST /api/v1/playbacks",
        "",
        r#"{ "camera": "{camera}", "from": "2026-11-22T19:00:00Z", "to": "2026-11-23T19:00:00Z", "reason": "x" }"#,
    ),
    ("GET /api/v1/playbacks/{playback}/playlist.m3u8", "from=2026-11-23T05:00:00Z", ""),
    ("GET /api/v1/recordings", "kindergarten={kindergarten}&group={group}&date=2026-11-23", ""),
    ("GET /api/v1/refusals", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/recording-rules", "kindergarten={kindergarten}", ""),
    ("PUT /api/v1/recording-rules", "", r#"{ "kindergarten": "{kindergarten}", "camera": null, "rule": null }"#),
    ("GET /api/v1/settings", "kindergarten={kindergarten}", ""),
    (
        "PUT /api/v1/settings",
        "",
        r#"{ "kindergarten": "{kindergarten}", "name": "", "languages": ["kk"], "zone": "Asia/Almaty", "viewers_per_camera": 1, "streams_per_account": 1, "watermark": "off" }"#,
    ),
    ("POST /api/v1/staff", "", r#"{ "group": "{group}", "name": "", "login": "+77010000097", "language": "kk" }"#),
    ("PUT /api/v1/staff/{account}/room", "", r#"{ "group": "{group}" }"#),
    (
        "POST /api/v1/guests",
        "",
        r#"{ "child": "{child}", "name": "", "login": "+77010000098", "from": "2026-11-23", "to": "2026-11-24" }"#,
    ),
    (
        "POST /api/v1/mergers",
        "",
        r#"{ "kindergarten": "{kindergarten}", "group": "{group}", "host": "{group}", "date": "2026-11-24" }"#,
    ),
    ("GET /api/v1/today", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/viewings", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/viewings.csv", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/viewings/people", "kindergarten={kindergarten}", ""),
    ("GET /api/v1/viewings/unusual", "kindergarten={kindergarten}", ""),
    ("POST /api/v1/viewings/{viewing}/end", "", r#"{ "until": "2026-11-23T05:46:00Z", "reason": "x" }"#),
    ("GET /api/v1/watched-today", "group={group}", ""),
];

/// The rows of the table: a route, and what each role is answered.
fn table() -> BTreeMap<&'static str, Vec<&'static str>> {
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>();
    let mut lines = TABLE.lines().filter(|line| line.starts_with('|'));
    let head = cells(lines.next().unwrap());
    let columns: Vec<&str> = ROLES.iter().map(|(role, _)| *role).collect();
    assert_eq!(head[1..], columns, "the columns of the table");
    let rows = lines.skip(1).map(|line| {
        let cells = cells(line);
        assert_eq!(cells.len(), ROLES.len() + 1, "{line}");
        (cells[0].trim_matches('`'), cells[1..].to_vec())
    });
    rows.collect()
}

/// What there is to ask for in the kindergarten of `site.toml`, and a parent who watches meanwhile.
async fn things(gateway: &Gateway, director: &Visitor) -> (BTreeMap<&'static str, String>, LightClient) {
    let asel = Visitor::log_in(gateway, ASEL).await;
    let (me, camera) = (director.me().await, asel.camera("Ойын бөлмесі").await);
    let kindergarten = me["kindergartens"][0]["id"].as_str().unwrap().to_owned();
    let watching = Player::of(gateway, &asel).await.play(&camera).await;
    let yard = director.camera("Аула").await;
    let look = async |what: &str| director.get(&format!("/api/v1/{what}?kindergarten={kindergarten}")).await.ok(200).json();
    let viewing = look("viewings").await["running"][0]["id"].as_str().unwrap().to_owned();
    let record = look("audit/records").await["records"][0]["position"].as_u64().unwrap();
    let closing = json!({ "kindergarten": kindergarten, "camera": yard, "until": "2026-11-23T05:46:00Z", "reason": "nap" });
    let pause = director.post("/api/v1/pauses", closing).await.ok(201).json()["id"].as_str().unwrap().to_owned();
    let group = me["groups"][0]["id"].as_str().unwrap().to_owned();
    let account = asel.me().await["account"]["id"].as_str().unwrap().to_owned();
    let id = async |sql: &'static str, of: &str| gateway.db().row::<(String,)>(sql, args![of]).await.unwrap().unwrap().0;
    let exception = ExceptionId::new(gateway.clock.now());
    let sql = "insert into exceptions (id, kindergarten_id, date, spans, reason, since) values ($1, $2, '2026-12-01', '', 'x', 0)";
    gateway.db().execute(sql, args![exception, &kindergarten]).await.unwrap();
    let child = id("select min(child_id) from guardianships where account_id = $1", &account).await;
    let report = json!({ "child": child, "camera": null, "minute": "2026-11-23T05:25:00Z", "kind": "other", "words": "A" });
    let appeal = asel.post("/api/v1/appeals", report).await.ok(201).json()["id"].as_str().unwrap().to_owned();
    let key = json!({ "kindergarten": kindergarten, "group": null, "name": "A" });
    let key = director.post("/api/v1/alarm-keys", key).await.ok(201).json()["id"].as_str().unwrap().to_owned();
    let span = ["2026-11-23T05:00:00Z", "2026-11-23T05:10:00Z"];
    let hold = json!({ "kindergarten": kindergarten, "cameras": [yard], "from": span[0], "to": span[1], "reason": "A" });
    let hold = director.post("/api/v1/holds", hold).await.ok(201).json()["holds"][0].as_str().unwrap().to_owned();
    let wish = json!({ "camera": camera, "from": "2026-11-22T19:00:00Z", "to": "2026-11-23T19:00:00Z", "reason": "x" });
    let playback = director.post("/api/v1/playbacks", wish).await.ok(201).json()["id"].as_str().unwrap().to_owned();
    let things = BTreeMap::from([
        ("account", account.clone()),
        ("appeal", appeal),
        ("assignment", id("select min(id) from assignments where kindergarten_id = $1", &kindergarten).await),
        ("camera", camera),
        ("child", child),
        ("exception", exception.to_string()),
        ("export", "none".to_owned()),
        ("group", group),
        ("hold", hold),
        ("key", key),
        ("kindergarten", kindergarten),
        ("login", "none".to_owned()),
        ("pause", pause),
        ("playback", playback),
        ("record", record.to_string()),
        ("segment", "none".to_owned()),
        ("session", "none".to_owned()),
        ("size", (record + 1).to_string()),
        ("viewing", viewing),
        ("yard", yard),
    ]);
    (things, watching)
}

/// The guardianship of `account` that stands.
async fn tie(gateway: &Gateway, account: &str) -> String {
    let sql = "select coalesce(min(id), 'none') from guardianships where account_id = $1 and until is null";
    gateway.db().row::<(String,)>(sql, args![account]).await.unwrap().unwrap().0
}

/// `text` with the ids of `things` in it.
fn with(text: &str, things: &BTreeMap<&str, String>) -> String {
    things.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
}

/// Asks, and returns the word that the table has for the answer. Whoever has asked too often asks again.
async fn asked(visitor: &Visitor, csrf: &str, method: &Method, path: &str, body: &str) -> String {
    let answer = || async { Some(asked_once(visitor, csrf, method, path, body).await).filter(|word| word != "too_many_requests") };
    eventually("an answer within the budget", answer).await
}

/// The same, once. A stream of events is not waited for.
async fn asked_once(visitor: &Visitor, csrf: &str, method: &Method, path: &str, body: &str) -> String {
    let mut request = visitor.request(method.clone(), path).header("x-csrf-token", csrf);
    if !body.is_empty() {
        request = request.json(&serde_json::from_str::<Value>(body).unwrap());
    }
    let answer = request.send().await.unwrap();
    if answer.status().is_success() {
        return "yes".to_owned();
    }
    let status = answer.status().as_u16();
    let problem: Value = answer.json().await.unwrap_or_default();
    match problem["code"].as_str() {
        Some("not_yours") => "no".to_owned(),
        Some("not_logged_in") => "log in".to_owned(),
        Some(code) => code.to_owned(),
        None => status.to_string(),
    }
}

#[tokio::test]
async fn every_route_answers_every_role_as_it_is_written() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let (mut things, _watching) = things(&gateway, &director).await;
    let mut people = Vec::new();
    for (role, login) in ROLES {
        let visitor = match login {
            Some(login) => Visitor::log_in(&gateway, login).await,
            None => Visitor::stranger(&gateway),
        };
        let csrf = if login.is_some() { visitor.me().await["csrf"].as_str().unwrap().to_owned() } else { String::new() };
        people.push((role, visitor, csrf));
    }

    let staff =
        people.iter().find(|(role, ..)| *role == "staff").unwrap().1.me().await["account"]["id"].as_str().unwrap().to_owned();

    let document = director.get("/api/openapi.json").await.ok(200).json();
    let described = document["paths"].as_object().unwrap().iter();
    let described = described.flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| (method, path)));
    let mut routes: Vec<String> = described.map(|(method, path)| format!("{} {path}", method.to_uppercase())).collect();
    // What is taken away is asked for before, the inner of two things first; and who has logged out, or in as somebody else, is asked nothing more.
    let last = |route: &str| {
        let shuts_out = route.contains("/people/{account}/block") || route.contains("/people/{account}/logins");
        (route.ends_with("/login"), route.ends_with("/logout"), shuts_out, route.starts_with("DELETE"))
    };
    routes.sort_by_key(|route| (last(route), Reverse(route.matches('/').count()), route.clone()));

    let table = table();
    let known: BTreeSet<&str> = routes.iter().map(String::as_str).collect();
    let mut wrong: Vec<String> =
        table.keys().filter(|route| !known.contains(*route)).map(|route| format!("{route} is written and is not there")).collect();
    for route in &routes {
        let Some(expected) = table.get(route.as_str()) else {
            wrong.push(format!("{route} is not written: who may?"));
            continue;
        };
        let (method, path) = route.split_once(' ').unwrap();
        let (query, body) = REQUESTS.iter().find(|(of, ..)| of == route).map_or(("", ""), |(_, query, body)| (*query, *body));
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        for ((role, visitor, csrf), expected) in people.iter().zip(expected) {
            // A tie that is changed becomes another row.
            things.insert("guardianship", tie(&gateway, &things["account"]).await);
            let mut named = things.clone();
            if path.starts_with("/api/v1/staff/") {
                named.insert("account", staff.clone());
            }
            let address = with(&format!("{path}{query}"), &named);
            let answer = asked(visitor, csrf, &method.parse().unwrap(), &address, &with(body, &named)).await;
            if answer != *expected {
                wrong.push(format!("{route}: {role} is answered {answer}, written is {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    gateway.stop().await;
}
