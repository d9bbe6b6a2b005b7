//! Cameras for tests: real ones made by `GStreamer`, and somebody who watches what comes from any of them.

use super::ports::unused_address;
use jiff::Timestamp;
use std::{process::Stdio, time::Duration};
use tereze::{
    id::CameraId,
    media::{CameraSource, Credentials, Frame, FrameKind, FrameSink, Health, Quality, SoundCodec, Transport, run_camera},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::mpsc,
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;
use url::Url;

/// How long anything may take; it is reached only when a test fails.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// The source of a camera whose main stream is at `url`.
pub fn source(url: Url, username: &str, password: &str, transport: Transport) -> CameraSource {
    let credentials = Some(Credentials { username: username.into(), password: password.into() });
    CameraSource { camera: CameraId::new(Timestamp::UNIX_EPOCH), main: url, sub: None, credentials, transport }
}

enum Event {
    Frame(Frame),
    Health(Health),
}

struct Sink(mpsc::UnboundedSender<Event>);

impl FrameSink for Sink {
    fn sound(&mut self, _: Option<SoundCodec>) {}

    fn gap(&mut self) {}

    fn frame(&mut self, frame: Frame) {
        let _ = self.0.send(Event::Frame(frame));
    }

    fn clock(&mut self, _: Timestamp) {}

    fn health(&mut self, health: Health) {
        let _ = self.0.send(Event::Health(health));
    }
}

/// Somebody who watches a camera.
pub struct Watcher {
    events: mpsc::UnboundedReceiver<Event>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Watcher {
    pub fn start(source: CameraSource, quality: Quality) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let stop = CancellationToken::new();
        let task = tokio::spawn(run_camera(source, quality, Sink(sender), stop.clone()));
        Self { events, stop, task }
    }

    /// Waits until the camera is so, and passes over everything before.
    pub async fn wait_for(&mut self, health: Health) {
        loop {
            match self.next().await {
                Event::Health(seen) if seen == health => return,
                _ => {}
            }
        }
    }

    /// How the first try ends.
    pub async fn health_after_connecting(&mut self) -> Health {
        loop {
            match self.next().await {
                Event::Health(health) if health != Health::Connecting => return health,
                _ => {}
            }
        }
    }

    /// The next frame of video.
    pub async fn picture(&mut self) -> Frame {
        self.frame(|kind| matches!(kind, FrameKind::Video { .. })).await
    }

    /// The next frame of sound.
    pub async fn sound(&mut self) -> Frame {
        self.frame(|kind| matches!(kind, FrameKind::Sound { .. })).await
    }

    async fn frame(&mut self, wanted: impl Fn(&FrameKind) -> bool) -> Frame {
        loop {
            match self.next().await {
                Event::Frame(frame) if wanted(&frame.kind) => return frame,
                _ => {}
            }
        }
    }

    async fn next(&mut self) -> Event {
        timeout(PATIENCE, self.events.recv()).await.expect("nothing comes from the camera").expect("the task has ended")
    }

    /// Stops watching, and waits until the camera has been told.
    pub async fn stop(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.task).await.expect("it does not stop").expect("it panicked");
    }
}

/// A camera made by `GStreamer`; it is killed when it is dropped.
pub struct GstCamera {
    process: Child,
    pub port: u16,
}

impl GstCamera {
    pub const USERNAME: &str = "viewer";
    pub const PASSWORD: &str = "p@ss/w%rd";

    /// Starts one.
    pub async fn start() -> Self {
        Self::start_on(unused_address().port()).await
    }

    /// Starts it again where an earlier one was killed.
    pub async fn start_on(port: u16) -> Self {
        Self::start_set(port, "h264").await
    }

    /// The same, set to this codec: `h264` or `h265`.
    pub async fn start_set(port: u16, codec: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/world/rtsp_server.py");
        let mut process = Command::new("/usr/bin/python3")
            .args([script, &port.to_string(), Self::USERNAME, Self::PASSWORD, codec])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python3 is there");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let line = timeout(PATIENCE, lines.next_line()).await.expect("it starts").expect("it writes");
        Self { process, port: line.expect("the GStreamer RTSP server is installed").parse().expect("a port") }
    }

    pub fn url(&self, path: &str) -> Url {
        format!("rtsp://127.0.0.1:{}/{path}", self.port).parse().expect("a URL")
    }

    /// Its stream at `path`.
    pub fn source(&self, path: &str, transport: Transport) -> CameraSource {
        source(self.url(path), Self::USERNAME, Self::PASSWORD, transport)
    }

    /// `kill -9`; gives the port, so that it can come back.
    pub async fn kill(mut self) -> u16 {
        self.process.kill().await.expect("it runs");
        self.port
    }
}
