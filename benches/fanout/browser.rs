//! Chromium among the viewers: what a real decoder makes of the stream.

use crate::{
    chromium::Browser,
    gateway::{DIRECTOR, PASSWORD},
    measure::{come, settle},
    scenes::{OPEN_EVERY, RATE, leave},
    server::Server,
    table::{columns, heading, row},
};
use serde_json::{Value, json};
use std::time::Duration;
use tereze::load::Crowd;

/// Keeps the page's peer connections where they can be asked.
const KEEP: &str = "
    window.peers = [];
    window.RTCPeerConnection = class extends window.RTCPeerConnection {
        constructor(...all) { super(...all); window.peers.push(this); }
    };
";

const LOG_IN: &str = "
    const [login, password] = arguments;
    await fetch('/api/v1/login', {
        method: 'POST', body: JSON.stringify({ login, password }), headers: { 'Content-Type': 'application/json' },
    });
    localStorage.setItem('tereze.in', '');
";

const STATS: &str = "
    const report = await window.peers.at(-1).getStats();
    return [...report.values()].find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
";

/// Chromium watches for `seconds` beside `viewers` others.
pub async fn beside(server: &Server, viewers: usize, seconds: u64) -> anyhow::Result<()> {
    let Server::Tereze(gateway) = server else { return Ok(()) };
    heading(&format!("tereze: Chromium for {seconds} s beside {viewers} viewers"));
    columns(&["packets received", "lost", "frames decoded", "dropped", "freezes", "NACKs", "PLIs", "decoded a second"]);
    let crowd = Crowd::start(OPEN_EVERY, false)?;
    let watching = come(server, &crowd, 0..viewers, RATE).await?;
    settle(&crowd, viewers).await?;
    let browser = Browser::start().await;
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": KEEP })).await;
    browser.go(gateway.page()).await;
    let () = browser.run(LOG_IN, &[json!(DIRECTOR), json!(PASSWORD)]).await;
    browser.go(gateway.page()).await;
    browser.press(".player-play").await;
    browser.wait_for("document.querySelector('.player').dataset.phase === 'playing'").await;
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let stats: Value = browser.run(STATS, &[]).await;
    let count = |name: &str| stats[name].as_u64().unwrap_or_default();
    let shown = ["packetsReceived", "packetsLost", "framesDecoded", "framesDropped", "freezeCount", "nackCount", "pliCount"];
    let mut cells: Vec<String> = shown.iter().map(|name| count(name).to_string()).collect();
    cells.push(format!("{:.1}", count("framesDecoded") as f64 / seconds.max(1) as f64));
    row(&cells);
    drop(browser);
    leave(server, &crowd, watching).await
}
