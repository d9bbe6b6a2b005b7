//! Janus as Debian packages it, pulling the same camera and watched by the same load as the gateway: what we compare with.
//!
//! It runs with its defaults but for what the comparison needs: the streaming plugin and the HTTP API alone, one address, and no end
//! to idle sessions. Its streaming plugin takes RTSP over UDP only, and its ICE passes over loopback interfaces, so that the address
//! has to be on another one: in a network namespace, a veth with an address of 127.0.0.0/8 does.

use anyhow::{Context, bail};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    net::{IpAddr, TcpListener},
    path::Path,
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

/// How long an answer may take. Plugins answer within milliseconds, and Janus ends a long poll only after 30 s.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the start may take: before Janus listens, it waits for the camera, up to 10 s for each of its answers.
const START: Duration = Duration::from_secs(40);

/// Time between two looks at whether it is ready.
const POLL: Duration = Duration::from_millis(50);

/// The mountpoint, which is Janus's word for the camera.
const MOUNTPOINT: u32 = 1;

/// Raises the soft limit of open files to the hard one, because a viewer takes up to five; then becomes Janus, so that its process
/// is the one that was started.
const RUN: &str = r#"ulimit -S -n "$(ulimit -H -n)"; exec taskset -c "$0" janus -F "$1""#;

/// Debian's plugins, but for the streaming plugin. Janus knows their folder; it loads what is not named here.
const OTHER_PLUGINS: &str = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,\
    libjanus_recordplay.so,libjanus_sip.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so";

/// Debian's transports, but for HTTP.
const OTHER_TRANSPORTS: &str =
    "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_websockets.so";

/// A camera, and how to be let in.
pub struct CameraAt {
    /// The RTSP address of its stream, without credentials.
    pub url: String,
    /// The user name that it asks for.
    pub username: String,
    /// The password that it asks for.
    pub password: String,
}

/// A Janus that runs until it is dropped.
pub struct Janus {
    child: Child,
    process: u32,
    version: String,
    http: Client,
    api: String,
}

/// A viewer's session that has an offer from Janus.
pub struct Watching {
    /// The offer: all of it, its candidate included.
    pub offer: String,
    /// The paths of the session and of its handle to the streaming plugin.
    session: String,
    handle: String,
}

impl Janus {
    /// Starts Janus on the one core, with its configuration and its log in `folder`, and waits until pictures of the camera arrive.
    ///
    /// Its API and its media are at `address`. `event_loops` is the number of its threads for media; without, every viewer has one,
    /// which is its default.
    ///
    /// # Errors
    /// If Janus is not installed, ends, or gets no pictures from the camera in time; with the end of its log.
    pub async fn start(
        camera: &CameraAt,
        address: IpAddr,
        event_loops: Option<u32>,
        core: usize,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let listen = TcpListener::bind((address, 0)).and_then(|listener| listener.local_addr()).context("no port for Janus")?;
        fs::write(folder.join("janus.jcfg"), general(address, event_loops))?;
        let transport = format!("general: {{ http = true, ip = \"{address}\", port = {} }}\n", listen.port());
        fs::write(folder.join("janus.transport.http.jcfg"), transport)?;
        fs::write(folder.join("janus.plugin.streaming.jcfg"), mountpoint(camera))?;
        let log = folder.join("janus.log");
        let output = File::create(&log)?;
        let child = Command::new("sh")
            .args(["-c", RUN, &core.to_string()])
            .arg(folder)
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true)
            .spawn()?;
        let process = child.id().context("Janus has no process")?;
        let mut janus = Self { child, process, version: String::new(), http: client()?, api: format!("http://{listen}/janus") };
        let readiness = timeout(START, janus.ready()).await.unwrap_or_else(|_| bail!("not ready after {} s", START.as_secs()));
        janus.version = readiness.with_context(|| format!("Janus did not start. The end of its log:\n{}", end(&log)))?;
        Ok(janus)
    }

    /// Its process, for counting what it costs.
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Its version, such as `1.1.2`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Starts to watch as a new viewer, and returns when the offer is there.
    pub async fn watch(&self) -> anyhow::Result<Watching> {
        let session = format!("/{}", id(&self.ask("", json!({ "janus": "create" })).await?)?);
        let attached = self.ask(&session, json!({ "janus": "attach", "plugin": "janus.plugin.streaming" })).await?;
        let handle = format!("{session}/{}", id(&attached)?);
        self.ask(&handle, message(&json!({ "request": "watch", "id": MOUNTPOINT }))).await?;
        loop {
            let event = reply(self.http.get(format!("{}{session}", self.api))).await;
            let event = event.context("no offer: is Janus's address on an interface that is up, and not on a loopback one?")?;
            plugin(&event)?;
            if let Some(offer) = event["jsep"]["sdp"].as_str() {
                return Ok(Watching { offer: offer.to_owned(), session, handle });
            }
        }
    }

    /// Gives Janus the viewer's answer. It then expects no trickled candidates, and sends media as soon as ICE and DTLS are done.
    pub async fn answer(&self, watching: &Watching, answer: &str) -> anyhow::Result<()> {
        let mut start = message(&json!({ "request": "start" }));
        start["jsep"] = json!({ "type": "answer", "sdp": answer });
        self.ask(&watching.handle, start).await?;
        Ok(())
    }

    /// Ends the viewer's session, and all that Janus keeps for it.
    pub async fn leave(&self, Watching { session, .. }: Watching) -> anyhow::Result<()> {
        self.ask(&session, json!({ "janus": "destroy" })).await?;
        Ok(())
    }

    /// Waits until it answers and gets pictures; gives its version.
    async fn ready(&mut self) -> anyhow::Result<String> {
        let version = loop {
            match self.child.try_wait()? {
                Some(status) if status.code() == Some(127) => bail!("janus is not installed: apt-get install janus"),
                Some(status) => bail!("Janus ended: {status}"),
                None => {}
            }
            if let Ok(info) = reply(self.http.get(format!("{}/info", self.api))).await {
                break info["version_string"].as_str().context("Janus has no version")?.to_owned();
            }
            sleep(POLL).await;
        };
        // Plugins start before the API: either the mountpoint is there by now, or it never will be.
        let watching = self.watch().await.context("Janus cannot show the camera")?;
        loop {
            let info = self.ask(&watching.handle, message(&json!({ "request": "info", "id": MOUNTPOINT }))).await?;
            if plugin(&info)?["info"]["media"][0]["age_ms"].as_u64().is_some_and(|age| age < 1_000) {
                break;
            }
            sleep(POLL).await;
        }
        self.leave(watching).await?;
        Ok(version)
    }

    /// Sends a request. Janus wants a name for the transaction, which we do not need: one connection has one request at a time.
    async fn ask(&self, path: &str, mut request: Value) -> anyhow::Result<Value> {
        request["transaction"] = "fanout".into();
        reply(self.http.post(format!("{}{path}", self.api)).json(&request)).await
    }
}

