//! The binary: what it prints, how it exits, how it ends.

use crate::world::process::{Serving, done, failed};
use std::fs;

const CONFIG: &str =
    "[server]\nlisten = \"127.0.0.1:0\"\n[media]\nudp_port = 0\naddresses = [\"127.0.0.1\"]\n[limits]\nviewers = 10\n";
const SITE: &str = "[[kindergarten]]\nkey = \"a\"\nname = \"A\"\nzone = \"Asia/Almaty\"\n";

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
    assert_eq!(done(folder, &["account", "reset-factor", login], "").await, "+77011234567 had no second factor\n");
    let report = done(folder, &["verify"], "").await;
    assert!(report.contains("records      4 in order") && report.contains("PASSED"), "{report}");
    assert_eq!(failed(folder, &["account", "sing", login], "").await.0, 2);
}

#[tokio::test]
async fn serve_makes_a_certificate_for_development_and_ends_cleanly_at_sigterm() {
    let folder = folder();
    let server = Serving::start(folder.path()).await;
    assert!(server.address.starts_with("127.0.0.1:"));
    assert!(fs::read_to_string(folder.path().join("certs/development.pem")).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    server.stop().await;
}
