//! A new kindergarten, from the operator's first press to a parent's first picture, through the pages alone. The people in it go by what
//! is written there. The pictures in README.md are taken here, with `TEREZE_SCREENSHOTS=1`.

use super::{Gateway, OPERATOR, hand::Hand};
use crate::world::{
    browser::{Browser, pictures_are_wanted},
    gateway::PASSWORD,
};
use futures::future::join_all;
use std::{fmt::Write, path::PathBuf};
use tereze::{
    clock::Clock,
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig},
};

const PLAYING: &str = "document.querySelector('.player')?.dataset.phase === 'playing'";
const LINK: &str = "document.querySelector('.link-text')?.innerText";

const ROOMS: [(&str, &str, Scene); 3] =
    [("Айгүл", "Playroom", Scene::Playroom), ("Жұлдыз", "Music room", Scene::Music), ("Бөбек", "Dining room", Scene::Dining)];

const FIRST_NAMES: [&str; 12] =
    ["Аружан", "Алихан", "Айша", "Ерасыл", "София", "Нұрислам", "Медина", "Тимур", "Аянат", "Дамир", "Ева", "Санжар"];
const GUARDIANS: [&str; 7] = ["Айнұр", "Ержан", "Гүлмира", "Руслан", "Динара", "Олег", "Сәуле"];
const LAST_NAMES: [&str; 5] = ["Ахмет", "Серік", "Ким", "Болат", "Иванов"];

#[tokio::test(flavor = "multi_thread")]
async fn a_kindergarten_is_set_up_through_the_pages_alone() {
    let gateway = Gateway::start().await;
    let cameras =
        join_all(ROOMS.map(|(_, _, scene)| SimulatedCamera::start(SimulatedCameraConfig::new(scene, Clock::system())))).await;
    let (operator, director, parent) = (Browser::start().await, Browser::start().await, Browser::start().await);
    director.look(1280, 800, false).await;
    parent.look(390, 844, false).await;

    let link = adds_the_kindergarten(&gateway, &operator).await;
    comes_in(&director, &link).await;
    let hand = Hand(&director);
    hand.read("On the way to the first picture").await;
    keep(&director, "first-steps").await;

    brings_the_children_in(&hand).await;
    for ((group, name, _), camera) in ROOMS.into_iter().zip(&cameras) {
        adds_a_camera(&hand, group, name, camera.as_ref().unwrap()).await;
    }
    sets_the_hours(&hand).await;
    let letter = invites_everybody(&hand).await;

    hand.press("Today").await;
    hand.read("Here today: 20 of 20.").await;
    let left: u32 = director.run("return document.querySelectorAll('.steps').length", &[]).await;
    assert_eq!(left, 0, "nothing is left to do");

    comes_in(&parent, &letter).await;
    parent.press(".player-play").await;
    parent.wait_for(PLAYING).await;
    Hand(&parent).read("Live").await;
    keep(&parent, "parent").await;
    // The director sees at once who watches.
    hand.read("1 person is watching now").await;
    hand.read("Айнұр Ахмет").await;
    hand.press("Watch all").await;
    director.wait_for("document.querySelectorAll('.player[data-phase=playing]').length === 3").await;
    keep(&director, "today").await;
    for browser in [&operator, &director, &parent] {
        assert_eq!(browser.console().await, Vec::<String>::new());
    }
}

/// The operator logs in, adds the kindergarten with its director, and has a link to hand over.
async fn adds_the_kindergarten(gateway: &Gateway, operator: &Browser) -> String {
    let hand = Hand(operator);
    operator.go(&gateway.url("/")).await;
    hand.press("English").await;
    hand.fill("Phone or e-mail", OPERATOR).await;
    hand.fill("Password", PASSWORD).await;
    hand.press("Log in").await;
    hand.press("Kindergartens").await;
    hand.press("Add a kindergarten").await;
    hand.fill("Kindergarten’s name", "Айгөлек").await;
    hand.fill("District", "Алматы, Медеу ауданы").await;
    hand.fill("BIN (12 digits)", "123456789012").await;
    hand.fill("Name of the person", "Динара Оразова").await;
    hand.fill("Phone or e-mail", "+7 701 900 00 01").await;
    hand.fill("Language", "English").await;
    hand.press("Add").await;
    operator.wait_for(LINK).await.as_str().unwrap().to_owned()
}

