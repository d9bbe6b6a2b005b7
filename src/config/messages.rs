//! `[messages]`: the ways by which links reach people. Without them links are printed.

use crate::toml_file::{Fault, TomlFile};
use serde::Deserialize;
use serde_spanned::Spanned;
use std::path::PathBuf;
use url::{Host, Url};

/// `[messages]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Messages {
    /// How an SMS is sent. Default: none is.
    pub sms: Option<Sms>,
    /// How an e-mail is sent. Default: none is.
    pub email: Option<Email>,
}

/// `[messages.sms]`: a gateway that takes `{"to": "+77011234567", "text": "…"}` by POST.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// Where to send it: HTTPS, or HTTP on this machine.
    pub url: Url,
    /// The header that the secret goes into. Default `Authorization`.
    #[serde(default = "authorization")]
    pub header: String,
    /// The file with the header's value, such as `Bearer …`, on its first line. Default: no header is sent.
    pub secret_file: Option<PathBuf>,
}

/// Shows the host only: the address can hold a key.
impl std::fmt::Debug for Sms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sms").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

fn authorization() -> String {
    "Authorization".to_owned()
}

/// `[messages.email]`: an SMTP server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// Its name, which its certificate must have.
    pub server: String,
    /// Its port. Default 587.
    #[serde(default = "submission")]
    pub port: u16,
    /// How the connection is kept from others. Default `starttls`.
    #[serde(default)]
    pub tls: SmtpTls,
    /// Whom the message comes from: `Балбөбек <tereze@balbobek.kz>`.
    pub from: String,
    /// The name that Tereze logs in with. Default: it does not.
    pub username: Option<String>,
    /// The file with the password, on its first line.
    pub password_file: Option<PathBuf>,
}

fn submission() -> u16 {
    587
}

/// How a connection to a mail server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// TLS from a command on (RFC 3207), and never without.
    #[default]
    Starttls,
    /// TLS from the first byte on (RFC 8314 §3.3), usually on port 465.
    Implicit,
    /// None at all: on this machine only.
    None,
}

impl Messages {
    /// Makes the paths relative to the folder of `file`.
    pub(super) fn beside(&mut self, file: &TomlFile) {
        let sms = self.sms.as_mut().and_then(|sms| sms.secret_file.as_mut());
        let email = self.email.as_mut().and_then(|email| email.password_file.as_mut());
        for path in [sms, email].into_iter().flatten() {
            *path = file.beside(path);
        }
    }
}

/// The fields that are looked at more closely than their type, with their places.
#[derive(Deserialize, Default)]
pub(super) struct Places {
    sms: Option<SmsPlaces>,
    email: Option<EmailPlaces>,
}

#[derive(Deserialize)]
struct SmsPlaces {
    url: Spanned<Url>,
}

#[derive(Deserialize)]
struct EmailPlaces {
    server: Spanned<String>,
    tls: Option<SmtpTls>,
}

impl Places {
    /// A link that lets somebody in leaves this machine encrypted or not at all.
    pub(super) fn faults(&self, file: &TomlFile) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Some(SmsPlaces { url }) = &self.sms {
            let here = url.get_ref().scheme() == "http" && is_here(url.get_ref().host_str().unwrap_or_default());
            if url.get_ref().scheme() != "https" && !here {
                faults.push(file.fault(Some(url.span()), "HTTPS, or HTTP on this machine"));
            }
        }
        if let Some(EmailPlaces { server, tls: Some(SmtpTls::None) }) = &self.email
            && !is_here(server.get_ref())
        {
            faults.push(file.fault(Some(server.span()), "without TLS on this machine only"));
        }
        faults
    }
}

/// Whether `host` is this machine.
pub(super) fn is_here(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => false,
    }
}
