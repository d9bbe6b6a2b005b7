//! `tereze-load`, against the whole gateway.

use crate::world::gateway::{Gateway, PASSWORD};
use std::{process::Stdio, time::Duration};
use tokio::{process::Command, time::timeout};

async fn load(gateway: &Gateway, people: &str, arguments: &[&str]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("people.txt"), people).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tereze-load"));
    command.args(["--url", &gateway.url("/"), "--people", "people.txt"]).args(arguments).current_dir(folder.path());
    let run = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = timeout(Duration::from_secs(60), run).await.expect("it does not end").unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_load_tool_watches_and_tells_what_arrives() {
    let gateway = Gateway::start().await;
    let people = format!("+77010000001 {PASSWORD}\n\n+77010000010 {PASSWORD}\n");
    let (went_well, said) = load(&gateway, &people, &["--seconds", "2", "--open-every", "1", "--camera", "Ойын бөлмесі"]).await;
    assert!(went_well, "{said}");
    assert!(said.contains("joined         2 of 2") && said.contains("viewers        2 connected, 0 ended"), "{said}");
    assert!(said.contains(", 0 lost") && said.contains("key frame after"), "{said}");
    assert!(!said.contains(PASSWORD), "{said}");
    gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_load_tool_says_who_could_not_watch_and_why() {
    let gateway = Gateway::start().await;
    // An account has one stream: the newer takes over, and two of three are ended.
    let (went_well, said) = load(&gateway, &format!("+77010000001 {PASSWORD}\n"), &["--seconds", "1", "--viewers", "3"]).await;
    assert!(!went_well && said.contains("viewers        1 connected, 2 ended by the server"), "{said}");
    let (went_well, said) = load(&gateway, &format!("+77010000003 {PASSWORD}\n"), &["--seconds", "1"]).await;
    assert!(!went_well && said.contains("refused with 403 paused"), "{said}");
    let (went_well, said) = load(&gateway, "+77010000001 guess\n", &[]).await;
    assert!(!went_well && said.contains("tereze-load: +77010000001: refused with 401") && !said.contains("guess"), "{said}");
    gateway.stop().await;
}
