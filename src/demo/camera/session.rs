//! One client's connection to a simulated camera (RFC 2326 §10).

use super::{
    Faults,
    digest::Guard,
    message::{Request, Response},
    rtp::Sender,
    sdp,
    stream::{CameraClock, Media, Stream},
    track::{Track, Way},
};
use crate::clock;
use bytes::BytesMut;
use std::{
    io,
    net::IpAddr,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::broadcast::{self, error::RecvError},
    time::timeout,
};

/// How long a client may take to read what it is sent.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a client may stay silent.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Time between two sender reports.
const REPORT_INTERVAL: Duration = Duration::from_secs(2);

const METHODS: &str = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN";

/// What all clients of a camera share.
pub(super) struct Camera {
    pub(super) guard: Guard,
    pub(super) main: Arc<Stream>,
    pub(super) sub: Arc<Stream>,
    pub(super) sound: bool,
    pub(super) clock: Arc<CameraClock>,
    pub(super) faults: Arc<Faults>,
}

impl Camera {
    fn stream(&self, path: &str) -> Option<&Arc<Stream>> {
        match path.split('/').next()? {
            "main" => Some(&self.main),
            "sub" => Some(&self.sub),
            _ => None,
        }
    }
}

/// A connection, from its beginning to its end.
pub(super) struct Session {
    camera: Arc<Camera>,
    socket: TcpStream,
    id: String,
    /// Video and sound, once they are set up.
    tracks: [Option<Track>; 2],
    playing: Option<broadcast::Receiver<Media>>,
    heard: Instant,
    reported: Option<Instant>,
    /// The time of the first picture, in ticks of 90 kHz: timestamps count from there.
    began: Option<u64>,
}

impl Session {
    pub(super) fn new(camera: Arc<Camera>, socket: TcpStream) -> Self {
        let id = format!("{:08X}", random());
        let (heard, reported) = (clock::monotonic(), None);
        Self { camera, socket, id, tracks: [None, None], playing: None, heard, reported, began: None }
    }

    /// Serves the client until it leaves, falls silent or cannot be understood.
    pub(super) async fn run(mut self) -> io::Result<()> {
        let mut buffer = BytesMut::with_capacity(4096);
        loop {
            tokio::select! {
                read = self.socket.read_buf(&mut buffer) => {
                    if read? == 0 {
                        return Ok(());
                    }
                    self.heard = clock::monotonic();
                    while let Some(request) = Request::take(&mut buffer).map_err(io::Error::other)? {
                        let response = self.answer(&request).await;
                        self.write(&response.into_bytes()).await?;
                        if request.method == "TEARDOWN" {
                            return Ok(());
                        }
                    }
                }
                media = next(&mut self.playing) => {
                    if let Some(media) = media && !self.camera.faults.frozen.load(Ordering::Relaxed) {
                        self.send(media).await?;
                    }
                }
                () = tokio::time::sleep(TIMEOUT) => return Ok(()),
            }
            if self.heard.elapsed() > TIMEOUT {
                return Ok(());
            }
        }
    }

    async fn answer(&mut self, request: &Request) -> Response {
        if request.method == "OPTIONS" {
            return Response::to(request, 200).with("Public", METHODS);
        }
        if !request.header("Authorization").is_some_and(|answer| self.camera.guard.admits(&request.method, answer)) {
            let challenges = self.camera.guard.challenges();
            return challenges.iter().fold(Response::to(request, 401), |r, challenge| r.with("WWW-Authenticate", challenge));
        }
        let Some(stream) = self.camera.stream(request.path()).cloned() else { return Response::to(request, 404) };
        match request.method.as_str() {
            "DESCRIBE" => Response::to(request, 200)
                .with("Content-Base", &format!("{}/", request.uri.trim_end_matches('/')))
                .body("application/sdp", sdp::describe(stream.format, self.camera.sound)),
            "SETUP" => self.set_up(request).await,
            "PLAY" if self.tracks.iter().all(Option::is_none) => Response::to(request, 455),
            "PLAY" => {
                self.playing = Some(stream.listen());
                Response::to(request, 200).with("Session", &self.id).with("RTP-Info", &self.rtp_info(request))
            }
            "GET_PARAMETER" | "TEARDOWN" => Response::to(request, 200).with("Session", &self.id),
            _ => Response::to(request, 501),
        }
    }

