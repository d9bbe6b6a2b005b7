//! One question to a device's service over HTTP (SOAP 1.2), with the user in it as ONVIF wants (WS-Security `UsernameToken` Profile 1.0).

use super::{
    OnvifError,
    xml::{Element, LONGEST, escaped},
};
use crate::media::Credentials;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use reqwest::{Client, StatusCode, redirect::Policy};
use std::{net::SocketAddr, time::Duration};

/// How long one answer may take, to its end.
const PATIENCE: Duration = Duration::from_secs(5);

/// A device that is asked for something.
pub(super) struct Service<'a> {
    http: Client,
    pub(super) address: SocketAddr,
    credentials: Option<&'a Credentials>,
}

/// What the user is known by in one question: fresh each time, by the device's own clock.
pub(super) struct Security<'a> {
    credentials: &'a Credentials,
    nonce: [u8; 16],
    created: Timestamp,
}

impl<'a> Service<'a> {
    pub(super) fn new(address: SocketAddr, credentials: Option<&'a Credentials>) -> Result<Self, OnvifError> {
        // Nothing is asked over TLS here, but the client wants to know how it would be; a second call changes nothing.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        // Where a device sends us on to is its word, not ours.
        let client = Client::builder().no_proxy().redirect(Policy::none()).timeout(PATIENCE).build();
        Ok(Self { http: client.map_err(|_| OnvifError::Unreachable)?, address, credentials })
    }

    /// Asks `body` at `path`; `now` is the device's time, and `None` asks as nobody.
    pub(super) async fn ask(&self, path: &str, body: &str, now: Option<Timestamp>) -> Result<Element, OnvifError> {
        let security = now.zip(self.credentials).map(|(created, credentials)| {
            let nonce = crate::random::bytes();
            Security { credentials, nonce, created }.header()
        });
        let envelope = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">{}<s:Body>{body}</s:Body></s:Envelope>"#,
            security.unwrap_or_default()
        );
        let question = self.http.post(format!("http://{}{path}", self.address));
        let question = question.header("content-type", "application/soap+xml; charset=utf-8").body(envelope);
        let mut answer = question.send().await.map_err(|_| OnvifError::Unreachable)?;
        let status = answer.status();
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| OnvifError::Unreachable)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST {
                return Err(OnvifError::NotUnderstood);
            }
        }
        understood(status, &bytes)
    }
}

fn understood(status: StatusCode, bytes: &[u8]) -> Result<Element, OnvifError> {
    let document = Element::parse(bytes);
    let refused = |document: &Element| {
        // The code of a fault may have any prefix (ONVIF Core Specification §5.11.2).
        document.find("Fault").is_some_and(|fault| fault.all("Value").iter().any(|value| value.text().ends_with("NotAuthorized")))
    };
    match document {
        _ if status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN => Err(OnvifError::WrongPassword),
        Some(document) if refused(&document) => Err(OnvifError::WrongPassword),
        Some(document) if status.is_success() && document.find("Fault").is_none() => Ok(document),
        _ => Err(OnvifError::NotUnderstood),
    }
}

impl Security<'_> {
    /// The password goes over the wire as a digest of it, a nonce and the time (§3.1 of the profile); SHA-1 is what it says.
    fn digest(&self) -> String {
        let input = [&self.nonce[..], self.created().as_bytes(), self.credentials.password.as_bytes()].concat();
        BASE64_STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &input))
    }

    fn created(&self) -> String {
        self.created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    fn header(&self) -> String {
        format!(
            r#"<s:Header><wsse:Security s:mustUnderstand="1" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><wsse:UsernameToken><wsse:Username>{}</wsse:Username><wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">{}</wsse:Password><wsse:Nonce EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary">{}</wsse:Nonce><wsu:Created>{}</wsu:Created></wsse:UsernameToken></wsse:Security></s:Header>"#,
            escaped(&self.credentials.username),
            self.digest(),
            BASE64_STANDARD.encode(self.nonce),
            self.created(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_digested_as_in_onvifs_own_example() {
        // ONVIF Application Programmer's Guide §6.1.1.3.
        let nonce = BASE64_STANDARD.decode("LKqI6G/AikKCQrN0zqZFlg==").unwrap().try_into().unwrap();
        let credentials = Credentials { username: "<user>".into(), password: "userpassword".into() };
        let security = Security { credentials: &credentials, nonce, created: "2010-09-16T07:50:45Z".parse().unwrap() };
        assert_eq!(security.digest(), "tuOSpGlFlIXsozq4HFNeeGeFLEI=");
        let header = security.header();
        assert!(header.contains("<wsse:Username>&lt;user&gt;<") && !header.contains("userpassword"), "{header}");
    }

    #[test]
    fn a_refused_user_is_told_from_what_is_not_understood() {
        let fault = b"<e:Envelope xmlns:e='x'><e:Fault><e:Code><e:Subcode><e:Value>ter:NotAuthorized</e:Value></e:Subcode></e:Code></e:Fault></e:Envelope>";
        assert_eq!(understood(StatusCode::BAD_REQUEST, fault), Err(OnvifError::WrongPassword));
        assert_eq!(understood(StatusCode::UNAUTHORIZED, b"<html>"), Err(OnvifError::WrongPassword));
        assert_eq!(understood(StatusCode::OK, b"<html>"), Err(OnvifError::NotUnderstood));
        assert_eq!(understood(StatusCode::FOUND, b"<a/>"), Err(OnvifError::NotUnderstood));
        assert!(understood(StatusCode::OK, b"<a/>").is_ok());
    }
}
