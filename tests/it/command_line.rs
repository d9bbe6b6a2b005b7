//! The binary: what it prints, how it exits, how it ends.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};
use tokio::{process::Command, time::timeout};

const PATIENCE: Duration = Duration::from_secs(60);

const CONFIG: &str =
    "[server]\nlisten = \"127.0.0.1:0\"\n[media]\nudp_port = 0\naddresses = [\"127.0.0.1\"]\n[limits]\nviewers = 10\n";
const SITE: &str = "[[kindergarten]]\nkey = \"a\"\nname = \"A\"\nzone = \"Asia/Almaty\"\n";

async fn tereze(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tereze"));
    command.args(arguments).current_dir(folder).kill_on_drop(true);
    let mut input_file = tempfile::tempfile().unwrap();
    input_file.write_all(input.as_bytes()).unwrap();
    std::io::Seek::rewind(&mut input_file).unwrap();
    timeout(PATIENCE, command.stdin(Stdio::from(input_file)).output()).await.unwrap().unwrap()
}

async fn done(folder: &Path, arguments: &[&str], input: &str) -> String {
    let output = tereze(folder, arguments, input).await;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn failed(folder: &Path, arguments: &[&str], input: &str) -> (i32, String) {
    let output = tereze(folder, arguments, input).await;
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tereze.toml"), CONFIG).unwrap();
    fs::write(folder.path().join("site.toml"), SITE).unwrap();
    folder
}

#[tokio::test]
async fn apply_prints_what_it_did_and_then_has_nothing_to_do() {
    let folder = folder();
    let folder = folder.path();
    assert_eq!(
        done(folder, &["apply", "site.toml", "--dry-run"], "").await,
        "a: + kindergarten a (A)\n1 step, not done: a dry run\n"
    );
    assert_eq!(done(folder, &["apply", "site.toml"], "").await, "a: + kindergarten a (A)\n1 step done\n");
    assert_eq!(done(folder, &["apply", "site.toml"], "").await, "nothing to do\n");
    fs::write(folder.join("site.toml"), SITE.replace("Almaty", "Nowhere")).unwrap();
    let wrong = "tereze: site.toml:4:8: kindergarten[0].zone: no time zone of this name; write it like Asia/Almaty\n";
    assert_eq!(failed(folder, &["apply", "site.toml"], "").await, (1, wrong.to_owned()));
    assert!(done(folder, &["verify"], "").await.contains("PASSED"));
}

#[tokio::test]
async fn accounts_are_made_blocked_and_let_in_again_by_hand() {
    let folder = folder();
    let folder = folder.path();
    let login = "8 (701) 123-45-67";
    let made = done(folder, &["account", "create", login, "--name", "Тимур"], "correct horse\n").await;
    assert_eq!(made, "made the operator +77011234567\n");
    let again = failed(folder, &["account", "create", login, "--name", "Тимур"], "correct horse\n").await;
    assert_eq!(again, (1, "tereze: there is an account with this login already\n".to_owned()));
    assert_eq!(
        failed(folder, &["account", "password", login], "short\n").await.1,
        "tereze: a password has at least 8 characters\n"
    );
    done(folder, &["account", "password", login], "battery staple\n").await;
    done(folder, &["account", "block", login, "--reason", "lost phone"], "").await;
    done(folder, &["account", "unblock", login], "").await;
    let report = done(folder, &["verify"], "").await;
    assert!(report.contains("records      4 in order") && report.contains("PASSED"), "{report}");
    assert_eq!(failed(folder, &["account", "sing", login], "").await.0, 2);
}

#[tokio::test]
async fn serve_makes_a_certificate_for_development_and_ends_cleanly_at_sigterm() {
    let folder = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tereze"));
    let mut server = command.arg("serve").current_dir(folder.path()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = tokio::io::AsyncBufReadExt::lines(tokio::io::BufReader::new(server.stderr.take().unwrap()));
    let serving = timeout(PATIENCE, async {
        loop {
            let line = lines.next_line().await.unwrap().expect("it ended before it served");
            if line.contains("serving") {
                return line;
            }
        }
    });
    assert!(serving.await.unwrap().contains("127.0.0.1:"));
    assert!(fs::read_to_string(folder.path().join("certs/development.pem")).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    let process = server.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
    assert!(timeout(PATIENCE, server.wait()).await.unwrap().unwrap().success());
}
