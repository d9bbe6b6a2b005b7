//! The whole gateway on loopback: a kindergarten declared in `site.toml`, simulated cameras, and a clock that the test holds.

use super::ports::unused_address;
use std::path::PathBuf;
use tempfile::TempDir;
use tereze::{
    app::{App, Running, Start},
    apply::{self, Mode},
    clock::Clock,
    config::Config,
    db::{self, Db},
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig, VideoFormat},
    id::CameraId,
    model::RecordingRule,
};

/// Everybody's password in `site.toml`.
pub const PASSWORD: &str = "tereze-test";

const SITE: &str = include_str!("site.toml");

const CONFIG: &str = r#"
    [server]
    listen = "127.0.0.1:{port}"
    public_url = "http://127.0.0.1:{port}"
    plain_http = true
    [database]
    url = "{database}"
    [media]
    udp_port = 0
    addresses = ["127.0.0.1"]
    [cameras]
    allow_loopback = true
    look_minutes = 0
    [recordings]
    enabled = false
    [secrets]
    key_file = "tereze.key"
    [auth]
    second_factor = "offered"
"#;

/// A gateway that runs until it is dropped.
pub struct Gateway {
    /// Its time.
    pub clock: Clock,
    /// The camera of the room, the only one that the group Күншуақ has.
    pub playroom: SimulatedCamera,
    /// The camera of the yard.
    pub yard: SimulatedCamera,
    running: Running,
    site: String,
    folder: TempDir,
}

/// The database of a gateway that has stopped.
pub struct Kept {
    pub url: String,
    _folder: TempDir,
}

impl Kept {
    /// Opens it.
    pub async fn db(&self) -> Db {
        Db::open(&self.url).await.unwrap()
    }
}

impl Gateway {
    /// Starts one on the Monday of `site.toml`, at 10:31 in Almaty.
    pub async fn start() -> Self {
        Self::start_on("sqlite:tereze.db").await
    }

    /// The same on another database.
    pub async fn start_on(database: &str) -> Self {
        Self::start_as(database, |config| config).await
    }

    /// The same with another configuration: what `change` makes of it.
    pub async fn start_with(change: impl FnOnce(String) -> String) -> Self {
        Self::start_as("sqlite:tereze.db", change).await
    }

    /// The same, and it records.
    pub async fn start_recording() -> Self {
        Self::start_with(|config| config.replace("enabled = false", "enabled = true")).await
    }

    /// The same, and by the clock of the machine: what is recorded takes its time.
    pub async fn start_recording_now() -> Self {
        let recording = |config: String| config.replace("enabled = false", "enabled = true");
        Self::start_now("sqlite:tereze.db", recording).await
    }

    /// One by the clock of the machine, on this database and with what `change` makes of the configuration.
    pub async fn start_now(database: &str, change: impl FnOnce(String) -> String) -> Self {
        Self::start_at(Clock::system(), database, change).await
    }

    /// The same where directors, inspectors and operators must have a second factor.
    pub async fn start_strict() -> Self {
        Self::start_with(|config| config.replace("\"offered\"", "\"required\"")).await
    }

    /// The same on another database, with another configuration.
    pub async fn start_as(database: &str, change: impl FnOnce(String) -> String) -> Self {
        Self::start_at(Clock::held("2026-11-23T05:31:00Z".parse().unwrap()), database, change).await
    }

    async fn start_at(clock: Clock, database: &str, change: impl FnOnce(String) -> String) -> Self {
        // Small pictures: a busy machine draws them in time.
        let camera = |scene| {
            let main = VideoFormat { width: 640, height: 360, rate: 15 };
            let sub = VideoFormat { width: 320, height: 180, rate: 10 };
            // Their clock is the machine's: their pictures tell when they were taken.
            SimulatedCamera::start(SimulatedCameraConfig { main, sub, ..SimulatedCameraConfig::new(scene, Clock::system()) })
        };
        let (playroom, yard) = (camera(Scene::Playroom).await.unwrap(), camera(Scene::Yard).await.unwrap());
        let site = SITE.replace("{playroom}", &playroom.address().to_string()).replace("{yard}", &yard.address().to_string());
        let site = site.replace("{nobody}", &unused_address().to_string());

        let folder = TempDir::new().unwrap();
        let file = folder.path().join("tereze.toml");
        let config = CONFIG.replace("{port}", &unused_address().port().to_string()).replace("{database}", database);
        std::fs::write(&file, change(config)).unwrap();
        let config = Config::read(&file).unwrap();
        let running = App::start(Start { config, clock: clock.clone(), tls: None }).await.unwrap();
        let gateway = Self { clock, playroom, yard, running, site, folder };
        gateway.apply(&gateway.site).await;
        gateway
    }

    /// Its parts.
    pub fn app(&self) -> &App {
        &self.running.app
    }

    /// Its database.
    pub fn db(&self) -> &Db {
        &self.running.app.db
    }

    /// Ends it in good order.
    pub async fn stop(self) {
        self.running.shutdown().await;
    }

    /// Ends it in good order, and leaves its database.
    pub async fn stop_and_keep(self) -> Kept {
        let url = self.running.app.config.database.url.clone();
        self.running.shutdown().await;
        Kept { url, _folder: self.folder }
    }

    /// Says whether `camera` is recorded.
    pub async fn record(&self, camera: CameraId, recorded: bool) {
        let db = self.db();
        let kindergarten = db::cameras::kindergarten(db, camera).await.unwrap().unwrap();
        let rule = RecordingRule { recorded, ..RecordingRule::DEFAULT };
        let tx = db.begin().await.unwrap();
        db::recording_rules::set(&tx, kindergarten, Some(camera), Some(rule), self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    /// Does what `tereze apply` does with `site.toml` after `old` in it has become `new`.
    pub async fn change(&mut self, old: &str, new: &str) {
        assert!(self.site.contains(old), "site.toml has no {old}");
        self.site = self.site.replace(old, new);
        self.apply(&self.site).await;
    }

    /// The same after `more` was written to its end.
    pub async fn add(&mut self, more: &str) {
        self.site.push_str(more);
        self.apply(&self.site).await;
    }

    async fn apply(&self, site: &str) {
        let app = &self.running.app;
        let file: PathBuf = self.folder.path().join("site.toml");
        std::fs::write(&file, site).unwrap();
        apply::apply(&app.db, &app.secrets, &app.clock, &file, Mode::Perform).await.unwrap();
    }
}
