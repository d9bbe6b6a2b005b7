//! A parent reports a problem; the director answers until it is fixed; the inspector reads it all.

use super::{
    elsewhere::{MARAT, OTHER},
    people::{AIDOS, ASEL, DANIYAR, GULNAR, OLGA, SAULE, TIMUR, YERLAN, ZARINA},
};
use crate::world::{
    api::{Answer, Events, Visitor},
    databases,
    gateway::Gateway,
    offer::Player,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{
    args,
    audit::verify::{Kept, Place, Wrong, verify_db},
    db::Queries,
};

const WORDS: &str = "Көрініс қатып қалды";

/// A report of the picture in the playroom six minutes ago.
async fn report(parent: &Visitor, camera: Option<&str>) -> Value {
    let me = parent.me().await;
    let camera = match camera {
        Some(name) => json!(parent.camera(name).await),
        None => Value::Null,
    };
    json!({ "child": me["children"][0]["id"], "camera": camera, "minute": "2026-11-23T05:25:40Z", "kind": "picture", "words": WORDS })
}

fn about(appeal: &Value, what: &str) -> String {
    format!("/api/v1/appeals/{}/{what}", appeal["id"].as_str().unwrap())
}

async fn kindergarten(visitor: &Visitor) -> String {
    visitor.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned()
}

/// The next document of the page that is as wanted: cameras that come up on the way may change it too.
async fn told(events: &mut Events, wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        let me = events.next_of("me").await;
        if wanted(&me) {
            return me;
        }
    }
}

/// The acts of an appeal, in order.
fn acts(appeal: &Value) -> Vec<&str> {
    appeal["steps"].as_array().unwrap().iter().map(|step| step["act"].as_str().unwrap()).collect()
}

/// What the audit log says of appeals.
async fn records(gateway: &Gateway) -> Vec<(String, Value)> {
    let sql = "select action, record from audit_records where subject like 'appeal:%' order by position";
    let rows: Vec<(String, String)> = gateway.db().rows(sql, args![]).await.unwrap();
    rows.into_iter().map(|(action, record)| (action, serde_json::from_str(&record).unwrap())).collect()
}

async fn a_problem_goes_to_the_director_until_it_is_fixed_on(gateway: Gateway) {
    let (asel, director) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, GULNAR).await);
    let (mut page, mut desk) = (asel.events().await, director.events().await);
    assert_eq!(page.next_of("me").await["appeals"], Value::Null);
    desk.next_of("me").await;

    let body = report(&asel, Some("Ойын бөлмесі")).await;
    let made = asel.post("/api/v1/appeals", body.clone()).await.ok(201).json();
    assert_eq!((&made["state"], &made["minute"]), (&json!("waiting"), &json!("2026-11-23T05:25:00Z")), "to the minute");
    let me = told(&mut desk, |me| me["today"][0]["appeals"]["waiting"] == 1).await;
    let account = asel.me().await["account"]["id"].clone();
    let waits = json!([{
        "id": made["id"], "account": account, "name": "Әсел Қасымова", "child_name": "Әмина Қасымова", "group_name": "Күншуақ",
        "camera": body["camera"], "camera_name": "Ойын бөлмесі", "minute": "2026-11-23T05:25:00Z", "kind": "picture",
        "act": "reported", "words": WORDS, "since": "2026-11-23T05:31:00Z",
    }]);
    assert_eq!(me["today"][0]["appeals"]["oldest"], waits);

    gateway.clock.advance(SignedDuration::from_mins(10));
    let answer = json!({ "outcome": "answered", "words": "Тексеріп жатырмыз" });
    let answered = director.post(&about(&made, "answers"), answer).await.ok(201).json();
    assert_eq!((&answered["state"], acts(&answered)), (&json!("answered"), vec!["reported", "answered"]));
    let me = told(&mut page, |me| me["appeals"]["state"] == "answered").await;
    assert_eq!(me["appeals"]["steps"], 2);
    assert_eq!(director.me().await["today"][0]["appeals"], json!({ "waiting": 0, "oldest": [] }));

    let fixed = json!({ "outcome": "fixed", "words": "Камера ауыстырылды" });
    director.post(&about(&made, "answers"), fixed).await.ok(201);
    told(&mut page, |me| me["appeals"]["state"] == "fixed").await;
    let again = asel.post(&about(&made, "replies"), json!({ "words": "Әлі қатып тұр" })).await.ok(201).json();
    assert_eq!((&again["state"], acts(&again)), (&json!("waiting"), vec!["reported", "answered", "fixed", "reopened"]));
    let me = told(&mut desk, |me| me["today"][0]["appeals"]["waiting"] == 1).await;
    let waits = &me["today"][0]["appeals"]["oldest"][0];
    assert_eq!((&waits["act"], &waits["words"]), (&json!("reopened"), &json!("Әлі қатып тұр")));
    let own = asel.get("/api/v1/me/appeals").await.ok(200).json();
    assert_eq!((own.as_array().unwrap().len(), &own[0]), (1, &again));
    assert!(!own.to_string().contains("Гүлнар"), "the director answers by the office, not by the name");

    let records = records(&gateway).await;
    let actions: Vec<&str> = records.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["appeal_made", "appeal_answered", "appeal_answered", "appeal_returned"]);
    assert_eq!(records[0].1["details"]["camera"], body["camera"]);
    assert_eq!((&records[2].1["details"]["act"], &records[2].1["details"]["number"]), (&json!("fixed"), &json!(3)));
    let digests: Vec<&Value> = records.iter().map(|(_, record)| &record["details"]["digest"]).collect();
    assert!(digests.iter().all(|digest| digest.as_str().unwrap().len() == 44) && digests[0] != digests[3], "{digests:?}");
    assert!(!format!("{records:?}").contains("қатып"), "the words are not copied into the log");

    // Whoever has the database and changes a word, or takes a step away, is found out.
    let db = gateway.db();
    let report = verify_db(db, &Kept::default()).await.unwrap();
    assert!(report.passed() && report.steps == 4, "{report}");
    let words = "update appeal_steps set words = $1 where number = 2";
    db.execute(words, args!["Бәрі жақсы"]).await.unwrap();
    let changed = verify_db(db, &Kept::default()).await.unwrap().fault.unwrap();
    assert_eq!(changed.place, Place::Appeal(made["id"].as_str().unwrap().parse().unwrap()));
    db.execute(words, args!["Тексеріп жатырмыз"]).await.unwrap();
    db.execute("delete from appeal_steps where number = 4", args![]).await.unwrap();
    assert_eq!(verify_db(db, &Kept::default()).await.unwrap().fault.unwrap().wrong, Wrong::NoStep);
    gateway.stop().await;
}

