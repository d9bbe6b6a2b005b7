//! A director keeps the groups and children on the page, and brings a list in from a file.

use super::{DIRECTOR, INSPECTOR, PARENT, enter};
use crate::world::{browser::Browser, gateway::Gateway};
use serde_json::json;
use std::fmt::Write;

const DIALOG: &str = "document.querySelector('dialog[open]')";

/// Opens or closes the group with this name.
async fn unfold(browser: &Browser, group: &str) {
    let heading = format!("[...document.querySelectorAll('.group-name')].find((name) => name.innerText.startsWith('{group}'))");
    browser.wait_for(&format!("{heading} !== undefined")).await;
    let () = browser.run(&format!("{heading}.click()"), &[]).await;
}

/// Presses the button that says `text`, in the open dialog if there is one.
async fn press(browser: &Browser, text: &str) {
    let button =
        format!("[...({DIALOG} ?? document).querySelectorAll('button')].find((button) => button.innerText.trim() === '{text}')");
    browser.wait_for(&format!("{button} !== undefined")).await;
    let () = browser.run(&format!("{button}.click()"), &[]).await;
}

/// Fills the field with this name in the open dialog.
async fn fill(browser: &Browser, name: &str, value: &str) {
    browser.wait_for(&format!("{DIALOG}?.querySelector('[name={name}]')")).await;
    let script = format!("const field = {DIALOG}.querySelector('[name={name}]'); field.value = arguments[0];");
    let () = browser.run(&script, &[json!(value)]).await;
}

