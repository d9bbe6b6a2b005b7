//! Looks at a camera for some seconds and says in plain words what is wrong with it: `tereze check`.

mod findings;
mod measure;
mod password;

pub use findings::{Finding, FindingCode};

use super::{
    CameraSource, KeyFrame, Quality, Transport,
    camera::{CameraError, Connection, Pictures, Received},
};
use crate::clock::{Clock, monotonic};
use jiff::SignedDuration;
use measure::Measurement;
use std::time::Duration;
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout, timeout_at},
};

/// How long a camera is looked at; key frames that are further apart than half of this are told as too far.
const LOOK: Duration = Duration::from_secs(10);

/// How many cameras are looked at together at somebody's wish.
const AT_ONCE: usize = 4;

/// How long somebody waits for the answer: a camera that needs both transports and all its time is then said not to answer.
const PATIENCE: Duration = Duration::from_secs(25);

/// Looks at cameras at somebody's wish: at few together, and never for long.
pub struct Prober {
    clock: Clock,
    places: Semaphore,
}

/// As many cameras are looked at as may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many cameras are looked at already")]
pub struct ProberBusy;

impl Prober {
    /// One that reads the time from `clock`.
    pub fn new(clock: Clock) -> Self {
        Self { clock, places: Semaphore::new(AT_ONCE) }
    }

    /// [`probe`]s, within 25 seconds.
    pub async fn probe(&self, source: &CameraSource, quality: Quality) -> Result<Probe, ProberBusy> {
        let _place = self.places.try_acquire().map_err(|_| ProberBusy)?;
        let late = |_| Probe { findings: vec![Finding::no_answer()], ..Probe::default() };
        Ok(timeout(PATIENCE, probe(source, quality, &self.clock)).await.unwrap_or_else(late))
    }
}

/// What a camera's stream is like.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Probe {
    /// The transport that works: the one that was told, else the other.
    pub transport: Option<Transport>,
    /// The video codec: `H.264`, `H.265`, or what it has instead.
    pub codec: Option<String>,
    /// The profile in words (ITU-T H.264 §A.2, ITU-T H.265 §A.3).
    pub profile: Option<&'static str>,
    /// Width and height in pixels.
    pub resolution: Option<(u16, u16)>,
    /// Pictures a second, measured.
    pub frame_rate: Option<f64>,
    /// Time from one key frame to the next, measured; unknown if fewer than two came.
    pub key_frame_interval: Option<Duration>,
    /// Bits a second of video, measured.
    pub bit_rate: Option<u64>,
    /// The sound codecs that it offers.
    pub sound: Vec<String>,
    /// Whether there are B-frames; told of H.264 only.
    pub b_frames: bool,
    /// How far the camera's clock is ahead of ours, by its sender reports (RFC 3550 §6.4.1); unknown if it sends none.
    pub clock_ahead: Option<SignedDuration>,
    /// Its newest key frame.
    pub picture: Option<KeyFrame>,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
}

/// Looks at one stream of `source`. It takes some ten seconds, and at most a minute; the camera is left properly afterwards.
pub async fn probe(source: &CameraSource, quality: Quality, clock: &Clock) -> Probe {
    let url = source.url(quality);
    let other = match source.transport {
        Transport::Tcp => Transport::Udp,
        Transport::Udp => Transport::Tcp,
    };
    let mut refused = None;
    for transport in [source.transport, other] {
        match look(source, url, transport, clock).await {
            Ok(mut probe) => {
                if transport != source.transport {
                    probe.findings.insert(0, Finding::other_transport(source.transport));
                }
                return probe;
            }
            // The other transport may still do; but a camera that is not there or knows us not is not asked again.
            Err(error) if transport_may_be_why(&error) && refused.is_none() => refused = Some(error),
            Err(error) => {
                refused.get_or_insert(error);
                break;
            }
        }
    }
    let codec = match &refused {
        Some(CameraError::WrongCodec { found }) => Some(found.clone()),
        _ => None,
    };
    Probe { codec, findings: refused.iter().map(Finding::of).collect(), ..Probe::default() }
}

const fn transport_may_be_why(error: &CameraError) -> bool {
    matches!(error, CameraError::Refused(..) | CameraError::NoPicture | CameraError::Lost | CameraError::NotUnderstood(_))
}

async fn look(source: &CameraSource, url: &url::Url, transport: Transport, clock: &Clock) -> Result<Probe, CameraError> {
    let mut connection = Connection::open(source, url, transport).await?;
    let sound = std::mem::take(&mut connection.description).sound;
    let mut measurement = Measurement::default();
    let outcome = measure(&mut connection, &mut measurement, clock).await;
    connection.close().await;
    outcome?;
    let mut probe = measurement.into_probe();
    probe.transport = Some(transport);
    probe.sound = sound;
    probe.findings = Finding::all(&probe);
    probe.findings.extend(Finding::of_password(source.credentials.as_ref()));
    Ok(probe)
}

async fn measure(connection: &mut Connection, measurement: &mut Measurement, clock: &Clock) -> Result<(), CameraError> {
    let mut pictures = Pictures::new(std::mem::take(&mut connection.parameters));
    let end = Instant::from_std(monotonic()) + LOOK;
    loop {
        match timeout_at(end, connection.next()).await {
            Err(_) if measurement.has_pictures() => return Ok(()),
            Err(_) => return Err(CameraError::NoPicture),
            Ok(received) => match received? {
                Received::Video(packet) => pictures.push(&packet).iter().for_each(|picture| measurement.take(picture)),
                Received::Report(report) => measurement.take_report(&report, clock.now()),
                Received::Sound(..) => {}
            },
        }
    }
}
