//! Chromium, driven by the W3C's WebDriver protocol: the pages are tested in the browser that parents use.

use reqwest::{Client, Method};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::Stdio,
    time::Duration,
};
use tempfile::TempDir;
use tereze::clock::monotonic;
use tokio::process::{Child, Command};

/// No test waits longer than this for anything in a page.
const PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// A way to run Chromium: its name to the driver, and its program.
struct Kind {
    name: &'static str,
    program: &'static str,
}

/// Without windows, menus and extensions: the same pages for two thirds of the work. All its tabs are visible.
const SHELL: Kind = Kind { name: "chrome-headless-shell", program: "/usr/lib/chromium/chromium-headless-shell" };
/// As people have it: of its tabs one is visible.
const WHOLE: Kind = Kind { name: "chrome", program: "/usr/bin/chromium" };

const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// A browser with a profile of its own. Dropped, it is gone.
pub struct Browser {
    client: Client,
    /// The URL of the WebDriver session.
    session: String,
    /// The browser's process.
    process: Option<u64>,
    _driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts one.
    pub async fn start() -> Self {
        Self::start_as(SHELL).await
    }

    /// Starts one whose tabs are hidden while another is looked at.
    pub async fn start_with_tabs() -> Self {
        Self::start_as(WHOLE).await
    }

    async fn start_as(kind: Kind) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr()).unwrap().port();
        let mut driver = Command::new("/usr/bin/chromedriver");
        let driver =
            driver.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let profile = TempDir::new().unwrap();
        // The driver speaks plain HTTP on loopback, and no proxy of the machine is asked.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        let address = format!("http://127.0.0.1:{port}");
        let began = monotonic();
        while client.get(format!("{address}/status")).send().await.is_err() {
            assert!(began.elapsed() < PATIENCE, "chromedriver does not start");
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        let data = format!("--user-data-dir={}", profile.path().display());
        let arguments: Vec<&str> = FLAGS.into_iter().chain([data.as_str()]).collect();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": kind.name,
            "goog:chromeOptions": { "args": arguments, "binary": kind.program },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 30_000 },
        }}});
        let mut browser = Self { client, session: address, process: None, _driver: driver, _profile: profile };
        let session: Value = browser.call(Method::POST, "/session", &wanted).await;
        browser.session = format!("{}/session/{}", browser.session, session["sessionId"].as_str().unwrap());
        browser.process = session["capabilities"]["goog:processID"].as_u64();
        browser
    }

    /// Opens `url` and waits until it is loaded.
    pub async fn go(&self, url: &str) {
        let _: Value = self.call(Method::POST, "/url", &json!({ "url": url })).await;
    }

    /// Goes on in a new tab; those before stay open.
    pub async fn tab(&self) {
        let tab: Value = self.call(Method::POST, "/window/new", &json!({ "type": "tab" })).await;
        let () = self.call(Method::POST, "/window", &json!({ "handle": tab["handle"] })).await;
    }

    /// Runs the body of an async function in the page, and takes what it returns.
    pub async fn run<T: DeserializeOwned>(&self, body: &str, arguments: &[Value]) -> T {
        let script = format!("return (async function () {{ {body}\n }}).apply(null, arguments)");
        self.call(Method::POST, "/execute/sync", &json!({ "script": script, "args": arguments })).await
    }

    /// Waits until the expression `condition` holds in the page, and returns its value.
    pub async fn wait_for(&self, condition: &str) -> Value {
        let began = monotonic();
        loop {
            let value: Value = self.run(&format!("return {condition}"), &[]).await;
            let holds = !matches!(&value, Value::Null | Value::Bool(false)) && value != json!("") && value != json!(0);
            if holds {
                return value;
            }
            if began.elapsed() > PATIENCE {
                let text: String = self.run("return document.body.innerText", &[]).await;
                panic!("never: {condition}; the page says:\n{text}\nand the console:\n{}", self.console().await.join("\n"));
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Presses the first thing that `selector` finds, once it is there.
    pub async fn press(&self, selector: &str) {
        self.wait_for(&format!("document.querySelector({selector:?}) !== null")).await;
        let () = self.run("document.querySelector(arguments[0]).click()", &[json!(selector)]).await;
    }

    /// Types `text` into the field that `selector` finds, as a person does.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let found: Value = self.call(Method::POST, "/element", &json!({ "using": "css selector", "value": selector })).await;
        let id = found.as_object().and_then(|element| element.values().next()).and_then(Value::as_str).unwrap();
        let () = self.call(Method::POST, &format!("/element/{id}/value"), &json!({ "text": text })).await;
    }

    /// Makes the window as large as a telephone's or a laptop's, and light or dark.
    pub async fn look(&self, width: u32, height: u32, dark: bool) {
        let mobile = width < 600;
        // A telephone's pixels are small in the pictures that people look at, and four times the work where nobody does.
        let scale = if mobile && pictures_are_wanted() { 2 } else { 1 };
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = json!({ "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } });
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [scheme] })).await;
    }

    /// Asks the browser itself (Chrome `DevTools` Protocol).
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.call(Method::POST, "/goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).await
    }

    /// What the console has said since it was asked last, errors of the network and the content security policy included.
    pub async fn console(&self) -> Vec<String> {
        let lines: Vec<Value> = self.call(Method::POST, "/se/log", &json!({ "type": "browser" })).await;
        lines
            .iter()
            .map(|line| format!("{} {}", line["level"].as_str().unwrap_or(""), line["message"].as_str().unwrap_or("")))
            .collect()
    }

    /// Writes a picture of the whole page to `path`.
    pub async fn screenshot(&self, path: &Path) {
        use base64::Engine;
        let picture = self.devtools("Page.captureScreenshot", json!({ "captureBeyondViewport": true })).await;
        let png = base64::engine::general_purpose::STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, png).unwrap();
    }

    /// Sends a command of the protocol, and takes the value of the answer.
    async fn call<T: DeserializeOwned>(&self, method: Method, path: &str, body: &Value) -> T {
        let url = format!("{}{path}", self.session);
        let answer = self.client.request(method, url).body(body.to_string()).send().await.unwrap();
        let mut answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let value = answer["value"].take();
        assert!(value.get("error").is_none(), "the browser refuses {path}: {}", value["message"]);
        serde_json::from_value(value).unwrap()
    }
}

/// Whether somebody asked for pictures of what the tests see: `TEREZE_SCREENSHOTS`.
pub fn pictures_are_wanted() -> bool {
    std::env::var_os("TEREZE_SCREENSHOTS").is_some()
}

impl Drop for Browser {
    /// A driver that is killed leaves its browser behind.
    fn drop(&mut self) {
        if let Some(process) = self.process {
            let _ = std::process::Command::new("kill").args(["-KILL", &process.to_string()]).status();
        }
    }
}
