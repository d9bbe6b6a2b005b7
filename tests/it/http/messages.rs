//! A link is sent by SMS or e-mail; what cannot be sent is said, and nothing is lost.

use super::{
    elsewhere::{MARAT, OTHER},
    invitations::{Office, choose, look},
    people::{ASEL, GULNAR},
};
use crate::world::{
    api::Visitor,
    gateway::Gateway,
    log::Log,
    ports::unused_address,
    post_office::{MailServer, SmsGateway},
};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tempfile::TempDir;

const SECRET: &str = "Bearer of-the-sms-gateway";

/// The part of the configuration that names both, on this machine.
const MESSAGES: &str = r#"
    [messages.sms]
    url = "http://{sms}/send"
    header = "X-Secret"
    secret_file = "{secret}"
    [messages.email]
    server = "127.0.0.1"
    port = {mail}
    tls = "none"
    from = "Балбөбек <tereze@balbobek.kz>"
"#;

async fn gateway_with(sms: SocketAddr, mail: SocketAddr) -> Gateway {
    gateway_on("sqlite:tereze.db", sms, mail, |config| config).await
}

/// A gateway with both, on this database, and with what `change` makes of its configuration.
pub(super) async fn gateway_on(
    database: &str,
    sms: SocketAddr,
    mail: SocketAddr,
    change: impl FnOnce(String) -> String,
) -> Gateway {
    let folder = TempDir::new().unwrap();
    let secret = folder.path().join("sms.secret");
    std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let more = MESSAGES.replace("{sms}", &sms.to_string()).replace("{mail}", &mail.port().to_string());
    let more = more.replace("{secret}", secret.to_str().unwrap());
    Gateway::start_as(database, |config| change(config) + &more).await
}

async fn send(office: &Office, account: &str, way: &str) -> Value {
    office.director.post(&format!("/api/v1/people/{account}/invitation"), json!({ "way": way })).await.ok(201).json()
}

/// The secret in the last line of a message.
fn secret_of(text: &str) -> String {
    text.trim().lines().last().unwrap().trim().split_once("/invite#").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_link_reaches_a_telephone_in_the_persons_language_and_is_shown_to_nobody_else() {
    let log = Log::of_this_process();
    let (sms, mail) = (SmsGateway::start().await, MailServer::start().await);
    let gateway = gateway_with(sms.address, mail.address).await;
    let office = Office::of(&gateway, GULNAR).await;
    let olga = office.person("Ольга Ким").await;
    assert_eq!(olga["ways"], json!(["print", "sms"]));
    let made = send(&office, olga["account"].as_str().unwrap(), "sms").await;
    assert_eq!((&made["sent"], &made["link"], &made["qr"]), (&json!(true), &Value::Null, &Value::Null));

    let (header, body) = sms.taken().pop().unwrap();
    assert_eq!((header.as_str(), &body["to"]), (SECRET, &json!("+77010000003")));
    let text = body["text"].as_str().unwrap();
    assert!(text.starts_with("Балбөбек. Задайте новый пароль."), "{text}");
    let secret = secret_of(text);
    look(&Visitor::stranger(&gateway), &secret).await.ok(200);
    gateway.stop().await;
    let written = log.text();
    assert!(!written.contains(&secret) && !written.contains(SECRET), "a secret is in the log");
}

#[tokio::test]
async fn a_link_reaches_a_mailbox() {
    let (sms, mail) = (SmsGateway::start().await, MailServer::start().await);
    let gateway = gateway_with(sms.address, mail.address).await;
    let office = Office::of(&gateway, GULNAR).await;
    let tie = office.add("Әмина Қасымова", "Роза Әбенова", "Roza@Example.kz").await.ok(201).json();
    let account = tie["account"].as_str().unwrap();
    assert_eq!(office.person("Роза Әбенова").await["ways"], json!(["print", "email"]));
    assert_eq!(send(&office, account, "email").await["sent"], true);
    let letter = mail.taken().pop().unwrap();
    assert_eq!(letter.to, "roza@example.kz");
    let roza = Visitor::stranger(&gateway);
    choose(&roza, &secret_of(&letter.text), "a window of my own").await.ok(200);
    assert_eq!(roza.me().await["children"][0]["name"], "Әмина Қасымова");

    let way = json!({ "way": "sms" });
    let refused = office.director.post(&format!("/api/v1/people/{account}/invitation"), way).await.refused(400, "bad_field");
    assert_eq!(refused.json()["field"], "way", "who logs in with an address has no telephone here");
    gateway.stop().await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_and_can_be_handed_over() {
    let (sms, mail) = (SmsGateway::start().await, MailServer::start().await);
    let gateway = gateway_with(sms.address, mail.address).await;
    let office = Office::of(&gateway, GULNAR).await;
    let olga = office.account("Ольга Ким").await;
    for (status, code) in
        [(503, "message_unreachable"), (429, "message_unreachable"), (400, "message_refused"), (302, "message_refused")]
    {
        sms.answers(status);
        let made = send(&office, &olga, "sms").await;
        assert_eq!((&made["sent"], &made["not_sent"]), (&json!(false), &json!(code)), "{status}");
        look(&Visitor::stranger(&gateway), made["link"].as_str().unwrap().split_once('#').unwrap().1).await.ok(200);
    }
    let tie = office.add("Әмина Қасымова", "Никто", "nobody@example.kz").await.ok(201).json();
    let made = send(&office, tie["account"].as_str().unwrap(), "email").await;
    assert_eq!((&made["sent"], &made["not_sent"]), (&json!(false), &json!("message_refused")));
    assert!(made["link"].is_string() && made["qr"].is_string());
    gateway.stop().await;

    let nobody = unused_address();
    let gateway = gateway_with(nobody, nobody).await;
    let office = Office::of(&gateway, GULNAR).await;
    let made = send(&office, &office.account("Ольга Ким").await, "sms").await;
    assert_eq!((&made["sent"], &made["not_sent"]), (&json!(false), &json!("message_unreachable")));
    assert!(made["link"].is_string());
    gateway.stop().await;
}

#[tokio::test]
async fn a_parent_of_two_kindergartens_is_sent_a_link_that_no_director_sees() {
    let (sms, mail) = (SmsGateway::start().await, MailServer::start().await);
    let mut gateway = gateway_with(sms.address, mail.address).await;
    gateway.add(OTHER).await;
    let (gulnar, marat) = (Office::of(&gateway, GULNAR).await, Office::of(&gateway, MARAT).await);
    marat.add("Жанель Иманова", "Әсел", ASEL).await.ok(201);
    let asel = gulnar.person("Әсел Қасымова").await;
    assert_eq!(asel["ways"], json!(["sms"]));
    let account = asel["account"].as_str().unwrap();
    sms.answers(500);
    let failed = send(&gulnar, account, "sms").await;
    assert_eq!((&failed["sent"], &failed["link"], &failed["qr"]), (&json!(false), &Value::Null, &Value::Null));
    sms.answers(200);
    assert_eq!(send(&marat, account, "sms").await["sent"], true);
    let (_, body) = sms.taken().pop().unwrap();
    look(&Visitor::stranger(&gateway), &secret_of(body["text"].as_str().unwrap())).await.ok(200);
    gateway.stop().await;
}
