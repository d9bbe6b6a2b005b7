//! SMS through any gateway that takes JSON over HTTP: `{"to": "+77011234567", "text": "…"}`, with a secret in a header.

use super::{Message, NotSent, PATIENCE, Unusable, secret};
use crate::config;
use reqwest::{
    Client, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use serde_json::json;
use url::Url;

pub(super) struct Sms {
    http: Client,
    url: Url,
}

/// Shows neither the address, which may hold a key, nor the header.
impl std::fmt::Debug for Sms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sms(..)")
    }
}

impl Sms {
    pub(super) fn new(config: &config::Sms) -> Result<Self, Unusable> {
        let mut headers = HeaderMap::new();
        if let Some(file) = &config.secret_file {
            let name: HeaderName = config.header.parse().map_err(|_| Unusable::Header)?;
            let mut value = HeaderValue::from_str(&secret(file)?).map_err(|_| Unusable::Header)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        // A second time does nothing: one library does all cryptography.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        // A redirect would take the header and the link to somebody whom nobody named.
        let http = Client::builder().default_headers(headers).redirect(Policy::none()).timeout(PATIENCE).build()?;
        Ok(Self { http, url: config.url.clone() })
    }

    pub(super) async fn send(&self, to: &str, message: &Message) -> Result<(), NotSent> {
        let body = json!({ "to": to, "text": message.text });
        match self.http.post(self.url.clone()).json(&body).send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(refused(answer.status())),
            Err(error) => {
                tracing::warn!(error = %error.without_url(), "the SMS gateway cannot be reached");
                Err(NotSent::Unreachable)
            }
        }
    }
}

fn refused(status: StatusCode) -> NotSent {
    tracing::warn!(status = status.as_u16(), "the SMS gateway refuses a message");
    // Its own troubles and its queue are gone in a while; what it does not take, it will not take again.
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS { NotSent::Unreachable } else { NotSent::Refused }
}
