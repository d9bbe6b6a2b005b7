//! A media plane whose cameras are played by the test: what is filmed goes in by hand.

use bytes::Bytes;
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use prometheus_client::registry::Registry;
use std::{net::Ipv4Addr, num::NonZeroUsize, sync::Arc, time::Duration};
use tereze::{
    clock::{Clock, monotonic},
    id::{AccountId, CameraId, KindergartenId},
    media::{
        CameraSource, FeedWriter, Frame, FrameKind, Media, MediaConfig, OpenError, Opened, ParameterSets, Quality, SoundCodec,
        Transport,
    },
    model::{Account, Camera, Consents, Kindergarten, Language, Limits, RecordingRules, Role, Site, Watermark},
    policy::{Facts, Grant, Purpose, TokenScope, decide, token_grants},
};
use tokio::sync::mpsc;

/// How long anything may take in a test.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A media plane with one camera.
pub struct Studio {
    pub media: Media,
    pub grant: Grant,
    pub registry: Registry,
    pub source: CameraSource,
    writers: mpsc::UnboundedReceiver<FeedWriter>,
}

impl Studio {
    /// One shard, room for a thousand viewers.
    pub fn new(sound: bool) -> Self {
        Self::with(MediaConfig { viewers: 1_000, ..MediaConfig::default() }, sound)
    }

    /// As `config` says; on loopback with one shard, where it says nothing.
    pub fn with(config: MediaConfig, sound: bool) -> Self {
        let clock = Clock::held("2026-11-23T06:00:00Z".parse().unwrap());
        let (sender, writers) = mpsc::unbounded_channel();
        let intake = move |_, _, writer, _| {
            let _ = sender.send(writer);
            std::future::pending().boxed()
        };
        let mut registry = Registry::default();
        let addresses = if config.addresses.is_empty() { vec![Ipv4Addr::LOCALHOST.into()] } else { config.addresses };
        let config = MediaConfig { addresses, shards: config.shards.or(NonZeroUsize::new(1)), ..config };
        let media = Media::with_intake(&config, clock.clone(), &mut registry, Arc::new(intake)).unwrap();
        let grant = grant(sound, clock.now());
        let source = CameraSource {
            camera: grant.camera(),
            main: "rtsp://127.0.0.1/".parse().unwrap(),
            sub: None,
            credentials: None,
            transport: Transport::Tcp,
        };
        media.set_cameras(vec![source.clone()]);
        Self { media, grant, registry, source, writers }
    }

    /// The camera's end of the feed, as soon as the feed runs.
    pub async fn camera(&mut self) -> FeedWriter {
        tokio::time::timeout(PATIENCE, self.writers.recv()).await.expect("the feed wants its camera").unwrap()
    }

    /// Opens a stream.
    pub async fn open(&self, offer: &str) -> Result<Opened, OpenError> {
        self.media.open(&self.grant, offer, Quality::Main).await
    }

    /// Opens the first stream, and films from then on: 25 pictures a second, a key frame every `group` pictures.
    pub async fn open_filming(&mut self, offer: &str, group: u64, bytes: usize) -> (Opened, Film) {
        let media = self.media.clone();
        let (grant, offer) = (self.grant.clone(), offer.to_owned());
        let opening = tokio::spawn(async move { media.open(&grant, &offer, Quality::Main).await });
        let film = Film::start(self.camera().await, group, bytes);
        (opening.await.unwrap().unwrap(), film)
    }

    /// What `/metrics` would say.
    pub fn metrics(&self) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        text
    }
}

/// A director's grant for a camera.
fn grant(sound: bool, now: Timestamp) -> Grant {
    let (kindergarten, camera) = (KindergartenId::new(now), CameraId::new(now));
    let account = Account {
        id: AccountId::new(now),
        login: "director@example.org".into(),
        name: "Director".into(),
        role: Role::Director,
        kindergarten: Some(kindergarten),
        language: Language::English,
        blocked: false,
    };
    let site = Site {
        kindergarten: Kindergarten {
            id: kindergarten,
            name: "Test".into(),
            district: None,
            zone: TimeZone::UTC,
            limits: Limits { streams_per_account: 1, viewers_per_camera: 40 },
            languages: vec![Language::English],
            watermark: Watermark::NameAndLogin,
        },
        groups: vec![],
        cameras: vec![Camera { id: camera, name: "yard".into(), group: None, sound }],
        former_cameras: vec![],
        children: vec![],
        absences: vec![],
        mergers: vec![],
        masks: vec![],
        enrolments: vec![],
        guardianships: vec![],
        postings: vec![],
        assignments: vec![],
        hours: vec![],
        exceptions: vec![],
        interruptions: Vec::new(),
        recording_rules: RecordingRules::default(),
        consents: Consents::NONE,
        pauses: vec![],
    };
    let facts = Facts { account: &account, site: Some(&site), camera: Some(camera), purpose: Purpose::Live, viewers: 0 };
    let grants = token_grants(&account, std::slice::from_ref(&site), now);
    decide(&facts, &TokenScope { expires_at: now + SignedDuration::from_mins(10), grants }, now).unwrap()
}

/// Parameter sets of High profile, 1280×720.
pub fn parameters() -> Arc<ParameterSets> {
    let (sps, pps) = (Bytes::from_static(&[0x67, 0x64, 0, 0x1f, 0xac, 0xd9]), Bytes::from_static(&[0x68, 0xeb, 0xe3, 0xcb]));
    Arc::new(ParameterSets { vps: None, sps, pps, width: 1280, height: 720 })
}

/// The NAL unit of picture `number`: its bytes follow from the number, so that a client can tell what it got.
pub fn unit(number: u64, key: bool, bytes: usize) -> Vec<u8> {
    let header = [if key { 0x65 } else { 0x41 }, 0b1000_1000];
    let filling = (0..bytes.saturating_sub(10)).map(|at| (at as u64).wrapping_mul(31).wrapping_add(number) as u8);
    header.into_iter().chain(number.to_be_bytes()).chain(filling).collect()
}

/// Picture `number` with the camera's `timestamp`.
pub fn picture(number: u64, timestamp: u64, key: bool, bytes: usize) -> Frame {
    let unit = unit(number, key, bytes);
    let data = [&(unit.len() as u32).to_be_bytes()[..], &unit].concat().into();
    Frame { kind: FrameKind::Video { key, parameters: parameters() }, timestamp, arrived: monotonic(), data }
}

/// Twenty milliseconds of sound.
pub fn sound(number: u64) -> Frame {
    let data = Bytes::from(vec![number as u8; 160]);
    Frame { kind: FrameKind::Sound { codec: SoundCodec::Pcma }, timestamp: number * 160, arrived: monotonic(), data }
}

/// A camera that films until it is dropped.
pub struct Film(tokio::task::JoinHandle<()>);

impl Film {
    /// 25 pictures a second of `bytes` bytes, key frames ten times as large every `group`, with sound.
    pub fn start(camera: FeedWriter, group: u64, bytes: usize) -> Self {
        Self(tokio::spawn(async move {
            camera.sound(Some(SoundCodec::Pcma));
            let mut shutter = tokio::time::interval(Duration::from_millis(40));
            for number in 0.. {
                shutter.tick().await;
                let key = number % group == 0;
                camera.frame(picture(number, 1_000 + number * 3_600, key, if key { 10 * bytes } else { bytes }));
                camera.frame(sound(2 * number));
                camera.frame(sound(2 * number + 1));
            }
        }))
    }
}

impl Drop for Film {
    fn drop(&mut self) {
        self.0.abort();
    }
}
