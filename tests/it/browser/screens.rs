//! Every screen, in every language, on a telephone and on a laptop, by day and by night.

use super::{
    DIRECTOR, Gateway, INSPECTOR, OPERATOR, PARENT, PARENT_OF_NOBODY, PARENT_OF_TWO, PARENT_PAUSED, PARENT_RESTRICTED, STAFF,
    enter, examiner::Examiner, go, leave, recordings,
};
use crate::world::{
    api::{Visitor, eventually},
    browser::Browser,
    gateway::PASSWORD,
    offer::Player,
};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use std::cell::Cell;
use tereze::id::CameraId;

/// Of a kindergarten without anything.
const NEW_DIRECTOR: &str = "+77019000001";

/// Name, who looks, and where.
const SCREENS: &[(&str, Option<&str>, &str)] = &[
    // A viewing that runs is looked at first: its viewer stays for half a minute.
    ("director-ending", Some(DIRECTOR), "/viewings"),
    ("director-viewings", Some(DIRECTOR), "/viewings"),
    ("director-why", Some(DIRECTOR), "/viewings"),
    ("login", None, "/"),
    ("parent", Some(PARENT), "/"),
    ("parent-report", Some(PARENT), "/"),
    ("parent-appeals", Some(PARENT), "/appeals"),
    ("parent-of-two", Some(PARENT_OF_TWO), "/"),
    ("parent-paused", Some(PARENT_PAUSED), "/"),
    ("parent-restricted", Some(PARENT_RESTRICTED), "/"),
    ("parent-of-nobody", Some(PARENT_OF_NOBODY), "/"),
    ("director", Some(DIRECTOR), "/"),
    ("director-closing", Some(DIRECTOR), "/"),
    ("appeals", Some(DIRECTOR), "/appeals"),
    ("appeals-answer", Some(DIRECTOR), "/appeals"),
    ("inspector-appeals", Some(INSPECTOR), "/appeals"),
    ("director-records", Some(DIRECTOR), "/records"),
    ("hours", Some(DIRECTOR), "/hours"),
    ("hours-day", Some(DIRECTOR), "/hours"),
    ("hours-date", Some(DIRECTOR), "/hours"),
    ("hours-holidays", Some(DIRECTOR), "/hours"),
    ("inspector-hours", Some(INSPECTOR), "/hours"),
    ("settings", Some(DIRECTOR), "/settings"),
    ("settings-change", Some(DIRECTOR), "/settings"),
    ("recording-rule", Some(DIRECTOR), "/settings"),
    ("alarm-key", Some(DIRECTOR), "/settings"),
    ("children", Some(DIRECTOR), "/children"),
    ("children-of-a-group", Some(DIRECTOR), "/children"),
    ("children-enrol", Some(DIRECTOR), "/children"),
    ("children-import", Some(DIRECTOR), "/children?list=import"),
    ("child", Some(DIRECTOR), "/children"),
    ("consents-paper", Some(DIRECTOR), "/children"),
    ("consents-rule", Some(DIRECTOR), "/settings"),
    ("consents-publish", Some(DIRECTOR), "/settings"),
    ("parent-consent", Some(PARENT), "/"),
    ("parent-consent-given", Some(PARENT_OF_TWO), "/"),
    ("inspector-settings", Some(INSPECTOR), "/settings"),
    ("inspector", Some(INSPECTOR), "/"),
    ("cameras", Some(DIRECTOR), "/cameras"),
    ("cameras-adding", Some(DIRECTOR), "/cameras"),
    ("cameras-finding", Some(DIRECTOR), "/cameras"),
    ("cameras-recorder", Some(DIRECTOR), "/cameras"),
    ("cameras-history", Some(DIRECTOR), "/cameras"),
    ("cameras-masks", Some(DIRECTOR), "/cameras"),
    ("cameras-masks-inspector", Some(INSPECTOR), "/cameras"),
    ("cameras-testing", Some(DIRECTOR), "/cameras"),
    ("recordings", Some(DIRECTOR), "/recordings"),
    ("recordings-why", Some(DIRECTOR), "/recordings"),
    ("recordings-hold", Some(DIRECTOR), "/recordings"),
    (WITH_MASKS, Some(DIRECTOR), "/recordings"),
    ("recordings-looks", Some(DIRECTOR), "/recordings?view=looks"),
    ("cameras-inspector", Some(INSPECTOR), "/cameras"),
    ("recordings-inspector", Some(INSPECTOR), "/recordings"),
    ("inspector-overview", Some(INSPECTOR), "/overview"),
    ("inspector-viewings", Some(INSPECTOR), "/viewings"),
    ("operator", Some(OPERATOR), "/"),
    ("kindergartens", Some(OPERATOR), "/kindergartens"),
    ("kindergartens-adding", Some(OPERATOR), "/kindergartens"),
    ("staff", Some(STAFF), "/"),
    ("help", Some(PARENT), "/help"),
    ("help-director", Some(DIRECTOR), "/help"),
    ("help-inspector", Some(INSPECTOR), "/help"),
    ("help-operator", Some(OPERATOR), "/help"),
    ("guests", Some(PARENT), "/guests"),
    ("people", Some(DIRECTOR), "/people"),
    ("people-adding", Some(DIRECTOR), "/people"),
    ("person", Some(DIRECTOR), "/people?find=оспанов"),
    ("people-inviting", Some(DIRECTOR), "/people"),
    ("first-steps", Some(NEW_DIRECTOR), "/"),
    ("invite", None, "{link}"),
    ("account", Some(PARENT), "/account"),
    ("account-password", Some(PARENT), "/account"),
    ("account-director", Some(DIRECTOR), "/account"),
    ("account-factor", Some(DIRECTOR), "/account"),
    // From here on rooms stay closed to parents until every family has agreed to the camera.
    (WITHOUT_CONSENT, Some(DIRECTOR), "/"),
    ("parent-without-consent", Some(PARENT), "/"),
];

