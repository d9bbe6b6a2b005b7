//! Tereze as it is measured: the release binary with these cameras, and with viewers of them.

use crate::{CAMERA_CORE, RECORDER_CORE, process::Process};
use std::{fmt::Write as _, fs, path::Path};
use tereze::demo::camera::SimulatedCamera;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tereze");
const LOAD_TOOL: &str = env!("CARGO_BIN_EXE_tereze-load");
const ADDRESS: &str = "127.0.0.1:8091";
const PASSWORD: &str = "bench-bench";
/// How many streams an account may watch at once, at most.
const STREAMS: usize = 16;

const CONFIG: &str = r#"
[server]
listen = "{address}"
public_url = "http://{address}"
plain_http = true
[media]
udp_port = 0
addresses = ["127.0.0.1"]
[cameras]
allow_loopback = true
look_minutes = 0
picture_minutes = 0
[recordings]
reserve_mb = 0
[auth]
second_factor = "offered"
[log]
level = "warn"
"#;

/// Starts one that records `cameras`, and that `viewers` directors may watch.
pub fn start(folder: &Path, cameras: &[SimulatedCamera], viewers: usize) -> anyhow::Result<Vec<Process>> {
    fs::create_dir_all(folder)?;
    let mut site = format!(
        "[[kindergarten]]\nkey = \"bench\"\nname = \"Bench\"\nzone = \"Asia/Almaty\"\n\
        limits = {{ streams_per_account = {STREAMS}, viewers_per_camera = 1000 }}\n\
        [[kindergarten.group]]\nkey = \"room\"\nname = \"Room\"\n"
    );
    for number in 0..viewers.div_ceil(STREAMS) {
        writeln!(
            site,
            "[[kindergarten.account]]\nkey = \"d{number}\"\nlogin = \"{}\"\nname = \"Director\"\nrole = \"director\"\n\
            password = \"{PASSWORD}\"",
            login(number)
        )?;
    }
    for (number, camera) in cameras.iter().enumerate() {
        let url = camera.main_url();
        writeln!(
            site,
            "[[kindergarten.camera]]\nkey = \"c{number}\"\nname = \"{number}\"\ngroup = \"room\"\nmain = \"{url}\"\nusername = \"camera\"\npassword = \"window\""
        )?;
    }
    fs::write(folder.join("site.toml"), site)?;
    fs::write(folder.join("tereze.toml"), CONFIG.replace("{address}", ADDRESS))?;
    let applied = std::process::Command::new(PROGRAM).args(["apply", "site.toml"]).current_dir(folder).output()?;
    anyhow::ensure!(applied.status.success(), "apply: {}", String::from_utf8_lossy(&applied.stderr));
    Ok(vec![Process::start(PROGRAM, &["serve"], RECORDER_CORE, folder, "tereze.log")?])
}

/// Starts `viewers` of the first camera on the cameras' core, who watch for so many seconds. What they saw is in `viewers.log` then.
pub fn watch(folder: &Path, viewers: usize, seconds: u64) -> anyhow::Result<Process> {
    let people: Vec<String> = (0..viewers.div_ceil(STREAMS)).map(|number| format!("{} {PASSWORD}", login(number))).collect();
    fs::write(folder.join("people"), people.join("\n"))?;
    let (url, viewers, seconds) = (format!("http://{ADDRESS}"), viewers.to_string(), seconds.to_string());
    let arguments = ["--url", &url, "--people", "people", "--viewers", &viewers, "--seconds", &seconds];
    Process::start(LOAD_TOOL, &arguments, CAMERA_CORE, folder, "viewers.log")
}

fn login(number: usize) -> String {
    format!("d{number}@bench.example")
}
