//! An object storage that speaks enough S3 (path style) to be moved on to, and that fails or dawdles when it is told to.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// How it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It answers.
    Well,
    /// It answers 503 to everything.
    Refusing,
    /// It takes so long for each answer.
    Slow(Duration),
}

/// A bucket named `tereze`; it runs until it is dropped.
pub struct Bucket {
    pub address: SocketAddr,
    state: Arc<Kept>,
    serving: JoinHandle<()>,
}

struct Kept {
    mood: Mutex<Mood>,
    objects: Mutex<BTreeMap<String, Bytes>>,
    uploads: Mutex<BTreeMap<String, BTreeMap<u32, Bytes>>>,
    refused: Mutex<u32>,
}

impl Bucket {
    pub async fn start() -> Self {
        let state = Arc::new(Kept {
            mood: Mutex::new(Mood::Well),
            objects: Mutex::default(),
            uploads: Mutex::default(),
            refused: Mutex::new(0),
        });
        let routes = Router::new().route("/tereze/{*key}", axum::routing::any(serve)).with_state(state.clone());
        let routes = routes.layer(axum::extract::DefaultBodyLimit::disable());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { address, state, serving }
    }

    /// From now on it does so.
    pub fn be(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// What it holds, by name.
    pub fn objects(&self) -> BTreeMap<String, Bytes> {
        self.state.objects.lock().unwrap().clone()
    }

    /// Changes what it holds under `name`, as somebody would who has got hold of it.
    pub fn tamper(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut objects = self.state.objects.lock().unwrap();
        let mut object = objects[name].to_vec();
        change(&mut object);
        objects.insert(name.to_owned(), object.into());
    }

    /// How many requests it has refused.
    pub fn refused(&self) -> u32 {
        *self.state.refused.lock().unwrap()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(
    State(kept): State<Arc<Kept>>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mood = *kept.mood.lock().unwrap();
    match mood {
        Mood::Well => {}
        Mood::Refusing => {
            *kept.refused.lock().unwrap() += 1;
            return (StatusCode::SERVICE_UNAVAILABLE, "<Error><Code>SlowDown</Code></Error>").into_response();
        }
        Mood::Slow(delay) => tokio::time::sleep(delay).await,
    }
    assert!(headers[header::AUTHORIZATION].to_str().unwrap().starts_with("AWS4-HMAC-SHA256 Credential=tereze-key/"));
    let query: BTreeMap<String, String> = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    match (method, query.get("uploadId"), query.get("partNumber")) {
        (Method::POST, None, _) if query.contains_key("uploads") => {
            kept.uploads.lock().unwrap().insert(key.clone(), BTreeMap::new());
            xml(format!("<InitiateMultipartUploadResult><UploadId>{}</UploadId></InitiateMultipartUploadResult>", key.len()))
        }
        (Method::PUT, Some(_), Some(part)) => {
            kept.uploads.lock().unwrap().get_mut(&key).unwrap().insert(part.parse().unwrap(), body);
            tagged(part)
        }
        (Method::POST, Some(_), _) => {
            let parts = kept.uploads.lock().unwrap().remove(&key).unwrap();
            let whole: Vec<u8> = parts.into_values().flatten().collect();
            kept.objects.lock().unwrap().insert(key, whole.into());
            xml("<CompleteMultipartUploadResult><ETag>whole</ETag></CompleteMultipartUploadResult>".to_owned())
        }
        (Method::DELETE, Some(_), _) => {
            kept.uploads.lock().unwrap().remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        (Method::DELETE, ..) => {
            kept.objects.lock().unwrap().remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        (Method::GET | Method::HEAD, ..) => {
            kept.objects.lock().unwrap().get(&key).map_or_else(missing, |object| given(object, &headers))
        }
        (method, ..) => panic!("{method} {key} {query:?}"),
    }
}

fn xml(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

fn tagged(tag: &str) -> Response {
    ([(header::ETAG, format!("\"{tag}\""))], "").into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response()
}

/// The whole, or the range that is asked for.
fn given(object: &Bytes, headers: &HeaderMap) -> Response {
    let common =
        Response::builder().header(header::ETAG, "\"whole\"").header(header::LAST_MODIFIED, "Sun, 22 Nov 2026 10:00:00 GMT");
    let range = headers.get(header::RANGE).map(|range| range.to_str().unwrap().strip_prefix("bytes=").unwrap().to_owned());
    let Some(range) = range else {
        return common.header(header::CONTENT_LENGTH, object.len()).body(Body::from(object.clone())).unwrap();
    };
    let (first, last): (usize, usize) = match range.split_once('-').unwrap() {
        ("", suffix) => (object.len().saturating_sub(suffix.parse().unwrap()), object.len()),
        (first, last) => (first.parse().unwrap(), last.parse().unwrap()),
    };
    let piece = object.slice(first..(last + 1).min(object.len()));
    let told = format!("bytes {first}-{}/{}", first + piece.len() - 1, object.len());
    common.status(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, told).body(Body::from(piece)).unwrap()
}