#[tokio::test]
async fn a_problem_goes_to_the_director_and_back_until_it_is_fixed() {
    a_problem_goes_to_the_director_until_it_is_fixed_on(Gateway::start().await).await;
}

#[tokio::test]
async fn a_problem_goes_its_way_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_problem_goes_to_the_director_until_it_is_fixed_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_its_field_and_a_strange_camera_looks_like_none() {
    let gateway = Gateway::start().await;
    let (asel, director) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, GULNAR).await);
    let good = report(&asel, Some("Ойын бөлмесі")).await;
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    for (field, value) in [
        ("minute", json!("2026-11-23T05:31:01Z")),
        ("minute", json!("2026-10-24T05:30:59Z")),
        ("words", json!(" ")),
        ("words", json!("one\ntwo")),
        ("words", json!("a\u{202e}b")),
        ("words", json!("ұ".repeat(1_001))),
    ] {
        let refused = asel.post("/api/v1/appeals", with(field, value)).await.refused(400, "bad_field");
        assert_eq!(refused.json()["field"], field);
    }
    for (field, value) in [("kind", json!("anger")), ("minute", Value::Null), ("camera", json!("none"))] {
        asel.post("/api/v1/appeals", with(field, value)).await.refused(400, "bad_request");
    }
    let strange = director.camera("Жатын бөлме").await;
    let [theirs, none] = [strange.as_str(), "01900000-0000-7000-8000-000000000000"].map(|camera| with("camera", json!(camera)));
    let theirs = asel.post("/api/v1/appeals", theirs).await.refused(403, "not_yours");
    assert_eq!(theirs.body, asel.post("/api/v1/appeals", none).await.refused(403, "not_yours").body);
    let other_child = Visitor::log_in(&gateway, OLGA).await.me().await["children"][0]["id"].clone();
    asel.post("/api/v1/appeals", with("child", other_child)).await.refused(403, "not_yours");
    Answer::of(asel.request(Method::POST, "/api/v1/appeals").json(&good)).await.refused(403, "csrf");
    Visitor::stranger(&gateway).post("/api/v1/appeals", good.clone()).await.refused(401, "not_logged_in");
    assert_eq!(asel.get("/api/v1/me/appeals").await.ok(200).json(), json!([]));

    // The yard is every family's; the oldest minute and the longest words are taken.
    let yard = asel.camera("Аула").await;
    let mut body = with("camera", json!(yard));
    (body["minute"], body["words"]) = (json!("2026-10-24T05:31:00Z"), json!("ұ".repeat(1_000)));
    asel.post("/api/v1/appeals", body).await.ok(201);
    for (outcome, words, field) in [("waiting", "x", "outcome"), ("fixed", "", "words")] {
        let made = asel.get("/api/v1/me/appeals").await.json()[0].clone();
        let answer = json!({ "outcome": outcome, "words": words });
        assert_eq!(director.post(&about(&made, "answers"), answer).await.refused(400, "bad_field").json()["field"], field);
    }
    gateway.stop().await;
}

