//! The thin binary: arguments, logging, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    tereze::cli::main()
}
