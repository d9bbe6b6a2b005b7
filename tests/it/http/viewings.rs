//! Who watches and watched, what stands out about it, and how a director ends it.

mod ending;
mod refused;

use super::people::{ASEL, DANIYAR, GULNAR, SAULE};
use crate::world::{
    api::{Visitor, eventually},
    databases,
    gateway::Gateway,
    offer::Player,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tereze::{
    args,
    db::Queries,
    id::{LoginId, RunId, ViewingId},
};

/// A director or an inspector who looks at viewings.
struct Overseer {
    visitor: Visitor,
    kindergarten: String,
}

impl Overseer {
    async fn of(gateway: &Gateway, login: &str) -> Self {
        let visitor = Visitor::log_in(gateway, login).await;
        let kindergarten = visitor.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { visitor, kindergarten }
    }

    /// The address of `list`, with `more` of a query.
    fn address(&self, list: &str, more: &str) -> String {
        format!("/api/v1/{list}?kindergarten={}{more}", self.kindergarten)
    }

    async fn look(&self, list: &str, more: &str) -> Value {
        self.visitor.get(&self.address(list, more)).await.ok(200).json()
    }

    /// The viewings that run.
    async fn running(&self) -> Vec<Value> {
        self.look("viewings", "").await["running"].as_array().unwrap().clone()
    }
}

async fn account(visitor: &Visitor) -> String {
    visitor.me().await["account"]["id"].as_str().unwrap().to_owned()
}

/// The details of the records of `action`, in order.
async fn records(gateway: &Gateway, action: &str) -> Vec<Value> {
    let sql = "select record from audit_records where action = $1 order by position";
    let rows: Vec<(String,)> = gateway.db().rows(sql, args![action]).await.unwrap();
    rows.into_iter().map(|(record,)| serde_json::from_str::<Value>(&record).unwrap()["details"].clone()).collect()
}

/// Viewings as they might have been: each from `since` on, for some minutes, from an address.
struct Past<'g> {
    gateway: &'g Gateway,
    account: String,
    camera: String,
    kindergarten: String,
    run: RunId,
}

impl<'g> Past<'g> {
    async fn of(gateway: &'g Gateway, login: &str, camera: &str) -> Self {
        let visitor = Visitor::log_in(gateway, login).await;
        let kindergarten = visitor.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        let run = RunId::new(gateway.clock.now());
        let begin = "insert into runs (id, started_at, alive_at, ended_at) values ($1, 0, 0, 0)";
        gateway.db().execute(begin, args![run]).await.unwrap();
        Self { gateway, account: account(&visitor).await, camera: visitor.camera(camera).await, kindergarten, run }
    }

    async fn viewing(&self, since: &str, minutes: i64, address: &str, login: Option<LoginId>) -> ViewingId {
        let since: Timestamp = since.parse().unwrap();
        let (id, until) = (ViewingId::new(since), since + SignedDuration::from_mins(minutes));
        let sql = "insert into viewings (id, run_id, account_id, kindergarten_id, camera_id, login_id, quality, address, started_at, \
                   started_record, ended_at, end_code) values ($1, $2, $3, $4, $5, $6, 'main', $7, $8, \
                   (select -1 - count(*) from viewings), $9, 'closed')";
        let arguments = args![id, self.run, &self.account, &self.kindergarten, &self.camera, login, address, since, until];
        self.gateway.db().execute(sql, arguments).await.unwrap();
        id
    }
}

