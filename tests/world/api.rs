//! Somebody who talks to the gateway as a page does: over HTTP, with a cookie, and with a view token for WHEP.

use super::gateway::{Gateway, PASSWORD};
use futures::StreamExt;
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};
use std::time::Duration;

/// How long anything may take; it is reached only when a test fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `is` gives something, at most [`PATIENCE`].
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut is: impl FnMut() -> F) -> T {
    let tried = async {
        loop {
            if let Some(found) = is().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, tried).await.unwrap_or_else(|_| panic!("never: {what}"))
}

/// What the gateway answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.timeout(PATIENCE).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The code of a problem; empty when it is none.
    pub fn code(&self) -> String {
        serde_json::from_str::<Value>(&self.body).ok().and_then(|body| Some(body["code"].as_str()?.to_owned())).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts a problem with this status and code, in the form that every problem has.
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!((body["type"].as_str(), body["status"].as_u64()), (Some("about:blank"), Some(status.into())));
        self
    }

    pub fn ok(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

/// A client; reqwest is built without cryptography of its own.
pub fn client() -> ClientBuilder {
    // A second test finds it installed.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Client::builder()
}

/// A browser with a cookie jar.
pub struct Visitor {
    pub http: Client,
    base: String,
    csrf: String,
}

impl Visitor {
    /// Nobody yet.
    pub fn stranger(gateway: &Gateway) -> Self {
        Self::at(&gateway.url(""))
    }

    /// Nobody yet, at a gateway in another process.
    pub fn at(base: &str) -> Self {
        let http = client().cookie_store(true).build().unwrap();
        Self { http, base: base.to_owned(), csrf: String::new() }
    }

    /// The same with a browser that says that it is `agent`.
    pub fn named(self, agent: &str) -> Self {
        Self { http: client().cookie_store(true).user_agent(agent).build().unwrap(), ..self }
    }

    /// Somebody who has logged in.
    pub async fn log_in(gateway: &Gateway, login: &str) -> Self {
        Self::stranger(gateway).logged_in(login).await
    }

    /// The same, logged in.
    pub async fn logged_in(self, login: &str) -> Self {
        self.logged_in_with(login, PASSWORD).await
    }

    /// The same with another password than everybody's.
    pub async fn logged_in_with(self, login: &str, password: &str) -> Self {
        let mut visitor = self;
        let answer = visitor.try_log_in(login, password).await.ok(200);
        answer.json()["csrf"].as_str().unwrap().clone_into(&mut visitor.csrf);
        visitor
    }

    pub async fn try_log_in(&self, login: &str, password: &str) -> Answer {
        self.post("/api/v1/login", json!({ "login": login, "password": password })).await
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// A request that carries the log-in's word against forged ones.
    pub fn signed(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("x-csrf-token", &self.csrf)
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::POST, path).header("x-csrf-token", &self.csrf).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::PUT, path).header("x-csrf-token", &self.csrf).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path).header("x-csrf-token", &self.csrf)).await
    }

    pub async fn me(&self) -> Value {
        self.get("/api/v1/me").await.ok(200).json()
    }

    /// The id of the camera with this name, among those that are listed.
    pub async fn camera(&self, name: &str) -> String {
        let me = self.me().await;
        let listed = me["cameras"].as_array().unwrap();
        let camera = listed.iter().find(|camera| camera["name"] == name).unwrap_or_else(|| panic!("{name} is not listed"));
        camera["id"].as_str().unwrap().to_owned()
    }

    /// A view token.
    pub async fn token(&self) -> String {
        let token = self.post("/api/v1/view-token", json!({})).await.ok(200).json();
        token["token"].as_str().unwrap().to_owned()
    }

    /// Everything that the page is told from now on.
    pub async fn events(&self) -> Events {
        let response = self.request(Method::GET, "/api/v1/events").send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Events { bytes: response.bytes_stream().boxed(), text: String::new() }
    }
}

/// What a page is told.
pub struct Events {
    bytes: futures::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    text: String,
}

impl Events {
    /// The next event's name and data; none when the stream has ended.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        let next = async {
            loop {
                if let Some((block, rest)) = self.text.split_once("\n\n") {
                    let (block, rest) = (block.to_owned(), rest.to_owned());
                    self.text = rest;
                    let field = |name: &str| block.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()));
                    if let (Some(event), Some(data)) = (field("event:"), field("data:")) {
                        return Some((event, serde_json::from_str(&data).unwrap()));
                    }
                } else {
                    self.text.push_str(std::str::from_utf8(&self.bytes.next().await?.ok()?).unwrap());
                }
            }
        };
        tokio::time::timeout(PATIENCE, next).await.expect("an event")
    }

    /// The data of the next event of this name.
    pub async fn next_of(&mut self, name: &str) -> Value {
        loop {
            let (event, data) = self.next().await.unwrap_or_else(|| panic!("the stream ended before '{name}'"));
            if event == name {
                return data;
            }
        }
    }
}
