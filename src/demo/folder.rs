//! The demo's data folder: what it writes there at the first start, and reuses at the next.

use super::{
    PORTS_TRIED,
    camera::{Scene, SimulatedCamera, SimulatedCameraConfig},
    seed::{self, CameraAt},
};
use crate::{clock::Clock, random, recording::encryption::Keys};
use anyhow::{Context, bail};
use jiff::tz::TimeZone;
use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

/// What the demo writes; `--reset` takes these away and nothing else.
const OWN: [&str; 9] = [
    "tereze.toml",
    "site.toml",
    "cameras.toml",
    "tereze.key",
    "recordings.key",
    "tereze.db",
    "tereze.db-wal",
    "tereze.db-shm",
    "recordings",
];

/// The data folder.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if need be; takes away what an earlier demo left there when `reset` says so.
    pub(super) fn open(path: &Path, reset: bool) -> anyhow::Result<Self> {
        let folder = Self(path.to_owned());
        if reset {
            for file in OWN.map(|name| path.join(name)) {
                match if file.is_dir() { fs::remove_dir_all(&file) } else { fs::remove_file(&file) } {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => bail!("{}: {error}", file.display()),
                    _ => {}
                }
            }
        }
        fs::create_dir_all(path).with_context(|| path.display().to_string())?;
        let config = folder.config();
        if !config.exists() {
            Keys::add(&path.join("recordings.key"))?;
            write(&config, include_str!("tereze.toml"))?;
        }
        Ok(folder)
    }

    /// The configuration's path.
    pub(super) fn config(&self) -> PathBuf {
        self.0.join("tereze.toml")
    }

    /// The path of `site.toml`.
    pub(super) fn site(&self) -> PathBuf {
        self.0.join("site.toml")
    }

    /// Starts one simulated camera a scene, each on the port that it had before.
    pub(super) async fn start_cameras(&self, clock: &Clock) -> anyhow::Result<Vec<(Scene, SimulatedCamera)>> {
        let path = self.0.join("cameras.toml");
        let known: BTreeMap<String, u16> =
            if path.exists() { toml::from_str(&fs::read_to_string(&path)?)? } else { BTreeMap::new() };
        let mut cameras = Vec::new();
        for scene in Scene::ALL {
            let camera = match known.get(scene.name()) {
                Some(&port) => start_camera(scene, port, clock).await,
                None => start_new_camera(scene, clock).await,
            };
            let camera = camera.with_context(|| {
                format!("the simulated camera '{}' cannot start; is another demo running? --reset takes new ports", scene.name())
            })?;
            cameras.push((scene, camera));
        }
        let ports: BTreeMap<&str, u16> = cameras.iter().map(|(scene, camera)| (scene.name(), camera.address().port())).collect();
        write(&path, &toml::to_string(&ports)?)?;
        Ok(cameras)
    }

    /// Writes `site.toml`, or renews the part of it that has had its time.
    pub(super) fn write_site(&self, cameras: &[(Scene, SimulatedCamera)], clock: &Clock) -> anyhow::Result<()> {
        let path = self.site();
        let text = if path.exists() {
            seed::renew(&fs::read_to_string(&path)?, clock.now())?
        } else {
            let asked = SimulatedCameraConfig::new(Scene::Yard, clock.clone());
            let (username, password) = (&*asked.username, &*asked.password);
            let cameras: Vec<CameraAt<'_>> = cameras
                .iter()
                .map(|(scene, camera)| CameraAt { scene: *scene, address: camera.address(), username, password })
                .collect();
            seed::site(&self.0.display().to_string(), &cameras, clock.now())?
        };
        write(&path, &text)
    }
}

/// Starts a camera on a port that the next start will most likely find free again: one of those that Linux does not give to
/// outgoing connections.
async fn start_new_camera(scene: Scene, clock: &Clock) -> anyhow::Result<SimulatedCamera> {
    const FIRST: u16 = 16_384;
    let mut tried = 0;
    loop {
        let port = FIRST + u16::from_be_bytes(random::bytes()) % FIRST;
        tried += 1;
        match start_camera(scene, port, clock).await {
            Err(_) if tried < PORTS_TRIED => {}
            started => return started,
        }
    }
}

async fn start_camera(scene: Scene, port: u16, clock: &Clock) -> anyhow::Result<SimulatedCamera> {
    let config = SimulatedCameraConfig {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        zone: TimeZone::get(seed::ZONE)?,
        ..SimulatedCameraConfig::new(scene, clock.clone())
    };
    SimulatedCamera::start(config).await.with_context(|| format!("cannot listen on port {port}"))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| path.display().to_string())
}
