//! A director closes a group and everything from the page, and opens them again.

use super::{DIRECTOR, PARENT, enter};
use crate::world::{browser::Browser, gateway::Gateway};
use serde_json::json;

const PLAYING: &str = "document.querySelector('.player').dataset.phase === 'playing'";

/// The state in words, of the first card or of a parent's camera.
const STATE: &str = "document.querySelector('.state')?.innerText";

/// The first card's button, which keeps the focus while what it does changes.
const CARD_BUTTON: &str = "li:first-child .today-card > button";

/// The words of the first card's button.
const CARD_BUTTON_TEXT: &str = "document.querySelector('li:first-child .today-card > button').innerText";

/// Presses a key in the page, as a person does.
async fn key(browser: &Browser, name: &str, code: u32, text: Option<&str>) {
    for kind in ["keyDown", "keyUp"] {
        let text = text.filter(|_| kind == "keyDown");
        let press = json!({ "type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code, "text": text.unwrap_or("") });
        browser.devtools("Input.dispatchKeyEvent", press).await;
    }
}

/// Opens the dialog with `opener`, and chooses the reason and the end at these places.
async fn ask(browser: &Browser, opener: &str, reason: u32, end: u32) {
    browser.press(opener).await;
    browser.wait_for("document.querySelector('dialog.closing').open").await;
    for (heading, place) in [(1, reason), (2, end)] {
        browser.press(&format!(".closing h3:nth-of-type({heading}) + .choice > button:nth-child({place})")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_closes_a_group_and_the_parents_page_says_so_until_it_opens_again() {
    let (gateway, director, parent) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/").await;
    assert_eq!(director.wait_for(STATE).await, "Open until 12:30");
    enter(&parent, &gateway, PARENT, "ru", "/").await;
    parent.press(".player-play").await;
    parent.wait_for(PLAYING).await;
    assert_eq!(director.wait_for("document.querySelector('.watchers')?.innerText").await, "Әсел Қасымова Parent · since 10:31");

    let () = director.run("document.querySelector(arguments[0]).focus()", &[json!(CARD_BUTTON)]).await;
    ask(&director, CARD_BUTTON, 2, 3).await;
    assert_eq!(director.wait_for("document.querySelector('.closing-until').innerText").await, "It will be closed until 24:00.");
    director.press(".closing [type=submit]").await;

    let end = "Просмотр на паузе до 24:00. Детей осматривает врач. Откроется завтра в 09:00. \
               Просмотр продолжится сам, как только будет можно.";
    parent.wait_for(&format!("document.querySelector('.player-end')?.innerText === '{end}'")).await;
    let state = parent.wait_for("document.querySelector('.state[data-tone=paused]')?.innerText").await;
    assert_eq!(state, "Пауза до 24:00\n\nДетей осматривает врач. Откроется завтра в 09:00.");

    director.wait_for(&format!("{CARD_BUTTON_TEXT} === 'Open again'")).await;
    assert!(director.wait_for(STATE).await.as_str().unwrap().starts_with("Paused until 24:00"));
    let closed_by = "[...document.querySelectorAll('.today-by')].some((e) => e.innerText === 'Closed by Гүлнар Сапарова')";
    director.wait_for(closed_by).await;
    director.wait_for("document.querySelector('.watchers') === null && !document.querySelector('dialog').open").await;
    // Whoever works with the keyboard stands on the button that opens again.
    director.wait_for(&format!("document.activeElement === document.querySelector('{CARD_BUTTON}')")).await;
    key(&director, "Enter", 13, Some("\r")).await;
    director.wait_for(&format!("{CARD_BUTTON_TEXT} === 'Close this group'")).await;
    parent.wait_for(PLAYING).await;
    assert_eq!(director.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_must_say_why_and_may_think_better_of_it() {
    let (gateway, director) = (Gateway::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "kk", "/").await;
    director.press(".today-all button").await;
    director.wait_for("document.querySelector('dialog.closing').open").await;
    director.press(".closing [type=submit]").await;
    let word = director.wait_for("document.querySelector('.closing form .sheet-word').innerText").await;
    assert_eq!(word, "Себебін көрсетіңіз: 200 таңбаға дейін, бір жолмен.");
    key(&director, "Escape", 27, None).await;
    director.wait_for("!document.querySelector('dialog.closing').open").await;

    // The reason in the director's own words, the end at a chosen time.
    ask(&director, ".today-all button", 4, 4).await;
    director.type_into("#closing-words", "Өрт сөндіру жаттығуы").await;
    let time = "const field = document.querySelector('#closing-time');
        field.value = '2026-11-23T11:45';
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    let () = director.run(time, &[]).await;
    assert_eq!(director.wait_for("document.querySelector('.closing-until').innerText").await, "11:45-ке дейін жабық болады.");
    director.press(".closing [type=submit]").await;
    let all = director.wait_for("document.querySelector('.today-all .state')?.innerText").await;
    assert_eq!(all, "Бәрі 11:45-ке дейін жабық\n\nӨрт сөндіру жаттығуы.");
    director.wait_for(&format!("document.querySelector('{CARD_BUTTON}') === null")).await;
    director.press(".today-all > button").await;
    director.wait_for("document.querySelector('.today-all .state') === null").await;
    assert_eq!(director.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_that_every_group_sees_is_closed_by_itself() {
    let (gateway, director) = (Gateway::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "ru", "/").await;
    ask(&director, "li:last-child .today-card > button", 1, 2).await;
    assert_eq!(director.wait_for("document.querySelector('.closing h2').innerText").await, "Закрыть камеру «Аула»");
    director.press(".closing [type=submit]").await;
    let pause = director.wait_for("document.querySelector('li:last-child .today-pause')?.innerText").await;
    let words = pause.as_str().unwrap();
    assert!(words.starts_with("Аула Пауза до 11:3") && words.ends_with(". Тихий час."), "{words}");
    assert_eq!(director.wait_for(STATE).await, "Открыто до 12:30");
    director.press("li:last-child .today-card > button").await;
    director.wait_for("document.querySelector('.today-pause') === null").await;
    assert_eq!(director.console().await, Vec::<String>::new());
}

/// Whether the console's page is there with what it tells.
const TOLD: &str = "document.querySelector('.top') !== null && !document.querySelector('main').innerText.includes('Loading…')";

#[tokio::test(flavor = "multi_thread")]
async fn a_director_goes_from_page_to_page_and_opens_tab_after_tab_and_every_one_answers() {
    let (gateway, browser) = (Gateway::start().await, Browser::start_with_tabs().await);
    enter(&browser, &gateway, DIRECTOR, "en", "/").await;
    // More than the six connections that a browser grants to a host without TLS.
    for path in ["/children", "/people", "/hours", "/cameras", "/viewings", "/records", "/settings", "/"] {
        browser.go(&gateway.url(path)).await;
        browser.wait_for(TOLD).await;
    }
    for path in ["/children", "/people", "/hours", "/cameras", "/viewings", "/records", "/"] {
        browser.tab().await;
        browser.go(&gateway.url(path)).await;
        browser.wait_for(TOLD).await;
    }
    assert_eq!(browser.console().await, Vec::<String>::new());
}
