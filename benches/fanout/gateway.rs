//! Tereze as it is measured: the release binary with a kindergarten of many parents, whose tokens a portal of the benchmark's signs.

use crate::{
    place::{ADDRESS, SERVER_CORE},
    process::Process,
};
use anyhow::Context;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use tereze::{
    clock::{monotonic, unix_micros},
    demo::camera::SimulatedCamera,
    load::{LoadError, Whep},
};
use url::Url;

const PORT: u16 = 8_090;
const PROGRAM: &str = env!("CARGO_BIN_EXE_tereze");
/// The director, and everybody's password.
pub const DIRECTOR: &str = "+77010000000";
pub const PASSWORD: &str = "bench-bench";
const PATIENCE: Duration = Duration::from_secs(20);
/// As many local addresses ask for streams: a gateway counts requests by address.
const ADDRESSES: usize = 64;

const CONFIG: &str = r#"
[server]
listen = "{address}:{port}"
public_url = "http://{address}:{port}"
plain_http = true
[media]
udp_port = {port}
addresses = ["{address}"]
[recordings]
enabled = false
[limits]
viewers = {viewers}
[[issuer]]
name = "bench"
jwks_file = "portal.jwks.json"
kindergartens = ["bench"]
[auth]
second_factor = "offered"
[log]
level = "warn"
"#;

/// A gateway that runs.
pub struct Gateway {
    process: Process,
    page: String,
    portal: Portal,
    parents: usize,
    group: String,
    cameras: Vec<String>,
    asking: Vec<Whep>,
    /// Its folder, for whom its log interests.
    _folder: PathBuf,
}

/// Signs view tokens.
struct Portal(Ed25519KeyPair);

impl Gateway {
    /// Starts one with `cameras`, for `viewers` parents at once and no more.
    pub async fn start(folder: &Path, cameras: &[SimulatedCamera], parents: usize, viewers: usize) -> anyhow::Result<Self> {
        let folder = folder.join(format!("gateway-{}", unix_micros()));
        fs::create_dir_all(&folder)?;
        let seed = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())?;
        let portal = Portal(Ed25519KeyPair::from_pkcs8(seed.as_ref())?);
        let fill = |text: &str| {
            let text = text.replace("{address}", &ADDRESS.to_string()).replace("{port}", &PORT.to_string());
            text.replace("{viewers}", &viewers.to_string())
        };
        fs::write(folder.join("tereze.toml"), fill(CONFIG))?;
        fs::write(folder.join("portal.jwks.json"), portal.keys().to_string())?;
        fs::write(folder.join("site.toml"), site(cameras, parents))?;
        let applied = std::process::Command::new(PROGRAM).args(["apply", "site.toml"]).current_dir(&folder).output()?;
        anyhow::ensure!(applied.status.success(), "apply: {}", String::from_utf8_lossy(&applied.stderr));
        let process = Process::start(PROGRAM, &["serve"], SERVER_CORE, &folder, "tereze.log")?;

        let base = Url::parse(&format!("http://{ADDRESS}:{PORT}/"))?;
        let me = facts(&base).await.with_context(|| format!("see {}", folder.join("tereze.log").display()))?;
        let ids = |of: &str| -> Vec<String> {
            me[of].as_array().into_iter().flatten().filter_map(|one| Some(one["id"].as_str()?.to_owned())).collect()
        };
        let group = ids("groups").into_iter().next().context("no group")?;
        let from = |host: usize| IpAddr::from([127, 6, 0, u8::try_from(host + 1).unwrap_or(1)]);
        let asking = (0..ADDRESSES).map(|host| Whep::new(base.clone(), Some(from(host)))).collect::<Result<_, _>>()?;
        Ok(Self { process, page: base.to_string(), portal, parents, group, cameras: ids("cameras"), asking, _folder: folder })
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// The address of its pages.
    pub fn page(&self) -> &str {
        &self.page
    }

