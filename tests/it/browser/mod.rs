//! The pages in Chromium, against the whole gateway with simulated cameras.

mod account;
mod appeals;
mod cameras;
mod children;
mod consents;
mod console;
mod examiner;
mod first_load;
mod hand;
mod hours;
mod live_edge;
mod masks;
mod news;
mod opening;
mod parent;
mod people;
mod recording;
mod recordings;
mod records;
mod screens;
mod settings;
mod viewings;
mod watching;

use crate::world::{
    browser::Browser,
    gateway::{Gateway, PASSWORD},
};
use serde_json::json;

const PARENT: &str = "+77010000001";
const PARENT_OF_TWO: &str = "+77010000002";
const PARENT_PAUSED: &str = "+77010000003";
const PARENT_RESTRICTED: &str = "+77010000006";
const PARENT_OF_NOBODY: &str = "+77010000008";
const DIRECTOR: &str = "+77010000010";
const STAFF: &str = "+77010000011";
const INSPECTOR: &str = "saule@example.kz";
const OPERATOR: &str = "+77010000030";

/// Logs in as `login` without the form, sets the language, and opens `path`.
async fn enter(browser: &Browser, gateway: &Gateway, login: &str, language: &str, path: &str) {
    leave(browser, gateway, language).await;
    let () = browser
        .run(
            "const send = (method, path, body, csrf) => fetch(`/api/v1/${path}`, {
                method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
             });
             const [login, password, language] = arguments;
             const entered = await send('POST', 'login', { login, password }, '');
             const { csrf } = await entered.json();
             const told = await send('PUT', 'me/language', { language }, csrf);
             if (!told.ok) throw new Error(`log-in ${entered.status}, language ${told.status}`);
             localStorage.setItem('tereze.in', '');",
            &[json!(login), json!(PASSWORD), json!(language)],
        )
        .await;
    go(browser, gateway, path).await;
}

/// Opens `path` as whoever is logged in.
async fn go(browser: &Browser, gateway: &Gateway, path: &str) {
    browser.go(&gateway.url(path)).await;
    browser.wait_for("document.querySelector('.top') !== null").await;
}

/// Opens the log-in page in `language`, as somebody who was never here.
async fn leave(browser: &Browser, gateway: &Gateway, language: &str) {
    let everything = json!({ "origin": gateway.url(""), "storageTypes": "all" });
    browser.devtools("Storage.clearDataForOrigin", everything).await;
    browser.go(&gateway.url("/")).await;
    browser.press(&format!(".login [lang={language}]")).await;
    browser.wait_for(&format!("document.documentElement.lang === '{language}'")).await;
}
