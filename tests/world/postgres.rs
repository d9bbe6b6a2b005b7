//! One PostgreSQL for the whole test run: made in a folder of its own, and gone when the tests are, however they end.

use super::ports::unused_address;
use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::LazyLock,
};

/// Waits for the end of its input, which is the end of the tests, and stops the server.
const KEEPER: &str = r#"
"$1/initdb" -D "$2/data" -U tests -A trust -E UTF8 --locale=C -N >"$2/log" 2>&1 || { echo "initdb failed"; exit 1; }
"$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$2" -c fsync=off -c max_connections=200 \
    >>"$2/log" 2>&1 </dev/null &
for _ in $(seq 300); do
    if "$1/pg_isready" -q -h 127.0.0.1 -p "$3"; then echo ready; break; fi
    sleep 0.1
done
read -r _
kill -INT $!
wait
rm -rf "$2"
"#;

struct Server {
    port: u16,
    _keeper: Child,
    _alive: ChildStdin,
}

static SERVER: LazyLock<Server> = LazyLock::new(start);

/// The address of the database `name` in it.
pub fn url(name: &str) -> String {
    format!("postgres://tests@127.0.0.1:{}/{name}", SERVER.port)
}

/// The newest of the versions that Debian has installed.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("the tests need PostgreSQL: apt-get install postgresql");
    let newest =
        versions.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).filter(|bin| bin.join("postgres").exists()).max();
    newest.expect("the tests need PostgreSQL: apt-get install postgresql")
}

fn start() -> Server {
    let folder = tempfile::Builder::new().prefix("tereze-postgres-").tempdir().unwrap().keep();
    let port = unused_address().port();
    let mut command = Command::new("sh");
    command.arg("-c").arg(KEEPER).arg("keeper").arg(programs()).arg(&folder).arg(port.to_string());
    // Out of reach of Ctrl-C, which would end it before the tests that still write to it.
    command.process_group(0).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped());
    as_ordinary_user(&mut command, &folder);
    let mut keeper = command.spawn().expect("sh starts");
    let alive = keeper.stdin.take().unwrap();
    let mut said = String::new();
    BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "ready\n", "PostgreSQL did not start; see {}/log", folder.display());
    Server { port, _keeper: keeper, _alive: alive }
}

/// PostgreSQL refuses to run as root, so there it runs as the user that its package made.
fn as_ordinary_user(command: &mut Command, folder: &Path) {
    let id = |of: &str| {
        let output = Command::new("id").args([of, "postgres"]).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
    };
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if let (true, Some(user), Some(group)) = (root, id("-u"), id("-g")) {
        std::os::unix::fs::chown(folder, Some(user), Some(group)).unwrap();
        command.uid(user).gid(group);
    }
}