/// Chooses a file with this text.
async fn choose(browser: &Browser, text: &str) {
    browser.wait_for("document.querySelector('#import-file') !== null").await;
    let script = "const [text] = arguments;
        const chosen = new DataTransfer();
        chosen.items.add(new File([text], 'children.csv', { type: 'text/csv' }));
        const input = document.querySelector('#import-file');
        input.files = chosen.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    let () = browser.run(script, &[json!(text)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_makes_a_group_enrols_a_child_and_says_that_it_is_away() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, DIRECTOR, "en", "/children").await;
    press(&browser, "New group").await;
    fill(&browser, "name", "Күншуақ").await;
    press(&browser, "Make").await;
    let word = browser.wait_for(&format!("{DIALOG}?.querySelector('.sheet-word').innerText")).await;
    assert_eq!(word, "This name is taken. Please choose another.");
    fill(&browser, "name", "Жұлдыз").await;
    press(&browser, "Make").await;
    unfold(&browser, "Жұлдыз").await;
    browser.wait_for("document.querySelector('.group .buttons') !== null").await;
    let () = browser.run("document.querySelector('.group .buttons button').click()", &[]).await;
    fill(&browser, "name", "<img src=x onerror=alert(1)>").await;
    press(&browser, "Enrol").await;
    let line = browser.wait_for("document.querySelector('.group .line')?.innerText").await;
    assert!(line.as_str().unwrap().starts_with("<img src=x onerror=alert(1)>\n\nno guardian linked yet"), "{line}");

    press(&browser, "Absent today").await;
    browser.wait_for("document.querySelector('.group .line .soft').innerText.startsWith('absent today')").await;
    press(&browser, "Is here").await;
    browser.wait_for("document.querySelector('.group .line .soft').innerText.startsWith('no guardian')").await;

    press(&browser, "More").await;
    press(&browser, "Leaves the kindergarten").await;
    fill(&browser, "last_day", "2026-11-30").await;
    press(&browser, "Save").await;
    browser.wait_for("document.querySelector('.group .line .soft').innerText.startsWith('last day: 30 November 2026')").await;
    press(&browser, "Remove the group").await;
    press(&browser, "Remove the group").await;
    let word = browser.wait_for(&format!("{DIALOG}?.querySelector('.sheet-word').innerText")).await;
    assert_eq!(word, "Children are in this group, or will be. Move them first.");
    assert_eq!(browser.console().await.len(), 2, "the two refusals");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_checked_row_by_row_then_brought_in_and_found_by_name() {
    let (gateway, browser, parent) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&parent, &gateway, PARENT, "ru", "/").await;
    enter(&browser, &gateway, DIRECTOR, "ru", "/children").await;
    press(&browser, "Загрузить список").await;
    choose(&browser, "Имя;Телефон\nАнна;1\n").await;
    let problem = browser.wait_for("document.querySelector('.console-problem')?.innerText").await;
    assert_eq!(problem, "В файле не нашлось столбца «Группа».");

    choose(&browser, "Имя;Группа;Дата\nАнна Ким;Жұлдыз;32.13.2026\n;Жұлдыз;\n").await;
    let flaws = browser.wait_for("document.querySelector('.import-flaws')?.innerText").await;
    assert_eq!(
        flaws,
        "Строка 2, «Первый день»: 32.13.2026 это не дата. Напишите так: 01.09.2026.\n\nСтрока 3, «ФИО ребёнка»: здесь ничего не написано."
    );
    assert_eq!(browser.wait_for("document.querySelector('#import-flaws').innerText").await, "В файле 2 ошибки");

    let mut list = "Имя;Группа;Родитель;Телефон\n".to_owned();
    for number in 0..300 {
        writeln!(list, "Ребёнок {number};Группа {};Родитель {number};8702{number:07}", number % 12).unwrap();
    }
    list.push_str("Алия Қасымова;Күншуақ;;87010000001\n");
    choose(&browser, &list).await;
    let makes = browser.wait_for("document.querySelector('.import-makes')?.innerText").await;
    assert!(makes.as_str().unwrap().starts_with("Новых детей: 301\nНовые группы: Группа 0, Группа 1, "), "{makes}");
    press(&browser, "Загрузить").await;
    browser.wait_for("[...document.querySelectorAll('h2')].some((title) => title.innerText === 'Готово')").await;
    // Her second child is on the parent's page at once.
    parent.wait_for("document.body.innerText.includes('Алия Қасымова')").await;
    press(&browser, "Вернуться к детям").await;
    browser.wait_for("document.querySelectorAll('.group').length === 15").await;

    browser.type_into("#children-search", "ребенок 2").await;
    browser.wait_for("document.querySelectorAll('.line').length === 40").await;
    browser.type_into("#children-search", "99").await;
    let line =
        browser.wait_for("document.querySelectorAll('.line').length === 1 && document.querySelector('.line-text').innerText").await;
    assert_eq!(line, "Ребёнок 299\n\nГруппа 11");
    // A group of a kindergarten of three hundred opens without a wait.
    let took: f64 = browser
        .run(
            "const search = document.querySelector('#children-search');
             search.value = '';
             search.dispatchEvent(new Event('input', { bubbles: true }));
             const before = performance.now();
             document.querySelector('.group-name').click();
             return performance.now() - before;",
            &[],
        )
        .await;
    println!("a group opens in {took} ms");
    assert!(took < 200.0, "{took} ms");
    assert_eq!(browser.console().await.len(), 1, "the file without a group was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inspector_reads_the_children_and_has_nothing_to_change_them_with() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, INSPECTOR, "kk", "/children").await;
    unfold(&browser, "Күншуақ").await;
    browser.wait_for("document.querySelectorAll('.group .line').length === 3").await;
    let buttons: Vec<String> = browser
        .run("return [...document.querySelectorAll('.console .line button')].map((button) => button.innerText.trim())", &[])
        .await;
    assert_eq!(buttons, ["Толығырақ"; 3]);
    press(&browser, "Толығырақ").await;
    browser.wait_for(&format!("{DIALOG}?.innerText.includes('2026 жылғы 1 қыркүйек бастап')")).await;
    assert_eq!(browser.console().await, Vec::<String>::new());
}
