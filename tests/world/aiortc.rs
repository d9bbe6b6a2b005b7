//! A player that nobody here wrote: aiortc, which does WHEP and WebRTC in Python.

use super::camera::PATIENCE;
use serde_json::Value;
use std::process::Stdio;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
    sync::watch,
    time::timeout,
};

/// A player; it is killed when it is dropped, and says no goodbye.
pub struct Aiortc {
    _process: Child,
    seen: watch::Receiver<Value>,
}

impl Aiortc {
    /// Plays what is at the WHEP address for `seconds` from the first picture on, and then hangs up.
    pub async fn play(whep: &str, token: &str, seconds: u32) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/world/whep_client.py");
        let mut process = Command::new("/usr/bin/python3")
            .args([script, whep, &seconds.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python3 is there");
        process.stdin.take().unwrap().write_all(token.as_bytes()).await.unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (says, seen) = watch::channel(Value::Null);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                says.send_replace(serde_json::from_str(&line).unwrap());
            }
        });
        Self { _process: process, seen }
    }

    /// What it has seen by now.
    pub fn now(&self) -> Value {
        self.seen.borrow().clone()
    }

    /// What it has seen by the time that `enough` holds.
    pub async fn until(&mut self, enough: impl FnMut(&Value) -> bool) -> Value {
        if let Ok(Ok(seen)) = timeout(PATIENCE, self.seen.wait_for(enough)).await {
            return seen.clone();
        }
        panic!("it has seen only {}", self.now())
    }
}