const WITHOUT_CONSENT: &str = "director-without-consent";

/// From here on a camera has a covered area, and its recordings can be saved so.
const WITH_MASKS: &str = "recordings-export";

/// What is pressed before a screen is looked at: each waits until it is there.
const PRESSED: &[(&str, &[&str])] = &[
    ("children-of-a-group", &[".group-name"]),
    ("children-enrol", &[".console-head .primary"]),
    ("child", &[".group-name", ".line .buttons > :last-child"]),
    ("consents-paper", &[".group-name", ".line .buttons > :last-child", ".sheet .buttons > :nth-child(4)", "#paper-document"]),
    ("consents-rule", &[".consents .card button"]),
    ("consents-publish", &[".consents .card:last-child > .buttons button", ".consent-answers .check:last-child input"]),
    ("parent-consent", &[".home-asked .primary", ".consent-text"]),
    ("parent-consent-given", &[".home-consent", ".consent-text"]),
    ("inspector-settings", &[".consent-version"]),
    ("kindergartens-adding", &[".console-head .primary"]),
    (
        "director-closing",
        &[
            "li:first-child .today-card > button",
            ".closing h3:nth-of-type(1) + .choice > :last-child",
            ".closing h3:nth-of-type(2) + .choice > :last-child",
        ],
    ),
    ("cameras-adding", &[".cameras-ways button"]),
    ("parent-report", &[".home-report button", "#appeal-words"]),
    ("parent-appeals", &[".thread"]),
    ("appeals", &[".thread"]),
    ("appeals-answer", &[".card .buttons button", ".sheet .choice button:nth-child(2)"]),
    ("inspector-appeals", &[".thread"]),
    ("people-adding", &[".cards .card > button"]),
    ("people-inviting", &[".console-head .primary", "dialog[open] [role=status]"]),
    ("person", &[".people-row"]),
    ("director-viewings", &["#search-person", ".line h3"]),
    ("director-ending", &[".line .buttons button:nth-child(2)"]),
    ("director-why", &[".line .buttons button", ".explain h2"]),
    ("director-records", &[".line h3", "[aria-labelledby=verify-title] .primary", ".line .verify-good"]),
    ("inspector-overview", &["[aria-labelledby=pauses-title] .line h3"]),
    ("inspector-viewings", &["#search-person", ".line h3"]),
    ("hours", &[".stretches"]),
    ("hours-day", &[".line:first-child button", ".spans > button"]),
    ("hours-date", &[".buttons .primary", "#dates-reason", ".sheet h3:nth-of-type(2) + .choice > :last-child", ".spans > button"]),
    ("hours-holidays", &[".buttons > .quiet", ".sheet .choice > :last-child", ".holidays li:nth-child(19)"]),
    ("inspector-hours", &[".stretches"]),
    ("settings", &[".settings-what"]),
    ("settings-change", &[".console-head button"]),
    ("alarm-key", &["[aria-labelledby=alarms-title] > button"]),
    ("recording-rule", &[".recording-rules .line button", ".sheet .choice > :last-child", "#recording-days"]),
    ("account-password", &[".account .card:nth-of-type(2) button"]),
    ("account-factor", &[".account .card:nth-of-type(3) button"]),
    ("cameras-finding", &[".cameras-ways button:nth-child(2)"]),
    ("cameras-recorder", &[".cameras-ways button:nth-child(3)"]),
    ("cameras-masks", &[".camera-card .buttons button:nth-last-child(2)", ".masks .buttons button"]),
    ("cameras-masks-inspector", &[".camera-card .buttons button:nth-last-child(2)"]),
    ("cameras-history", &[".camera-card .buttons button:last-child"]),
    ("cameras-testing", &[".camera-card .buttons button", ".camera-still"]),
    ("recordings", &["[data-does=on]"]),
    ("recordings-hold", &["[data-does=hold]", "#span-reason"]),
    ("recordings-export", &["[data-does=export]", "#span-reason"]),
    ("recordings-why", &["[data-does=play]", "#recordings-reason"]),
    ("recordings-inspector", &["[data-does=play]", "tereze-deck[data-shows=true]"]),
    ("recordings-looks", &["#search-person", ".line h3"]),
];

