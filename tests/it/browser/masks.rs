//! What a director covers is covered in the pixels of every page, from the first frame on and at once.

use super::{DIRECTOR, INSPECTOR, PARENT, enter};
use crate::world::{
    api::{Visitor, eventually},
    browser::Browser,
    gateway::Gateway,
};
use serde_json::{Value, json};
use tereze::args;

const PHASE: &str = "return document.querySelector('.player').dataset.phase";

/// What is on the screen where the picture is, as 40 × 20 colours: what a person sees, whatever the page is made of.
struct Look(Vec<[i32; 3]>);

impl Look {
    const COLUMNS: usize = 40;

    async fn at(browser: &Browser) -> Self {
        let place = "const { x, y, width, height } = document.querySelector('.player-picture').getBoundingClientRect();
            return { x: x + scrollX, y: y + scrollY, width, height, scale: 1 };";
        let clip: Value = browser.run(place, &[]).await;
        let shot = browser.devtools("Page.captureScreenshot", json!({ "clip": clip })).await;
        let colours = "
            const image = new Image();
            image.src = `data:image/png;base64,${arguments[0]}`;
            await image.decode();
            const paper = new OffscreenCanvas(40, 20).getContext('2d');
            paper.drawImage(image, 0, 0, 40, 20);
            const { data } = paper.getImageData(0, 0, 40, 20);
            return Array.from({ length: 800 }, (_, at) => [...data.subarray(4 * at, 4 * at + 3)]);";
        Self(browser.run(colours, &[shot["data"].clone()]).await)
    }

    /// The upper part of one side, without what stands in the middle and the buttons below.
    fn side(&self, left: bool) -> Vec<[i32; 3]> {
        let columns = if left { 1..12 } else { 28..39 };
        (1..12).flat_map(|row| columns.clone().map(move |column| row * Self::COLUMNS + column)).map(|at| self.0[at]).collect()
    }

    /// Whether one side has one colour.
    fn is_plain(&self, left: bool) -> bool {
        let side = self.side(left);
        side.iter().all(|colour| differs(*colour, side[0]) <= 6)
    }

    /// Whether one side looks the same in both.
    fn is_same(&self, other: &Self, left: bool) -> bool {
        self.side(left).iter().zip(other.side(left)).all(|(one, other)| differs(*one, other) <= 6)
    }
}

fn differs(one: [i32; 3], other: [i32; 3]) -> i32 {
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).max().unwrap()
}

/// Lets pictures carry no name: it wanders over what is covered, too.
async fn without_watermark(gateway: &Gateway) {
    gateway.db().execute("update kindergartens set watermark = 'off'", args![]).await.unwrap();
}

/// The director of the kindergarten, and the address at which areas of the playroom's picture are covered.
async fn director(gateway: &Gateway) -> (Visitor, String) {
    let director = Visitor::log_in(gateway, DIRECTOR).await;
    let camera = director.camera("Ойын бөлмесі").await;
    (director, format!("/api/v1/cameras/{camera}/masks"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_covered_is_never_seen_and_what_is_covered_now_is_gone_at_once() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    without_watermark(&gateway).await;
    let (director, masks) = director(&gateway).await;
    director.put(&masks, json!({ "masks": [[0, 0, 500, 1000]] })).await.ok(200);
    // A window that holds the whole picture.
    browser.look(1280, 900, false).await;
    enter(&browser, &gateway, PARENT, "en", "/").await;
    browser.wait_for("document.querySelector('.player-play') !== null").await;

    // From before the press until long after the first frame: the left is the scene before the picture, or plain.
    let scene = Look::at(&browser).await;
    assert!(!scene.is_plain(true), "the scene before the picture has several colours");
    browser.press(".player-play").await;
    let mut played = Vec::new();
    for _ in 0..400 {
        let look = Look::at(&browser).await;
        assert!(look.is_plain(true) || look.is_same(&scene, true), "something of what is covered was seen");
        let phase: String = browser.run(PHASE, &[]).await;
        if phase == "playing" {
            played.push(look);
        }
        if played.len() == 12 {
            break;
        }
    }
    let last = played.last().expect("a picture");
    assert!(last.is_plain(true) && !last.is_plain(false), "the left is covered, and the right is not");
    assert!(played.iter().any(|look| !look.is_same(last, false)), "the right moves");

    // The director covers the other side instead: the page follows without a reload.
    let () = browser.run("window.same = true", &[]).await;
    director.put(&masks, json!({ "masks": [[500, 0, 500, 1000]] })).await.ok(200);
    eventually("the right is covered", async || Look::at(&browser).await.is_plain(false).then_some(())).await;
    let look = Look::at(&browser).await;
    assert!(look.is_plain(false) && !look.is_plain(true), "the right is covered, and the left is seen again");
    assert!(browser.wait_for("window.same").await == true, "the page was not loaded anew");

    // Full screen on a telephone that is held upright, with bars above and below the picture, and back.
    browser.look(390, 844, false).await;
    let () = browser.run("document.querySelector('.player-controls button:last-child').click()", &[]).await;
    browser.wait_for("document.querySelector('.player').dataset.fills === 'true'").await;
    let edges = "const edges = (selector) => JSON.stringify(document.querySelector(selector).getBoundingClientRect());
        return [edges('.player video') === edges('.player-masks'), document.querySelector('.player video').offsetWidth, document.querySelector('.player video').offsetHeight]";
    let (same, width, height): (bool, u32, u32) = browser.run(edges, &[]).await;
    assert_eq!((same, width, height), (true, 390, 219));
    let look = Look::at(&browser).await;
    assert!(look.is_plain(false) && !look.is_plain(true), "in full screen as well");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_its_own_is_offered_only_where_nothing_lies_over_the_video() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    // Whatever this machine's browser can do, the page is told that it can.
    let able = "Object.defineProperty(Document.prototype, 'pictureInPictureEnabled', { get: () => true });";
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": able })).await;
    let buttons =
        "[...document.querySelectorAll('.player-control')].map((button) => button.ariaLabel).includes('Picture in picture')";
    let shut = "document.querySelector('.player video').disablePictureInPicture";
    enter(&browser, &gateway, PARENT, "en", "/").await;
    browser.press(".player-play").await;
    browser.wait_for("document.querySelector('tereze-watermark') !== null").await;
    assert_eq!(browser.wait_for(&format!("{shut} && !{buttons}")).await, true, "the watermark would be missing there");

    without_watermark(&gateway).await;
    let (director, masks) = director(&gateway).await;
    director.put(&masks, json!({ "masks": [[0, 0, 500, 1000]] })).await.ok(200);
    browser.wait_for("document.querySelector('tereze-watermark') === null").await;
    assert_eq!(browser.wait_for(&format!("{shut} && !{buttons}")).await, true, "what is covered would not be");
    director.put(&masks, json!({ "masks": [] })).await.ok(200);
    browser.wait_for(&format!("!{shut} && {buttons}")).await;
}

/// Presses keys in what has the focus, as a keyboard does.
async fn keys(browser: &Browser, key: &str, shift: bool, times: u32) {
    for _ in 0..times {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "code": key, "modifiers": if shift { 8 } else { 0 } });
            browser.devtools("Input.dispatchKeyEvent", event).await;
        }
    }
}