#[tokio::test]
async fn whom_an_order_keeps_from_looking_may_write_and_names_no_camera() {
    let gateway = Gateway::start().await;
    let (yerlan, director) = (Visitor::log_in(&gateway, YERLAN).await, Visitor::log_in(&gateway, GULNAR).await);
    let made = yerlan.post("/api/v1/appeals", report(&yerlan, None).await).await.ok(201).json();
    assert_eq!((&made["camera_name"], &made["child_name"]), (&Value::Null, &json!("Мирас Оспанов")));
    let mut body = report(&yerlan, None).await;
    for camera in ["Ойын бөлмесі", "Аула"] {
        body["camera"] = json!(director.camera(camera).await);
        yerlan.post("/api/v1/appeals", body.clone()).await.refused(403, "not_yours");
    }
    // A guest may write on the days of the right to look, and not after.
    let child = Visitor::log_in(&gateway, ASEL).await.me().await["children"][0]["id"].clone();
    let guest = json!({ "child": child, "name": "Айдос Бекенов", "login": AIDOS, "language": "kk", "to": "2026-11-24" });
    director.post("/api/v1/guardianships", guest).await.ok(201);
    let aidos = Visitor::log_in(&gateway, AIDOS).await;
    let body = report(&aidos, Some("Ойын бөлмесі")).await;
    let made = aidos.post("/api/v1/appeals", body.clone()).await.ok(201).json();
    gateway.clock.set("2026-11-24T19:00:00Z".parse().unwrap());
    aidos.post("/api/v1/appeals", body).await.refused(403, "not_yours");
    aidos.post(&about(&made, "replies"), json!({ "words": "x" })).await.refused(403, "not_yours");
    assert_eq!(aidos.get("/api/v1/me/appeals").await.ok(200).json()[0]["id"], made["id"], "what one wrote stays one's own");
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_else_reads_a_familys_report_nor_writes_into_it() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let made = asel.post("/api/v1/appeals", report(&asel, Some("Ойын бөлмесі")).await).await.ok(201).json();
    let id = kindergarten(&asel).await;
    let answer = json!({ "outcome": "fixed", "words": "x" });
    for login in [ASEL, DANIYAR, AIDOS, ZARINA, SAULE, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        visitor.post(&about(&made, "answers"), answer.clone()).await.refused(403, "not_yours");
        if login != ASEL {
            assert!(!visitor.me().await.to_string().contains(WORDS), "{login}");
            assert_eq!(visitor.get("/api/v1/me/appeals").await.ok(200).json(), json!([]), "{login}");
            visitor.post(&about(&made, "replies"), json!({ "words": "x" })).await.refused(403, "not_yours");
        }
        if login != SAULE {
            for list in ["appeals", "appeals.csv"] {
                visitor.get(&format!("/api/v1/{list}?kindergarten={id}")).await.refused(403, "not_yours");
            }
        }
    }
    let director = Visitor::log_in(&gateway, GULNAR).await;
    for appeal in ["01900000-0000-7000-8000-000000000000", "none"] {
        director.post(&format!("/api/v1/appeals/{appeal}/answers"), answer.clone()).await.refused(403, "not_yours");
        asel.post(&format!("/api/v1/appeals/{appeal}/replies"), json!({ "words": "x" })).await.refused(403, "not_yours");
    }
    Answer::of(director.request(Method::POST, &about(&made, "answers")).json(&answer)).await.refused(403, "csrf");
    assert_eq!(asel.get("/api/v1/me/appeals").await.json()[0]["state"], "waiting");
    gateway.stop().await;
}

