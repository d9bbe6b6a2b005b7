//! Simulated cameras: drawn scenes, coded in H.264 with A-law sound, served over real RTSP (RFC 2326) with digest authentication.
//!
//! They make frames only while a client is connected. Besides the demo they serve the tests, which may make them fail:
//! see [`SimulatedCamera::freeze`], [`drop_connections`](SimulatedCamera::drop_connections),
//! [`jump_timestamps`](SimulatedCamera::jump_timestamps), [`set_clock_ahead`](SimulatedCamera::set_clock_ahead).

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "samples, pixels and counters of a drawn film: small, or meant to wrap"
)]

mod canvas;
mod clock_text;
mod digest;
mod film;
pub mod h264;
mod message;
mod rtp;
mod scene;
mod sdp;
mod session;
mod sound;
mod stamp;
mod stream;
mod track;

pub use clock_text::ClockText;
pub use h264::VideoFormat;
pub use scene::{NoSuchScene, Scene};
pub use stamp::read_stamp;

use crate::clock::Clock;
use digest::Guard;
use jiff::{SignedDuration, tz::TimeZone};
use session::{Camera, Session};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};
use stream::{CameraClock, Stream};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

/// The most clients at once; real cameras have fewer.
const MAX_CLIENTS: usize = 16;

/// How a simulated camera is made.
#[derive(Clone)]
pub struct SimulatedCameraConfig {
    /// Where it listens; port 0 lets the machine choose.
    pub listen: SocketAddr,
    /// The user name that it asks for.
    pub username: String,
    /// The password that it asks for.
    pub password: String,
    /// What it sees.
    pub scene: Scene,
    /// The main stream.
    pub main: VideoFormat,
    /// The sub stream.
    pub sub: VideoFormat,
    /// Bits a second that the main stream is brought up to, with a stamp of the time in every picture (see [`read_stamp`]); without,
    /// it is as small as its scene.
    pub bit_rate: Option<u32>,
    /// Whether it sends sound.
    pub sound: bool,
    /// The time that it shows.
    pub clock: Clock,
    /// The time zone that it shows it in.
    pub zone: TimeZone,
}

impl SimulatedCameraConfig {
    /// A camera on a free loopback port with streams of 1280 × 720 at 25 frames a second and 640 × 360 at 15, with sound,
    /// that asks for the user `camera` with the password `window`.
    pub fn new(scene: Scene, clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            username: "camera".into(),
            password: "window".into(),
            scene,
            main: VideoFormat { width: 1280, height: 720, rate: 25 },
            sub: VideoFormat { width: 640, height: 360, rate: 15 },
            bit_rate: None,
            sound: true,
            clock,
            zone: TimeZone::UTC,
        }
    }
}

/// What tests make go wrong.
#[derive(Debug, Default)]
struct Faults {
    frozen: AtomicBool,
    timestamp_jump: AtomicU32,
    drops: watch::Sender<u64>,
}

/// A camera that runs until it is stopped or dropped.
pub struct SimulatedCamera {
    address: SocketAddr,
    clock: Arc<CameraClock>,
    faults: Arc<Faults>,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl SimulatedCamera {
    /// Starts a camera.
    ///
    /// # Errors
    /// If its address cannot be listened on.
    pub async fn start(config: SimulatedCameraConfig) -> io::Result<Self> {
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let clock = Arc::new(CameraClock { clock: config.clock, zone: config.zone, ahead: AtomicI64::new(0) });
        let faults = Arc::new(Faults::default());
        let stream = |format, bit_rate| Stream::new(config.scene, format, bit_rate, config.sound, Arc::clone(&clock));
        let camera = Arc::new(Camera {
            guard: Guard::new(config.username, config.password, uuid::Uuid::new_v4().simple().to_string()),
            main: stream(config.main, config.bit_rate),
            sub: stream(config.sub, None),
            sound: config.sound,
            clock: Arc::clone(&clock),
            faults: Arc::clone(&faults),
        });
        let (stopping, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(accept(listener, camera, stopping.clone(), tasks.clone()));
        Ok(Self { address, clock, faults, stopping, tasks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The main stream, without credentials.
    pub fn main_url(&self) -> Url {
        self.url("main")
    }

    /// The sub stream, without credentials.
    pub fn sub_url(&self) -> Url {
        self.url("sub")
    }

    #[allow(clippy::expect_used, reason = "an address and a word make a URL")]
    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("rtsp://{}/{path}", self.address)).expect("a URL")
    }

    /// Freezes it, or thaws it: connections stay open, and nothing is sent.
    pub fn freeze(&self, frozen: bool) {
        self.faults.frozen.store(frozen, Ordering::Relaxed);
    }

    /// Drops all connections without a word, as if its process were killed and at once started again.
    pub fn drop_connections(&self) {
        self.faults.drops.send_modify(|drops| *drops += 1);
    }

    /// Lets its RTP timestamps jump: forward by `ticks` of 90 kHz, for all time to come. A jump of more than 2^31 is one back.
    pub fn jump_timestamps(&self, ticks: u32) {
        self.faults.timestamp_jump.fetch_add(ticks, Ordering::Relaxed);
    }

    /// Sets its clock wrong: `ahead` of the true time.
    pub fn set_clock_ahead(&self, ahead: SignedDuration) {
        self.clock.ahead.store(i64::try_from(ahead.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }

    /// Stops it, and waits until its port is free again.
    pub async fn stop(self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for SimulatedCamera {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

async fn accept(listener: TcpListener, camera: Arc<Camera>, stopping: CancellationToken, tasks: TaskTracker) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.cancelled() => return,
        };
        match accepted {
            // The task that accepts is one of those that are counted.
            Ok((socket, _)) if tasks.len() <= MAX_CLIENTS => {
                tasks.spawn(serve(socket, Arc::clone(&camera), stopping.clone()));
            }
            Ok(_) => {}
            // Out of descriptors, most likely: wait for some to come back.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn serve(socket: TcpStream, camera: Arc<Camera>, stopping: CancellationToken) {
    // The packets of a frame must not wait for the acknowledgement of those before; without it they are only later.
    let _ = socket.set_nodelay(true);
    let mut drops = camera.faults.drops.subscribe();
    tokio::select! {
        // How a client leaves is of no interest.
        _ = Session::new(camera, socket).run() => {}
        _ = drops.changed() => {}
        () = stopping.cancelled() => {}
    }
}
