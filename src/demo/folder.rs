//! The demo's data folder: what it writes there at the first start, and reuses at the next.

use super::{
    camera::{Scene, SimulatedCamera, SimulatedCameraConfig},
    seed::{self, CameraAt},
};
use crate::clock::Clock;
use anyhow::{Context, bail};
use jiff::tz::TimeZone;
use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

/// What the demo writes; `--reset` takes these away and nothing else.
const OWN: [&str; 7] = ["tereze.toml", "site.toml", "cameras.toml", "tereze.key", "tereze.db", "tereze.db-wal", "tereze.db-shm"];

/// The data folder.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if need be; takes away what an earlier demo left there when `reset` says so.
    pub(super) fn open(path: &Path, reset: bool) -> anyhow::Result<Self> {
        let folder = Self(path.to_owned());
        if reset {
            for file in OWN.map(|name| path.join(name)) {
                match fs::remove_file(&file) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => bail!("{}: {error}", file.display()),
                    _ => {}
                }
            }
        }
        fs::create_dir_all(path).with_context(|| path.display().to_string())?;
        let config = folder.config();
        if !config.exists() {
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
            let port = known.get(scene.name()).copied().unwrap_or(0);
            let config = SimulatedCameraConfig {
                listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
                zone: TimeZone::get(seed::ZONE)?,
                ..SimulatedCameraConfig::new(scene, clock.clone())
            };
            let camera = SimulatedCamera::start(config).await.with_context(|| {
                format!(
                    "the simulated camera '{}' cannot listen on port {port}; is another demo running? --reset takes new ports",
                    scene.name()
                )
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

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| path.display().to_string())
}
