//! What it costs to encrypt what is recorded.

use anyhow::Context;
use tereze::{
    clock::{Clock, monotonic},
    id::SegmentId,
    recording::encryption::{Encryptor, Keys},
};

/// A second of a camera's pictures.
const FRAGMENT: usize = 250_000;
const FRAGMENTS: u32 = 1_000;

/// Milliseconds of a core for each megabyte.
pub fn cost() -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("recordings.key");
    Keys::add(&path)?;
    let keys = Keys::parse(&std::fs::read_to_string(path)?)?;
    let key = keys.newest().context("a key was added")?.of_file(SegmentId::new(Clock::system().now()))?;
    let ((mut encryptor, _), fragment) = (Encryptor::begin(key), vec![7; FRAGMENT]);
    let began = monotonic();
    for _ in 0..FRAGMENTS {
        std::hint::black_box(encryptor.add(&fragment)?);
    }
    let megabytes = f64::from(FRAGMENTS) * FRAGMENT as f64 / 1e6;
    Ok(began.elapsed().as_secs_f64() * 1e3 / megabytes)
}
