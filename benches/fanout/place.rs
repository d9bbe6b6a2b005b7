//! Where the benchmark runs: in a network namespace of its own, on two cores.
//!
//! Janus' ICE passes over loopback interfaces; in the namespace a veth has a loopback address, so that Janus and Tereze send along the same
//! path of the kernel. Nothing else on the machine is disturbed, and nothing disturbs.

use anyhow::{Context, bail};
use std::{net::Ipv4Addr, os::unix::process::CommandExt, process::Command};

/// The core of the server that is measured.
pub const SERVER_CORE: usize = 0;
/// The core of the camera and the load.
const LOAD_CORE: usize = 1;
/// The address of the veth.
pub const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 5, 0, 1);

const INSIDE: &str = "TEREZE_BENCH_INSIDE";

/// Starts this program again inside, if it is not there yet; returns once it is.
pub fn enter() -> anyhow::Result<()> {
    if std::env::var_os(INSIDE).is_some() {
        return Ok(());
    }
    if std::thread::available_parallelism()?.get() < 2 {
        bail!("two cores are needed: one for the server, one for the load");
    }
    let program = std::env::current_exe()?;
    let script = format!(
        "set -e; ulimit -S -n $(ulimit -H -n); ip link set lo up; ip link add bench0 type veth peer name bench1; \
        ip addr add {ADDRESS}/32 dev bench0; ip link set bench0 up; ip link set bench1 up; exec taskset -c {LOAD_CORE} \"$0\" \"$@\""
    );
    let failed = Command::new("unshare")
        .args(["--net", "sh", "-c", &script])
        .arg(program)
        .args(std::env::args().skip(1))
        .env(INSIDE, "1")
        .exec();
    Err(failed).context("a network namespace needs root, and `unshare`, `ip` and `taskset` (util-linux, iproute2)")
}
