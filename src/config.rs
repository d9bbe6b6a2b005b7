//! `tereze.toml`: how this machine serves. Who may see what is in the database (see [`crate::apply`]).
//!
//! Every field has a default but those that only the owner can know. Unknown fields are refused. Paths are relative to the folder of
//! the file. `tereze.example.toml` shows every field.

mod messages;

pub use messages::{Email, Messages, Sms, SmtpTls};

use crate::{
    auth::FactorRule,
    secret::{SecretError, Secrets},
    toml_file::{Fault, Faults, TomlFile},
};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_spanned::Spanned;
use std::{
    env,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};
use url::Url;

/// The environment variable that holds the master key (32 bytes in base64) instead of a file.
pub const MASTER_KEY: &str = "TEREZE_MASTER_KEY";
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
}

impl Default for Cameras {
    fn default() -> Self {
        Self { allow_loopback: false, look_minutes: 10 }
    }
}

impl Cameras {
    /// The time from one look to the next.
    pub fn look_every(&self) -> Option<SignedDuration> {
        (self.look_minutes > 0).then(|| SignedDuration::from_mins(i64::from(self.look_minutes)))
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

/// The fields that are looked at more closely than their type, with their places.
#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    server: ServerPlaces,
    #[serde(default)]
    database: DatabasePlaces,
    #[serde(default)]
    issuer: Vec<IssuerPlaces>,
    #[serde(default)]
    messages: messages::Places,
}

#[derive(Deserialize, Default)]
struct ServerPlaces {
    public_url: Option<Spanned<Url>>,
    plain_http: Option<Spanned<bool>>,
}

#[derive(Deserialize, Default)]
struct DatabasePlaces {
    url: Option<Spanned<String>>,
}

#[derive(Deserialize)]
struct IssuerPlaces {
    name: Spanned<String>,
    kindergartens: Spanned<Vec<String>>,
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

impl Places {
    fn faults(&self, file: &TomlFile, config: &Config) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Some(url) = &self.server.public_url {
            let bare = matches!(url.get_ref().scheme(), "http" | "https")
                && url.get_ref().path() == "/"
                && url.get_ref().query().is_none();
            if !bare || url.get_ref().host_str().is_none() {
                faults.push(file.fault(Some(url.span()), "an address like https://tereze.example, without a path"));
            }
        }
        if let (Some(plain), Some(_)) = (self.server.plain_http.as_ref().filter(|plain| *plain.get_ref()), &config.server.tls) {
            faults.push(file.fault(Some(plain.span()), "either plain HTTP or a certificate"));
        }
        if let Some(url) = &self.database.url
            && !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.get_ref().starts_with(scheme))
        {
            faults.push(file.fault(Some(url.span()), "a database is 'sqlite:PATH' or 'postgres://…'"));
        }
        faults.extend(self.messages.faults(file));
        for (index, issuer) in self.issuer.iter().enumerate() {
            let name = issuer.name.get_ref();
            if name.is_empty() {
                faults.push(file.fault(Some(issuer.name.span()), "must not be empty"));
            }
            // 'a' with the subject 'b/c' and 'a/b' with the subject 'c' would be one external id: nobody speaks for another's people.
            let within =
                |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            let mut earlier = self.issuer[..index].iter().map(|earlier| earlier.name.get_ref());
            if earlier.any(|earlier| within(name, earlier) || within(earlier, name)) {
                faults.push(file.fault(Some(issuer.name.span()), "the same as another issuer's name, or the beginning of it"));
            }
            if issuer.kindergartens.get_ref().is_empty() {
                faults.push(file.fault(Some(issuer.kindergartens.span()), "an issuer is trusted for named kindergartens only"));
            }
        }
        faults
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
        let config = parsed("[secrets]\nkey_file = 'keys/k'\n[database]\nurl = 'sqlite:data/t.db'").unwrap();
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