/// Whoever was handed `link` opens it and chooses a password.
async fn comes_in(browser: &Browser, link: &str) {
    let hand = Hand(browser);
    browser.go(link).await;
    hand.press("English").await;
    hand.fill("Choose a password", "a window of my own").await;
    hand.press("Save the password and log in").await;
    hand.read("Айгөлек").await;
}

/// Sixty children in three groups, each with a guardian, from one file.
async fn brings_the_children_in(hand: &Hand<'_>) {
    let mut list = "Child;Group;First day;Guardian;Phone\n".to_owned();
    for number in 0..60 {
        let (first, last) = (FIRST_NAMES[number % 12], LAST_NAMES[number / 12]);
        let (group, guardian) = (ROOMS[number % 3].0, GUARDIANS[number % 7]);
        writeln!(list, "{first} {last};{group};01.09.2026;{guardian} {last};8702{number:07}").unwrap();
    }
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("children.csv");
    std::fs::write(&file, list).unwrap();

    hand.press("Groups and children").await;
    hand.press("Import a list").await;
    hand.choose_file("File with the list", &file).await;
    hand.read("New children: 60").await;
    hand.read("New groups: Айгүл, Жұлдыз, Бөбек").await;
    keep(hand.0, "import").await;
    hand.press("Import").await;
    hand.read("Done").await;
    hand.press("Back to the children").await;
    hand.read("20 children").await;
}

/// Tests the camera of a room before it is saved, and sees its picture after.
async fn adds_a_camera(hand: &Hand<'_>, group: &str, name: &str, camera: &SimulatedCamera) {
    hand.press("Cameras").await;
    hand.press("Add a camera").await;
    hand.fill("Camera’s name", name).await;
    hand.fill("Whose room it shows", group).await;
    hand.fill("Address of the main stream", camera.main_url().as_str()).await;
    hand.fill("Address of the sub stream", camera.sub_url().as_str()).await;
    hand.fill("Camera’s user name", "camera").await;
    hand.fill("Password", "window").await;
    if group == ROOMS[0].0 {
        hand.press("Test").await;
        hand.read("Main stream").await;
        hand.read("Sub stream").await;
        let () = hand.0.run("document.querySelector('.camera-test').scrollIntoView({ block: 'end' })", &[]).await;
        keep(hand.0, "camera").await;
    }
    hand.press("Save").await;
    hand.closed().await;
    hand.read(name).await;
    hand.0.wait_for("document.querySelector('.camera-card .player[data-phase=playing]') !== null").await;
}

/// Monday to Friday, nine to six.
async fn sets_the_hours(hand: &Hand<'_>) {
    hand.press("Hours").await;
    hand.press("Change: Monday").await;
    hand.press("Add a time").await;
    hand.fill("From, time 1", "09:00").await;
    hand.fill("To, time 1", "18:00").await;
    for day in ["Tuesday", "Wednesday", "Thursday", "Friday"] {
        hand.press(day).await;
    }
    hand.press("Save").await;
    hand.closed().await;
    hand.read("09:00–18:00").await;
}

/// Makes all links, prints them, and takes the first letter's.
async fn invites_everybody(hand: &Hand<'_>) -> String {
    hand.press("People").await;
    hand.press("Invite everybody").await;
    hand.read("60 people get a link").await;
    hand.press("Make the links").await;
    hand.read("The links are ready").await;
    // A page that prints waits for somebody at the printer.
    let () = hand.0.run("window.print = () => { document.body.dataset.printed = ''; }", &[]).await;
    hand.press("Print the letters: 60").await;
    hand.0.wait_for("document.body.dataset.printed === ''").await;
    let letters: Vec<String> =
        hand.0.run("return [...document.querySelectorAll('.letter-link')].map((link) => link.textContent)", &[]).await;
    assert_eq!(letters.len(), 60);
    hand.press("Done").await;
    hand.closed().await;
    letters.into_iter().next().unwrap()
}

/// Takes a picture for README.md, for those who ask for it.
async fn keep(browser: &Browser, name: &str) {
    if pictures_are_wanted() {
        let screens = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/screens");
        browser.screenshot(&screens.join(format!("{name}.png"))).await;
    }
}
