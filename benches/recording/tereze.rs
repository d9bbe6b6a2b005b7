//! Tereze as it is measured: the release binary with these cameras.

use crate::{RECORDER_CORE, process::Process};
use std::{fmt::Write as _, fs, path::Path};
use tereze::demo::camera::SimulatedCamera;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tereze");

const CONFIG: &str = r#"
[server]
listen = "127.0.0.1:0"
[media]
udp_port = 0
addresses = ["127.0.0.1"]
[cameras]
allow_loopback = true
look_minutes = 0
[recordings]
reserve_mb = 0
[log]
level = "warn"
"#;

pub fn start(folder: &Path, cameras: &[SimulatedCamera]) -> anyhow::Result<Vec<Process>> {
    fs::create_dir_all(folder)?;
    let mut site = "[[kindergarten]]\nkey = \"bench\"\nname = \"Bench\"\nzone = \"Asia/Almaty\"\n".to_owned();
    for (number, camera) in cameras.iter().enumerate() {
        let url = camera.main_url();
        writeln!(
            site,
            "[[kindergarten.camera]]\nkey = \"c{number}\"\nname = \"{number}\"\nmain = \"{url}\"\nusername = \"camera\"\npassword = \"window\""
        )?;
    }
    fs::write(folder.join("site.toml"), site)?;
    fs::write(folder.join("tereze.toml"), CONFIG)?;
    let applied = std::process::Command::new(PROGRAM).args(["apply", "site.toml"]).current_dir(folder).output()?;
    anyhow::ensure!(applied.status.success(), "apply: {}", String::from_utf8_lossy(&applied.stderr));
    Ok(vec![Process::start(PROGRAM, &["serve"], RECORDER_CORE, folder, "tereze.log")?])
}
