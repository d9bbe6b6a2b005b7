//! A disk of its own that can fail: ext4 in a file, mounted. It needs root (or `sudo` that asks for no password), a free loop device, and
//! `mkfs.ext4` (e2fsprogs), `mount` and `fsfreeze` (util-linux).

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tereze::clock::monotonic;

/// After so long a frozen disk thaws, whatever has become of the test: nothing can end a process that waits for it.
const THAWS: u32 = 90;

/// A disk.
pub struct LoopDisk {
    folder: TempDir,
}

impl LoopDisk {
    /// An empty one of 24 MB that is there.
    pub fn mounted() -> Self {
        let disk = Self { folder: TempDir::new().unwrap() };
        std::fs::File::create(disk.image()).unwrap().set_len(24 << 20).unwrap();
        let made = Command::new("mkfs.ext4").args(["-q", "-F"]).arg(disk.image()).output().expect("mkfs.ext4 is there (e2fsprogs)");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        std::fs::create_dir(disk.path()).unwrap();
        disk.mount();
        let id = |what: &str| String::from_utf8(Command::new("id").arg(what).output().unwrap().stdout).unwrap().trim().to_owned();
        disk.root("chown", &[&format!("{}:{}", id("-u"), id("-g"))]);
        disk
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    /// Where it is mounted.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// Puts it back where it was.
    pub fn mount(&self) {
        self.root("mount", &["-o", "loop", self.image().to_str().unwrap()]);
    }

    /// Pulls it out: what is open goes on, and its place is an empty folder.
    pub fn pull_out(&self) {
        self.root("umount", &["--lazy"]);
    }

    /// Takes it away in good order, once nothing of it is open.
    pub fn unmount(&self) {
        let late = monotonic() + Duration::from_secs(20);
        while !as_root("umount", &[], &self.path()).status.success() {
            assert!(monotonic() < late, "something of the disk stays open");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// From now on whatever is written waits.
    pub fn freeze(&self) {
        self.root("fsfreeze", &["--freeze"]);
        let thaw = format!("(sleep {THAWS}; fsfreeze --unfreeze '{}') &", self.path().display());
        let mut later = command("sh");
        later.args(["-c", &thaw]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    }

    /// What waited is written.
    pub fn thaw(&self) {
        self.root("fsfreeze", &["--unfreeze"]);
    }

    /// The file system finds itself broken and takes nothing any more, as ext4 does after an error (`errors=remount-ro`).
    pub fn turns_read_only(&self) {
        self.root("mount", &["-o", "remount,abort"]);
    }

    fn root(&self, program: &str, arguments: &[&str]) {
        let output = as_root(program, arguments, &self.path());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{program} {arguments:?} needs root and a loop device: {said}");
    }
}

impl Drop for LoopDisk {
    fn drop(&mut self) {
        let _ = as_root("fsfreeze", &["--unfreeze"], &self.path());
        let _ = as_root("umount", &["--lazy"], &self.path());
    }
}

fn as_root(program: &str, arguments: &[&str], path: &Path) -> Output {
    command(program).args(arguments).arg(path).output().unwrap_or_else(|error| panic!("{program} is not there: {error}"))
}

/// `program` with the rights of root.
fn command(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout == b"0\n" {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    command
}

/// The longest pause between two packets of a video in `span`, from the client's side.
pub async fn longest_pause(client: &mut super::light_client::LightClient, span: Duration) -> Duration {
    let (begin, mut longest): (Instant, Duration) = (client.video().await.at, Duration::ZERO);
    let mut last = begin;
    while last.duration_since(begin) < span {
        let seen = client.video().await.at;
        (longest, last) = (longest.max(seen.duration_since(last)), seen);
    }
    longest
}