const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_fits_speaks_and_is_accessible_in_every_language() {
    let findings = join_all(LANGUAGES.map(look_through)).await.concat();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Looks at every screen in one language, and returns what is wrong with them. The gateway is its own: an account has one language,
/// and its pages follow when it changes.
async fn look_through(language: &str) -> Vec<String> {
    let (gateway, browser) = (&Gateway::start().await, Browser::start().await);
    let link = invitation(gateway, language).await;
    found(gateway, language).await;
    ask_for_consent(gateway).await;
    let examiner = Examiner::new();
    let mut findings = Vec::new();
    // Somebody watches, so that lists have something to tell.
    let asel = Visitor::log_in(gateway, PARENT).await;
    let _watching = Player::of(gateway, &asel).await.play(&asel.camera("Ойын бөлмесі").await).await;
    report(gateway, &asel).await;
    wrong_clock(gateway, asel.camera("Ойын бөлмесі").await.parse().unwrap()).await;
    announce(gateway).await;
    recordings::some(gateway).await;
    // Whoever changes a few screens looks at those first: TEREZE_SCREENS=parent,guests.
    let chosen = std::env::var("TEREZE_SCREENS").ok();
    let chosen = |screen| chosen.as_ref().is_none_or(|chosen| chosen.split(',').any(|name| name == screen));
    let mut within = None;
    for &(screen, login, path) in SCREENS.iter().filter(|(screen, ..)| chosen(*screen)) {
        if screen == WITHOUT_CONSENT {
            close_without_consent(gateway).await;
        }
        if screen == WITH_MASKS {
            cover_a_corner(gateway).await;
        }
        match login {
            Some(login) if within == Some(login) => go(&browser, gateway, path).await,
            Some(login) => enter(&browser, gateway, login, language, path).await,
            None => leave(&browser, gateway, language).await,
        }
        within = login;
        if login.is_none() && path != "/" {
            browser.go(&gateway.url(&path.replace("{link}", &link))).await;
            browser.wait_for("document.querySelector('.login h1') !== null").await;
        }
        for selector in PRESSED.iter().filter(|(pressed, _)| *pressed == screen).flat_map(|(_, selectors)| *selectors) {
            browser.press(selector).await;
        }
        findings.extend(examiner.look(&browser, screen, language).await);
    }
    findings
}

/// A kindergarten that has nothing yet, but a director who reads `language`.
async fn found(gateway: &Gateway, language: &str) {
    let operator = Visitor::log_in(gateway, OPERATOR).await;
    let director = json!({ "name": "Динара Оразова", "login": NEW_DIRECTOR, "language": language });
    let kindergarten = json!({ "name": "Айгөлек", "zone": "Asia/Almaty", "ownership": "private", "director": director });
    let made = operator.post("/api/v1/kindergartens", kindergarten).await.ok(201).json();
    let (_, secret) = made["link"]["link"].as_str().unwrap().split_once('#').unwrap();
    Visitor::stranger(gateway).post("/api/v1/invitation/password", json!({ "secret": secret, "password": PASSWORD })).await.ok(200);
}

/// A problem that is fixed, and one that waits.
async fn report(gateway: &Gateway, asel: &Visitor) {
    let (director, child) = (Visitor::log_in(gateway, DIRECTOR).await, asel.me().await["children"][0]["id"].clone());
    let camera = asel.camera("Ойын бөлмесі").await;
    for (words, answer) in [("Дыбыс жоқ, көрініс қатып қалады", Some("Кабель ауыстырылды")), ("Дети одни в комнате", None)]
    {
        let body = json!({ "child": child, "camera": camera, "minute": "2026-11-23T05:25:00Z", "kind": "seen", "words": words });
        let made = asel.post("/api/v1/appeals", body).await.ok(201).json();
        if let Some(answer) = answer {
            let address = format!("/api/v1/appeals/{}/answers", made["id"].as_str().unwrap());
            director.post(&address, json!({ "outcome": "fixed", "words": answer })).await.ok(201);
        }
    }
}

/// Something is to come for every family.
async fn announce(gateway: &Gateway) {
    let director = Visitor::log_in(gateway, DIRECTOR).await;
    let kindergarten = director.me().await["kindergartens"][0]["id"].clone();
    let on = |date: &str, hours: &[&str], reason: &str| json!({ "group": null, "date": date, "hours": hours, "reason": reason });
    let dates = [on("2026-11-24", &["09:00-11:00"], "Ертеңгілікке дайындық"), on("2026-12-01", &[], "independence_day")];
    director.post("/api/v1/exceptions", json!({ "kindergarten": kindergarten, "dates": dates })).await.ok(201);
}

/// Waits until it is found that the clock of `camera` is wrong: it is the machine's, not the gateway's. Time goes on as it tells its own.
async fn wrong_clock(gateway: &Gateway, camera: CameraId) {
    let told = Cell::new(None);
    eventually("its clock is found to be wrong", || async {
        let clock = gateway.app().media.clock(camera).map(|clock| clock.seen_at);
        if told.replace(clock) != clock {
            gateway.clock.advance(SignedDuration::from_secs(31));
        }
        (!gateway.app().defects.of(camera).is_empty()).then_some(())
    })
    .await;
}

/// The path of a link for somebody who reads `language`.
async fn invitation(gateway: &Gateway, language: &str) -> String {
    let director = Visitor::log_in(gateway, DIRECTOR).await;
    let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
    let people = director.get(&format!("/api/v1/people?kindergarten={kindergarten}")).await.ok(200).json();
    let guest =
        json!({ "child": people["children"][0]["id"], "name": "Роза Әбенова", "login": "87017770001", "language": language });
    let tie = director.post("/api/v1/guardianships", guest).await.ok(201).json();
    let address = format!("/api/v1/people/{}/invitation", tie["account"].as_str().unwrap());
    let made = director.post(&address, json!({ "way": "print" })).await.ok(201).json();
    made["link"].as_str().unwrap().replace(&gateway.url(""), "")
}

/// The director, and the kindergarten.
async fn director(gateway: &Gateway) -> (Visitor, String) {
    let director = Visitor::log_in(gateway, DIRECTOR).await;
    let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
    (director, kindergarten)
}

/// Families are asked whether they agree to the camera; one has, on paper.
async fn ask_for_consent(gateway: &Gateway) {
    let (director, kindergarten) = director(gateway).await;
    let listed = director.get(&format!("/api/v1/consents?kindergarten={kindergarten}")).await.ok(200).json();
    let mut text = listed["proposal"].clone();
    text["kindergarten"] = json!(kindergarten);
    director.post("/api/v1/consents/texts", text).await.ok(201);
    let listed = director.get(&format!("/api/v1/children?kindergarten={kindergarten}")).await.ok(200).json();
    let paper = json!({ "agrees": true, "version": 1, "language": "kk", "day": "2026-11-20", "document": "№ 17" });
    for child in listed["children"].as_array().unwrap().iter().filter(|child| child["name"].as_str().unwrap().contains("Жұмабаев"))
    {
        let address = format!("/api/v1/children/{}/consent/paper", child["id"].as_str().unwrap());
        director.put(&address, paper.clone()).await.ok(204);
    }
}

/// A corner of the playroom is nobody's to see.
async fn cover_a_corner(gateway: &Gateway) {
    let (director, _) = director(gateway).await;
    let camera = director.camera("Ойын бөлмесі").await;
    director.put(&format!("/api/v1/cameras/{camera}/masks"), json!({ "masks": [[0, 0, 200, 300]] })).await.ok(200);
}

/// Rooms wait for the consent of every family.
async fn close_without_consent(gateway: &Gateway) {
    let (director, kindergarten) = director(gateway).await;
    director.put("/api/v1/consents/rule", json!({ "kindergarten": kindergarten, "rule": "group" })).await.ok(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_nowhere_says_so_and_leads_home() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, PARENT, "en", "/nowhere").await;
    assert_eq!(browser.wait_for("document.querySelector('h1').innerText").await, "There is no such page");
    browser.press("main a.primary").await;
    browser.wait_for("location.pathname === '/' && document.querySelector('.player') !== null").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_changes_at_once_and_is_remembered_for_the_account() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, PARENT, "ru", "/").await;
    let () = browser.run("document.querySelector('.menu-sheet .choice [lang=kk]').click()", &[]).await;
    browser.wait_for("document.querySelector('.state').innerText.startsWith('Тікелей эфир')").await;
    assert_eq!(browser.wait_for("document.documentElement.lang").await, "kk");
    let () = browser.run("localStorage.removeItem('tereze.language')", &[json!(null)]).await;
    browser.wait_for("fetch('/api/v1/me').then((answer) => answer.json()).then(({ account }) => account.language === 'kk')").await;
    browser.go(&gateway.url("/")).await;
    browser.wait_for("document.querySelector('.state')?.innerText.startsWith('Тікелей эфир')").await;
}
