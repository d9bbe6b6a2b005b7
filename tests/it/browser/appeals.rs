//! A parent reports a problem on the page, the director answers on another, and the parent says that it is not fixed.

use super::{DIRECTOR, INSPECTOR, PARENT, enter};
use crate::world::{browser::Browser, gateway::Gateway};
use jiff::SignedDuration;
use serde_json::json;

const SHEET: &str = "document.querySelector('dialog.sheet h2')?.innerText";

async fn send(browser: &Browser, words: &str) {
    browser.type_into("#appeal-words", words).await;
    browser.press(".sheet [type=submit]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_reports_a_problem_and_the_director_answers_without_anybody_loading_a_page() {
    let (gateway, parent, director) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/").await;
    director.wait_for("document.querySelector('.today') !== null && document.querySelector('.requests') === null").await;
    enter(&parent, &gateway, PARENT, "ru", "/").await;
    parent.press(".home-report button").await;
    parent.wait_for(&format!("{SHEET} === 'Сообщить о проблеме'")).await;
    let filled =
        "[document.querySelector('#report-camera').selectedOptions[0].innerText, document.querySelector('#report-minute').value]";
    assert_eq!(parent.wait_for(filled).await, json!(["Ойын бөлмесі", "2026-11-23T10:31"]));
    send(&parent, "Камера <img src=x onerror=alert(1)> стоит").await;
    parent.wait_for(&format!("{SHEET} === 'Директор получил'")).await;
    parent.press(".sheet .quiet").await;
    let link = parent.wait_for("document.querySelector('.home-report a')?.innerText").await;
    assert_eq!(link, "Ваши обращения: Ждёт ответа");

    let line = director.wait_for("document.querySelector('.requests .line')?.innerText").await;
    for words in
        ["Әсел Қасымова", "Әмина Қасымова · Күншуақ", "The picture is bad · Ойын бөлмесі · 10:31", "<img src=x onerror=alert(1)>"]
    {
        assert!(line.as_str().unwrap().contains(words), "{line}");
    }
    gateway.clock.advance(SignedDuration::from_mins(5));
    director.press(".requests .line button").await;
    director.press(".sheet .choice button:nth-child(2)").await;
    send(&director, "We have changed the cable.").await;
    director.wait_for("document.querySelector('.requests') === null && document.querySelector('tereze-sheet') === null").await;

    parent.wait_for("document.querySelector('.home-report a')?.innerText === 'Ваши обращения: Исправлено'").await;
    parent.press(".home-report a").await;
    let thread = parent.wait_for("document.querySelector('.thread li:nth-child(2)')?.innerText").await;
    assert!(
        thread.as_str().unwrap().starts_with("Исправлено") && thread.as_str().unwrap().ends_with("We have changed the cable."),
        "{thread}"
    );
    parent.press(".card .buttons button").await;
    parent.wait_for(&format!("{SHEET} === 'Не исправлено'")).await;
    send(&parent, "Всё ещё стоит").await;
    parent
        .wait_for("document.querySelectorAll('.thread li').length === 3 && document.querySelector('tereze-sheet') === null")
        .await;

    let line = director.wait_for("document.querySelector('.requests .line')?.innerText").await;
    assert!(line.as_str().unwrap().contains("Not fixed") && line.as_str().unwrap().contains("Всё ещё стоит"), "{line}");
    // From here to who watched that camera then.
    director.press(".requests .line a").await;
    director.wait_for("location.pathname === '/viewings' && location.search.includes('minute=')").await;
    let chip = director.wait_for("document.querySelector('.filter:last-child .filter-chosen')?.innerText").await;
    assert!(chip.as_str().unwrap().starts_with("10:31"), "{chip}");
    for page in [&parent, &director] {
        assert_eq!(page.console().await, Vec::<String>::new());
    }

    enter(&director, &gateway, INSPECTOR, "en", "/appeals").await;
    director.wait_for("document.querySelectorAll('.thread li').length === 3").await;
    // An inspector answers nothing.
    director.wait_for("document.querySelector('.card .buttons') !== null && document.querySelector('.card button') === null").await;
    director.press(".choice button:nth-child(4)").await;
    director.wait_for("document.querySelector('.card') === null && location.search === '?state=fixed'").await;
}