/// Janus's reply, unless it is a refusal: Janus says so in the body.
async fn reply(request: RequestBuilder) -> anyhow::Result<Value> {
    let reply: Value = request.send().await?.json().await?;
    match reply["error"]["reason"].as_str() {
        Some(reason) => bail!("Janus refused: {reason}"),
        None => Ok(reply),
    }
}

/// What the plugin says in a reply or an event, unless it is a refusal.
fn plugin(reply: &Value) -> anyhow::Result<&Value> {
    let said = &reply["plugindata"]["data"];
    match said["error"].as_str() {
        Some(reason) => bail!("Janus's streaming plugin refused: {reason}"),
        None => Ok(said),
    }
}

fn message(body: &Value) -> Value {
    json!({ "janus": "message", "body": body })
}

/// The id of what a request made.
fn id(reply: &Value) -> anyhow::Result<u64> {
    reply["data"]["id"].as_u64().context("Janus gave no id")
}

/// A client that goes to Janus straight, whatever the environment says of proxies.
fn client() -> anyhow::Result<Client> {
    // reqwest is built without cryptography of its own and wants some even for plain HTTP; whoever came first has installed it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Ok(Client::builder().no_proxy().timeout(PATIENCE).build()?)
}

/// Janus itself. `ice_enforce_list` leaves one candidate; without `session_timeout`, each viewer would have to send keep-alives.
fn general(address: IpAddr, event_loops: Option<u32>) -> String {
    let event_loops = event_loops.map_or_else(String::new, |loops| format!("event_loops = {loops}"));
    format!(
        r#"general: {{
    interface = "{address}"
    session_timeout = 0
    debug_colors = false
    {event_loops}
}}
nat: {{ ice_enforce_list = "{address}" }}
plugins: {{ disable = "{OTHER_PLUGINS}" }}
transports: {{ disable = "{OTHER_TRANSPORTS}" }}
loggers: {{ disable = "libjanus_jsonlog.so" }}
"#
    )
}

/// The camera, without sound: only pictures are compared.
fn mountpoint(camera: &CameraAt) -> String {
    let [url, user, password] = [&camera.url, &camera.username, &camera.password].map(|text| quoted(text));
    let access = format!("url = {url}, rtsp_user = {user}, rtsp_pwd = {password}");
    format!("camera: {{ type = \"rtsp\", id = {MOUNTPOINT}, audio = false, video = true, {access} }}\n")
}

/// A string as libconfig reads it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

/// The last lines of the log, without those about what is not loaded.
fn end(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.ends_with("skipping...")).collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