    /// Who asks for the stream of viewer `number`, for which camera, and with what. Parents take turns.
    pub fn seat(&self, number: usize) -> Seat<'_> {
        let asking = &self.asking[number % self.asking.len()];
        Seat {
            asking,
            camera: &self.cameras[number % self.cameras.len()],
            token: self.portal.token(number % self.parents, &self.group),
        }
    }
}

/// What one viewer needs to ask.
pub struct Seat<'a> {
    asking: &'a Whep,
    camera: &'a str,
    pub token: String,
}

impl Seat<'_> {
    /// Opens the stream.
    pub async fn open(&self, offer: String) -> Result<tereze::load::Opened, LoadError> {
        self.asking.open(self.camera, &self.token, offer).await
    }

    /// Ends it.
    pub async fn close(&self, opened: tereze::load::Opened) -> Result<(), LoadError> {
        self.asking.close(opened, &self.token).await
    }
}

impl Portal {
    fn keys(&self) -> Value {
        let x = BASE64.encode(self.0.public_key().as_ref());
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "bench", "x": x }] })
    }

    /// A view token for the group, good for ten minutes.
    fn token(&self, parent: usize, group: &str) -> String {
        let now = unix_micros() / 1_000_000;
        let header = json!({ "alg": "EdDSA", "typ": "tereze-view+jwt", "kid": "bench" });
        let claims = json!({
            "iss": "bench", "aud": "tereze:view", "sub": parent.to_string(), "jti": format!("{parent}-{}", unix_micros()),
            "iat": now, "nbf": now, "exp": now + 600, "grants": [{ "group": group, "windows": [[now - 60, now + 3_600]] }],
        });
        let text = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
        let signature = BASE64.encode(self.0.sign(text.as_bytes()).as_ref());
        format!("{text}.{signature}")
    }
}

/// One group with all cameras and a child for each parent, open at all hours.
fn site(cameras: &[SimulatedCamera], parents: usize) -> String {
    let mut site = format!(
        "[[kindergarten]]\nkey = \"bench\"\nname = \"Bench\"\nzone = \"Asia/Almaty\"\nhours = {{ every_day = [\"00:00-24:00\"] }}\n\
        limits = {{ streams_per_account = 1, viewers_per_camera = 5000 }}\n\
        [[kindergarten.group]]\nkey = \"room\"\nname = \"Room\"\n\
        [[kindergarten.account]]\nkey = \"director\"\nlogin = \"{DIRECTOR}\"\nname = \"Director\"\nrole = \"director\"\n\
        password = \"{PASSWORD}\"\n"
    );
    for (number, camera) in cameras.iter().enumerate() {
        let _ = write!(
            site,
            "[[kindergarten.camera]]\nkey = \"c{number}\"\nname = \"Camera {number}\"\ngroup = \"room\"\nmain = \"{}\"\n\
            username = \"camera\"\npassword = \"window\"\n",
            camera.main_url()
        );
    }
    for parent in 0..parents {
        let _ = write!(
            site,
            "[[kindergarten.account]]\nkey = \"p{parent}\"\nlogin = \"p{parent}@bench.example\"\nname = \"Parent {parent}\"\n\
            role = \"parent\"\nexternal_id = \"bench/{parent}\"\n\
            [[kindergarten.child]]\nkey = \"k{parent}\"\nname = \"Child {parent}\"\ngroup = \"room\"\nfrom = 2026-01-01\n\
            guardians = [{{ account = \"p{parent}\" }}]\n"
        );
    }
    site
}

/// What the director sees: the ids of groups and cameras.
async fn facts(base: &Url) -> anyhow::Result<Value> {
    let http = reqwest::Client::builder().no_proxy().cookie_store(true).build()?;
    let began = monotonic();
    while http.get(base.join("healthz")?).send().await.is_err() {
        anyhow::ensure!(began.elapsed() < PATIENCE, "the gateway does not start");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let login = json!({ "login": DIRECTOR, "password": PASSWORD });
    http.post(base.join("api/v1/login")?).json(&login).send().await?.error_for_status()?;
    Ok(http.get(base.join("api/v1/me")?).send().await?.error_for_status()?.json().await?)
}
