//! A parent's page tells what changed for the child, in its language and without a reload.

use super::{DIRECTOR, PARENT, enter};
use crate::world::{api::Visitor, browser::Browser, gateway::Gateway};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_come_appears_on_the_parents_page_and_is_gone_when_it_is_called_off() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    let director = Visitor::log_in(&gateway, DIRECTOR).await;
    let kindergarten = director.me().await["kindergartens"][0]["id"].clone();
    enter(&browser, &gateway, PARENT, "ru", "/").await;
    browser.wait_for("document.querySelector('.hours') !== null && document.querySelector('.news') === null").await;

    let on = |date: &str, hours: Value, reason: &str| json!({ "group": null, "date": date, "hours": hours, "reason": reason });
    let dates = [on("2026-11-24", json!(["09:00-11:00"]), "<b>Утренник"), on("2026-12-01", json!([]), "independence_day")];
    let set = director.post("/api/v1/exceptions", json!({ "kindergarten": kindergarten, "dates": dates })).await.ok(201).json();
    browser.wait_for("document.querySelectorAll('.news li').length === 2").await;
    let lines = browser.wait_for("[...document.querySelectorAll('.news li')].map((line) => line.innerText)").await;
    assert_eq!(lines, json!(["Завтра: открыто 09:00-11:00. <b>Утренник.", "Вторник, 1 декабря: закрыто. День Независимости."]));

    for exception in set.as_array().unwrap() {
        director.delete(&format!("/api/v1/exceptions/{}", exception["id"].as_str().unwrap())).await.ok(204);
    }
    browser.wait_for("document.querySelector('.news') === null").await;
    assert_eq!(browser.console().await, Vec::<String>::new());
}
