//! `tereze-load`: how the gateway fares with many viewers, seen from their side; to be run before opening day.

use super::{
    Behaviour, Crowd, LoadError, Whep,
    people::{Person, Watchable},
};
use crate::clock::monotonic;
use anyhow::{Context, bail, ensure};
use clap::Parser;
use futures::{StreamExt, stream};
use std::{io::Write, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};
use url::Url;

/// How many ask at the same time, at most.
const AT_ONCE: usize = 32;
/// A view token lasts for ten minutes; it is renewed in time.
const RENEW: Duration = Duration::from_mins(8);

/// Watches with many viewers at once, and tells what arrives.
#[derive(Debug, Parser)]
#[command(name = "tereze-load", version, about)]
struct Cli {
    /// The gateway.
    #[arg(long, value_name = "URL")]
    url: Url,
    /// A file with a login and its password on each line, separated by a space. They take turns; an account watches as many streams at once as
    /// its kindergarten allows.
    #[arg(long, value_name = "FILE")]
    people: PathBuf,
    /// The camera to watch, by its name or id [default: each person's first].
    #[arg(long)]
    camera: Option<String>,
    /// How many viewers [default: one a person].
    #[arg(long)]
    viewers: Option<usize>,
    /// How many come each second.
    #[arg(long, default_value_t = 10)]
    rate: u32,
    /// How long they watch, in seconds, after the last one has come.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Every so-manieth viewer opens all its packets; the others only their first key frame.
    #[arg(long, default_value_t = 10)]
    open_every: usize,
    /// Takes packets from the kernel in bursts (UDP GRO): for more viewers on this machine, at the price of looking less like phones.
    #[arg(long)]
    join_packets: bool,
}

/// Runs the command line.
pub async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "tereze-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One who can watch.
struct Seat {
    person: Person,
    camera: Watchable,
    whep: Whep,
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    ensure!(cli.rate > 0, "--rate is how many viewers come each second, more than none");
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let people = std::fs::read_to_string(&cli.people).with_context(|| cli.people.display().to_string())?;
    let people: Vec<&str> = people.lines().filter(|line| !line.trim().is_empty()).collect();
    // Passwords cost the gateway time on purpose: a few at once.
    let seats: Vec<_> = stream::iter(&people).map(|line| seat(&cli, line)).buffered(4).collect().await;
    let seats: Vec<Arc<Seat>> = seats.into_iter().collect::<anyhow::Result<_>>()?;
    if seats.is_empty() {
        bail!("{} has nobody in it", cli.people.display());
    }
    let viewers = cli.viewers.unwrap_or(seats.len());
    let crowd = Arc::new(Crowd::start(cli.open_every, cli.join_packets)?);

    let began = monotonic();
    let coming = (0..viewers).map(|number| {
        let (seat, crowd) = (seats[number % seats.len()].clone(), crowd.clone());
        let due = began + Duration::from_secs(1) / cli.rate * u32::try_from(number).unwrap_or(u32::MAX);
        async move {
            tokio::time::sleep_until(due.into()).await;
            join(&seat, &crowd).await
        }
    });
    let joined: Vec<_> = stream::iter(coming).buffer_unordered(AT_ONCE).collect().await;
    let failed: Vec<String> = joined.iter().filter_map(|joined| Some(joined.as_ref().err()?.to_string())).collect();
    print(&format!("joined         {} of {viewers} in {:.1} s\n", viewers - failed.len(), began.elapsed().as_secs_f64()))?;
    for why in failed.iter().collect::<std::collections::BTreeSet<_>>() {
        print(&format!("not joined     {} times: {why}\n", failed.iter().filter(|one| *one == why).count()))?;
    }
    let arrived = crowd.figures();
    // Those who came last are let settle, and what they are sent first is not counted as delay.
    tokio::time::sleep(Duration::from_secs(2)).await;
    crowd.begin();
    tokio::time::sleep(Duration::from_secs(cli.seconds)).await;
    let mut figures = crowd.figures();
    figures.connected = arrived.connected;
    print(&figures.to_string())?;
    ensure!(figures.viewers >= viewers, "{} viewers are missing", viewers - figures.viewers);
    Ok(())
}

async fn seat(cli: &Cli, line: &str) -> anyhow::Result<Arc<Seat>> {
    let (login, password) = line.trim().split_once(' ').context("a line has a login and a password, with a space between them")?;
    let http = reqwest::Client::builder().no_proxy().cookie_store(true).build()?;
    let person = Person::log_in(&cli.url, http, login, password.trim()).await.with_context(|| login.to_owned())?;
    let wanted = |camera: &Watchable| cli.camera.as_ref().is_none_or(|wanted| *wanted == camera.id || *wanted == camera.name);
    let camera = person.cameras().await?.into_iter().find(wanted).with_context(|| format!("{login} has no such camera"))?;
    Ok(Arc::new(Seat { person, camera, whep: Whep::new(cli.url.clone(), None)? }))
}

/// Joins, and keeps the right to watch fresh for as long as the program runs.
async fn join(seat: &Arc<Seat>, crowd: &Crowd) -> Result<(), LoadError> {
    let token = seat.person.token().await?;
    let (offer, ours) = crowd.caller().offer();
    let asked = monotonic();
    let opened = seat.whep.open(&seat.camera.id, &token, offer).await?;
    crowd.join(crowd.caller().answered(&opened.answer, ours)?, asked, Behaviour::Honest)?;
    let seat = seat.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(RENEW).await;
            // What cannot be renewed ends, and is seen to.
            if let Ok(token) = seat.person.token().await {
                let _ = seat.whep.renew(&opened, &token).await;
            }
        }
    });
    Ok(())
}

fn print(text: &str) -> std::io::Result<()> {
    std::io::stdout().lock().write_all(text.as_bytes())
}