    async fn set_up(&mut self, request: &Request) -> Response {
        let index = usize::from(request.path().ends_with("trackID=1"));
        if index == 1 && !self.camera.sound {
            return Response::to(request, 404);
        }
        let peer = self.socket.peer_addr().map_or(IpAddr::from([127, 0, 0, 1]), |address| address.ip());
        let local = self.socket.local_addr().map_or(IpAddr::from([127, 0, 0, 1]), |address| address.ip());
        let Some((way, reply)) = Way::agree(request.header("Transport").unwrap_or(""), local, peer).await else {
            return Response::to(request, 461);
        };
        let track = Track { way, sender: Sender::new(sdp::PAYLOAD_TYPES[index], random(), random() as u16), start: random() };
        let reply = format!("{reply};ssrc={:08X}", track.sender.ssrc);
        self.tracks[index] = Some(track);
        let session = format!("{};timeout={}", self.id, TIMEOUT.as_secs());
        Response::to(request, 200).with("Transport", &reply).with("Session", &session)
    }

    /// Where each track begins (RFC 2326 §12.33).
    fn rtp_info(&self, request: &Request) -> String {
        let base = request.uri.trim_end_matches('/');
        let tracks = self.tracks.iter().enumerate().filter_map(|(i, track)| Some((i, track.as_ref()?)));
        let infos = tracks.map(|(i, t)| format!("url={base}/trackID={i};seq={};rtptime={}", t.sender.sequence, t.start));
        infos.collect::<Vec<_>>().join(",")
    }

    async fn send(&mut self, media: Media) -> io::Result<()> {
        let (index, time, rate) = match &media {
            Media::Picture { time, .. } => (0, *time, 90_000),
            Media::Sound { time, .. } => (1, *time, 8_000),
        };
        let began = match (self.began, index) {
            (Some(began), _) => began,
            (None, 0) => *self.began.insert(time),
            (None, _) => return Ok(()),
        };
        let jump = self.camera.faults.timestamp_jump.load(Ordering::Relaxed);
        let since = time.wrapping_sub(began * rate / 90_000).wrapping_add(u64::from(jump) * rate / 90_000);
        let Some(track) = &mut self.tracks[index] else { return Ok(()) };
        let timestamp = track.start.wrapping_add(since as u32);
        let packets = match &media {
            Media::Picture { nals, .. } => track.sender.picture(nals, timestamp),
            Media::Sound { data, .. } => vec![track.sender.sound(data, timestamp)],
        };
        let due = index == 0 && self.reported.is_none_or(|last| last.elapsed() >= REPORT_INTERVAL);
        let mut interleaved = Vec::new();
        for packet in packets {
            track.send(&packet, &mut interleaved).await;
        }
        if due {
            self.reported = Some(clock::monotonic());
            let (now, seconds) = (self.camera.clock.now(), time.wrapping_sub(began) + u64::from(jump));
            for (track, rate) in self.tracks.iter().zip([90_000, 8_000]) {
                let Some(track) = track else { continue };
                let timestamp = track.start.wrapping_add((seconds * rate / 90_000) as u32);
                track.send_report(&track.sender.report(timestamp, now), &mut interleaved).await;
            }
        }
        self.write(&interleaved).await
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        timeout(PATIENCE, self.socket.write_all(bytes)).await.map_err(|_| io::ErrorKind::TimedOut)?
    }
}

/// The next thing to send; never, if nothing plays. What was missed by being slow is passed over.
async fn next(playing: &mut Option<broadcast::Receiver<Media>>) -> Option<Media> {
    match playing {
        None => std::future::pending().await,
        Some(receiver) => match receiver.recv().await {
            Ok(media) => Some(media),
            Err(RecvError::Lagged(_)) => None,
            Err(RecvError::Closed) => std::future::pending().await,
        },
    }
}

/// A random number: identifiers and starting points differ from session to session.
fn random() -> u32 {
    uuid::Uuid::new_v4().as_fields().0
}
