//! The sections of the file, with what holds where it says nothing.

use crate::auth::FactorRule;
use crate::rounds::Looks;
use jiff::SignedDuration;
use serde::Deserialize;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};
use url::Url;

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// The address and port to listen on. Default `0.0.0.0:8443`.
    pub listen: SocketAddr,
    /// The address that people type. Tokens name it as their issuer. Default `https://localhost:8443`.
    pub public_url: Url,
    /// The certificate. Default: a self-signed one for development, made into `certs/` on the first start.
    pub tls: Option<Tls>,
    /// Serves plain HTTP: on loopback, or behind a proxy that speaks TLS. Default `false`.
    pub plain_http: bool,
    /// The proxies whose `X-Forwarded-For` is believed. Default none.
    pub proxies: Vec<IpAddr>,
}

impl Default for Server {
    fn default() -> Self {
        let public_url = Url::parse("https://localhost:8443").unwrap_or_else(|_| unreachable!("a constant that parses"));
        Self {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8443)),
            public_url,
            tls: None,
            plain_http: false,
            proxies: Vec::new(),
        }
    }
}

/// `[server.tls]`: PEM files; they are read again when they change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate and its chain.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// `[database]`
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite:PATH` or `postgres://user:password@host/name`. Default `sqlite:tereze.db`. `TEREZE_DATABASE_URL` goes before it.
    pub url: String,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: "sqlite:tereze.db".to_owned() }
    }
}

/// Shows the engine only: the address can hold a password.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("engine", &self.url.split(':').next()).finish_non_exhaustive()
    }
}

/// `[media]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// The port to open in the firewall: every viewer's packets go through it. 0 takes any free one. Default 8443.
    pub udp_port: u16,
    /// The addresses under which browsers reach this machine. Default: that of `server.listen`, or those of the machine when that is
    /// unspecified.
    pub addresses: Vec<IpAddr>,
    /// How many threads send; 0 is one a core. Default 0.
    pub shards: usize,
}

impl Default for Media {
    fn default() -> Self {
        Self { udp_port: 8443, addresses: Vec::new(), shards: 0 }
    }
}

/// `[cameras]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cameras {
    /// Whether a director may add a camera that is on this machine itself: for simulated ones. Default `false`.
    pub allow_loopback: bool,
    /// Minutes from one look at each camera that nobody watches to the next: so its director learns of one that fails; 0 looks at none.
    /// Default 10.
    pub look_minutes: u8,
    /// Minutes from one look at what a camera that runs shows, black, covered or frozen, to the next; 0 looks at none. Default 2.
    pub picture_minutes: u8,
}

impl Default for Cameras {
    fn default() -> Self {
        Self { allow_loopback: false, look_minutes: 10, picture_minutes: 2 }
    }
}

impl Cameras {
    /// The time from one look at a camera that nobody watches to the next, and at the picture of one that runs.
    pub fn looks(&self) -> Looks {
        let every = |minutes: u8| (minutes > 0).then(|| SignedDuration::from_mins(i64::from(minutes)));
        Looks { idle: every(self.look_minutes), running: every(self.picture_minutes) }
    }
}

/// `[secrets]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecretsFile {
    /// The file of the master key, made on the first start. Keep a copy apart from the database's. Default `tereze.key`.
    /// `TEREZE_MASTER_KEY` goes before it.
    pub key_file: PathBuf,
}

impl Default for SecretsFile {
    fn default() -> Self {
        Self { key_file: "tereze.key".into() }
    }
}

/// `[auth]`
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// Whether directors, inspectors and operators must have a second factor. Default `required`.
    pub second_factor: FactorRule,
}

/// `[limits]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Streams that this machine sends at once; the next viewer is asked to come back later. Default 1000.
    pub viewers: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { viewers: 1000 }
    }
}

/// `[[issuer]]`: somebody whose view tokens are taken, for named kindergartens only.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The `iss` of its tokens; an account's `external_id` is this, a slash, and the token's `sub`.
    pub name: String,
    /// Its public keys: a JSON Web Key Set (RFC 7517) with Ed25519 keys.
    pub jwks_file: PathBuf,
    /// The keys of the kindergartens for which it may speak.
    pub kindergartens: Vec<String>,
}

/// `[log]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// The least level that is written. Default `info`.
    pub level: Level,
    /// Lines for people or for machines. Default `text`.
    pub format: Format,
}

/// A log level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Only what needs somebody.
    Error,
    /// And what may need somebody soon.
    Warn,
    /// And what happens.
    #[default]
    Info,
    /// And how.
    Debug,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}