#[tokio::test]
async fn a_parent_has_so_many_open_and_writes_so_often_a_day() {
    let gateway = Gateway::start().await;
    let (asel, director) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, GULNAR).await);
    let body = report(&asel, None).await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(asel.post("/api/v1/appeals", body.clone()).await.ok(201).json());
        gateway.clock.advance(SignedDuration::from_mins(1));
    }
    asel.post("/api/v1/appeals", body.clone()).await.refused(409, "too_many_open");
    director.post(&about(&made[0], "answers"), json!({ "outcome": "closed", "words": "x" })).await.ok(201);
    asel.post("/api/v1/appeals", body.clone()).await.ok(201);
    for _ in 0..4 {
        asel.post(&about(&made[1], "replies"), json!({ "words": "x" })).await.ok(201);
    }
    let often = asel.post(&about(&made[1], "replies"), json!({ "words": "x" })).await.refused(429, "too_often");
    let wait = 24 * 60 * 60 - 5 * 60;
    assert_eq!((often.json()["retry_after"].as_u64(), often.header("retry-after")), (Some(wait), wait.to_string().as_str()));
    // The oldest wait first, whatever was written to the others since.
    let oldest = director.me().await["today"][0]["appeals"].clone();
    assert_eq!((&oldest["waiting"], &oldest["oldest"][0]["id"]), (&json!(5), &made[2]["id"]));
    gateway.clock.advance(SignedDuration::from_secs(wait.cast_signed()));
    Visitor::log_in(&gateway, ASEL).await.post(&about(&made[1], "replies"), json!({ "words": "x" })).await.ok(201);
    gateway.stop().await;
}

#[tokio::test]
async fn an_inspector_reads_every_step_by_state_and_takes_a_table_in_which_nothing_is_a_formula() {
    let gateway = Gateway::start().await;
    let (asel, director) = (Visitor::log_in(&gateway, ASEL).await, Visitor::log_in(&gateway, GULNAR).await);
    let camera = asel.camera("Ойын бөлмесі").await;
    let _watching = Player::of(&gateway, &asel).await.play(&camera).await;
    gateway.clock.advance(SignedDuration::from_mins(2));
    let mut body = report(&asel, Some("Ойын бөлмесі")).await;
    body["words"] = json!("=HYPERLINK(\"http://x\") <img onerror=1>");
    let first = asel.post("/api/v1/appeals", body.clone()).await.ok(201).json();
    gateway.clock.advance(SignedDuration::from_mins(1));
    let second = asel.post("/api/v1/appeals", report(&asel, None).await).await.ok(201).json();
    director.post(&about(&first, "answers"), json!({ "outcome": "fixed", "words": "+1" })).await.ok(201);

    let inspector = Visitor::log_in(&gateway, SAULE).await;
    let id = kindergarten(&inspector).await;
    let list = async |more: &str| {
        let page = inspector.get(&format!("/api/v1/appeals?kindergarten={id}{more}")).await.ok(200).json();
        page["appeals"].as_array().unwrap().clone()
    };
    let all = list("").await;
    assert_eq!((all.len(), &all[0]["id"], &all[1]["id"]), (2, &second["id"], &first["id"]), "the newest first");
    assert_eq!((&all[1]["steps"][1]["by"], &all[1]["steps"][1]["role"]), (&json!("Гүлнар Сапарова"), &json!("director")));
    for (state, found) in [("waiting", vec![&second]), ("fixed", vec![&first]), ("answered", vec![]), ("closed", vec![])] {
        let ids: Vec<Value> = list(&format!("&state={state}")).await.iter().map(|appeal| appeal["id"].clone()).collect();
        assert_eq!(ids, found.iter().map(|appeal| appeal["id"].clone()).collect::<Vec<_>>(), "{state}");
    }
    assert_eq!(list("&from=2026-11-23&to=2026-11-23").await.len(), 2);
    assert_eq!(list("&to=2026-11-22").await.len(), 0);
    assert_eq!(list(&format!("&before={}", second["id"].as_str().unwrap())).await.len(), 1);
    inspector.get(&format!("/api/v1/appeals?kindergarten={id}&from=2026-11-24&to=2026-11-23")).await.refused(400, "bad_field");

    let table = inspector.get(&format!("/api/v1/appeals.csv?kindergarten={id}")).await.ok(200);
    assert_eq!(table.header("content-disposition"), "attachment; filename=\"appeals.csv\"");
    assert_eq!(table.body.lines().count(), 4, "a head and three steps: {}", table.body);
    assert!(
        table.body.contains("\"'=HYPERLINK(\"\"http://x\"\") <img onerror=1>\"") && table.body.contains("\"'+1\""),
        "{}",
        table.body
    );
    let looks = "select count(*) from audit_records where action in ('inspected', 'exported') and record like '%appeals%'";
    assert_eq!(gateway.db().row::<(i64,)>(looks, args![]).await.unwrap().unwrap().0, 11);

    // Who watched that camera in that minute.
    let watched = async |minute: &str| {
        let page =
            director.get(&format!("/api/v1/viewings?kindergarten={id}&camera={camera}&minute={minute}")).await.ok(200).json();
        page["running"].as_array().unwrap().len()
    };
    assert_eq!((watched("2026-11-23T05:30:00Z").await, watched("2026-11-23T05:31:00Z").await), (0, 1));
    gateway.stop().await;
}
