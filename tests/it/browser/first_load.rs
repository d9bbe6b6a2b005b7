//! What a parent's telephone has to fetch before the first picture, and from whom.

use super::{PARENT, enter};
use crate::world::{browser::Browser, gateway::Gateway};
use serde_json::json;

/// In bytes, as they travel.
const LIGHT: u64 = 150_000;

/// Everything that was fetched, the page itself included, but for the events, which never end.
const FETCHED: &str = "
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return all.map(({ name, encodedBodySize }) => [name, encodedBodySize]);
";

#[tokio::test(flavor = "multi_thread")]
async fn a_parents_first_load_is_light_and_asks_nobody_else() {
    let (gateway, browser) = (Gateway::start().await, Browser::start().await);
    enter(&browser, &gateway, PARENT, "kk", "/").await;
    browser.devtools("Network.clearBrowserCache", json!({})).await;
    browser.go(&gateway.url("/")).await;
    browser.wait_for("document.querySelector('.player') !== null").await;
    let fetched: Vec<(String, u64)> = browser.run(FETCHED, &[]).await;
    let strange: Vec<&String> = fetched.iter().map(|(name, _)| name).filter(|name| !name.starts_with(&gateway.url("/"))).collect();
    assert!(strange.is_empty(), "{strange:?}");
    let weight: u64 = fetched.iter().map(|(_, size)| size).sum();
    assert!((20_000..LIGHT).contains(&weight), "{weight} bytes: {fetched:?}");
    for others in ["/console/hours.js", "/views/director.js", "/components/today.js", "/views/operator.js"] {
        assert!(!fetched.iter().any(|(name, _)| name.ends_with(others)), "a parent carries {others}");
    }
    println!("first load: {weight} bytes in {} answers", fetched.len());
}
