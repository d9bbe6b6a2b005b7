//! A director adds a guardian and hands over a link; the guardian comes in by it on the own telephone.

use super::{DIRECTOR, PARENT, enter, hand::Hand, leave};
use crate::world::{browser::Browser, gateway::Gateway};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

const PLAYING: &str = "document.querySelector('.player').dataset.phase === 'playing'";

/// The link that the dialog shows.
const LINK: &str = "document.querySelector('.link-text')?.innerText";

/// Adds Роза Әбенова to the first child, by the dialog.
async fn add_roza(director: &Browser) {
    director.press(".cards .card > button").await;
    director.wait_for("document.querySelector('dialog[open] #guardian-name') !== null").await;
    director.type_into("#guardian-name", "Роза Әбенова").await;
    director.type_into("#guardian-login", "8 701 777 00 01").await;
    director.press("dialog [type=submit]").await;
    director.wait_for("document.querySelector('.person-head h1')?.innerText === 'Роза Әбенова'").await;
}

/// Makes a link on the person's page, and returns it.
async fn make_link(director: &Browser) -> String {
    director.press(".person-head .primary").await;
    director.press("dialog[open] [type=submit]").await;
    director.wait_for(LINK).await.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_is_added_and_invited_and_comes_in_by_the_link() {
    let (gateway, director, roza) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/people").await;
    add_roza(&director).await;
    assert_eq!(director.wait_for("document.querySelector('.person-head .state').innerText").await, "Not invited yet");
    let link = make_link(&director).await;
    assert!(link.starts_with(&gateway.url("/invite#")), "{link}");
    director.wait_for("document.querySelector('.link-code').naturalWidth > 0").await;
    director.press("dialog .sheet-buttons .quiet").await;
    director.wait_for("document.querySelector('.person-head .state').innerText.startsWith('Invited, the link works until')").await;

    leave(&roza, &gateway, "en").await;
    roza.go(&link).await;
    roza.wait_for("document.querySelector('.invite-from')?.innerText === 'Балбөбек\\nӘмина'").await;
    assert_eq!(roza.wait_for("document.querySelector('#invite-login').value").await, "+77017770001");
    roza.type_into("#invite-password", "a window of my own").await;
    roza.press(".login [type=submit]").await;
    roza.press(".player-play").await;
    roza.wait_for(PLAYING).await;
    assert_eq!(roza.wait_for("location.pathname + location.hash").await, "/");
    assert_eq!(roza.console().await, Vec::<String>::new());
    director.wait_for("document.querySelector('.person-head .state').innerText === 'Last logged in: 10:31'").await;

    // The link is used up, and says so in one sentence.
    leave(&roza, &gateway, "ru").await;
    roza.go(&link).await;
    let word = roza.wait_for("document.querySelector('.login [role=alert]')?.innerText").await;
    assert_eq!(word, "Ссылкой уже воспользовались. Войдите со своим паролем.");
    assert_eq!(director.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_letter_is_one_sheet_in_three_languages_and_only_on_paper() {
    let (gateway, director) = (Gateway::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "ru", "/people").await;
    add_roza(&director).await;
    make_link(&director).await;
    // A page that prints waits for somebody at the printer.
    let () = director.run("window.print = () => { document.body.dataset.printed = ''; }", &[]).await;
    director.press("dialog .buttons .primary").await;
    director.wait_for("document.body.dataset.printed === ''").await;
    assert_eq!(director.wait_for("getComputedStyle(document.querySelector('.letters')).display").await, "none");
    let said: Vec<String> =
        director.run("return [...document.querySelectorAll('.letter article')].map(({ lang }) => lang)", &[]).await;
    assert_eq!(said, ["ru", "kk", "en"]);
    let out = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/out");
    director.look(794, 1123, false).await;
    director.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    director.screenshot(&out.join("letter.png")).await;
    let paper = director.devtools("Page.printToPDF", json!({ "paperWidth": 8.27, "paperHeight": 11.69 })).await;
    let pdf = STANDARD.decode(paper["data"].as_str().unwrap()).unwrap();
    std::fs::write(out.join("letter.pdf"), &pdf).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    let pages = text.match_indices("/Type /Page").filter(|(at, mark)| !text[at + mark.len()..].starts_with('s')).count();
    assert_eq!(pages, 1);
    director.wait_for("document.querySelector('.letters') === null").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restriction_is_written_with_its_document_and_lifted_again() {
    let (gateway, director) = (Gateway::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "ru", "/people?find=оспанов").await;
    director.press(".people-row").await;
    director.wait_for("document.querySelector('.card .state')?.innerText === 'Просмотр ограничен'").await;
    let order = "[...document.querySelectorAll('.card .soft')].map(({ innerText }) => innerText).join()";
    director.wait_for(&format!("{order}.includes('Документ: Сот шешімі № 7512-26')")).await;
    director.press(".card .buttons > :nth-child(2)").await;
    director.press("dialog [type=submit]").await;
    director.wait_for("document.querySelector('.card .state') === null").await;
    director.press(".card .buttons > :nth-child(2)").await;
    director.wait_for("document.querySelector('#tie-reference') !== null").await;
    director.type_into("#tie-reference", "Определение суда от 20.11.2026").await;
    director.press("dialog [type=submit]").await;
    director.wait_for("document.querySelector('.card .state')?.innerText === 'Просмотр ограничен'").await;
    assert_eq!(director.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_asks_for_a_grandmother_and_the_director_says_yes_on_the_first_page() {
    let (gateway, director, parent) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/").await;
    enter(&parent, &gateway, PARENT, "ru", "/").await;
    parent.press(".home-guests a").await;
    parent.press(".page .primary").await;
    parent.wait_for("document.querySelector('#guest-name') !== null").await;
    parent.type_into("#guest-name", "Роза Әбенова").await;
    parent.type_into("#guest-login", "8 701 777 00 01").await;
    let day = "const field = document.querySelector('#guest-to');
        field.value = '2026-11-27';
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    let () = parent.run(day, &[]).await;
    parent.press("dialog [type=submit]").await;
    parent.wait_for("document.querySelector('.guest-state')?.innerText === 'Ждёт решения директора'").await;

    let asks = "document.querySelector('.requests .line-text p')?.innerText";
    assert_eq!(director.wait_for(asks).await, "Asked by Әсел Қасымова. Child: Әмина Қасымова.");
    director.press(".requests .buttons > :first-child").await;
    director.press("dialog[open] [type=submit]").await;
    // The next step is the invitation, and it is there.
    director.wait_for("document.querySelector('.person-head h1')?.innerText === 'Роза Әбенова'").await;
    assert_eq!(director.wait_for("document.querySelector('.person-head .primary').innerText").await, "Invite");
    assert_eq!(director.console().await, Vec::<String>::new());
    assert_eq!(parent.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_field_is_called_what_its_form_calls_it() {
    let (gateway, director) = (Gateway::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "ru", "/people").await;
    let hand = Hand(&director);
    // A mark that turns the reading direction has no place in a name.
    let name = "Роза\u{202e}";
    hand.press("Добавить близкого").await;
    hand.fill("Имя и фамилия", name).await;
    hand.fill("Телефон или эл. почта", "8 701 777 00 01").await;
    hand.press("Добавить").await;
    hand.read("«Имя и фамилия»").await;
    hand.press("Отмена").await;
    hand.press("Камеры").await;
    hand.press("Добавить камеру").await;
    hand.fill("Название камеры", name).await;
    hand.fill("Адрес основного потока", gateway.yard.main_url().as_str()).await;
    hand.press("Сохранить").await;
    hand.read("«Название камеры»").await;
}
