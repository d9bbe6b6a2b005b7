//! The thin binary: arguments, logging, exit code.

fn main() {}
