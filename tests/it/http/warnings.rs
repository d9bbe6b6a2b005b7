//! A director is told by message what is missing of recordings: once a day, and not at night.

use super::{
    messages::gateway_on,
    people::{ASEL, GULNAR},
};
use crate::world::{
    api::{Visitor, eventually},
    databases,
    gateway::Gateway,
    post_office::{MailServer, SmsGateway},
    shed,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tereze::{args, db::Queries, id::CameraId};

/// Lets hours pass, until the gateway has told so many things; gives the last of them.
async fn after(gateway: &Gateway, sms: &SmsGateway, hours: i64, count: usize) -> Value {
    gateway.clock.advance(SignedDuration::from_hours(hours));
    let told = eventually("it is told", || async { Some(sms.taken()).filter(|taken| taken.len() >= count) }).await;
    assert_eq!(told.len(), count, "{told:?}");
    told.last().unwrap().1.clone()
}

async fn a_director_is_told_on(database: &str) {
    let (sms, mail) = (SmsGateway::start().await, MailServer::start().await);
    let recording = |config: String| config.replace("enabled = false", "enabled = true");
    let gateway = gateway_on(database, sms.address, mail.address, recording).await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let account = director.me().await["account"]["id"].clone();
    let bedroom: CameraId = director.camera("Жатын бөлме").await.parse().unwrap();
    shed::claim(gateway.db(), bedroom, gateway.clock.now(), 10_000_000_000).await;
    gateway.app().keeper.round().await.unwrap();

    // It is 11:31 in Almaty: the disk is too small for what that camera sends.
    let told = after(&gateway, &sms, 1, 1).await;
    assert_eq!(told["to"], GULNAR);
    let text = told["text"].as_str().unwrap();
    assert!(text.starts_with("Балбөбек. Дискіге 30 күннің ") && text.ends_with(&gateway.url("/")), "{text}");
    // 17:31: it has not been recorded for seven hours. The disk is no news.
    let told = after(&gateway, &sms, 6, 2).await;
    let text = told["text"].as_str().unwrap();
    assert!(text.starts_with("Балбөбек. 6 сағаттан бері жазылмай тұр: ") && text.contains("Жатын бөлме"), "{text}");
    // The clock is doubted from 21:31 on, and nobody is woken for it; 08:31.
    gateway.clock.advance(SignedDuration::from_hours(4));
    gateway.clock.set(gateway.clock.now() + SignedDuration::from_hours(3));
    gateway.app().keeper.round().await.unwrap();
    let told = after(&gateway, &sms, 8, 3).await;
    assert!(told["text"].as_str().unwrap().starts_with("Балбөбек. Сервердің сағаты қате"), "{told}");
    shed::claim(gateway.db(), bedroom, gateway.clock.now(), 10_000_000_000).await;
    gateway.app().keeper.round().await.unwrap();
    // 11:31: a day later the disk is told of once more.
    let told = after(&gateway, &sms, 3, 4).await;
    assert!(told["text"].as_str().unwrap().starts_with("Балбөбек. Дискіге 30 күннің "), "{told}");

    let sql = "select record from audit_records where action = 'directors_warned' order by position";
    let records: Vec<(String,)> = gateway.db().rows(sql, args![]).await.unwrap();
    let records: Vec<Value> = records.iter().map(|(record,)| serde_json::from_str(record).unwrap()).collect();
    let matters: Vec<&str> = records.iter().map(|record| record["details"]["matter"].as_str().unwrap()).collect();
    assert_eq!(matters, ["room", "silent", "clock", "room"]);
    assert_eq!(records[0]["details"]["cameras"], json!([bedroom]));
    assert_eq!(records[0]["details"]["accounts"], json!([account]));
    assert!(mail.taken().is_empty() && sms.taken().iter().all(|(_, body)| body["to"] != ASEL), "nobody else is told");
    gateway.stop().await;
}

#[tokio::test]
async fn a_director_is_told_by_message_what_is_missing_of_recordings_once_a_day_and_not_at_night() {
    a_director_is_told_on("sqlite:tereze.db").await;
}

#[tokio::test]
async fn a_director_is_told_by_message_on_postgresql_as_well() {
    a_director_is_told_on(&databases::postgres().await.url).await;
}
