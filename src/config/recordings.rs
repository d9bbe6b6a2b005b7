//! `[recordings]`: whether and where this machine records. What is recorded of which camera, and for how long it is kept, its director says.

use super::messages::is_here;
use crate::toml_file::{Fault, TomlFile};
use serde::Deserialize;
use serde_spanned::Spanned;
use std::{fmt, path::PathBuf};
use url::Url;

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
    /// The file of the keys that recordings are encrypted with, one a line, the newest last. Default: none, they lie as they are.
    /// `TEREZE_RECORDING_KEYS` goes before it.
    pub key_file: Option<PathBuf>,
    /// The object storage that whole files are moved on to. Default: none, they stay in the folder.
    pub objects: Option<Objects>,
}

impl Default for Recordings {
    fn default() -> Self {
        Self { enabled: true, folder: "recordings".into(), reserve_mb: 2048, key_file: None, objects: None }
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
        self.key_file = self.key_file.as_deref().map(|path| file.beside(path));
        if let Some(objects) = &mut self.objects {
            objects.secret_key_file = file.beside(&objects.secret_key_file);
        }
    }
}

/// `[recordings.objects]`: a bucket of a storage that speaks S3.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objects {
    /// Where the storage is: HTTPS, or HTTP on this machine. The bucket is part of the path.
    pub url: Url,
    /// The bucket's name.
    pub bucket: String,
    /// Its region; storages of one's own take any. Default `us-east-1`.
    #[serde(default = "region")]
    pub region: String,
    /// The id of the access key.
    pub access_key: String,
    /// The file with the secret of that key, on its first line.
    pub secret_key_file: PathBuf,
}

/// Shows where it is, and no key.
impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects").field("host", &self.url.host_str()).field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

fn region() -> String {
    "us-east-1".to_owned()
}

/// The fields that are looked at more closely than their type, with their places.
#[derive(Deserialize, Default)]
pub(super) struct Places {
    objects: Option<ObjectsPlaces>,
}

#[derive(Deserialize)]
struct ObjectsPlaces {
    url: Spanned<Url>,
}

impl Places {
    /// Pictures of children leave this machine encrypted or not at all.
    pub(super) fn faults(&self, file: &TomlFile) -> Vec<Fault> {
        let Some(ObjectsPlaces { url }) = &self.objects else { return Vec::new() };
        let here = url.get_ref().scheme() == "http" && is_here(url.get_ref().host_str().unwrap_or_default());
        if url.get_ref().scheme() == "https" || here {
            Vec::new()
        } else {
            vec![file.fault(Some(url.span()), "HTTPS, or HTTP on this machine")]
        }
    }
}
