//! Who watches, in the page: a director ends a viewing and asks why somebody may watch.

use super::{DIRECTOR, PARENT, enter};
use crate::world::{browser::Browser, gateway::Gateway};

const PLAYING: &str = "document.querySelector('.player').dataset.phase === 'playing'";

/// The words of the first line of the list under this heading.
fn first_line(heading: &str) -> String {
    format!("document.querySelector('#{heading}')?.closest('section').querySelector('.line')?.innerText")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_ends_a_viewing_and_the_person_reads_why_and_is_let_in_again() {
    let (gateway, director, parent) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&parent, &gateway, PARENT, "ru", "/").await;
    parent.press(".player-play").await;
    parent.wait_for(PLAYING).await;
    enter(&director, &gateway, DIRECTOR, "en", "/viewings").await;
    let line = director.wait_for(&first_line("running-title")).await;
    let line = line.as_str().unwrap();
    assert!(line.starts_with("Әсел Қасымова\n") && line.contains("since 10:31") && line.contains("Chrome, Linux"), "{line}");

    director.press(".line .buttons button:nth-child(2)").await;
    director.wait_for("document.querySelector('dialog.sheet').open").await;
    director.type_into("#ending-reason", "<b>Экран</b>").await;
    director.press("dialog [type=submit]").await;
    let end = "Директор прекратил ваш просмотр до 10:46. <b>Экран</b>.";
    parent.wait_for(&format!("document.querySelector('.player-end')?.innerText.trim() === '{end}'")).await;
    parent.wait_for("document.querySelector('.state-title').innerText === 'Директор прекратил просмотр до 10:46'").await;
    let over = format!("{}?.includes('The director ended it. Reason: <b>Экран</b>')", first_line("over-title"));
    director.wait_for(&over).await;
    director.wait_for("!document.querySelector('dialog')").await;

    director.press(".line .buttons button:nth-child(2)").await;
    parent.wait_for("document.querySelector('.state-title').innerText.startsWith('Прямой эфир')").await;
    parent.press(".player-play").await;
    parent.wait_for(PLAYING).await;
    assert_eq!(director.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_finds_a_person_and_reads_which_rule_decided() {
    let (gateway, director) = (Gateway::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/viewings?view=why").await;
    director.wait_for("document.querySelector('#search-person') !== null").await;
    director.type_into("#search-person", "данияр").await;
    director.press(".filter-found button").await;
    director.wait_for("document.querySelector('.filter-chosen')?.innerText.startsWith('Данияр Жұмабаев')").await;
    let choose = "const field = document.querySelector('#search-camera');
        field.value = [...field.options].find(({ text }) => text === 'Жатын бөлме').value;
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    let () = director.run(choose, &[]).await;
    let title = director.wait_for("document.querySelector('#explain-title')?.innerText").await;
    assert_eq!(title, "Watching is not allowed: Outside the viewing hours.");
    let last = director.wait_for("[...document.querySelectorAll('.explain li')].at(-1).innerText").await;
    assert_eq!(last, "✕ Within the viewing hours no: this decided\n\nDate\n23 November 2026");

    // Another moment, by the kindergarten's clock.
    let tuesday = "const field = document.querySelector('#explain-time');
        field.value = '2026-11-24T10:00';
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    let () = director.run(tuesday, &[]).await;
    director.wait_for("document.querySelector('#explain-title')?.innerText.startsWith('Watching is allowed until')").await;
    assert_eq!(director.console().await, Vec::<String>::new());
}
