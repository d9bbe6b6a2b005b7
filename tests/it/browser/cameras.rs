//! A director adds a camera from the page, tests it, sees its picture, changes it and takes it away.

use super::{DIRECTOR, enter};
use crate::world::{browser::Browser, gateway::Gateway, onvif::Onvif};
use jiff::SignedDuration;
use serde_json::json;

/// The card of the camera that is added here.
const CARD: &str =
    "[...document.querySelectorAll('.camera-card')].find((card) => card.querySelector('h2').innerText.startsWith('Sun'))";

/// Presses the button of the new camera's card at this place.
async fn press(browser: &Browser, place: u32) {
    let () = browser.run(&format!("{CARD}.querySelectorAll('.buttons button')[arguments[0]].click()"), &[json!(place)]).await;
    browser.wait_for("document.querySelector('dialog.sheet')?.open").await;
}

/// Waits until the dialog is gone.
async fn closed(browser: &Browser) {
    browser.wait_for("document.querySelector('dialog.sheet') === null").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_adds_a_camera_tests_it_sees_its_picture_and_takes_it_away() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, DIRECTOR, "en", "/cameras").await;
    browser.wait_for("document.querySelectorAll('.camera-card').length === 4").await;
    browser.press(".cameras-ways button").await;
    browser.wait_for("document.querySelector('dialog.sheet')?.open").await;
    for (field, text) in
        [("name", "Sunroom"), ("main", gateway.yard.sub_url().as_str()), ("username", "camera"), ("password", "a wrong one")]
    {
        browser.type_into(&format!("#camera-{field}"), text).await;
    }
    // A wrong password is found by the test, before anything is saved.
    browser.press(".camera-test button").await;
    let found = browser.wait_for("document.querySelector('.camera-tested li')?.innerText").await;
    assert!(found.as_str().unwrap().starts_with("The camera refuses the user name or the password."), "{found}");
    let () = browser.run("document.querySelector('#camera-password').value = ''", &[]).await;
    browser.type_into("#camera-password", "window").await;
    browser.press(".camera-test button").await;
    let facts = browser.wait_for("document.querySelector('.camera-tested .sheet-note')?.innerText").await;
    assert!(facts.as_str().unwrap().starts_with("H.264 Constrained Baseline · 320 × 180 · "), "{facts}");

    browser.press(".sheet [type=submit]").await;
    closed(&browser).await;
    // Its picture comes through the gateway without another press.
    browser.wait_for(&format!("{CARD}?.querySelector('.player').dataset.phase === 'playing'")).await;
    assert_eq!(browser.wait_for(&format!("{CARD}.querySelector('.soft').innerText")).await, "Shared by all groups · Without sound");

    press(&browser, 1).await;
    let () = browser.run("document.querySelector('#camera-group').selectedIndex = 1", &[]).await;
    let secrets = "['main', 'sub', 'username', 'password'].every((name) => document.querySelector(`#camera-${name}`).value === '')";
    assert_eq!(browser.wait_for(secrets).await, true);
    browser.press(".sheet [type=checkbox]").await;
    browser.press(".sheet [type=submit]").await;
    closed(&browser).await;
    browser.wait_for(&format!("{CARD}.querySelector('.soft').innerText === 'Күншуақ · With sound'")).await;

    press(&browser, 3).await;
    browser.press(".sheet [type=submit]").await;
    closed(&browser).await;
    browser.wait_for(&format!("{CARD} === undefined")).await;
    assert_eq!(browser.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_finds_a_camera_in_the_network_and_adds_it_without_knowing_its_address() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    let profiles = vec![("p", "H264", 320, 180, gateway.yard.sub_url())];
    let device = Onvif { profiles, clock_ahead: SignedDuration::ZERO, nonsense: None }.start().await;
    enter(&browser, &gateway, DIRECTOR, "en", "/cameras").await;
    browser.press(".cameras-ways button:nth-child(2)").await;
    browser.wait_for("document.querySelector('dialog.sheet')?.open").await;
    browser.type_into("#find-target", &device.discovery.to_string()).await;
    browser.press(".sheet .primary").await;
    let found = browser.wait_for("document.querySelector('.sheet .line-text')?.innerText").await;
    assert!(found.as_str().unwrap().starts_with("Ойын бөлмесі IPC-1 · 127.0.0.1"), "{found}");
    browser.press(".sheet .line button").await;
    browser.wait_for("document.querySelector('#device-username') !== null").await;
    browser.type_into("#device-username", Onvif::USERNAME).await;
    browser.type_into("#device-password", Onvif::PASSWORD).await;
    browser.press(".sheet [type=submit]").await;
    browser.wait_for(&format!("document.querySelector('#camera-main')?.value === '{}'", gateway.yard.sub_url())).await;
    assert_eq!(browser.wait_for("document.querySelector('#camera-name').value").await, "Ойын бөлмесі");
    browser.press(".sheet [type=submit]").await;
    closed(&browser).await;
    browser.wait_for("document.querySelectorAll('.camera-card').length === 5").await;
    // The new camera's picture may be asked for before the camera has answered.
    let told = browser.console().await;
    assert!(told.iter().all(|line| line.contains("/whep/") && line.contains("409")), "{told:?}");
}
