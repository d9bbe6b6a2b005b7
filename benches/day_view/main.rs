//! How soon the page of a day has what fifty cameras recorded on it, asked of the release gateway over HTTP, when the index holds thirty
//! days of all of them.

#![allow(missing_docs, unreachable_pub, reason = "a program, not a library; criterion's macros make public items")]
#![allow(clippy::print_stdout, reason = "figures, for people")]

#[path = "../../tests/world/month.rs"]
#[allow(dead_code, unreachable_pub, clippy::pedantic, clippy::unwrap_used, reason = "made for tests, which need more of it")]
mod month;
#[path = "../fanout/process.rs"]
#[allow(dead_code, reason = "the other benchmark's own, of which some is used here")]
mod process;

use anyhow::Context;
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use process::Process;
use serde_json::{Value, json};
use std::{fmt::Write as _, fs, hint::black_box, path::Path, process::Command, time::Duration};
use tempfile::TempDir;
use tereze::{clock::monotonic, db::Db};
use tokio::runtime::Runtime;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tereze");
const ADDRESS: &str = "http://127.0.0.1:8091";
const CAMERAS: usize = 50;
const DAYS: i64 = 30;
/// The first day, and one in the middle.
const FIRST: &str = "2026-10-01";
const SHOWN: &str = "2026-10-15";
const PATIENCE: Duration = Duration::from_secs(20);
const CORE: usize = 0;
const BREATH: Duration = Duration::from_millis(100);

const CONFIG: &str = r#"
[server]
listen = "127.0.0.1:8091"
public_url = "http://127.0.0.1:8091"
plain_http = true
[recordings]
enabled = false
[auth]
second_factor = "offered"
[log]
level = "warn"
"#;

/// What a browser asks with.
struct Page {
    http: reqwest::Client,
    day: String,
}

impl Page {
    async fn day(&self) -> anyhow::Result<Value> {
        Ok(self.http.get(&self.day).send().await?.error_for_status()?.json().await?)
    }
}

fn day_view(criterion: &mut Criterion) {
    run(criterion).expect("the gateway answers");
}

fn run(criterion: &mut Criterion) -> anyhow::Result<()> {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let (folder, runtime) = (TempDir::new()?, Runtime::new()?);
    let _gateway = runtime.block_on(start(folder.path()))?;
    let page = runtime.block_on(log_in())?;
    let day = runtime.block_on(page.day())?;
    let cameras = day["cameras"].as_array().map_or(0, Vec::len);
    anyhow::ensure!(cameras == CAMERAS && day["cameras"][0]["recorded"][0]["end"].is_string(), "the day has not all cameras");
    criterion.bench_function(&format!("a day of {CAMERAS} cameras of {DAYS} days"), |bench| {
        bench.iter_custom(|times| (0..times).map(|_| runtime.block_on(timed(&page))).sum());
    });
    Ok(())
}

/// How long the page waits for the day. Between two of them a person takes a breath, without which the gateway refuses the next.
async fn timed(page: &Page) -> Duration {
    tokio::time::sleep(BREATH).await;
    let began = monotonic();
    black_box(page.day().await.expect("the gateway answers with the day"));
    began.elapsed()
}

/// Fills an index, says how large it is, and starts a gateway on it.
async fn start(folder: &Path) -> anyhow::Result<Process> {
    fs::write(folder.join("tereze.toml"), CONFIG)?;
    fs::write(folder.join("site.toml"), site()?)?;
    let applied = Command::new(PROGRAM).args(["apply", "site.toml"]).current_dir(folder).output()?;
    anyhow::ensure!(applied.status.success(), "apply: {}", String::from_utf8_lossy(&applied.stderr));
    let index = folder.join("tereze.db");
    let db = Db::open(&format!("sqlite:{}", index.display())).await?;
    let first: Timestamp = format!("{FIRST}T00:00:00Z").parse()?;
    for day in 0..DAYS {
        month::record_a_day(&db, day, first + SignedDuration::from_hours(24 * day)).await;
    }
    db.close().await;
    println!("The index of {DAYS} days of {CAMERAS} cameras has {} MB.", index.metadata()?.len() / 1_000_000);
    Process::start(PROGRAM, &["serve"], CORE, folder, "tereze.log")
}

fn site() -> anyhow::Result<String> {
    let mut site = "[[kindergarten]]\nkey = \"bench\"\nname = \"Bench\"\nzone = \"Asia/Almaty\"\n\
        [[kindergarten.group]]\nkey = \"room\"\nname = \"Room\"\n\
        [[kindergarten.account]]\nkey = \"director\"\nlogin = \"director@bench.example\"\nname = \"Director\"\nrole = \"director\"\n\
        password = \"bench-bench\"\n"
        .to_owned();
    for number in 0..CAMERAS {
        // Nobody is there: what is asked for is the past.
        writeln!(
            site,
            "[[kindergarten.camera]]\nkey = \"c{number}\"\nname = \"{number}\"\ngroup = \"room\"\nmain = \"rtsp://192.0.2.1/{number}\""
        )?;
    }
    Ok(site)
}

async fn log_in() -> anyhow::Result<Page> {
    let http = reqwest::Client::builder().no_proxy().cookie_store(true).build()?;
    let began = monotonic();
    while http.get(format!("{ADDRESS}/healthz")).send().await.is_err() {
        anyhow::ensure!(began.elapsed() < PATIENCE, "the gateway does not start");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let login = json!({ "login": "director@bench.example", "password": "bench-bench" });
    http.post(format!("{ADDRESS}/api/v1/login")).json(&login).send().await?.error_for_status()?;
    let me: Value = http.get(format!("{ADDRESS}/api/v1/me")).send().await?.error_for_status()?.json().await?;
    let id = |of: &str| me[of][0]["id"].as_str().map(str::to_owned).with_context(|| format!("no {of}"));
    let (kindergarten, group) = (id("kindergartens")?, id("groups")?);
    Ok(Page { http, day: format!("{ADDRESS}/api/v1/recordings?kindergarten={kindergarten}&group={group}&date={SHOWN}") })
}

criterion_group!(benches, day_view);
criterion_main!(benches);
