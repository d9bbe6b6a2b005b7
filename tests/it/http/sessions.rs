//! Streams end when they may not go on, and everybody who must know is told why.

use super::people::{ASEL, DANIYAR, GULNAR, TIMUR};
use crate::world::{
    api::{Events, Visitor, eventually},
    databases,
    gateway::Gateway,
    offer::{Player, Stream},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;
use tereze::{args, clock::monotonic, db::Queries};

/// Somebody who watches, and the page that is told.
struct Watching {
    visitor: Visitor,
    player: Player,
    camera: String,
    stream: Stream,
    events: Events,
}

impl Watching {
    async fn start(gateway: &Gateway, login: &str, camera: &str) -> Self {
        let visitor = Visitor::log_in(gateway, login).await;
        let (camera, player) = (visitor.camera(camera).await, Player::of(gateway, &visitor).await);
        let mut events = visitor.events().await;
        events.next_of("me").await;
        let stream = player.open(&camera).await;
        Self { visitor, player, camera, stream, events }
    }

    /// Waits for the goodbye, which must be this stream's, come within a second, and be true.
    async fn is_cut(&mut self, code: &str) -> Value {
        let began = monotonic();
        let ended = self.events.next_of("ended").await;
        let took = began.elapsed();
        assert_eq!((&ended["session"], &ended["camera"]), (&json!(self.stream.path), &json!(self.camera)));
        assert_eq!(ended["code"], code, "{ended}");
        assert!(took < Duration::from_secs(1), "cut after {took:?}");
        ended
    }
}

async fn viewings(gateway: &Gateway) -> Vec<(Option<i64>, Option<String>, i64, Option<i64>)> {
    let sql = "select ended_at, end_code, started_record, ended_record from viewings order by started_record";
    gateway.db().rows(sql, args![]).await.unwrap()
}

#[tokio::test]
async fn the_end_of_the_window_cuts_the_stream() {
    let gateway = Gateway::start().await;
    let mut asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    // The page renews its token again and again until the window closes.
    for minutes in (0..).map(|round| 9 * round).take_while(|minutes| *minutes < 120) {
        let now: Timestamp = "2026-11-23T05:31:00Z".parse().unwrap();
        gateway.clock.set(now + SignedDuration::from_mins(minutes));
        asel.player.token = asel.visitor.token().await;
        asel.player.patch(&asel.stream, None, "").await.ok(204);
    }
    gateway.clock.set("2026-11-23T07:29:59Z".parse().unwrap());
    asel.player.patch(&asel.stream, None, "").await.ok(204);
    gateway.clock.set("2026-11-23T07:30:00Z".parse().unwrap());
    let ended = asel.is_cut("outside_hours").await;
    assert_eq!(ended["opens_at"], "2026-11-23T10:30:00Z");
    asel.player.delete(&asel.stream).await.refused(404, "no_such_session");

    let row =
        eventually("the end is written down", || async { viewings(&gateway).await.pop().filter(|row| row.3.is_some()) }).await;
    assert_eq!((row.0, row.1.as_deref()), (Some(1_795_419_000_000), Some("outside_hours")));
    gateway.stop().await;
}

#[tokio::test]
async fn a_token_that_is_not_renewed_ends_the_stream() {
    let gateway = Gateway::start().await;
    let mut asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    gateway.clock.advance(SignedDuration::from_mins(10));
    asel.is_cut("token_expired").await;
    gateway.stop().await;
}

#[tokio::test]
async fn a_child_who_is_moved_takes_the_parents_view_along() {
    let mut gateway = Gateway::start().await;
    let mut asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    let mut daniyar = Watching::start(&gateway, DANIYAR, "Ойын бөлмесі").await;
    let moved = "name = \"Әмина Қасымова\"\ngroup = ";
    gateway.change(&format!("{moved}\"kunshuaq\""), &format!("{moved}\"balapan\"")).await;
    asel.is_cut("not_yours").await;
    daniyar.player.patch(&daniyar.stream, None, "").await.ok(204);
    gateway.change("name = \"Данияр Жұмабаев\"", "name = \"Данияр Ж.\"").await;
    assert_eq!(daniyar.events.next_of("me").await["now"], "2026-11-23T05:31:00Z");
    daniyar.player.delete(&daniyar.stream).await.ok(200);
    gateway.stop().await;
}

#[tokio::test]
async fn postgresql_cuts_and_remembers_as_well() {
    let database = databases::postgres().await;
    let mut gateway = Gateway::start_on(&database.url).await;
    let mut asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    let moved = "name = \"Әмина Қасымова\"\ngroup = ";
    gateway.change(&format!("{moved}\"kunshuaq\""), &format!("{moved}\"balapan\"")).await;
    asel.is_cut("not_yours").await;
    let row =
        eventually("the end is written down", || async { viewings(&gateway).await.pop().filter(|row| row.3.is_some()) }).await;
    assert_eq!(row.1.as_deref(), Some("not_yours"));
    let operator = Visitor::log_in(&gateway, TIMUR).await.me().await;
    let system = &operator["system"];
    assert_eq!((&system["database"], &system["viewings_today"]), (&json!("postgres"), &json!(1)));
    gateway.stop().await;
}

#[tokio::test]
async fn a_pause_cuts_the_stream_and_says_why() {
    let mut gateway = Gateway::start().await;
    let mut asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    gateway
        .change(
            "[[kindergarten.pause]]\ngroup = \"qarlygash\"\nfrom = 2026-11-23T10:00:00",
            "[[kindergarten.pause]]\nfrom = 2026-11-23T10:00:00",
        )
        .await;
    let ended = asel.is_cut("paused").await;
    assert_eq!((&ended["until"], &ended["reason"]), (&json!("2026-11-23T11:30:00Z"), &json!("Дәрігер балаларды қарап жатыр")));
    gateway.stop().await;
}

#[tokio::test]
async fn a_court_order_cuts_the_stream() {
    let mut gateway = Gateway::start().await;
    let mut asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    gateway.change("guardians = [{ account = \"asel\" }]", "guardians = [{ account = \"asel\", restricted = true }]").await;
    asel.is_cut("restricted").await;
    asel.player.post(&asel.camera).await.refused(403, "restricted");
    gateway.stop().await;
}

#[tokio::test]
async fn a_newer_stream_of_the_account_takes_over_and_the_older_says_so() {
    let gateway = Gateway::start().await;
    let mut asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    let yard = asel.visitor.camera("Аула").await;
    let newer = Player::of(&gateway, &Visitor::log_in(&gateway, ASEL).await).await;
    let stream = newer.open(&yard).await;
    asel.is_cut("taken_over").await;
    newer.patch(&stream, None, "").await.ok(204);
    gateway.stop().await;
}

#[tokio::test]
async fn a_director_has_a_wall_of_streams() {
    let gateway = Gateway::start().await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let player = Player::of(&gateway, &director).await;
    let room = player.open(&director.camera("Ойын бөлмесі").await).await;
    let yard = player.open(&director.camera("Аула").await).await;
    for stream in [room, yard] {
        player.patch(&stream, None, "").await.ok(204);
    }
    gateway.stop().await;
}

#[tokio::test]
async fn logging_out_ends_the_streams_of_that_log_in_only() {
    let gateway = Gateway::start().await;
    let asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    let other = Visitor::log_in(&gateway, ASEL).await;
    other.post("/api/v1/logout", json!({})).await.ok(204);
    asel.player.patch(&asel.stream, None, "").await.ok(204);
    let watcher = Visitor::log_in(&gateway, ASEL).await;
    let mut events = watcher.events().await;
    events.next_of("me").await;
    asel.visitor.post("/api/v1/logout", json!({})).await.ok(204);
    let ended = events.next_of("ended").await;
    assert_eq!((&ended["session"], &ended["code"]), (&json!(asel.stream.path), &json!("logged_out")));
    gateway.stop().await;
}

#[tokio::test]
async fn pages_see_how_many_watch() {
    let gateway = Gateway::start().await;
    let mut asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    let room = |me: &Value| me["cameras"][0]["viewers"].as_u64();
    assert_eq!(room(&asel.events.next_of("me").await), Some(1));
    let daniyar = Watching::start(&gateway, DANIYAR, "Ойын бөлмесі").await;
    let me = asel.events.next_of("me").await;
    assert_eq!((room(&me), me["groups"][0]["viewers"].as_u64()), (Some(2), Some(2)));
    daniyar.player.delete(&daniyar.stream).await.ok(200);
    assert_eq!(room(&asel.events.next_of("me").await), Some(1));
    gateway.stop().await;
}

#[tokio::test]
async fn stopping_says_goodbye_and_writes_everything_down() {
    let gateway = Gateway::start().await;
    let mut asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    let url = gateway.stop_and_keep().await;
    let db = tereze::db::Db::open(&url.url).await.unwrap();
    let rows: Vec<(Option<String>,)> = db.rows("select end_code from viewings", args![]).await.unwrap();
    assert_eq!(rows, [(Some("server_stopping".to_owned()),)]);
    let left: Option<(i64,)> = db.row("select count(*) from runs where ended_at is null", args![]).await.unwrap();
    assert_eq!(left, Some((0,)));
    while asel.events.next().await.is_some() {}
    db.close().await;
}

#[tokio::test]
async fn what_a_dead_run_left_open_is_ended_when_it_was_last_known_to_live() {
    let gateway = Gateway::start().await;
    let asel = Watching::start(&gateway, ASEL, "Ойын бөлмесі").await;
    let (account, camera) = (asel.visitor.me().await["account"]["id"].clone(), asel.camera.clone());
    let (account, camera) = (account.as_str().unwrap(), camera.as_str());
    let (started, alive) = (1_795_400_000_000_i64, 1_795_400_060_000_i64);
    let db = gateway.db();
    db.execute(
        "insert into runs (id, started_at, alive_at) values ('0190163d-8694-739b-aea5-966c26f8ad91', $1, $2)",
        args![started, alive],
    )
    .await
    .unwrap();
    db.execute(
        "insert into viewings (id, run_id, account_id, kindergarten_id, camera_id, quality, address, started_at, started_record)
         select '0190163d-8694-739b-aea5-966c26f8ad92', '0190163d-8694-739b-aea5-966c26f8ad91', $1, kindergarten_id, id, 'main', '', $3, 9999
         from cameras where id = $2",
        args![account, camera, started],
    )
    .await
    .unwrap();
    let row = eventually("the loose end is tied up", || async {
        viewings(&gateway).await.into_iter().find(|row| row.2 == 9999 && row.3.is_some())
    })
    .await;
    assert_eq!((row.0, row.1.as_deref()), (Some(alive), Some("server_lost")));
    asel.player.patch(&asel.stream, None, "").await.ok(204);
    gateway.stop().await;
}
