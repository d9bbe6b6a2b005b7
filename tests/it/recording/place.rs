//! A folder in which a gateway runs as a process of its own.

use super::story::camera;
use crate::world::process::done;
use std::{fs, path::Path};
use tempfile::TempDir;
use tereze::{
    clock::Clock,
    db::Db,
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig, VideoFormat},
    id::CameraId,
};

const CONFIG: &str = r#"
    [database]
    url = "{database}"
    [server]
    listen = "127.0.0.1:0"
    [media]
    udp_port = 0
    addresses = ["127.0.0.1"]
    [cameras]
    allow_loopback = true
    [recordings]
    folder = "disk/recordings"
    reserve_mb = 0
"#;

const SITE: &str = r#"
    [[kindergarten]]
    key = "a"
    name = "A"
    zone = "Asia/Almaty"
    [[kindergarten.camera]]
    key = "yard"
    name = "Yard"
    sound = true
    main = "rtsp://{camera}/main"
    username = "camera"
    password = "window"
"#;

/// A gateway's folder, and its camera.
pub(super) struct Place {
    folder: TempDir,
    database: String,
    pub(super) camera: SimulatedCamera,
}

impl Place {
    /// Whose recordings lie encrypted.
    pub(super) async fn with_key() -> Self {
        let place = Self::new().await;
        let config = place.path().join("tereze.toml");
        let text = fs::read_to_string(&config).unwrap();
        fs::write(config, format!("{text}key_file = \"recordings.key\"\n")).unwrap();
        assert!(
            done(place.path(), &["keys", "add-recording-key"], "").await.starts_with("new recordings are encrypted with the key ")
        );
        place
    }

    /// With a database of its own.
    pub(super) async fn new() -> Self {
        Self::on("sqlite:tereze.db", None).await
    }

    /// On this database, with a camera of so many bits a second.
    pub(super) async fn on(database: &str, bit_rate: Option<u32>) -> Self {
        let main = VideoFormat { width: 320, height: 180, rate: 10 };
        let config = SimulatedCameraConfig { main, bit_rate, ..SimulatedCameraConfig::new(Scene::Yard, Clock::system()) };
        let camera = SimulatedCamera::start(config).await.unwrap();
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("disk")).unwrap();
        fs::write(folder.path().join("tereze.toml"), CONFIG.replace("{database}", database)).unwrap();
        fs::write(folder.path().join("site.toml"), SITE.replace("{camera}", &camera.address().to_string())).unwrap();
        done(folder.path(), &["apply", "site.toml"], "").await;
        let database = database.replace("sqlite:", &format!("sqlite:{}/", folder.path().display()));
        Self { folder, database, camera }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its database, and its camera.
    pub(super) async fn db(&self) -> (Db, CameraId) {
        let db = Db::open(&self.database).await.unwrap();
        let camera = camera(&db, "Yard").await;
        (db, camera)
    }
}
