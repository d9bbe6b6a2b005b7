//! A director changes the settings from the page, and the pictures and the menu of a parent follow.

use super::{DIRECTOR, INSPECTOR, PARENT, enter};
use crate::world::{browser::Browser, gateway::Gateway};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_director_turns_the_watermark_off_and_names_the_languages() {
    let (gateway, director, parent) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&parent, &gateway, PARENT, "kk", "/").await;
    parent.press(".player-play").await;
    assert_eq!(parent.wait_for("document.querySelector('tereze-watermark span')?.innerText").await, "Әсел Қ. ··· 0001");
    parent.wait_for("document.querySelectorAll('.menu-sheet .choice button').length === 2").await;

    enter(&director, &gateway, DIRECTOR, "en", "/settings").await;
    director.press(".console-head button").await;
    director.wait_for("document.querySelector('dialog').open").await;
    let () = director.run("document.querySelector('#settings-name').select()", &[]).await;
    director.type_into("#settings-name", "<img src=x onerror=alert(1)>").await;
    director.press("dialog .choice [lang=en]").await;
    let off = "[...document.querySelectorAll('dialog .choice button')].find((button) => button.innerText === 'None').click()";
    let () = director.run(off, &[]).await;
    director.press("dialog [type=submit]").await;
    director.wait_for("document.querySelector('dialog') === null").await;
    director.wait_for("document.querySelector('.lines').innerText.includes('<img src=x onerror=alert(1)>')").await;
    director.wait_for("document.querySelector('.lines').innerText.includes('Қазақша, Русский, English')").await;

    parent.wait_for("document.querySelector('tereze-watermark') === null").await;
    parent.wait_for("document.querySelectorAll('.menu-sheet .choice button').length === 3").await;
    parent.wait_for("!document.querySelector('.foot').innerText.includes('атыңыз')").await;
    assert_eq!(parent.wait_for("document.querySelector('.player').dataset.phase === 'playing'").await, json!(true));
    assert_eq!(director.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inspector_reads_the_settings_and_has_nothing_to_press() {
    let (gateway, inspector) = (Gateway::start().await, Browser::start().await);
    enter(&inspector, &gateway, INSPECTOR, "ru", "/settings").await;
    inspector.wait_for("document.querySelector('.lines')?.innerText.includes('Балбөбек')").await;
    assert_eq!(inspector.run::<u32>("return document.querySelectorAll('main button').length", &[]).await, 0);
    assert_eq!(inspector.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_is_set_with_the_camera_and_the_settings_lead_there() {
    let (gateway, director) = (Gateway::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "ru", "/settings").await;
    director.press(".console-head button").await;
    director.wait_for("document.querySelector('dialog').open").await;
    assert_eq!(director.run::<u32>("return document.querySelectorAll('dialog [type=checkbox]').length", &[]).await, 0);
    director.press("dialog .sheet-buttons .quiet").await;
    director.press(".line a").await;
    director.wait_for("location.pathname === '/cameras'").await;
}
