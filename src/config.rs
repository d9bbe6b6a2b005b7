//! `tereze.toml`: how this machine serves. Who may see what is in the database (see [`crate::apply`]).
//!
//! Every field has a default but those that only the owner can know. Unknown fields are refused. Paths are relative to the folder of
//! the file. `tereze.example.toml` shows every field.

mod messages;
mod places;
mod recordings;
mod sections;

pub use messages::{Email, Messages, Sms, SmtpTls};
pub use recordings::{Objects, Recordings};
pub use sections::{Auth, Cameras, Database, Format, Issuer, Level, Limits, Log, Media, SecretsFile, Server, Tls};

use crate::{
    secret::{SecretError, Secrets},
    toml_file::{Faults, TomlFile},
};
use places::Places;
use serde::Deserialize;
use std::{
    env,
    path::{Path, PathBuf},
};

/// The environment variable that holds the master key (32 bytes in base64) instead of a file.
pub const MASTER_KEY: &str = "TEREZE_MASTER_KEY";
/// The environment variable that holds the keys of recordings instead of a file: one a line, the newest last.
pub const RECORDING_KEYS: &str = "TEREZE_RECORDING_KEYS";
/// The environment variable that holds the database's address instead of the file: it can have a password in it.
pub const DATABASE_URL: &str = "TEREZE_DATABASE_URL";

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where pages and API are served.
    #[serde(default)]
    pub server: Server,
    /// Where the data is.
    #[serde(default)]
    pub database: Database,
    /// How pictures reach the browsers.
    #[serde(default)]
    pub media: Media,
    /// What cameras may be.
    #[serde(default)]
    pub cameras: Cameras,
    /// Whether and where it records.
    #[serde(default)]
    pub recordings: Recordings,
    /// Where the master key is.
    #[serde(default)]
    pub secrets: SecretsFile,
    /// How people log in.
    #[serde(default)]
    pub auth: Auth,
    /// How much this machine takes on.
    #[serde(default)]
    pub limits: Limits,
    /// Whose tokens are trusted besides our own.
    #[serde(default, rename = "issuer")]
    pub issuers: Vec<Issuer>,
    /// How links reach people outside of the pages.
    #[serde(default)]
    pub messages: Messages,
    /// What is written to standard error.
    #[serde(default)]
    pub log: Log,
    /// The folder that the file is in.
    #[serde(skip)]
    pub folder: PathBuf,
}

impl Config {
    /// Reads `path` and the environment. Nothing is opened or made.
    pub fn read(path: &Path) -> Result<Self, Faults> {
        let mut config = Self::parse(&TomlFile::read(path)?)?;
        if let Ok(url) = env::var(DATABASE_URL) {
            config.database.url = url;
        }
        Ok(config)
    }

    /// Parses `file`, and makes its paths relative to the file's folder.
    pub fn parse(file: &TomlFile) -> Result<Self, Faults> {
        let mut config: Self = file.parse()?;
        let faults = file.parse::<Places>()?.faults(file, &config);
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        if let Some(tls) = &mut config.server.tls {
            tls.cert = file.beside(&tls.cert);
            tls.key = file.beside(&tls.key);
        }
        config.folder = file.beside(Path::new(""));
        config.messages.beside(file);
        config.recordings.beside(file);
        config.secrets.key_file = file.beside(&config.secrets.key_file);
        for issuer in &mut config.issuers {
            issuer.jwks_file = file.beside(&issuer.jwks_file);
        }
        if let Some(path) = config.database.url.strip_prefix("sqlite:") {
            config.database.url = format!("sqlite:{}", file.beside(Path::new(path)).display());
        }
        Ok(config)
    }

    /// The master key, from the environment or its file.
    pub fn secrets(&self) -> Result<Secrets, SecretError> {
        match env::var(MASTER_KEY) {
            Ok(key) => Secrets::from_base64(&key),
            Err(_) => Secrets::from_file(&self.secrets.key_file),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Config, String> {
        Config::parse(&TomlFile::new("/etc/tereze/tereze.toml", text)).map_err(|faults| faults.to_string())
    }

    #[test]
    fn the_example_shows_every_default() {
        let (example, nothing) = (parsed(include_str!("../tereze.example.toml")).unwrap(), parsed("").unwrap());
        assert_eq!(format!("{example:?}"), format!("{nothing:?}"));
    }

    #[test]
    fn what_the_example_shows_as_a_comment_can_be_uncommented() {
        let uncommented = include_str!("../tereze.example.toml").lines().map(|line| {
            let code = line.strip_prefix("# ").filter(|code| code.starts_with('[') || code.split_once(" = ").is_some());
            code.unwrap_or(line)
        });
        let config = parsed(&uncommented.collect::<Vec<_>>().join("\n")).unwrap();
        assert_eq!((config.issuers.len(), config.server.tls.is_some()), (1, true));
    }

    #[test]
    fn paths_are_relative_to_the_folder_of_the_file() {
        let config =
            parsed("[secrets]\nkey_file = 'keys/k'\n[database]\nurl = 'sqlite:data/t.db'\n[recordings]\nfolder = 'r'").unwrap();
        assert_eq!(config.recordings.folder, Path::new("/etc/tereze/r"));
        assert_eq!(config.secrets.key_file, Path::new("/etc/tereze/keys/k"));
        assert_eq!(config.database.url, "sqlite:/etc/tereze/data/t.db");
    }

    #[test]
    fn a_fault_is_named_by_line_and_field() {
        for (text, fault) in [
            ("[server]\nlisten = 'somewhere'", ":2:10: server.listen: "),
            ("[server]\nlissten = '0.0.0.0:1'", ":2:1: server.lissten: unknown field"),
            ("[server]\npublic_url = 'https://a.example/x'", ":2:14: server.public_url: an address like"),
            ("[database]\nurl = 'mysql:x'", ":2:7: database.url: a database is"),
            ("[[issuer]]\nname = 'a'\njwks_file = 'x'\nkindergartens = []", ":4:17: issuer[0].kindergartens: "),
            (
                "[recordings.objects]\nurl = 'http://s3.example'\nbucket = 'b'\naccess_key = 'k'\nsecret_key_file = 's'",
                ":2:7: recordings.objects.url: HTTPS",
            ),
            ("[messages.sms]\nurl = 'http://sms.example/send'", ":2:7: messages.sms.url: HTTPS"),
            (
                "[messages.email]\nserver = 'smtp.example'\nfrom = 'a@b.kz'\ntls = 'none'",
                ":2:10: messages.email.server: without TLS",
            ),
            (
                "[[issuer]]\nname = 'https://a'\njwks_file = 'x'\nkindergartens = ['k']\n\
                 [[issuer]]\nname = 'https://a/b'\njwks_file = 'x'\nkindergartens = ['k']",
                ":6:8: issuer[1].name: ",
            ),
        ] {
            let error = parsed(text).unwrap_err();
            assert!(error.starts_with(&format!("/etc/tereze/tereze.toml{fault}")), "{error}");
        }
    }

    #[test]
    fn an_address_with_a_password_shows_in_no_debug_text() {
        let config = parsed("[database]\nurl = 'postgres://user:hunter2@localhost/x'").unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
