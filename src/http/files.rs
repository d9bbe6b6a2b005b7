//! The pages: `web/` inside the binary.

use super::{Fault, Problem};
use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The files of `web/`, without what only their tests and checks need.
#[derive(RustEmbed)]
#[folder = "web/"]
#[exclude = "node_modules/*"]
#[exclude = "tests/*"]
#[exclude = "package*.json"]
#[exclude = "tsconfig.json"]
#[exclude = "*.d.ts"]
#[exclude = "*.d.mts"]
#[exclude = "*.map"]
#[exclude = "*.md"]
#[exclude = ".*"]
pub(super) struct Web;

/// The page that draws all others.
const INDEX: &str = "index.html";

/// The addresses that the page itself knows; it draws a 'not found' for every other.
const PAGES: [&str; 16] = [
    "/",
    "/help",
    "/invite",
    "/guests",
    "/appeals",
    "/account",
    "/kindergartens",
    "/cameras",
    "/children",
    "/people",
    "/hours",
    "/overview",
    "/viewings",
    "/recordings",
    "/records",
    "/settings",
];

/// Under these nothing is a page.
const NO_PAGES: [&str; 3] = ["/api/", "/whep/", "/.well-known/"];

/// Serves whatever no route is for.
pub(super) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if !matches!(method, Method::GET | Method::HEAD) {
        return Problem::from(Fault::NotFound).into_response();
    }
    if let Some((name, file)) = find(path.trim_start_matches('/')) {
        return answer(&name, &file, &headers);
    }
    let navigates =
        headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    let page = navigates && !NO_PAGES.iter().any(|prefix| path.starts_with(prefix));
    match Web::get(INDEX).filter(|_| page || path == "/") {
        Some(index) if PAGES.contains(&path) => answer(INDEX, &index, &headers),
        Some(index) => (StatusCode::NOT_FOUND, answer(INDEX, &index, &HeaderMap::new())).into_response(),
        None => Problem::from(Fault::NotFound).into_response(),
    }
}

fn find(name: &str) -> Option<(String, EmbeddedFile)> {
    if name == INDEX {
        return None;
    }
    Web::get(name).map(|file| (name.to_owned(), file))
}

/// The file, or that the browser's copy is still good. Names do not change with what is in them, so a browser asks each time, and
/// is mostly answered with nothing.
fn answer(name: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    // Weak: the same file leaves compressed or not (RFC 9110 §8.8.1).
    let etag = format!("W/\"{}\"", hex(&file.metadata.sha256_hash()[..16]));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let fresh = known.flat_map(|value| value.split(',')).any(|tag| tag.trim() == etag || tag.trim() == "*");
    let cache = [(header::ETAG, etag), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if fresh {
        return (StatusCode::NOT_MODIFIED, cache).into_response();
    }
    let kind = HeaderValue::from_str(&kind(name, file)).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    (cache, [(header::CONTENT_TYPE, kind)], file.data.clone()).into_response()
}

fn kind(name: &str, file: &EmbeddedFile) -> String {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("webmanifest") => "application/manifest+json".to_owned(),
        Some("js") => "text/javascript; charset=utf-8".to_owned(),
        Some("css") => "text/css; charset=utf-8".to_owned(),
        Some("html") => "text/html; charset=utf-8".to_owned(),
        _ => file.metadata.mimetype().to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_pages_need_is_in_the_binary() {
        let stray = |name: &str| {
            ["node_modules", "tests/", "package", "tsconfig", ".d.ts", ".d.mts"].iter().any(|part| name.contains(part))
        };
        assert_eq!(Web::iter().filter(|name| stray(name)).collect::<Vec<_>>(), Vec::<String>::new());
        assert!(Web::get(INDEX).is_some());
    }
}
