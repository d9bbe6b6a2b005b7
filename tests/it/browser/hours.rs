//! A director sets the hours from the page, and an inspector reads them.

use super::{DIRECTOR, INSPECTOR, PARENT, enter};
use crate::world::{browser::Browser, gateway::Gateway};
use serde_json::json;

const LINES: &str = "[...document.querySelectorAll('[aria-labelledby=week-title] .line')].map((line) => line.innerText.split('\\n').filter(Boolean)).join(' | ')";
const DATES: &str =
    "[...document.querySelectorAll('[aria-labelledby=dates-title] .line')].map((line) => line.innerText).join(' | ')";
const DAY: &str = "[...document.querySelectorAll('.stretches li')].map((line) => line.innerText).join(' | ')";
const CLOSED: &str = "document.querySelector('dialog') === null";

/// Puts `value` into a field of the dialog, as its picker does.
async fn fill(browser: &Browser, selector: &str, value: &str) {
    let set = "const field = document.querySelector(arguments[0]);
        field.value = arguments[1];
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    let () = browser.run(set, &[json!(selector), json!(value)]).await;
}

/// Presses the button of this text, in the dialog or in the page.
async fn press_text(browser: &Browser, place: &str, text: &str) {
    let find = format!("[...document.querySelectorAll('{place} button')].find((button) => button.innerText === '{text}')");
    browser.wait_for(&format!("{find} !== undefined")).await;
    let () = browser.run(&format!("{find}.click()"), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_sets_a_day_of_a_group_copies_it_and_gives_it_up_again() {
    let (gateway, director) = (Gateway::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/hours").await;
    let week = director.wait_for(LINES).await;
    assert!(week.as_str().unwrap().starts_with("Monday,09:00–12:30"), "{week}");

    press_text(&director, "[aria-labelledby=week-title]", "Күншуақ").await;
    director.press("[aria-labelledby=week-title] .line:first-child button").await;
    director.wait_for("document.querySelector('dialog .span') !== null").await;
    // Two times become one that ends at midnight, and Friday has the same.
    director.press("dialog .span:nth-child(2) button").await;
    fill(&director, "dialog .span input:first-child", "13:00").await;
    fill(&director, "dialog .span input:nth-of-type(2)", "00:00").await;
    press_text(&director, "dialog", "Friday").await;
    director.press("dialog [type=submit]").await;
    director.wait_for(CLOSED).await;
    let own = "'“Күншуақ” has a week of its own.'";
    director.wait_for(&format!("document.querySelector('[aria-labelledby=week-title] .note').innerText === {own}")).await;
    director.wait_for(&format!("{LINES}.startsWith('Monday,13:00–24:00')")).await;
    let week = director.wait_for(LINES).await;
    let days: Vec<&str> = week.as_str().unwrap().split(" | ").collect();
    assert!(days[0].starts_with("Monday,13:00–24:00") && days[4].starts_with("Friday,13:00–24:00"), "{days:?}");
    assert!(days[1].starts_with("Tuesday,09:00–12:30"), "{days:?}");
    director.wait_for(&format!("{DAY}.startsWith('00:00–13:00 closed | 13:00–24:00 open')")).await;

    press_text(&director, "[aria-labelledby=week-title]", "Back to the kindergarten’s week").await;
    director.press("dialog [type=submit]").await;
    director.wait_for(&format!("document.querySelector('[aria-labelledby=week-title] .note').innerText !== {own}")).await;
    assert_eq!(director.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_takes_the_holidays_of_a_year_and_parents_read_why_it_is_closed() {
    let (gateway, director, parent) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/hours").await;
    press_text(&director, "[aria-labelledby=dates-title] > .buttons", "Public holidays").await;
    press_text(&director, "dialog", "2027").await;
    director.wait_for("document.querySelectorAll('.holidays li').length === 19").await;
    // What is not wanted is left out, and a date that was announced otherwise is set right.
    director.press(".holidays li:first-child input[type=checkbox]").await;
    let ait = ".holidays li:nth-child(16) input[type=date]";
    assert_eq!(director.run::<String>("return document.querySelector(arguments[0]).value", &[json!(ait)]).await, "2027-05-16");
    fill(&director, ait, "2027-05-17").await;
    director.press("dialog [type=submit]").await;
    director.wait_for(CLOSED).await;
    let dates = director.wait_for(DATES).await;
    let dates: Vec<&str> = dates.as_str().unwrap().split(" | ").collect();
    assert_eq!(dates.len(), 18);
    assert!(
        dates[0].starts_with("Saturday, 2 January 2027") && dates[0].contains("New Year · set by Гүлнар Сапарова"),
        "{dates:?}"
    );
    assert!(dates.iter().any(|date| date.starts_with("Monday, 17 May 2027") && date.contains("Kurban Ait")), "{dates:?}");

    // Today is closed as well, in the director's own words.
    press_text(&director, "[aria-labelledby=dates-title] > .buttons", "Add a date").await;
    director.wait_for("document.querySelector('#dates-reason') !== null").await;
    director.type_into("#dates-reason", "<b>Бояу жұмыстары</b>").await;
    director.press("dialog [type=submit]").await;
    director.wait_for(&format!("{DATES}.includes('<b>Бояу жұмыстары</b>')")).await;
    director.wait_for(&format!("{DAY} === '00:00–24:00 closed\\n\\n<b>Бояу жұмыстары</b>'")).await;
    enter(&parent, &gateway, PARENT, "ru", "/").await;
    assert_eq!(
        parent.wait_for("document.querySelector('.state').innerText").await,
        "Откроется завтра в 09:00\n\n<b>Бояу жұмыстары</b>."
    );

    director.press("[aria-labelledby=dates-title] .line:first-child .buttons > :last-child").await;
    director.press("dialog [type=submit]").await;
    parent.wait_for("document.querySelector('.state').innerText.startsWith('Прямой эфир')").await;
    assert_eq!(director.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inspector_reads_the_hours_and_has_nothing_to_press() {
    let (gateway, inspector) = (Gateway::start().await, Browser::start().await);
    enter(&inspector, &gateway, INSPECTOR, "kk", "/hours").await;
    assert!(inspector.wait_for(LINES).await.as_str().unwrap().starts_with("Дүйсенбі,09:00–12:30"));
    inspector.wait_for(DAY).await;
    let presses = "[...document.querySelectorAll('main .line button, main .primary, main .buttons')].length";
    assert_eq!(inspector.run::<u32>(&format!("return {presses}"), &[]).await, 0);
    assert_eq!(inspector.console().await, Vec::<String>::new());
}
