//! The command line. Exit code 0: done; 1: it failed, or what was asked about is not in order; 2: the command line is wrong.

mod account;
mod check;
mod serve;
mod verify;

use crate::{
    apply::{self, Mode},
    audit::{note::NoteKey, verify::Kept},
    auth::TokenKeys,
    clock::Clock,
    config::Config,
    db::Db,
    demo, log,
    model::{Language, Role},
    recording::encryption::Keys,
};
use anyhow::Context;
use clap::{Parser, Subcommand};
use std::{io::Write, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};
use tokio_util::sync::CancellationToken;

/// A window into the group room, for parents, directors and inspectors.
#[derive(Debug, Parser)]
#[command(name = "tereze", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where the configuration is.
#[derive(Debug, clap::Args)]
struct ConfigPath {
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = "tereze.toml", env = "TEREZE_CONFIG")]
    config: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves pages, API and video.
    Serve(ConfigPath),
    /// Runs one kindergarten with simulated cameras, to try everything in.
    Demo {
        /// The data folder.
        #[arg(long, value_name = "FOLDER", default_value = "data/demo")]
        data: PathBuf,
        /// Where to listen [default: 127.0.0.1:8080, or the next free port].
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<SocketAddr>,
        /// Starts afresh instead of going on with the data of the last time.
        #[arg(long)]
        reset: bool,
    },
    /// Makes the database hold what a file declares: groups, cameras, children, accounts, hours.
    Apply {
        /// The file that declares kindergartens.
        site: PathBuf,
        #[command(flatten)]
        config: ConfigPath,
        /// Shows what would change, and changes nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Checks the configuration, and looks at every camera.
    Check {
        /// Looks at the cameras of this file instead of those in the database.
        site: Option<PathBuf>,
        #[command(flatten)]
        config: ConfigPath,
    },
    /// Checks that no audit record and no recording was changed, taken out or slipped in.
    Verify {
        /// A recording that was taken out of the gateway: it is checked by itself, and needs neither configuration nor database.
        #[arg(value_name = "BUNDLE", conflicts_with_all = ["no_files", "checkpoint"])]
        bundle: Option<PathBuf>,
        #[command(flatten)]
        config: ConfigPath,
        /// Leaves the files of recordings alone: to read them all takes as long as the disk, or the object storage, needs for that.
        #[arg(long)]
        no_files: bool,
        /// A checkpoint that was kept outside this machine: the log must continue it.
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// The public key that everything must be signed by; without it, the one in the database or the bundle is believed.
        #[arg(long, value_name = "KEY")]
        key: Option<NoteKey>,
    },
    /// Looks after the keys that sign tokens, and those of recordings.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Looks after accounts by hand.
    #[command(subcommand)]
    Account(AccountCommand),
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Makes a new signing key. Tokens of the old one are taken until they expire.
    Rotate(ConfigPath),
    /// Makes a key and adds it to `[recordings] key_file`: from the next start on, new files of recordings are encrypted with it. Those that are
    /// in the file go on reading what is older.
    AddRecordingKey(ConfigPath),
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Makes an account of an operator or an inspector; reads the password from standard input.
    Create {
        /// Phone number or e-mail address.
        login: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// operator or inspector; others belong into `site.toml`.
        #[arg(long, default_value = "operator")]
        role: Role,
        /// The language of the pages: kk, ru or en.
        #[arg(long, default_value = "ru")]
        language: Language,
        #[command(flatten)]
        config: ConfigPath,
    },
    /// Sets a password, read from standard input, and ends the log-ins made with the old one.
    Password {
        /// Phone number or e-mail address.
        login: String,
        #[command(flatten)]
        config: ConfigPath,
    },
    /// Blocks an account: it can neither log in nor watch, from now on.
    Block {
        /// Phone number or e-mail address.
        login: String,
        /// Why; it is kept.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        config: ConfigPath,
    },
    /// Takes away a lost second factor and ends the account's log-ins; the next log-in sets up another one.
    ResetFactor {
        /// Phone number or e-mail address.
        login: String,
        #[command(flatten)]
        config: ConfigPath,
    },
    /// Lets a blocked account in again.
    Unblock {
        /// Phone number or e-mail address.
        login: String,
        #[command(flatten)]
        config: ConfigPath,
    },
}

