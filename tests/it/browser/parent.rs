//! The parent's page on a telephone: wiping between children, the countdown, a slow line, a locked screen, and no network at all.

use super::{PARENT, PARENT_OF_TWO, PARENT_PAUSED, enter, examiner::Examiner};
use crate::world::{browser::Browser, gateway::Gateway};
use serde_json::{Value, json};

const PLAYING: &str = "document.querySelector('.player')?.dataset.phase === 'playing'";
const CHILD: &str = "document.querySelector('h1')?.innerText";

/// Wipes with one finger from one place to another.
async fn wipe(browser: &Browser, from: (i32, i32), to: (i32, i32)) {
    let touch =
        |kind: &str, points: Value| browser.devtools("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points }));
    touch("touchStart", json!([{ "x": from.0, "y": from.1 }])).await;
    touch("touchMove", json!([{ "x": to.0, "y": to.1 }])).await;
    touch("touchEnd", json!([])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_of_two_wipes_from_child_to_child_and_goes_by_the_keys() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    browser.look(390, 844, false).await;
    browser.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await;
    enter(&browser, &gateway, PARENT_OF_TWO, "ru", "/").await;
    browser.wait_for(&format!("{CHILD} === 'Әлихан Жұмабаев'")).await;
    wipe(&browser, (300, 400), (80, 410)).await;
    browser.wait_for(&format!("{CHILD} === 'Томирис Жұмабаева'")).await;
    assert_eq!(browser.wait_for("document.querySelector('[role=tab][aria-selected=true]').innerText").await, "Томирис Жұмабаева");
    // There is no third, and who scrolls means something else.
    wipe(&browser, (300, 400), (80, 410)).await;
    wipe(&browser, (200, 600), (140, 200)).await;
    assert_eq!(browser.wait_for(CHILD).await, "Томирис Жұмабаева");
    wipe(&browser, (80, 400), (300, 390)).await;
    browser.wait_for(&format!("{CHILD} === 'Әлихан Жұмабаев'")).await;

    let () = browser.run("document.querySelector('[role=tab]').focus()", &[]).await;
    let press = json!({ "type": "keyDown", "key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39 });
    browser.devtools("Input.dispatchKeyEvent", press).await;
    browser.wait_for(&format!("{CHILD} === 'Томирис Жұмабаева'")).await;
    browser.wait_for("document.activeElement?.innerText === 'Томирис Жұмабаева'").await;
    browser.go(&gateway.url(browser.wait_for("location.pathname + location.search").await.as_str().unwrap())).await;
    browser.wait_for(&format!("{CHILD} === 'Томирис Жұмабаева'")).await;
    assert_eq!(browser.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_counts_down_to_the_opening_and_tells_how_many_watched() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, PARENT_PAUSED, "ru", "/").await;
    let left = browser.wait_for("document.querySelector('tereze-countdown')?.innerText").await;
    assert!(["До открытия 5 ч 59 мин", "До открытия 5 ч 58 мин"].contains(&left.as_str().unwrap()), "{left}");
    gateway.clock.set("2026-11-23T11:29:00Z".parse().unwrap());
    enter(&browser, &gateway, PARENT_PAUSED, "kk", "/").await;
    let left = browser.wait_for("document.querySelector('tereze-countdown')?.innerText").await;
    assert!(left.as_str().unwrap().starts_with("Ашылуына 0:") || left == "Ашылуына 1:00 қалды", "{left}");

    gateway.clock.set("2026-11-23T11:30:00Z".parse().unwrap());
    enter(&browser, &gateway, PARENT, "en", "/").await;
    assert_eq!(browser.wait_for("document.querySelector('.home-side .soft')?.innerText").await, "Nobody has watched today yet");
    browser.press(".player-play").await;
    browser.wait_for(PLAYING).await;
    browser.go(&gateway.url("/")).await;
    assert_eq!(browser.wait_for("document.querySelector('.home-side .soft')?.innerText").await, "Watched today: 1 parent");
}

/// The pictures that were asked for.
const OFFERS: &str = "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /whep.[^/]+$/.test(name))";

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_to_save_data_is_sent_the_small_picture_here_and_the_next_time() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, PARENT, "en", "/").await;
    browser.press(".player-play").await;
    browser.wait_for(PLAYING).await;
    browser.press(".home-quality button:last-child").await;
    browser.wait_for(&format!("{OFFERS}.at(-1).endsWith('?quality=sub')")).await;
    browser.wait_for(PLAYING).await;
    browser.wait_for("document.querySelector('video').videoWidth === 320").await;
    browser.go(&gateway.url("/")).await;
    browser.wait_for(PLAYING).await;
    browser.wait_for("document.querySelector('video').videoWidth === 320").await;
    browser.press(".home-quality button:first-child").await;
    browser.wait_for("document.querySelector('video').videoWidth === 640").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_that_was_locked_sees_at_once_that_nothing_arrives_and_comes_back() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, PARENT, "ru", "/").await;
    browser.press(".player-play").await;
    browser.wait_for(PLAYING).await;
    // While pictures arrive, waking up changes nothing.
    let wake = "document.dispatchEvent(new Event('visibilitychange'))";
    let before: u32 = browser.run(&format!("return {OFFERS}.length"), &[]).await;
    let () = browser.run(wake, &[]).await;
    let shown: f64 = browser.run("return document.querySelector('video').currentTime", &[]).await;
    browser.wait_for(&format!("document.querySelector('video').currentTime > {}", shown + 2.0)).await;
    let offers: u32 = browser.run(&format!("return {OFFERS}.length"), &[]).await;
    assert_eq!(offers, before, "waking up has interrupted nothing");
    // The system has taken the connection away, and the browser does not know yet: its numbers stand still.
    let still = "window.getStats = RTCPeerConnection.prototype.getStats;
        RTCPeerConnection.prototype.getStats = async () => new Map();";
    let () = browser.run(still, &[]).await;
    let () = browser.run(wake, &[]).await;
    let word = browser.wait_for("document.querySelector('.player-wait')?.innerText").await;
    assert_eq!(word, "Связь прервалась. Подключаемся снова…");
    let () = browser.run("RTCPeerConnection.prototype.getStats = window.getStats", &[]).await;
    browser.wait_for(PLAYING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_a_page_of_our_own_says_so_and_nothing_else_was_kept() {
    let (gateway, browser, examiner) = (Gateway::start().await, Browser::start().await, Examiner::new());
    enter(&browser, &gateway, PARENT, "kk", "/").await;
    browser.press(".player-play").await;
    browser.wait_for(PLAYING).await;
    browser.wait_for("navigator.serviceWorker.controller !== null").await;
    let kept = browser
        .wait_for(
            "(async () => {
                const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
                const kept = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
                return kept.map(({ url }) => new URL(url).pathname).sort();
            })()",
        )
        .await;
    assert_eq!(kept, json!(["/css/offline.css", "/icon.svg", "/offline.html", "/offline.js"]));
    let errors = browser.devtools("Page.getInstallabilityErrors", json!({})).await;
    assert_eq!(errors["installabilityErrors"], json!([]), "it can be installed");
    let manifest = browser.devtools("Page.getAppManifest", json!({})).await;
    assert_eq!(manifest["errors"], json!([]));

    let address = gateway.url("/");
    gateway.stop().await;
    browser.console().await;
    browser.go(&address).await;
    assert_eq!(browser.wait_for("document.querySelector('h1').innerText").await, "Байланыс жоқ");
    browser.wait_for("document.querySelector('img').naturalWidth > 0").await;
    let findings = examiner.look(&browser, "offline", "kk").await;
    // That nobody answers is said by the browser, too.
    let findings: Vec<String> = findings.into_iter().filter(|line| !line.contains("ERR_CONNECTION_REFUSED")).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}
