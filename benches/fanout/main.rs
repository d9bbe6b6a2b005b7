//! How many viewers a core carries, and how well: Tereze beside Janus, on the same camera, in the same run.
//!
//! ```sh
//! cargo bench --bench fanout              # everything, a quarter of an hour
//! cargo bench --bench fanout -- steady    # some scenes: steady cold joins rush hostile climb browser churn cameras
//! ```
//!
//! It needs root for its network namespace, and Debian's package janus. The server has one core; the camera and the viewers have the other.
//! A camera sends 1280 × 720 at 25 pictures and 2 Mbit/s with a key frame every 2 s. What is counted is the server's own user and system time.

#![allow(missing_docs, unreachable_pub, reason = "a program, not a library")]
#![allow(clippy::cast_precision_loss, clippy::print_stdout, reason = "tables of counts, for people")]

mod browser;
#[path = "../../tests/world/browser.rs"]
#[allow(dead_code, clippy::unwrap_used, clippy::pedantic, reason = "the tests' own, of which some is used here")]
mod chromium;
mod floor;
mod gateway;
mod janus;
mod measure;
mod place;
mod process;
mod scenes;
mod server;
mod table;

use clap::Parser;
use gateway::Gateway;
use janus::{CameraAt, Janus};
use place::{ADDRESS, SERVER_CORE};
use server::Server;
use std::{path::Path, time::Duration};
use tereze::{
    clock::Clock,
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig},
};

const BIT_RATE: u32 = 2_000_000;
/// More parents than any scene has.
const PARENTS: usize = 1_600;
/// A feed runs on for ten seconds after its last viewer.
const COLD: Duration = Duration::from_secs(11);

#[derive(Debug, Parser)]
struct Cli {
    /// Which scenes [default: all].
    scenes: Vec<String>,
    /// Leaves the peer out.
    #[arg(long)]
    alone: bool,
    /// The most viewers that are tried.
    #[arg(long, default_value_t = 1_500)]
    most: usize,
    /// How long Chromium watches, in seconds.
    #[arg(long, default_value_t = 60)]
    browser: u64,
    /// How long viewers come and go, in seconds.
    #[arg(long, default_value_t = 120)]
    churn: u64,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    if std::env::args().nth(1).is_some_and(|first| first == floor::SENDER) {
        return floor::send();
    }
    let cli = Cli::parse();
    place::enter()?;
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(run(cli))
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let wanted = |scene: &str| cli.scenes.is_empty() || cli.scenes.iter().any(|one| one == scene);
    let folder = tempfile::tempdir()?;
    let camera = [camera(Scene::Playroom).await?];
    if wanted("steady") {
        tokio::task::block_in_place(|| scenes::floor(&[100, 200, 300]))?;
    }

    if !cli.alone && ["steady", "joins"].into_iter().any(wanted) {
        let address = CameraAt { url: camera[0].main_url().to_string(), username: "camera".into(), password: "window".into() };
        for (name, loops) in [("janus", None), ("janus, 2 event loops", Some(2))] {
            let its = folder.path().join(name);
            std::fs::create_dir(&its)?;
            let janus = Janus::start(&address, ADDRESS.into(), loops, SERVER_CORE, &its).await?;
            println!("\nJanus {}", janus.version());
            let janus = Server::Janus(janus, name);
            if wanted("steady") {
                scenes::steady(&janus, &[100, 200]).await?;
            }
            if wanted("joins") && loops.is_none() {
                scenes::joins(&janus, 50).await?;
            }
        }
    }

    let tereze = Server::Tereze(Gateway::start(folder.path(), &camera, PARENTS, 5_000).await?);
    if wanted("cold") {
        scenes::cold(&tereze, 3, COLD).await?;
    }
    if wanted("joins") {
        scenes::joins(&tereze, 50).await?;
    }
    if wanted("steady") {
        scenes::steady(&tereze, &[50, 100, 200, 300]).await?;
    }
    if wanted("rush") {
        scenes::rush(&tereze, 200).await?;
    }
    if wanted("hostile") {
        scenes::hostile(&tereze, 50).await?;
    }
    if wanted("climb") {
        let steps: Vec<usize> = [50, 300, 600, 1_000, 1_500].into_iter().filter(|viewers| *viewers <= cli.most).collect();
        scenes::climb(&tereze, &steps).await?;
    }
    if wanted("browser") {
        browser::beside(&tereze, 200, cli.browser).await?;
    }
    if wanted("churn") {
        scenes::churn(&tereze, 100.0, cli.churn).await?;
    }
    drop(tereze);
    if wanted("cameras") {
        many_cameras(folder.path()).await?;
    }
    Ok(())
}

/// The same number of viewers, spread over many cameras.
async fn many_cameras(folder: &Path) -> anyhow::Result<()> {
    let mut cameras = Vec::new();
    for _ in 0..50 {
        cameras.push(camera(Scene::Playroom).await?);
    }
    let server = Server::Tereze(Gateway::start(folder, &cameras, PARENTS, 5_000).await?);
    println!("\n50 cameras, 4 viewers each:");
    scenes::steady(&server, &[50, 200]).await
}

async fn camera(scene: Scene) -> std::io::Result<SimulatedCamera> {
    let config = SimulatedCameraConfig::new(scene, Clock::system());
    SimulatedCamera::start(SimulatedCameraConfig { bit_rate: Some(BIT_RATE), sound: false, ..config }).await
}