/// How long what is done in the background may take to end.
const GOODBYE: Duration = Duration::from_secs(5);

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    // A second time it is already there, and the same.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let ran = runtime.block_on(run(command));
    // What still waits for a disk that hangs is not waited for.
    runtime.shutdown_timeout(GOODBYE);
    match ran {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Many an error says what its cause says.
        if !text.ends_with(&cause) {
            text = if text.is_empty() { cause } else { format!("{text}: {cause}") };
        }
    }
    say(&mut std::io::stderr(), &format!("tereze: {text}"));
    ExitCode::FAILURE
}

/// Writes a line; a reader who has gone away is no failure of ours.
fn say(to: &mut dyn Write, line: &str) {
    let _ = writeln!(to, "{line}");
}

fn print(line: &str) {
    say(&mut std::io::stdout(), line);
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let clock = Clock::system();
    match command {
        Command::Serve(path) => serve::serve(&read(&path)?, clock, stop_signal()?).await?,
        Command::Demo { data, listen, reset } => {
            demo::run(demo::Options { data, listen, reset }, clock, stop_signal()?, print).await?;
        }
        Command::Apply { site, config, dry_run } => {
            let config = read(&config)?;
            let mode = if dry_run { Mode::DryRun } else { Mode::Perform };
            let db = Db::open(&config.database.url).await?;
            let lines = apply::apply(&db, &config.secrets()?, &clock, &site, mode).await?;
            db.close().await;
            for line in &lines {
                print(line);
            }
            let steps = if lines.len() == 1 { "1 step".to_owned() } else { format!("{} steps", lines.len()) };
            print(&match mode {
                _ if lines.is_empty() => "nothing to do".to_owned(),
                Mode::DryRun => format!("{steps}, not done: a dry run"),
                Mode::Perform => format!("{steps} done"),
            });
        }
        Command::Check { site, config } => return check::check(&read(&config)?, site.as_deref(), &clock).await,
        Command::Verify { bundle: Some(bundle), key, .. } => return verify::bundle(&bundle, key.as_ref()),
        Command::Verify { bundle: None, config, no_files, checkpoint, key } => {
            let checkpoint = checkpoint.map(std::fs::read_to_string).transpose()?;
            return verify::machine(&read(&config)?, &Kept { checkpoint, key }, !no_files).await;
        }
        Command::Keys(KeysCommand::Rotate(path)) => {
            let config = read(&path)?;
            let db = Db::open(&config.database.url).await?;
            let key = TokenKeys::rotate(&db, &config.secrets()?, None, clock.now()).await?;
            db.close().await;
            print(&format!("tokens are signed with the key {key} from now on"));
        }
        Command::Keys(KeysCommand::AddRecordingKey(path)) => {
            let config = read(&path)?;
            let file = config.recordings.key_file.context("tereze.toml names no [recordings] key_file")?;
            let key = Keys::add(&file).with_context(|| file.display().to_string())?;
            print(&format!(
                "new recordings are encrypted with the key {key} from the next start on; keep a copy of {}",
                file.display()
            ));
        }
        Command::Account(command) => account::account(command, &clock).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the configuration and starts logging as it says.
fn read(path: &ConfigPath) -> anyhow::Result<Config> {
    let config = Config::read(&path.config)?;
    log::start(&config.log);
    Ok(config)
}

/// Is cancelled by Ctrl-C or by SIGTERM. A second Ctrl-C ends the process at once.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let told = stop.clone();
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        told.cancel();
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(1);
        }
    });
    Ok(stop)
}
