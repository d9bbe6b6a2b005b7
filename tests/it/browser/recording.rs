//! A director says what is recorded, and is told what will not fit.

use super::{DIRECTOR, enter};
use crate::world::{browser::Browser, gateway::Gateway, shed};
use tereze::{args, db::Queries, id::CameraId};

#[tokio::test(flavor = "multi_thread")]
async fn a_director_gives_a_camera_a_rule_of_its_own_and_takes_it_back() {
    let (gateway, director) = (Gateway::start().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/settings").await;
    let line = "document.querySelector('.recording-rules .line .soft')?.innerText";
    assert_eq!(director.wait_for(line).await, "As for all cameras");
    director.press(".recording-rules .line button").await;
    director.press(".sheet .choice > :last-child").await;
    let () = director.run("document.querySelector('#recording-days').value = ''", &[]).await;
    director.type_into("#recording-days", "45").await;
    director.press(".sheet [type=submit]").await;
    director.wait_for(&format!("{line} === 'Large picture · kept for 45 days'")).await;
    director.press(".recording-rules .line button").await;
    director.press(".sheet .choice > :first-child").await;
    director.press(".sheet [type=submit]").await;
    director.wait_for(&format!("{line} === 'As for all cameras'")).await;
    gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_director_is_told_on_the_first_page_that_recordings_will_not_fit() {
    let (gateway, director) = (Gateway::start_recording().await, Browser::start().await);
    enter(&director, &gateway, DIRECTOR, "en", "/").await;
    director.wait_for("document.querySelector('.today-cards') !== null && document.querySelector('.shortfall') === null").await;
    let camera: Option<(CameraId,)> = gateway.db().row("select id from cameras where name = 'Аула'", args![]).await.unwrap();
    shed::claim(gateway.db(), camera.unwrap().0, gateway.clock.now(), 10_000_000_000).await;
    gateway.app().keeper.round().await.unwrap();
    let told = director.wait_for("document.querySelector('.shortfall')?.innerText").await;
    let told = told.as_str().unwrap();
    assert!(told.starts_with("The disk holds ") && told.contains(" of 30 days of recordings") && told.contains("Аула"), "{told}");
    gateway.stop().await;
}
