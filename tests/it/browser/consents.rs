//! A director asks families about the camera, and a parent answers from the page.

use super::{DIRECTOR, PARENT, enter};
use crate::world::{browser::Browser, gateway::Gateway};

const STATE: &str = "document.querySelector('.state')?.innerText";
const PLAYING: &str = "document.querySelector('.player').dataset.phase === 'playing'";

#[tokio::test(flavor = "multi_thread")]
async fn a_director_publishes_and_decides_and_a_parent_agrees_and_takes_it_back() {
    let (gateway, director, parent) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/settings").await;
    // What is proposed is published as it is; then families that have not agreed do not look.
    director.press(".consents .card:last-child button").await;
    director.press(".sheet [type=submit]").await;
    director.wait_for("document.querySelector('.consent-version') !== null && document.querySelector('dialog') === null").await;
    director.press(".consents .card button").await;
    director.press(".sheet input[value=own]").await;
    director.press(".sheet [type=submit]").await;
    director.wait_for("document.querySelector('.consents .card p').innerText === 'Who does not agree does not look'").await;

    enter(&parent, &gateway, PARENT, "ru", "/").await;
    assert_eq!(parent.wait_for(STATE).await, "Чтобы смотреть, нужно ваше согласие на камеру.");
    parent.press(".home-asked .primary").await;
    let text = "document.querySelector('.consent-text')?.innerText.startsWith('Согласие на камеру')";
    parent.wait_for(text).await;
    parent.press(".sheet input[value=yes]").await;
    parent.press(".sheet [type=submit]").await;
    parent.wait_for("document.querySelector('.state[data-tone=live]') !== null && document.querySelector('dialog') === null").await;
    parent.press(".player-play").await;
    parent.wait_for(PLAYING).await;

    // The director sees it, and a room that waits for everybody names how many are missing.
    director.press(".sections a[href='/children']").await;
    director.wait_for("document.querySelector('.group-name')?.innerText.includes('consents: 1 of 3')").await;
    director.press(".sections a[href='/settings']").await;
    director.press(".consents .card button").await;
    director.press(".sheet input[value=group]").await;
    director.press(".sheet [type=submit]").await;
    parent.wait_for("document.querySelector('.player-end')?.innerText.startsWith('Сейчас группу показать нельзя')").await;
    director.press(".sections a[href='/']").await;
    assert_eq!(director.wait_for(STATE).await, "Closed: not everybody has agreed to the camera");
    director.press(".today-consents").await;
    director.wait_for("document.querySelectorAll('.line').length === 3").await;

    // Nobody can keep a parent from taking it back.
    director.press(".sections a[href='/settings']").await;
    director.press(".consents .card button").await;
    director.press(".sheet input[value=recorded]").await;
    director.press(".sheet [type=submit]").await;
    parent.wait_for(PLAYING).await;
    parent.press(".home-consent").await;
    parent.press(".sheet .primary.danger").await;
    parent.wait_for("document.querySelector('dialog') === null").await;
    director.press(".sections a[href='/children']").await;
    director.wait_for("document.querySelector('.group-name')?.innerText.includes('consents: 0 of 3')").await;
    for browser in [&director, &parent] {
        assert_eq!(browser.console().await, Vec::<String>::new());
    }
}
