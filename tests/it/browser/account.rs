//! The own account: the code at log-in from its set-up to its use, and the devices.

use super::{DIRECTOR, PARENT, enter, examiner::Examiner, leave};
use crate::world::{
    authenticator::Authenticator,
    browser::Browser,
    gateway::{Gateway, PASSWORD},
};
use jiff::SignedDuration;

/// Fills in the form of the log-in.
async fn log_in(browser: &Browser, login: &str) {
    browser.type_into("#login", login).await;
    browser.type_into("#password", PASSWORD).await;
    browser.press("[type=submit]").await;
}

/// What the heading of the dialog that is open says.
const DIALOG: &str = "document.querySelector('dialog[open] h2')?.innerText";

/// The key that the dialog shows, as an address.
async fn scan(browser: &Browser) -> Authenticator {
    let key = browser.wait_for("document.querySelector('.factor-key')?.innerText").await;
    browser.wait_for("document.querySelector('.factor-qr')?.naturalWidth > 0").await;
    let key = key.as_str().unwrap().replace(' ', "");
    Authenticator::scan(&format!("otpauth://totp/Tereze:director?secret={key}&issuer=Tereze"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_sets_up_the_code_before_anything_opens_and_logs_in_with_it() {
    let (gateway, browser, examiner) = (Gateway::start_strict().await, Browser::start().await, Examiner::new());
    let mut findings = Vec::new();
    leave(&browser, &gateway, "kk").await;
    log_in(&browser, DIRECTOR).await;
    browser.wait_for("document.querySelector('h1')?.innerText === 'Бастар алдында тағы бір қадам'").await;
    browser.wait_for("document.querySelector('.sections') === null && document.querySelector('.walls') === null").await;
    findings.extend(examiner.look(&browser, "factor-needed", "kk").await);

    browser.press(".page .primary").await;
    findings.extend(examiner.look(&browser, "factor-apps", "kk").await);
    browser.press("dialog [type=submit]").await;
    let app = scan(&browser).await;
    findings.extend(examiner.look(&browser, "factor-scan", "kk").await);
    browser.type_into("#factor-code", "000000").await;
    browser.press("dialog[open] [type=submit]").await;
    let word = browser.wait_for("document.querySelector('dialog[open] .sheet-word').innerText").await;
    assert_eq!(word, "Код дұрыс емес не бұрын жазылған. Келесісін күтіп, қайталап көріңіз.");
    let () = browser.run("document.querySelector('#factor-code').value = ''", &[]).await;
    browser.type_into("#factor-code", &app.code(gateway.clock.now())).await;
    browser.press("dialog[open] [type=submit]").await;
    browser.wait_for(&format!("{DIALOG} === 'Қосалқы кодтарды сақтап қойыңыз'")).await;
    let codes = browser.wait_for("[...document.querySelectorAll('.factor-codes li')].map((code) => code.innerText)").await;
    assert_eq!(codes.as_array().unwrap().len(), 10);
    // The page behind has opened by itself.
    browser.wait_for("document.querySelectorAll('.today-card').length === 4").await;
    // The browser tells of the wrong code as well.
    findings.extend(examiner.look(&browser, "factor-codes", "kk").await.into_iter().filter(|line| !line.contains("403")));
    browser.press("dialog[open] .sheet-buttons .quiet").await;
    browser.wait_for("document.querySelector('dialog[open]') === null").await;

    leave(&browser, &gateway, "ru").await;
    log_in(&browser, DIRECTOR).await;
    browser.wait_for("document.querySelector('h1')?.innerText === 'Код подтверждения'").await;
    browser.wait_for("document.activeElement?.id === 'code'").await;
    findings.extend(examiner.look(&browser, "login-code", "ru").await.into_iter().filter(|line| !line.contains("401")));
    browser.type_into("#code", "000000").await;
    browser.press("[type=submit]").await;
    let word = browser.wait_for("document.querySelector('.login-word').innerText").await;
    assert_eq!(word, "Код не подходит или уже использован. Дождитесь следующего и попробуйте ещё раз.");
    gateway.clock.advance(SignedDuration::from_secs(30));
    browser.type_into("#code", &app.code(gateway.clock.now())).await;
    browser.press("[type=submit]").await;
    browser.wait_for("document.querySelectorAll('.today-card').length === 4").await;

    // Without the telephone, a recovery code.
    leave(&browser, &gateway, "en").await;
    log_in(&browser, DIRECTOR).await;
    browser.press(".login-other button:first-child").await;
    browser.wait_for("document.querySelector('label[for=code]').innerText === 'Recovery code'").await;
    browser.type_into("#code", codes[0].as_str().unwrap()).await;
    browser.press("[type=submit]").await;
    browser.wait_for("document.querySelectorAll('.today-card').length === 4").await;
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_signs_another_device_out_and_changes_the_password() {
    let (gateway, here, there) = (Gateway::start().await, Browser::start().await, Browser::start().await);
    enter(&there, &gateway, PARENT, "ru", "/").await;
    gateway.clock.advance(SignedDuration::from_mins(3));
    enter(&here, &gateway, PARENT, "ru", "/account").await;
    here.wait_for("document.querySelectorAll('.account .line').length === 2").await;
    let first = here.wait_for("document.querySelector('.account .line').innerText").await;
    assert_eq!(first, "Chrome · Linux Это устройство\n\nС 10:34");
    let second = here.wait_for("document.querySelector('.account .line:last-child .line-text').innerText").await;
    // Its page may have asked for something since.
    assert!(second.as_str().unwrap().starts_with("Chrome · Linux\n\nС 10:31\n\nПоследний раз: 10:3"), "{second}");
    here.press(".account .line:last-child button").await;
    here.press("dialog[open] [type=submit]").await;
    here.wait_for("document.querySelectorAll('.account .line').length === 1").await;
    there
        .wait_for("document.querySelector('.login-word')?.innerText === 'Вы вышли из системы. Чтобы продолжить, войдите снова.'")
        .await;

    here.press(".account .card:nth-of-type(2) button").await;
    here.type_into("#old-password", "not this one").await;
    here.type_into("#new-password", "мой новый пароль").await;
    here.press("dialog[open] [type=submit]").await;
    let word = here.wait_for("document.querySelector('dialog[open] .sheet-word').innerText").await;
    assert_eq!(word, "Текущий пароль не подходит. Проверьте и попробуйте ещё раз.");
    let () = here.run("document.querySelector('#old-password').value = ''", &[]).await;
    here.type_into("#old-password", PASSWORD).await;
    here.press("dialog[open] [type=submit]").await;
    here.wait_for("document.querySelector('dialog') === null").await;
    here.wait_for("document.querySelectorAll('.account .line').length === 1").await;
}