/// The numbers below the picture.
async fn numbers(browser: &Browser) -> Vec<Vec<f64>> {
    let read = "return [...document.querySelectorAll('.masks-numbers')]
        .map((area) => [...area.querySelectorAll('input')].map((input) => input.valueAsNumber))";
    browser.run(read, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_draws_areas_with_the_keyboard_and_the_mouse_and_an_inspector_reads_them() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, DIRECTOR, "en", "/cameras").await;
    let open = "[data-camera] [aria-label='Covered areas: Ойын бөлмесі']";
    browser.press(open).await;
    // The picture plays without another press.
    browser.wait_for("document.querySelector('.masks .player')?.dataset.phase === 'playing'").await;
    assert!(numbers(&browser).await.is_empty());

    browser.press(".masks .buttons button").await;
    assert_eq!(browser.wait_for("document.activeElement.dataset.place").await, "0", "the new area has the focus");
    keys(&browser, "ArrowLeft", false, 5).await;
    keys(&browser, "ArrowDown", true, 2).await;
    assert_eq!(numbers(&browser).await, [[30.0, 35.0, 30.0, 32.0]]);
    let said = browser.wait_for("document.querySelector('.masks [role=status]').innerText").await;
    assert_eq!(said, "Area 1: 30% from the left, 35% from the top, 30% wide, 32% high");
    browser.press(".masks .buttons button:nth-child(2)").await;
    assert_eq!(numbers(&browser).await, [[35.0, 35.0, 30.0, 30.0]], "one step back for all of it");

    // A second one by the mouse, from its lower right corner to the upper left.
    let place = "const { left, top, width, height } = document.querySelector('.masks-areas').getBoundingClientRect();
        return [[left + 0.25 * width, top + 0.2 * height], [left + 0.05 * width, top + 0.1 * height]]";
    let corners: Vec<(f64, f64)> = browser.run(place, &[]).await;
    for (kind, (x, y)) in [("mousePressed", corners[0]), ("mouseMoved", corners[1]), ("mouseReleased", corners[1])] {
        let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
        browser.devtools("Input.dispatchMouseEvent", event).await;
    }
    let drawn = numbers(&browser).await;
    let near = |one: f64, other: f64| (one - other).abs() < 1.0;
    assert!(drawn.len() == 2 && drawn[1].iter().zip([5.0, 10.0, 20.0, 10.0]).all(|(is, was)| near(*is, was)), "{drawn:?}");

    // Numbers are as good as a mouse, and more than fits is not taken.
    let write = "const input = document.querySelector('.masks-numbers input');
        input.value = '95';
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    let () = browser.run(write, &[]).await;
    assert_eq!(numbers(&browser).await[0], [70.0, 35.0, 30.0, 30.0]);
    let () = browser.run("document.querySelector('.masks li:nth-child(2) button').click()", &[]).await;
    assert_eq!(numbers(&browser).await, [[70.0, 35.0, 30.0, 30.0]]);
    browser.press(".sheet [type=submit]").await;
    browser.wait_for("document.querySelector('dialog.sheet') === null").await;
    let card = "document.querySelector('.camera-card .player-masks') !== null
        && [...document.querySelectorAll('.camera-card .soft')].some((line) => line.innerText === '1 area is covered')";
    browser.wait_for(card).await;
    assert_eq!(browser.console().await, Vec::<String>::new());

    enter(&browser, &gateway, INSPECTOR, "en", "/cameras").await;
    browser.press(open).await;
    let read = browser.wait_for("document.querySelector('.masks-list')?.innerText").await;
    assert_eq!(read, "Area 1: 70% from the left, 35% from the top, 30% wide, 30% high");
    assert_eq!(
        browser.wait_for("document.querySelector('.sheet [type=submit], .masks input, .masks [tabindex]') === null").await,
        true
    );
}
