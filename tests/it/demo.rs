//! `tereze demo`, as somebody meets it who has just cloned the repository.

use crate::world::{api::Visitor, log::Log, ports::unused_address};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use tereze::{clock::Clock, demo};
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(60);

struct Demo {
    welcome: String,
    stop: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

impl Demo {
    async fn start(data: &Path, clock: &Clock, reset: bool) -> Self {
        // The demo starts logging for the whole process, and the first to do so wins: the test that reads the log must have it.
        let _ = Log::of_this_process();
        let options = demo::Options { data: data.to_owned(), listen: Some(unused_address()), reset };
        let (stop, (tell, told)) = (CancellationToken::new(), oneshot::channel());
        let ready = move |welcome: &str| tell.send(welcome.to_owned()).unwrap();
        let running = tokio::spawn(demo::run(options, clock.clone(), stop.clone(), ready));
        let welcome = timeout(PATIENCE, told).await.unwrap().unwrap();
        Self { welcome, stop, running }
    }

    async fn stop(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.running).await.unwrap().unwrap().unwrap();
    }

    fn word_after(&self, words: &str) -> &str {
        self.welcome.split_once(words).unwrap().1.split_whitespace().next().unwrap()
    }

    /// The person with this login, logged in.
    async fn visitor(&self, login: &str) -> Visitor {
        Visitor::at(self.word_after("open at ")).logged_in_with(login, self.word_after("password is ")).await
    }

    /// What the person with this login sees.
    async fn me(&self, login: &str) -> Value {
        self.visitor(login).await.me().await
    }

    /// The states of the cameras that the person sees, each once.
    async fn states(&self, login: &str) -> Vec<String> {
        let me = self.me(login).await;
        let mut states: Vec<String> =
            me["cameras"].as_array().unwrap().iter().map(|it| it["state"]["code"].as_str().unwrap().into()).collect();
        states.sort();
        states.dedup();
        states
    }
}

#[tokio::test]
async fn whenever_it_is_tried_one_group_is_open_one_opens_later_and_one_is_paused() {
    for moment in ["2026-11-22T10:10:00Z", "2026-11-22T17:10:00Z", "2027-02-28T18:59:59Z"] {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::held(moment.parse().unwrap()));
        let demo = Demo::start(folder.path(), &clock, false).await;
        assert_eq!(demo.states("+77010000001").await, ["live"], "{moment}");
        assert_eq!(demo.states("+77010000002").await, ["live", "outside_hours"], "{moment}");
        assert_eq!(demo.states("+77010000003").await, ["paused"], "{moment}");
        assert_eq!(demo.states("+77010000004").await, ["outside_hours"], "{moment}");
        assert_eq!(demo.states("+77010000007").await, ["live"], "{moment}");
        let later = &demo.me("+77010000004").await["cameras"][0]["state"]["opens_at"];
        let later = later.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().duration_since(clock.now());
        assert!(later > SignedDuration::ZERO && later < SignedDuration::from_hours(15), "{moment}: {later:?}");
        demo.stop().await;
    }
}

#[tokio::test]
async fn everybody_in_the_table_can_log_in_and_sees_what_the_role_may() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::held("2026-11-22T10:10:00Z".parse().unwrap()));
    let demo = Demo::start(folder.path(), &clock, false).await;
    let mut people = Vec::new();
    for line in demo.welcome.lines().filter(|line| line.trim_start().starts_with("+77")) {
        let me = demo.me(line.split_whitespace().next().unwrap()).await;
        assert!(
            line.contains(me["account"]["role"].as_str().unwrap()) && line.contains(me["account"]["name"].as_str().unwrap()),
            "{line}"
        );
        people.push((me["account"]["role"].as_str().unwrap().to_owned(), me["cameras"].as_array().unwrap().len()));
    }
    assert_eq!(people.iter().filter(|(role, _)| role == "parent").count(), 7);
    for (role, cameras) in [("director", 5), ("inspector", 5), ("staff", 0), ("operator", 0)] {
        assert!(people.contains(&(role.to_owned(), cameras)), "{role}: {people:?}");
    }
    let answered = demo.me("+77010000001").await["appeals"]["state"].clone();
    let waiting = demo.me("+77010000010").await["today"][0]["appeals"].clone();
    assert_eq!(
        (answered, &waiting["waiting"], &waiting["oldest"][0]["name"]),
        (json!("answered"), &json!(1), &json!("Айгүл Оспанова"))
    );
    assert_eq!(demo.me("+77010000011").await["groups"][0]["name"], "Күншуақ");
    let restricted = demo.me("+77010000006").await;
    assert_eq!((restricted["cameras"].as_array().unwrap().len(), &restricted["children"][0]["restricted"]), (0, &json!(true)));
    demo.stop().await;
}

