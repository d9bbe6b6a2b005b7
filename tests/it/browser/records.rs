//! The audit records in the page, which checks by itself that they are unchanged.

use super::{DIRECTOR, INSPECTOR, enter};
use crate::world::{
    api::{Visitor, eventually},
    browser::Browser,
    gateway::Gateway,
};
use serde_json::{Value, json};
use tereze::{args, db::Queries};

const CHECK: &str = "[aria-labelledby=verify-title] .primary";
const WRONG: &str = "document.querySelector('[aria-labelledby=verify-title] .verify-wrong')?.innerText";

/// Waits until a checkpoint covers all that is there now.
async fn signed(gateway: &Gateway) {
    eventually("a checkpoint over all", || async {
        let sql = "select (select max(size) from audit_checkpoints) >= (select size from audit_head)";
        let row: Option<(bool,)> = gateway.db().row(sql, args![]).await.unwrap();
        row.filter(|(all,)| *all)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inspector_checks_the_records_in_the_page_and_it_names_the_one_that_was_changed() {
    let (gateway, inspector) = (Gateway::start().await, Browser::start().await);
    enter(&inspector, &gateway, INSPECTOR, "en", "/records").await;
    inspector.wait_for("document.querySelectorAll('.lines .line').length > 2").await;
    signed(&gateway).await;
    inspector.press(CHECK).await;
    let good = inspector.wait_for("document.querySelector('[aria-labelledby=verify-title] .verify-good')?.innerText").await;
    assert!(good.as_str().unwrap().contains("are unchanged."), "{good}");
    assert_eq!(inspector.run::<Value>(&format!("return {WRONG} ?? null"), &[]).await, Value::Null);

    // Somebody has the database, and changes who logged in from where.
    let row: Option<(i64,)> =
        gateway.db().row("select max(position) from audit_records where action = 'log_in'", args![]).await.unwrap();
    let (position,) = row.unwrap();
    let change = "update audit_records set record = replace(record, '127.0.0.1', '127.0.0.2') where position = $1";
    gateway.db().execute(change, args![position]).await.unwrap();
    inspector.press(CHECK).await;
    assert_eq!(inspector.wait_for(WRONG).await, format!("Record {position}: its text was changed."));

    // With its commitment made anew the text fits, and the signed log tells all the same.
    let anew =
        "update audit_records set commitment = (select commitment from audit_records where position = $1 - 1) where position = $1";
    gateway.db().execute(anew, args![position]).await.unwrap();
    inspector.press(CHECK).await;
    inspector.wait_for(&format!("{WRONG}?.includes('was changed')")).await;
    assert_eq!(inspector.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_was_kept_shows_whether_anything_was_changed_since() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    let director = Visitor::log_in(&gateway, DIRECTOR).await;
    let kindergarten = director.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
    signed(&gateway).await;
    let kept = director.get(&format!("/api/v1/audit/checkpoint?kindergarten={kindergarten}")).await.ok(200).json();
    enter(&browser, &gateway, INSPECTOR, "en", "/records").await;
    let paste = "document.querySelector('#verify-note').value = arguments[0];
        document.querySelector('#verify-key').value = arguments[1];
        document.querySelector('.verify-kept [type=submit]').click();";
    browser.wait_for("document.querySelector('#verify-note') !== null").await;
    signed(&gateway).await;
    let () = browser.run(paste, &[kept["note"].clone(), kept["key"].clone()]).await;
    let verdict = browser.wait_for("document.querySelector('.verify-kept .verify-good')?.innerText").await;
    assert!(verdict.as_str().unwrap().starts_with("Unchanged since your last visit"), "{verdict}");

    let altered = kept["note"].as_str().unwrap().replacen('1', "2", 1);
    let () = browser.run(paste, &[json!(altered), kept["key"].clone()]).await;
    browser.wait_for("document.querySelector('.verify-kept .verify-wrong') !== null").await;

    // The first record of all is another, and everything after it is as it was.
    let change =
        "update audit_records set commitment = (select commitment from audit_records where position = 1) where position = 0";
    gateway.db().execute(change, args![]).await.unwrap();
    let () = browser.run(paste, &[kept["note"].clone(), kept["key"].clone()]).await;
    let wrong = "document.querySelector('.verify-kept .verify-wrong')?.innerText.includes('was changed or taken out')";
    browser.wait_for(wrong).await;
    assert_eq!(browser.console().await, Vec::<String>::new());
}
