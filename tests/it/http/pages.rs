//! The pages, and what stands around every answer.

use crate::world::{
    api::{Answer, Visitor},
    gateway::Gateway,
};
use reqwest::Method;

const HTML: &str = "text/html,application/xhtml+xml";

#[tokio::test]
async fn pages_come_under_a_strict_policy_and_are_kept_until_they_change() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::stranger(&gateway);
    let page = Answer::of(visitor.request(Method::GET, "/").header("accept", HTML)).await.ok(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("require-trusted-types-for 'script'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert!(page.header("permissions-policy").contains("camera=()"));
    assert_eq!(page.header("strict-transport-security"), "", "not over plain HTTP");

    let script = visitor.get("/app.js").await.ok(200);
    assert_eq!((script.header("content-type"), script.header("cache-control")), ("text/javascript; charset=utf-8", "no-cache"));
    let again = visitor.request(Method::GET, "/app.js").header("if-none-match", script.header("etag"));
    assert_eq!(Answer::of(again).await.ok(304).body, "");
    let small = visitor.request(Method::GET, "/app.js").header("accept-encoding", "br");
    assert_eq!(Answer::of(small).await.ok(200).header("content-encoding"), "br");
    gateway.stop().await;
}

#[tokio::test]
async fn an_unknown_page_is_drawn_and_an_unknown_thing_is_not_found() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::stranger(&gateway);
    let get = |path: &str| visitor.request(Method::GET, path);
    let drawn = Answer::of(get("/no/such/page").header("accept", HTML)).await.ok(404);
    assert!(drawn.body.contains("<!doctype html>") || drawn.body.contains("<!DOCTYPE html>"), "{drawn:?}");
    Answer::of(get("/help").header("accept", HTML)).await.ok(200);
    for path in ["/no-such.js", "/api/v1/nothing", "/api/../Cargo.toml", "/.git/config", "/node_modules/x"] {
        Answer::of(get(path)).await.refused(404, "not_found");
    }
    Answer::of(get("/api/v1/nothing").header("accept", HTML)).await.refused(404, "not_found");
    Answer::of(visitor.request(Method::POST, "/nothing")).await.refused(404, "not_found");
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_too_large_is_not_read() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::stranger(&gateway);
    let large = visitor.request(Method::POST, "/api/v1/login").header("content-type", "application/json").body("x".repeat(100_000));
    Answer::of(large).await.refused(413, "too_large");
    gateway.stop().await;
}

#[tokio::test]
async fn the_operator_finds_health_and_numbers_without_names() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::log_in(&gateway, super::people::ASEL).await;
    visitor.get("/healthz").await.ok(200);
    visitor.get("/readyz").await.ok(200);
    visitor.me().await;
    let page = visitor.get("/metrics").await.ok(200).body;
    assert!(page.contains("tereze_log_ins_total{code=\"ok\"} 1"), "{page}");
    assert!(page.contains("tereze_http_requests_total{method=\"GET\",route=\"/api/v1/me\",status=\"200\"} 1"), "{page}");
    assert!(!page.contains("7701"), "{page}");
    gateway.stop().await;
}
