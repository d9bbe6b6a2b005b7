//! What has to be looked at more closely than its type says, with where it stands in the file.

use super::{Config, messages, recordings};
use crate::toml_file::{Fault, TomlFile};
use serde::Deserialize;
use serde_spanned::Spanned;
use url::Url;

/// The fields that are looked at more closely than their type, with their places.
#[derive(Deserialize)]
pub(super) struct Places {
    #[serde(default)]
    server: ServerPlaces,
    #[serde(default)]
    database: DatabasePlaces,
    #[serde(default)]
    issuer: Vec<IssuerPlaces>,
    #[serde(default)]
    messages: messages::Places,
    #[serde(default)]
    recordings: recordings::Places,
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

impl Places {
    /// Everything that is wrong.
    pub(super) fn faults(&self, file: &TomlFile, config: &Config) -> Vec<Fault> {
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
        faults.extend(self.recordings.faults(file));
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
