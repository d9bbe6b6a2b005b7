//! `tereze demo`: one kindergarten to try everything in, with simulated cameras that speak real RTSP.
//!
//! It is applied through the same code as any other, from a `site.toml` that may be edited while the demo runs.

mod appeals;
pub mod camera;
mod consents;
mod folder;
mod seed;
mod staff;

use crate::{
    app::{App, Start},
    apply::{self, Mode},
    clock::Clock,
    config::Config,
    db::Db,
};
use anyhow::Context;
use folder::Folder;
use std::{
    fmt::Write as _,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
};
use tokio_util::sync::CancellationToken;
use url::Url;

/// How many ports after the one asked for are tried.
const PORTS_TRIED: u16 = 50;

/// How a demo is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// Where to listen; without one, port 8080 on loopback or the next free one.
    pub listen: Option<SocketAddr>,
    /// Starts afresh.
    pub reset: bool,
}

/// Runs the demo until `stop` is cancelled; `ready` is given what to show once it can be tried.
pub async fn run(options: Options, clock: Clock, stop: CancellationToken, ready: impl FnOnce(&str)) -> anyhow::Result<()> {
    let folder = Folder::open(&options.data, options.reset)?;
    let mut config = Config::read(&folder.config())?;
    crate::log::start(&config.log);
    config.server.listen = free_address(options.listen, config.server.listen)?;
    config.server.public_url = Url::parse(&format!("http://{}", config.server.listen))?;

    let cameras = folder.start_cameras(&clock).await?;
    folder.write_site(&cameras, &clock)?;
    let db = Db::open(&config.database.url).await?;
    apply::apply(&db, &config.secrets()?, &clock, &folder.site(), Mode::Perform).await?;
    consents::give(&db, &clock).await?;
    staff::place(&db, &clock).await?;
    appeals::seed(&db, clock.now()).await?;
    db.close().await;

    let running = App::start(Start { config, clock, tls: None }).await?;
    ready(&welcome(running.address, &options.data.display().to_string())?);
    stop.cancelled().await;
    running.shutdown().await;
    for (_, camera) in cameras {
        camera.stop().await;
    }
    Ok(())
}

/// The address asked for; without one, `usual` or the next on which nobody listens.
fn free_address(asked: Option<SocketAddr>, usual: SocketAddr) -> anyhow::Result<SocketAddr> {
    let listened = |address: SocketAddr| TcpListener::bind(address).and_then(|listener| listener.local_addr());
    if let Some(asked) = asked {
        return listened(asked).with_context(|| format!("cannot listen on {asked}"));
    }
    let mut ports = usual.port()..=usual.port().saturating_add(PORTS_TRIED);
    ports.find_map(|port| listened(SocketAddr::new(usual.ip(), port)).ok()).context("no free port; name one with --listen")
}

/// What somebody who starts the demo needs to know.
fn welcome(address: SocketAddr, folder: &str) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "\nTereze's demo is open at http://{address}\n")?;
    writeln!(text, "  {:<14}{:<18}{:<11}sees", "login", "name", "role")?;
    for (login, name, role, sees) in seed::PEOPLE {
        writeln!(text, "  {login:<14}{name:<18}{role:<11}{sees}")?;
    }
    writeln!(text, "\nEverybody's password is {}", seed::PASSWORD)?;
    writeln!(text, "Edit {folder}/site.toml and see it at once: tereze apply {folder}/site.toml --config {folder}/tereze.toml")?;
    if address.ip() != Ipv4Addr::LOCALHOST {
        writeln!(text, "Everybody who can reach {} can log in with the logins above.", address.ip())?;
    }
    writeln!(text, "Ctrl-C ends it; the next start goes on with the same data, --reset starts afresh.")?;
    Ok(text)
}
