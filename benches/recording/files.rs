//! What is in the files that a recorder has written, as `ffprobe` counts it.

use crate::RATE;
use anyhow::Context;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// All files of a recorder together.
#[derive(Debug, Default)]
pub struct Files {
    pub bytes: u64,
    pub pictures: u64,
    /// How many pictures the time that they span has.
    expected: u64,
}

impl Files {
    /// Those under `folder`.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let mut all = Self::default();
        for file in below(folder)? {
            let probe = "-v error -select_streams v -count_packets -show_entries stream=nb_read_packets:format=duration -of default=nw=1:nk=1";
            let said = Command::new("ffprobe").args(probe.split(' ')).arg(&file).output()?.stdout;
            let said = String::from_utf8(said)?;
            let mut numbers = said.split_whitespace();
            let pictures: u64 = numbers.next().context("no pictures")?.parse()?;
            let seconds: f64 = numbers.next().context("no duration")?.parse()?;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
            let expected = (seconds * f64::from(RATE)).round() as u64;
            all.bytes += file.metadata()?.len();
            all.pictures += pictures;
            all.expected += expected;
        }
        Ok(all)
    }

    /// How many pictures are missing in between.
    pub fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.pictures)
    }
}

fn below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let (mut waiting, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                waiting.push(entry?.path());
            }
        } else if path.extension().is_some_and(|ending| ending == "mp4") {
            found.push(path);
        }
    }
    Ok(found)
}
