//! From a camera's RTSP stream to [`Frame`]s, for as long as they are wanted, whatever the camera does.
//!
//! `retina` speaks RTSP; what it leaves open is done here: every wait is bounded, a camera that fails is tried again, packets are put
//! together forgivingly ([`access_unit`]), and no text of `retina`'s, which may hold addresses, goes any further.

mod access_unit;
mod connection;
mod error;
mod h264;
mod h265;
mod knock;
mod nal;
mod parameters;
mod pause;
mod picture;
mod report;

pub(crate) use connection::{Connection, Received};
pub(crate) use error::{CameraError, Step};
pub(crate) use picture::{Picture, Pictures};
pub(crate) use report::time_of_day;

use super::{CameraSource, FeedWriter, Frame, FrameKind, Health, Quality, SoundCodec};
use bytes::Bytes;
use jiff::Timestamp;
use knock::wait_or_knock;
use pause::Pauses;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use url::Url;

/// How long a camera may send no picture.
const NO_PICTURE: Duration = Duration::from_secs(5);

/// How long a camera may take until its first key frame: with 'smart' codecs they are far apart.
const NO_KEY_FRAME: Duration = Duration::from_secs(20);

/// How long a camera must have been online for its failures to be forgotten.
const STABLE: Duration = Duration::from_secs(10);

/// Takes what comes from a camera. Its methods return at once.
pub trait FrameSink: Send {
    /// Which sound comes with the pictures; told before the first frame of every connection.
    fn sound(&mut self, codec: Option<SoundCodec>);

    /// A frame, in the order of decoding; the first is a key frame.
    fn frame(&mut self, frame: Frame);

    /// Frames are missing before the next one.
    fn gap(&mut self);

    /// What time it is by the camera's clock, at this moment.
    fn clock(&mut self, time: Timestamp);

    /// How the camera is from now on; called only when that changes.
    fn health(&mut self, health: Health);
}

impl FrameSink for FeedWriter {
    fn sound(&mut self, codec: Option<SoundCodec>) {
        Self::sound(self, codec);
    }

    fn frame(&mut self, frame: Frame) {
        Self::frame(self, frame);
    }

    fn gap(&mut self) {
        Self::gap(self);
    }

    fn clock(&mut self, time: Timestamp) {
        Self::clock(self, time);
    }

    fn health(&mut self, health: Health) {
        Self::health(self, health);
    }
}

impl CameraSource {
    /// The address of a stream: that of the main stream where there is no sub stream.
    pub(crate) fn url(&self, quality: Quality) -> &Url {
        match (quality, &self.sub) {
            (Quality::Sub, Some(sub)) => sub,
            _ => &self.main,
        }
    }
}

/// Brings the frames of one stream of `source` into `sink` until `stop` is cancelled, and tries again when the camera fails.
///
/// When it returns, the camera has been told (TEARDOWN), or has not answered for two seconds. If the future is dropped instead, the
/// camera is told in the background.
pub async fn run(source: CameraSource, quality: Quality, sink: impl FrameSink, stop: CancellationToken) {
    let mut reader = Reader { source, quality, sink, health: Health::Idle, bidirectional: false };
    let mut pauses = Pauses::default();
    reader.set_health(Health::Connecting);
    loop {
        let (error, online) = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            outcome = reader.connect() => match outcome {
                Err(error) => (error, Duration::ZERO),
                Ok(connection) => match reader.read(connection, &stop).await {
                    Ended::Stopped => return,
                    Ended::Failed { error, online } => (error, online),
                },
            },
        };
        if online >= STABLE {
            pauses.reset();
        }
        // A connection that breaks off is not yet a camera that is offline: the next try, at once, will tell.
        if error != CameraError::Lost || online.is_zero() {
            reader.set_health(error.health());
        }
        let pause = pauses.after(&error);
        tracing::info!(camera = %reader.source.camera, ?quality, %error, again_in_ms = pause.as_millis(), "camera failed");
        tokio::select! {
            () = stop.cancelled() => return,
            () = wait_or_knock(pause, &error, reader.source.url(quality)) => {}
        }
    }
}

struct Reader<S> {
    source: CameraSource,
    quality: Quality,
    sink: S,
    health: Health,
    /// Whether B-frames have been seen, so that they are told once.
    bidirectional: bool,
}

/// How reading ended.
enum Ended {
    Stopped,
    Failed { error: CameraError, online: Duration },
}

impl<S: FrameSink> Reader<S> {
    async fn connect(&self) -> Result<Connection, CameraError> {
        Connection::open(&self.source, self.source.url(self.quality), self.source.transport).await
    }

    /// Reads until it is stopped or the camera fails; then leaves the camera properly.
    async fn read(&mut self, mut connection: Connection, stop: &CancellationToken) -> Ended {
        let began = crate::clock::monotonic();
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => Ended::Stopped,
            error = self.read_frames(&mut connection) => Ended::Failed { error, online: began.elapsed() },
        };
        connection.close().await;
        ended
    }

    async fn read_frames(&mut self, connection: &mut Connection) -> CameraError {
        let mut pictures = Pictures::new(std::mem::take(&mut connection.parameters));
        self.sink.sound(connection.sound());
        self.sink.gap();
        let began = deadline(Duration::ZERO);
        let (mut started, mut last_picture) = (false, began);
        loop {
            let limit = if started { last_picture + NO_PICTURE } else { (last_picture + NO_PICTURE).min(began + NO_KEY_FRAME) };
            match timeout_at(limit, connection.next()).await {
                Err(_) => return CameraError::NoPicture,
                Ok(Err(error)) => return error,
                Ok(Ok(Received::Video(packet))) => {
                    if packet.mark() {
                        last_picture = deadline(Duration::ZERO);
                    }
                    if packet.loss() > 0 {
                        self.sink.gap();
                    }
                    for picture in pictures.push(&packet) {
                        started = true;
                        last_picture = deadline(Duration::ZERO);
                        self.take(picture);
                    }
                }
                Ok(Ok(Received::Sound(codec, packet))) => self.take_sound(codec, packet),
                Ok(Ok(Received::Report(report))) => {
                    if let Some(time) = time_of_day(&report) {
                        self.sink.clock(time);
                    }
                }
            }
        }
    }

    fn take(&mut self, picture: Picture) {
        self.set_health(Health::Online);
        if picture.bidirectional && !std::mem::replace(&mut self.bidirectional, true) {
            tracing::warn!(camera = %self.source.camera, quality = ?self.quality, "camera sends B-frames, which browsers cannot show: set its profile to Baseline, or B-frames to 0");
        }
        self.sink.frame(picture.frame);
    }

    fn take_sound(&mut self, codec: SoundCodec, packet: retina::rtp::ReceivedPacket) {
        // Sound alone is nothing that anybody watches.
        if self.health == Health::Online {
            let (timestamp, arrived) = (picture::timestamp(&packet), packet.ctx().received());
            let data: Bytes = packet.into_payload_bytes();
            self.sink.frame(Frame { kind: FrameKind::Sound { codec }, timestamp, arrived, data });
        }
    }

    fn set_health(&mut self, health: Health) {
        if self.health != health {
            self.health = health;
            self.sink.health(health);
        }
    }
}

/// `after` from now, for `tokio`'s timers.
fn deadline(after: Duration) -> Instant {
    Instant::from_std(crate::clock::monotonic()) + after
}
