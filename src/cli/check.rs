//! `tereze check`: is everything in order, before anybody relies on it?

use super::print;
use crate::{
    apply, args,
    clock::Clock,
    config::Config,
    db::{Db, Queries, cameras},
    id::CameraId,
    media::{
        CameraSource, Quality, Transport,
        probe::{Probe, probe},
    },
    recording::encryption::{self, Keys, Missing},
    tls,
};
use anyhow::Context;
use futures::{StreamExt, stream};
use std::{collections::BTreeMap, fmt::Write, path::Path, process::ExitCode};

/// How many streams are looked at together: a small machine and an office's network bear that.
const AT_ONCE: usize = 4;

/// Checks what the configuration names, then looks at every stream of every camera: those of `site`, or those in the database.
pub(super) async fn check(config: &Config, site: Option<&Path>, clock: &Clock) -> anyhow::Result<ExitCode> {
    if let Some(files) = config.server.tls.as_ref().filter(|_| !config.server.plain_http) {
        tls::load(files).await?;
    }
    let cameras = match site {
        Some(site) => apply::check_file(site, clock)?,
        None => in_database(config).await?,
    };
    let missing = missing_keys(config, site.is_none()).await?;
    for missing in &missing {
        print(&format!("! {missing}"));
    }
    let looking_at = if cameras.len() == 1 { "1 camera".to_owned() } else { format!("{} cameras", cameras.len()) };
    print(&format!("the configuration is in order; looking at {looking_at}"));
    let streams = cameras.iter().flat_map(|(key, source)| {
        let sub = source.sub.as_ref().map(|_| (key, source, Quality::Sub));
        [Some((key, source, Quality::Main)), sub].into_iter().flatten()
    });
    let probes = streams.map(|(key, source, quality)| async move { (key, quality, probe(source, quality, clock).await) });
    let mut probes = stream::iter(probes).buffered(AT_ONCE);
    let mut wrong = 0_usize;
    while let Some((key, quality, probe)) = probes.next().await {
        wrong += usize::from(!probe.findings.is_empty());
        print(&described(key, quality, &probe)?);
    }
    print(&match wrong {
        0 => "\nevery stream is in order".to_owned(),
        1 => "\n1 stream is not in order".to_owned(),
        _ => format!("\n{wrong} streams are not in order"),
    });
    Ok(if wrong == 0 && missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What cannot be read of the recordings in the database. Keys that the configuration names and that are none are an error.
async fn missing_keys(config: &Config, in_database: bool) -> anyhow::Result<Vec<Missing>> {
    let keys = Keys::open(&config.recordings).context("[recordings] key_file cannot be used")?;
    if !in_database {
        return Ok(Vec::new());
    }
    let db = Db::open(&config.database.url).await?;
    let missing = encryption::missing(&db, &keys).await?;
    db.close().await;
    Ok(missing)
}

/// The cameras in the database, named by kindergarten and key.
async fn in_database(config: &Config) -> anyhow::Result<Vec<(String, CameraSource)>> {
    let db = Db::open(&config.database.url).await?;
    let sql = "select cameras.id, kindergartens.key, cameras.key from cameras join kindergartens on kindergartens.id = kindergarten_id \
               where cameras.removed_at is null";
    let rows: Vec<(CameraId, String, String)> = db.rows(sql, args![]).await?;
    let mut names: BTreeMap<CameraId, String> = rows.into_iter().map(|(id, home, key)| (id, format!("{home} {key}"))).collect();
    let sources = cameras::sources(&db, &config.secrets()?).await?;
    db.close().await;
    Ok(sources.into_iter().map(|source| (names.remove(&source.camera).unwrap_or_default(), source)).collect())
}

/// One stream in a few lines, without its address.
fn described(key: &str, quality: Quality, probe: &Probe) -> Result<String, std::fmt::Error> {
    let quality = match quality {
        Quality::Main => "main",
        Quality::Sub => "sub",
    };
    let mut text = format!("\n{key}, {quality} stream");
    let mut facts = Vec::new();
    facts.extend(
        probe.codec.clone().map(|codec| [Some(codec.as_str()), probe.profile].into_iter().flatten().collect::<Vec<_>>().join(" ")),
    );
    facts.extend(probe.resolution.map(|(width, height)| format!("{width}×{height}")));
    facts.extend(probe.frame_rate.map(|rate| format!("{rate:.1} pictures/s")));
    facts.extend(probe.key_frame_interval.map(|interval| format!("a key frame every {:.1} s", interval.as_secs_f64())));
    facts.extend(probe.bit_rate.map(|rate| format!("{} kbit/s", rate / 1000)));
    if probe.codec.is_some() {
        facts.push(if probe.b_frames { "B-frames" } else { "no B-frames" }.to_owned());
        facts.push(if probe.sound.is_empty() { "no sound".to_owned() } else { format!("sound {}", probe.sound.join(" or ")) });
    }
    facts.extend(probe.clock_ahead.map(|ahead| format!("clock {:+.1} s", ahead.as_secs_f64())));
    facts.extend(probe.transport.map(|transport| match transport {
        Transport::Tcp => "over TCP".to_owned(),
        Transport::Udp => "over UDP".to_owned(),
    }));
    if !facts.is_empty() {
        write!(text, "\n  {}", facts.join(", "))?;
    }
    for finding in &probe.findings {
        write!(text, "\n  ! {finding}")?;
    }
    if probe.findings.is_empty() {
        write!(text, "\n  in order")?;
    }
    Ok(text)
}
