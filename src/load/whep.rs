//! Opening streams over WHEP (see `GET /api/openapi.json`).

use super::LoadError;
use reqwest::{Client, Response, StatusCode, header};
use std::{net::IpAddr, time::Duration};
use url::Url;

/// How long an answer may take: a cold camera needs seconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that is asked for streams.
#[derive(Clone)]
pub struct Whep {
    http: Client,
    base: Url,
}

/// A stream that was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The server's SDP.
    pub answer: String,
    session: Url,
}

impl Whep {
    /// Asks the server at `base`, from the local address `from` if one is named: servers count requests by address.
    pub fn new(base: Url, from: Option<IpAddr>) -> Result<Self, LoadError> {
        let http = Client::builder().no_proxy().timeout(PATIENCE).local_address(from).build()?;
        Ok(Self { http, base })
    }

    /// Opens a stream of `camera`.
    pub async fn open(&self, camera: &str, token: &str, offer: String) -> Result<Opened, LoadError> {
        let url = self.base.join(&format!("whep/{camera}")).map_err(|_| LoadError::Answer("usable address"))?;
        let post = self.http.post(url.clone()).bearer_auth(token).header(header::CONTENT_TYPE, "application/sdp").body(offer);
        let response = accepted(post.send().await?, StatusCode::CREATED).await?;
        let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        let session = location.and_then(|value| url.join(value).ok()).ok_or(LoadError::Answer("Location"))?;
        Ok(Opened { answer: response.text().await?, session })
    }

    /// Shows a newer token for a stream that runs.
    pub async fn renew(&self, opened: &Opened, token: &str) -> Result<(), LoadError> {
        let patch = self.http.patch(opened.session.clone()).bearer_auth(token);
        let patch = patch.header(header::CONTENT_TYPE, "application/trickle-ice-sdpfrag").body("");
        accepted(patch.send().await?, StatusCode::NO_CONTENT).await.map(drop)
    }

    /// Ends it.
    pub async fn close(&self, opened: Opened, token: &str) -> Result<(), LoadError> {
        let response = self.http.delete(opened.session).bearer_auth(token).send().await?;
        accepted(response, StatusCode::OK).await.map(drop)
    }
}

pub(super) async fn accepted(response: Response, wanted: StatusCode) -> Result<Response, LoadError> {
    let status = response.status();
    if status == wanted {
        return Ok(response);
    }
    let problem: serde_json::Value = response.json().await.unwrap_or_default();
    Err(LoadError::Refused { status: status.as_u16(), code: problem["code"].as_str().unwrap_or_default().to_owned() })
}
