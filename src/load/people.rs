//! People who log in as the pages do, and get their view tokens so.

use super::{LoadError, whep::accepted};
use reqwest::{Client, StatusCode};
use serde::Deserialize;
use serde_json::json;
use url::Url;

/// Somebody who is logged in.
pub(super) struct Person {
    http: Client,
    base: Url,
    csrf: String,
}

#[derive(Deserialize)]
struct LoggedIn {
    csrf: String,
}

/// A camera that somebody may watch, sooner or later.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Watchable {
    pub(super) id: String,
    pub(super) name: String,
}

#[derive(Deserialize)]
struct Me {
    cameras: Vec<Watchable>,
}

#[derive(Deserialize)]
struct ViewToken {
    token: String,
}

impl Person {
    /// Logs in.
    pub(super) async fn log_in(base: &Url, http: Client, login: &str, password: &str) -> Result<Self, LoadError> {
        let post = http.post(at(base, "login")?).json(&json!({ "login": login, "password": password }));
        let answer: LoggedIn = accepted(post.send().await?, StatusCode::OK).await?.json().await?;
        Ok(Self { http, base: base.clone(), csrf: answer.csrf })
    }

    /// The cameras that this person has.
    pub(super) async fn cameras(&self) -> Result<Vec<Watchable>, LoadError> {
        let response = self.http.get(at(&self.base, "me")?).send().await?;
        Ok(accepted(response, StatusCode::OK).await?.json::<Me>().await?.cameras)
    }

    /// A view token.
    pub(super) async fn token(&self) -> Result<String, LoadError> {
        let post = self.http.post(at(&self.base, "view-token")?).header("x-csrf-token", &self.csrf);
        Ok(accepted(post.send().await?, StatusCode::OK).await?.json::<ViewToken>().await?.token)
    }
}

fn at(base: &Url, path: &str) -> Result<Url, LoadError> {
    base.join(&format!("api/v1/{path}")).map_err(|_| LoadError::Answer("usable address"))
}
