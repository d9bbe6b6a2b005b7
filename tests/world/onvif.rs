//! A small device that speaks ONVIF: WS-Discovery over UDP, and its device and media services over HTTP, for one user.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::{Router, extract::State, http::StatusCode, routing::post};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    net::{TcpListener, UdpSocket},
    task::JoinHandle,
};
use url::Url;

/// How it is.
#[derive(Clone)]
pub struct Onvif {
    /// Where its profiles lead: token, encoding, width, height, address.
    pub profiles: Vec<(&'static str, &'static str, u32, u32, Url)>,
    /// How far its clock is off; it takes no token that is not of its own time.
    pub clock_ahead: SignedDuration,
    /// What it answers instead, if it is no device at all.
    pub nonsense: Option<&'static str>,
}

/// A device that answers until it is dropped.
pub struct OnvifDevice {
    /// Where it is asked who it is.
    pub discovery: SocketAddr,
    /// Where its services are.
    pub services: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Onvif {
    pub const USERNAME: &str = "onvif-user";
    pub const PASSWORD: &str = "onvif <pass> & more";
    pub const NAME: &str = "Ойын%20бөлмесі";

    pub async fn start(self) -> OnvifDevice {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let services = listener.local_addr().unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let discovery = socket.local_addr().unwrap();
        let app = Router::new()
            .route("/onvif/device_service", post(device))
            .route("/onvif/media", post(media))
            .with_state(Arc::new((self, services)));
        let serve = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let tasks = vec![serve, tokio::spawn(answer_probes(socket, services.port()))];
        OnvifDevice { discovery, services, tasks }
    }
}

impl Drop for OnvifDevice {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Answers every probe twice, as devices do, and once to a question that nobody asked. Its own address it does not know.
async fn answer_probes(socket: UdpSocket, port: u16) {
    let mut datagram = vec![0; 4096];
    loop {
        let (length, from) = socket.recv_from(&mut datagram).await.unwrap();
        let probe = String::from_utf8_lossy(&datagram[..length]).into_owned();
        assert!(probe.contains("dn:NetworkVideoTransmitter"), "{probe}");
        let message = between(&probe, "MessageID>", "<").unwrap();
        for relates_to in [message, message, "urn:uuid:00000000-0000-4000-8000-000000000000"] {
            let name = Onvif::NAME;
            let answer = format!(
                "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header><a:RelatesTo>{relates_to}\
                 </a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><d:Scopes>onvif://www.onvif.org/name/{name} \
                 onvif://www.onvif.org/hardware/IPC-1 onvif://www.onvif.org/location/x</d:Scopes><d:XAddrs>\
                 http://0.0.0.0:{port}/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
            );
            socket.send_to(answer.as_bytes(), from).await.unwrap();
        }
    }
}

type Device = State<Arc<(Onvif, SocketAddr)>>;

async fn device(State(device): Device, body: String) -> (StatusCode, String) {
    let (onvif, services) = &*device;
    if let Some(nonsense) = onvif.nonsense {
        return (StatusCode::OK, nonsense.to_owned());
    }
    if body.contains("GetSystemDateAndTime") {
        let now = onvif.now().to_zoned(TimeZone::UTC);
        return envelope(&format!(
            "<t:UTCDateTime><t:Time><t:Hour>{}</t:Hour><t:Minute>{}</t:Minute><t:Second>{}</t:Second></t:Time><t:Date><t:Year>{}</t:Year>\
             <t:Month>{}</t:Month><t:Day>{}</t:Day></t:Date></t:UTCDateTime>",
            now.hour(),
            now.minute(),
            now.second(),
            now.year(),
            now.month(),
            now.day()
        ));
    }
    if !onvif.knows(&body) {
        return not_authorized();
    }
    envelope(&format!("<t:Media><t:XAddr>http://0.0.0.0:{}/onvif/media</t:XAddr></t:Media>", services.port()))
}

async fn media(State(device): Device, body: String) -> (StatusCode, String) {
    let (onvif, _) = &*device;
    if !onvif.knows(&body) {
        return not_authorized();
    }
    if body.contains("GetStreamUri") {
        let token = between(&body, "<ProfileToken>", "<").unwrap();
        let (.., url) = onvif.profiles.iter().find(|(own, ..)| *own == token).unwrap();
        let mut url = url.clone();
        url.set_host(Some("0.0.0.0")).unwrap();
        return envelope(&format!("<t:MediaUri><t:Uri>{}</t:Uri></t:MediaUri>", url.as_str().replace('&', "&amp;")));
    }
    let profile = |(token, encoding, width, height, _): &(&str, &str, u32, u32, Url)| {
        format!(
            "<m:Profiles token=\"{token}\"><t:Name>x</t:Name><t:VideoEncoderConfiguration><t:Encoding>{encoding}</t:Encoding><t:Resolution>\
             <t:Width>{width}</t:Width><t:Height>{height}</t:Height></t:Resolution></t:VideoEncoderConfiguration></m:Profiles>"
        )
    };
    envelope(&onvif.profiles.iter().map(profile).collect::<String>())
}

impl Onvif {
    #[allow(clippy::disallowed_methods, reason = "it has a clock of its own")]
    fn now(&self) -> Timestamp {
        Timestamp::now() + self.clock_ahead
    }

    /// Whether the `UsernameToken` in `body` is its user's, and of this minute by its own clock.
    fn knows(&self, body: &str) -> bool {
        let part = |name: &str| {
            between(body, &format!("{name}>"), "<").or_else(|| between(body, name, "<")?.split_once('>').map(|two| two.1))
        };
        let (Some(username), Some(given), Some(nonce), Some(created)) =
            (part("wsse:Username"), part("wsse:Password "), part("wsse:Nonce "), part("wsu:Created"))
        else {
            return false;
        };
        let nonce = BASE64_STANDARD.decode(nonce).unwrap();
        let input = [&nonce[..], created.as_bytes(), Self::PASSWORD.as_bytes()].concat();
        let wanted = BASE64_STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &input));
        let age = self.now().duration_since(created.parse().unwrap()).abs();
        username == Self::USERNAME && given == wanted && age < SignedDuration::from_mins(1)
    }
}

fn envelope(body: &str) -> (StatusCode, String) {
    let envelope = format!(
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><r>{body}</r></s:Body></s:Envelope>"
    );
    (StatusCode::OK, envelope)
}

fn not_authorized() -> (StatusCode, String) {
    let fault = "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code></s:Fault>";
    (StatusCode::BAD_REQUEST, envelope(fault).1)
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to).map(|(found, _)| found)
}
