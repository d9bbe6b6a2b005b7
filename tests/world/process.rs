//! The binary, as a process of its own.

use std::{
    io::{Seek, Write},
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStderr, Command},
    time::timeout,
};

/// How long anything may take; it is reached only when a test fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tereze"));
    command.args(arguments).current_dir(folder).kill_on_drop(true);
    command
}

/// Runs `tereze` in `folder` until it ends, with `input` to read.
pub async fn tereze(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut input_file = tempfile::tempfile().unwrap();
    input_file.write_all(input.as_bytes()).unwrap();
    input_file.rewind().unwrap();
    timeout(PATIENCE, command(folder, arguments).stdin(Stdio::from(input_file)).output()).await.unwrap().unwrap()
}

/// The same for what must succeed; gives what it prints.
pub async fn done(folder: &Path, arguments: &[&str], input: &str) -> String {
    let output = tereze(folder, arguments, input).await;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The same for what must fail; gives the exit code and what it says.
pub async fn failed(folder: &Path, arguments: &[&str], input: &str) -> (i32, String) {
    let output = tereze(folder, arguments, input).await;
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// `tereze serve`; it is killed when it is dropped.
pub struct Serving {
    process: Child,
    log: Lines<BufReader<ChildStderr>>,
    /// The address that it listens on.
    pub address: String,
}

impl Serving {
    /// Starts it in `folder`, and waits until it serves.
    pub async fn start(folder: &Path) -> Self {
        Self::spawn(command(folder, &["serve"])).await
    }

    /// The same in a world of its own, in which `prepare` was done with the rights of its root (`user_namespaces(7)`).
    pub async fn start_after(folder: &Path, prepare: &str) -> Self {
        let script = format!("{prepare} && exec {} serve", env!("CARGO_BIN_EXE_tereze"));
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).current_dir(folder).kill_on_drop(true);
        Self::spawn(command).await
    }

    async fn spawn(mut command: Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut serving = Self { process, log, address: String::new() };
        let line = serving.says("serving").await;
        line.split_once("address=").unwrap().1.trim().clone_into(&mut serving.address);
        serving
    }

    /// Waits for the next line of its log that has `words` in it.
    pub async fn says(&mut self, words: &str) -> String {
        let mut said = Vec::new();
        let comes = async {
            while let Some(line) = self.log.next_line().await.unwrap() {
                if line.contains(words) {
                    return Some(line);
                }
                said.push(line);
            }
            None
        };
        let line = timeout(PATIENCE, comes).await.ok().flatten();
        line.unwrap_or_else(|| panic!("instead of '{words}' it says:\n{}", said.join("\n")))
    }

    /// What it sees as `/`.
    pub fn root(&self) -> PathBuf {
        format!("/proc/{}/root", self.process.id().unwrap()).into()
    }

    /// Ends it as a power cut does, with SIGKILL.
    pub async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    /// Ends it as a system does, with SIGTERM; it must end well.
    pub async fn stop(mut self) {
        let process = self.process.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
        assert!(timeout(PATIENCE, self.process.wait()).await.unwrap().unwrap().success());
    }
}
