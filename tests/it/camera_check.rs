//! `tereze check`, as whoever sets up a kindergarten runs it.

use crate::world::{
    ports::unused_address,
    process::{done, failed, tereze},
};
use std::{fs, path::Path};
use tempfile::TempDir;
use tereze::{
    clock::Clock,
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig, VideoFormat},
};

/// As talkative as it can be: what must not be printed is not printed then either.
const CONFIG: &str = "[server]\nlisten = '127.0.0.1:0'\n[log]\nlevel = 'debug'\n";
const SITE: &str = "[[kindergarten]]\nkey = 'balbobek'\nname = 'Балбөбек'\nzone = 'Asia/Almaty'\n";

/// A camera whose streams are quick to draw.
async fn camera() -> SimulatedCamera {
    let (main, sub) = (VideoFormat { width: 320, height: 180, rate: 15 }, VideoFormat { width: 160, height: 96, rate: 15 });
    let (username, password) = ("lens-user".to_owned(), "lens-pass".to_owned());
    let config = SimulatedCameraConfig::new(Scene::Yard, Clock::system());
    SimulatedCamera::start(SimulatedCameraConfig { main, sub, username, password, ..config }).await.unwrap()
}

/// A camera's table in `site.toml`.
fn table(key: &str, streams: &str, password: &str) -> String {
    format!("[[kindergarten.camera]]\nkey = '{key}'\nname = '{key}'\n{streams}\nusername = 'lens-user'\npassword = '{password}'\n")
}

fn folder(config: &str, site: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tereze.toml"), config).unwrap();
    fs::write(folder.path().join("site.toml"), site).unwrap();
    folder
}

/// Runs it for `site.toml` or for the database; gives the exit code and what it prints, in which no address and no password is.
async fn check(folder: &Path, site: Option<&str>) -> (i32, String) {
    let arguments: Vec<&str> = ["check"].into_iter().chain(site).collect();
    let output = tereze(folder, &arguments, "").await;
    let all = format!("{}{}", String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    for secret in ["rtsp://", "127.0.0.1", "lens-", "door-key"] {
        assert!(!all.contains(secret), "{secret} is in {all}");
    }
    (output.status.code().unwrap(), all)
}

#[tokio::test]
async fn a_camera_that_is_in_order_is_described_from_the_file_and_from_the_database() {
    let camera = camera().await;
    let streams = format!("main = '{}'\nsub = '{}'", camera.main_url(), camera.sub_url());
    let folder = folder(CONFIG, &format!("{SITE}{}", table("yard", &streams, "lens-pass")));
    done(folder.path(), &["apply", "site.toml"], "").await;
    let (from_file, from_database) = tokio::join!(check(folder.path(), Some("site.toml")), check(folder.path(), None));
    for ((code, said), name) in [(from_file, "yard"), (from_database, "balbobek yard")] {
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("the configuration is in order; looking at 1 camera\n"), "{said}");
        for (stream, size) in [("main", "320×180"), ("sub", "160×96")] {
            let described = format!("\n{name}, {stream} stream\n  H.264 Constrained Baseline, {size}, ");
            assert!(said.contains(&described), "{said}");
        }
        assert!(said.contains("no B-frames, sound PCMA, clock ") && said.contains("over TCP\n  in order\n"), "{said}");
        assert!(said.ends_with("\nevery stream is in order\n"), "{said}");
    }
    camera.stop().await;
}

#[tokio::test]
async fn a_wrong_password_and_a_camera_that_is_not_there_are_told_apart_and_fail() {
    let camera = camera().await;
    let nobody = unused_address();
    let cameras = [
        table("yard", &format!("main = '{}'", camera.main_url()), "door-key"),
        table("hall", &format!("main = 'rtsp://{nobody}/main'"), "door-key"),
    ];
    let folder = folder(CONFIG, &format!("{SITE}{}", cameras.concat()));
    let (code, said) = check(folder.path(), Some("site.toml")).await;
    assert_eq!(code, 1);
    assert!(said.contains("looking at 2 cameras\n"), "{said}");
    assert!(said.contains("\nyard, main stream\n  ! The camera refuses the user name or the password: "), "{said}");
    assert!(said.contains("\nhall, main stream\n  ! Nothing answers at the camera's address: "), "{said}");
    assert!(said.ends_with("\n2 streams are not in order\n"), "{said}");
    camera.stop().await;
}

#[tokio::test]
async fn a_mistake_in_a_file_is_named_by_file_line_and_field_and_no_camera_is_looked_at() {
    let yard = table("yard", "main = 'rtsp://10.0.0.7/1'", "door-key");
    for (config, site, said) in [
        ("[server]\nlisten = 'door-key'\n", format!("{SITE}{yard}"), "tereze.toml:2:10: server.listen: "),
        ("[server]\nlissten = '[::]:1'\n", format!("{SITE}{yard}"), "tereze.toml:2:1: server.lissten: unknown field"),
        (
            CONFIG,
            format!("{SITE}{}", yard.replace("rtsp", "http")),
            "site.toml:8:8: kindergarten[0].camera[0].main: must be an address",
        ),
        (CONFIG, format!("{SITE}{}", yard.replace("username", "# ")), "site.toml:10:12: kindergarten[0].camera[0].password: "),
        (CONFIG, format!("{SITE}{}", yard.replace("'door-key'", "[door-key]")), "site.toml:10:"),
    ] {
        let folder = folder(config, &site);
        let (code, error) = failed(folder.path(), &["check", "site.toml"], "").await;
        assert_eq!(code, 1, "{error}");
        assert!(error.starts_with(&format!("tereze: {said}")), "{error}");
        assert!(!error.contains("door-key") && !error.contains("10.0.0.7/1"), "{error}");
    }
}
