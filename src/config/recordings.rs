//! `[recordings]`: whether and where this machine records. What is recorded of which camera, and for how long it is kept, its director says.

use crate::toml_file::TomlFile;
use serde::Deserialize;
use std::path::PathBuf;

/// `[recordings]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recordings {
    /// Whether anything is recorded. Default `true`: the law asks for it.
    pub enabled: bool,
    /// The folder of the recordings; made when it is missing. Default `recordings`.
    pub folder: PathBuf,
    /// Free space that is left on the folder's disk, in MiB: below it the oldest recordings go before their time. Default 2048.
    pub reserve_mb: u32,
}

impl Default for Recordings {
    fn default() -> Self {
        Self { enabled: true, folder: "recordings".into(), reserve_mb: 2048 }
    }
}

impl Recordings {
    /// Free space that is left on the folder's disk, in bytes.
    pub fn reserve(&self) -> u64 {
        u64::from(self.reserve_mb) << 20
    }

    /// Makes the paths relative to the folder of `file`.
    pub(super) fn beside(&mut self, file: &TomlFile) {
        self.folder = file.beside(&self.folder);
    }
}
