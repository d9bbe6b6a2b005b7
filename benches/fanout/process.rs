//! A server that is measured: its processor time, memory and open files, as the kernel counts them.

use anyhow::Context;
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// What a process has used.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// User and system time.
    pub cpu: Duration,
    /// Resident memory, in bytes.
    pub memory: u64,
    /// Open files.
    pub files: usize,
}

/// Reads what `process` has used so far.
pub fn usage(process: u32) -> anyhow::Result<Usage> {
    let read = |file: &str| fs::read_to_string(format!("/proc/{process}/{file}")).context("the server is gone; see its log");
    let stat = read("stat")?;
    // The name may have spaces; what counts is behind its closing bracket: user and system time, in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).context("an odd /proc/PID/stat");
    let cpu = Duration::from_millis(10 * (ticks(11)? + ticks(12)?));
    let status = read("status")?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<u64>().ok());
    let files = fs::read_dir(format!("/proc/{process}/fd"))?.count();
    Ok(Usage { cpu, memory: resident.context("an odd /proc/PID/status")? * 1_024, files })
}

/// A child that ends with the benchmark.
pub struct Process(Child);

impl Process {
    /// Starts `program` on `core`, with its output in `log`.
    pub fn start(program: &str, arguments: &[&str], core: usize, folder: &Path, log: &str) -> anyhow::Result<Self> {
        let output = fs::File::create(folder.join(log))?;
        let mut command = Command::new("taskset");
        command.args(["-c", &core.to_string(), program]).args(arguments).current_dir(folder).stdin(Stdio::null());
        let child =
            command.stdout(output.try_clone()?).stderr(output).spawn().with_context(|| format!("{program} cannot be started"))?;
        Ok(Self(child))
    }

    /// Its number; `taskset` becomes the program itself.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