#[tokio::test]
async fn what_a_person_changed_survives_the_next_start_and_what_has_had_its_time_is_renewed() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::held("2026-11-22T10:10:00Z".parse().unwrap()));
    let first = Demo::start(folder.path(), &clock, false).await;
    let director = first.visitor("+77010000010").await;
    let me = director.me().await;
    let (kindergarten, pause) = (&me["kindergartens"][0]["id"], &me["today"][0]["pauses"][0]);
    director.delete(&format!("/api/v1/pauses/{}", pause["id"].as_str().unwrap())).await.ok(204);
    let holiday = json!({ "group": null, "date": "2026-12-16", "hours": [], "reason": "independence_day" });
    let dates = json!({ "kindergarten": kindergarten, "dates": [holiday] });
    director.post("/api/v1/exceptions", dates).await.ok(201);
    let parent = first.visitor("+77010000003").await;
    parent.put("/api/v1/me/language", json!({ "language": "en" })).await.ok(204);
    first.stop().await;

    clock.advance(SignedDuration::from_mins(10));
    let second = Demo::start(folder.path(), &clock, false).await;
    assert_eq!(second.states("+77010000003").await, ["live"], "the group that was opened stays open");
    assert_eq!(second.me("+77010000003").await["account"]["language"], "en");
    second.stop().await;

    clock.advance(SignedDuration::from_hours(26));
    let third = Demo::start(folder.path(), &clock, false).await;
    assert_eq!(third.states("+77010000003").await, ["paused"], "a new day has a new pause");
    let hours =
        third.visitor("+77010000010").await.get(&format!("/api/v1/hours?kindergarten={}", kindergarten.as_str().unwrap())).await;
    let exceptions = hours.ok(200).json()["exceptions"].clone();
    assert!(exceptions.as_array().unwrap().iter().any(|exception| exception["date"] == "2026-12-16"), "{exceptions}");
    third.stop().await;
}

#[tokio::test]
async fn a_second_start_goes_on_with_the_same_data_and_reset_starts_afresh() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::held("2026-11-22T10:10:00Z".parse().unwrap()));
    let first = Demo::start(folder.path(), &clock, false).await;
    let parent = first.me("+77010000001").await["account"]["id"].clone();
    first.stop().await;
    let site = folder.path().join("site.toml");
    std::fs::write(&site, std::fs::read_to_string(&site).unwrap().replace("\"Аула\"", "\"Бақша\"")).unwrap();
    std::fs::write(folder.path().join("mine.txt"), "not the demo's").unwrap();

    clock.advance(SignedDuration::from_hours(26));
    let second = Demo::start(folder.path(), &clock, false).await;
    let me = second.me("+77010000001").await;
    assert_eq!(me["account"]["id"], parent);
    assert!(me.to_string().contains("Бақша"), "what was edited stays");
    assert_eq!(second.states("+77010000003").await, ["paused"], "the pause is renewed");
    second.stop().await;

    let third = Demo::start(folder.path(), &clock, true).await;
    let me = third.me("+77010000001").await;
    assert!(me["account"]["id"] != parent && me.to_string().contains("Аула"));
    assert!(folder.path().join("mine.txt").exists(), "only what the demo wrote is taken away");
    third.stop().await;
}