async fn viewings_are_told_on(gateway: Gateway) {
    let director = Overseer::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let agent = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
    gateway.db().execute("update logins set agent = $1", args![agent]).await.unwrap();
    let (camera, player) = (asel.camera("Ойын бөлмесі").await, Player::of(&gateway, &asel).await);
    let stream = player.open(&camera).await;
    let running = director.running().await;
    assert_eq!(running.len(), 1);
    let viewing = &running[0];
    assert_eq!((&viewing["name"], &viewing["role"]), (&json!("Әсел Қасымова"), &json!("parent")));
    assert_eq!((&viewing["camera"], &viewing["camera_name"]), (&json!(camera), &json!("Ойын бөлмесі")));
    assert_eq!((&viewing["since"], &viewing["until"]), (&json!("2026-11-23T05:31:00Z"), &Value::Null));
    assert_eq!(viewing["device"], json!({ "browser": "Chrome", "system": "Android" }));
    assert_eq!((&viewing["network"], &viewing["may_end"]), (&json!("127.0.0.…"), &json!(true)));

    gateway.clock.advance(SignedDuration::from_mins(4));
    player.delete(&stream).await.ok(200);
    let over = eventually("the end is told", || async {
        let page = director.look("viewings", "").await;
        page["viewings"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!((&over["until"], &over["code"]), (&json!("2026-11-23T05:35:00Z"), &json!("closed")));
    assert_eq!((&over["may_end"], &over["unusual"]), (&json!(false), &json!([])));

    // By person, by camera, by day; a day is the kindergarten's.
    let (daniyar, yard) = (account(&Visitor::log_in(&gateway, DANIYAR).await).await, asel.camera("Аула").await);
    for (more, found) in [
        (format!("&account={}", account(&asel).await), 1),
        (format!("&account={daniyar}"), 0),
        (format!("&camera={camera}"), 1),
        (format!("&camera={yard}"), 0),
        ("&from=2026-11-23&to=2026-11-23".to_owned(), 1),
        ("&from=2026-11-24".to_owned(), 0),
        ("&to=2026-11-22".to_owned(), 0),
    ] {
        assert_eq!(director.look("viewings", &more).await["viewings"].as_array().unwrap().len(), found, "{more}");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn a_director_sees_who_watches_on_what_and_from_where_and_finds_it_again() {
    viewings_are_told_on(Gateway::start().await).await;
}

#[tokio::test]
async fn viewings_are_told_on_postgresql_as_well() {
    let database = databases::postgres().await;
    viewings_are_told_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn many_viewings_come_a_page_at_a_time_each_once_the_newest_first() {
    let gateway = Gateway::start().await;
    let director = Overseer::of(&gateway, GULNAR).await;
    let past = Past::of(&gateway, ASEL, "Ойын бөлмесі").await;
    let mut made = Vec::new();
    for minute in 0..120 {
        let since = "2026-11-20T04:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute);
        made.push(past.viewing(&since.to_string(), 1, "192.0.2.7", None).await.to_string());
    }
    made.reverse();
    let (mut told, mut after) = (Vec::new(), String::new());
    loop {
        let page = director.look("viewings", &after).await;
        assert_eq!(page["running"], json!([]));
        told.extend(page["viewings"].as_array().unwrap().iter().map(|viewing| viewing["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(told, made);
    gateway.stop().await;
}

#[tokio::test]
async fn use_that_stands_out_is_marked() {
    let gateway = Gateway::start().await;
    let director = Overseer::of(&gateway, GULNAR).await;
    let past = Past::of(&gateway, ASEL, "Ойын бөлмесі").await;
    let long = past.viewing("2026-11-20T04:00:00Z", 130, "192.0.2.7", None).await.to_string();
    let elsewhere = past.viewing("2026-11-20T05:00:00Z", 10, "198.51.100.7", None).await.to_string();
    let usual = past.viewing("2026-11-20T09:00:00Z", 10, "192.0.2.7", None).await.to_string();

    let page = director.look("viewings", "").await;
    let marks =
        |id: &str| page["viewings"].as_array().unwrap().iter().find(|viewing| viewing["id"] == id).unwrap()["unusual"].clone();
    assert_eq!(marks(&long), json!(["hours_on_end", "two_places"]));
    assert_eq!(marks(&elsewhere), json!(["hours_on_end", "two_places"]));
    assert_eq!(marks(&usual), json!([]));

    let day = director.look("viewings/unusual", "&from=2026-11-20&to=2026-11-20").await;
    let told: Vec<_> =
        day["unusual"].as_array().unwrap().iter().map(|mark| (mark["kind"].clone(), mark["minutes"].clone())).collect();
    assert_eq!(told, [(json!("two_places"), json!(10)), (json!("hours_on_end"), json!(130))]);
    assert_eq!(day["unusual"][0]["name"], "Әсел Қасымова");
    assert_eq!(director.look("viewings/unusual", "&from=2026-11-21").await["unusual"], json!([]));
    gateway.stop().await;
}

#[tokio::test]
async fn who_was_not_let_is_told_with_the_reason_and_many_refusals_are_marked() {
    let gateway = Gateway::start().await;
    let director = Overseer::of(&gateway, GULNAR).await;
    let daniyar = Visitor::log_in(&gateway, DANIYAR).await;
    let (player, camera) = (Player::of(&gateway, &daniyar).await, daniyar.camera("Жатын бөлме").await);
    for _ in 0..12 {
        player.post(&camera).await.refused(403, "outside_hours");
    }
    // The eleven that were only counted are written with the next.
    gateway.clock.advance(SignedDuration::from_secs(61));
    player.post(&camera).await.refused(403, "outside_hours");
    let page = eventually("two refusals on record", || async {
        let page = director.look("refusals", "").await;
        (page["refusals"].as_array().unwrap().len() == 2).then_some(page)
    })
    .await;
    let newest = &page["refusals"][0];
    assert_eq!((&newest["name"], &newest["code"]), (&json!("Данияр Жұмабаев"), &json!("outside_hours")));
    assert_eq!((&newest["camera"], &newest["times"]), (&json!(camera), &json!(12)));
    assert_eq!(newest["network"], "127.0.0.…");
    assert_eq!(director.look("refusals", &format!("&camera={camera}")).await["refusals"].as_array().unwrap().len(), 2);
    let other = director.visitor.camera("Аула").await;
    assert_eq!(director.look("refusals", &format!("&camera={other}")).await["refusals"], json!([]));
    let marked = director.look("viewings/unusual", "").await;
    assert_eq!((&marked["unusual"][0]["kind"], &marked["unusual"][0]["times"]), (&json!("many_refusals"), &json!(13)));
    gateway.stop().await;
}

#[tokio::test]
async fn an_inspector_reads_the_same_and_each_look_is_on_record() {
    let gateway = Gateway::start().await;
    let inspector = Overseer::of(&gateway, SAULE).await;
    Past::of(&gateway, ASEL, "Ойын бөлмесі").await.viewing("2026-11-20T04:00:00Z", 5, "192.0.2.7", None).await;
    let page = inspector.look("viewings", "").await;
    assert_eq!(page["viewings"][0]["name"], "Әсел Қасымова");
    inspector.look("refusals", "").await;
    let people = inspector.look("viewings/people", "").await;
    assert!(people["people"].as_array().unwrap().iter().any(|somebody| somebody["name"] == "Әсел Қасымова"));
    assert!(people["people"].as_array().unwrap().iter().all(|somebody| somebody["role"] != "operator"));
    let looks: Vec<Value> = records(&gateway, "inspected").await.iter().map(|details| details["request"].clone()).collect();
    assert_eq!(looks, ["GET /api/v1/viewings", "GET /api/v1/refusals", "GET /api/v1/viewings/people"]);
    gateway.stop().await;
}

#[tokio::test]
async fn the_table_opens_in_excel_and_nobodys_name_is_a_formula() {
    let mut gateway = Gateway::start().await;
    Past::of(&gateway, ASEL, "Ойын бөлмесі").await.viewing("2026-11-20T04:00:00Z", 5, "192.0.2.7", None).await;
    gateway.change("name = \"Әсел Қасымова\"", "name = '=HYPERLINK(\"http://192.0.2.9\";\"Әсел\")'").await;
    let director = Overseer::of(&gateway, GULNAR).await;
    let answer = director.visitor.get(&director.address("viewings.csv", "")).await.ok(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"viewings.csv\"");
    let lines: Vec<&str> = answer.body.lines().collect();
    assert!(lines[0].starts_with("\u{feff}\"Кім\";\"Рөлі\";\"Камера\""), "{}", lines[0]);
    assert!(lines[1].starts_with(
        "\"'=HYPERLINK(\"\"http://192.0.2.9\"\";\"\"Әсел\"\")\";\"Ата-ана\";\"Ойын бөлмесі\";\"2026-11-20 09:00:00\""
    ));
    assert!(lines[1].contains("\"192.0.2.…\""), "{}", lines[1]);
    assert_eq!(records(&gateway, "exported").await[0]["what"], "viewings");
    gateway.stop().await;
}
