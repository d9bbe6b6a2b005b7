//! What it costs to record twenty cameras: Tereze beside `ffmpeg -c copy` cutting the same streams into files, on one core, in the same run.
//!
//! ```sh
//! cargo bench --bench recording                   # five minutes; needs ffmpeg
//! cargo bench --bench recording -- --seconds 300
//! ```
//!
//! The recorder has one core; the cameras, and the viewers of the second run, have the other. A camera sends 1280 × 720 at 25 pictures and 2 Mbit/s with a key frame every 2 s.

#![allow(missing_docs, unreachable_pub, reason = "a program, not a library")]
#![allow(clippy::cast_precision_loss, clippy::print_stdout, reason = "tables of counts, for people")]

mod encryption;
mod ffmpeg;
mod files;
#[path = "../fanout/process.rs"]
#[allow(dead_code, reason = "the other benchmark's own, of which some is used here")]
mod process;
mod tereze;

use ::tereze::{
    clock::{Clock, monotonic},
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig},
};
use clap::Parser;
use files::Files;
use process::{Process, usage};
use std::{fs, path::Path, time::Duration};
use tempfile::TempDir;

const BIT_RATE: u32 = 2_000_000;
const RATE: u16 = 25;
/// The core of what is measured; the cameras have the next.
const RECORDER_CORE: usize = 0;
const CAMERA_CORE: usize = 1;
/// Until every camera is recorded.
const START: Duration = Duration::from_secs(15);
/// Until the gateway answers.
const UP: Duration = Duration::from_secs(5);
/// How long, in seconds, the viewers watch before the measuring begins.
const WATCHED_BEFORE: u64 = 5;

#[derive(Debug, Parser)]
struct Cli {
    /// How long is measured.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// How many cameras there are.
    #[arg(long, default_value_t = 20)]
    cameras: usize,
    /// How many watch one of them live, the second time.
    #[arg(long, default_value_t = 50)]
    viewers: usize,
    /// Cargo says so.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What was counted of a recorder.
struct Measured {
    /// User and system time, by the time that passed.
    cpu: f64,
    memory: u64,
    /// What the recorder's processes gave the disk (`write_bytes` in `proc_pid_io(5)`), in bytes.
    written: u64,
    files: Files,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    // Threads that are made from here on stay on the cameras' core; children are put on theirs.
    let own = std::process::id().to_string();
    std::process::Command::new("taskset").args(["-a", "-c", "-p", &CAMERA_CORE.to_string(), &own]).output()?;
    let mut cameras = Vec::new();
    for _ in 0..cli.cameras {
        let config = SimulatedCameraConfig {
            bit_rate: Some(BIT_RATE),
            sound: false,
            ..SimulatedCameraConfig::new(Scene::Playroom, Clock::system())
        };
        cameras.push(SimulatedCamera::start(config).await?);
    }

    println!(
        "| recorder of {} cameras | CPU of a core | memory MB | pictures lost | bytes written by bytes of the files |",
        cli.cameras
    );
    println!("|---|---|---|---|---|");
    let folder = TempDir::new()?;
    let at = |name: &str| folder.path().join(name);
    let ours = tereze::start(&at("alone"), &cameras, 0)?;
    let ours = measure("**tereze**", ours, &at("alone/recordings"), cli.seconds).await?;
    let live = tereze::start(&at("live"), &cameras, cli.viewers)?;
    tokio::time::sleep(UP).await;
    // They have all come when the measuring begins, and say what they saw before the gateway ends.
    let watching = tereze::watch(&at("live"), cli.viewers, cli.seconds + WATCHED_BEFORE)?;
    measure(&format!("**tereze**, {} watching one of them", cli.viewers), live, &at("live/recordings"), cli.seconds).await?;
    drop(watching);
    let theirs = ffmpeg::start(&at("ffmpeg"), &cameras)?;
    let theirs = measure("`ffmpeg -c copy`", theirs, &at("ffmpeg"), cli.seconds).await?;
    println!("\nTereze takes {:.2} of ffmpeg's processor time. What the viewers saw:\n", ours.cpu / theirs.cpu);
    print!("{}", fs::read_to_string(at("live/viewers.log"))?);
    let (cost, megabytes) = (encryption::cost()?, cli.cameras as f64 * f64::from(BIT_RATE) / 8e6);
    println!("Encrypting takes {cost:.2} ms a megabyte: {:.1} % of a core for these cameras.", cost * megabytes / 10.0);
    Ok(())
}

/// Measures processes that record into `folder`, and ends them.
async fn measure(name: &str, processes: Vec<Process>, folder: &Path, seconds: u64) -> anyhow::Result<Measured> {
    tokio::time::sleep(START).await;
    let before = total(&processes)?;
    let began = monotonic();
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let after = total(&processes)?;
    let cpu = after.cpu.saturating_sub(before.cpu).as_secs_f64() / began.elapsed().as_secs_f64();
    for process in &processes {
        std::process::Command::new("kill").args(["-TERM", &process.id().to_string()]).status()?;
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    let files = Files::of(folder)?;
    let measured = Measured { cpu, memory: after.memory, written: after.written, files };
    let lost = format!("{} of {}", measured.files.lost(), measured.files.pictures);
    let amplified = measured.written as f64 / measured.files.bytes as f64;
    println!("| {name} | {:.1} % | {} | {lost} | {amplified:.2} |", 100.0 * cpu, measured.memory >> 20);
    Ok(measured)
}

struct Total {
    cpu: Duration,
    memory: u64,
    written: u64,
}

fn total(processes: &[Process]) -> anyhow::Result<Total> {
    let mut total = Total { cpu: Duration::ZERO, memory: 0, written: 0 };
    for process in processes {
        let used = usage(process.id())?;
        let io = fs::read_to_string(format!("/proc/{}/io", process.id()))?;
        let written = io.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse::<u64>().ok());
        total.cpu += used.cpu;
        total.memory += used.memory;
        total.written += written.unwrap_or_default();
    }
    Ok(total)
}
