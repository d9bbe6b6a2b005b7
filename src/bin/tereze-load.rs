//! The load tool's thin binary.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    tereze::load::cli::main().await
}
