//! A connection to one stream of a camera, from DESCRIBE to TEARDOWN. Every wait in it is bounded.

use super::{
    error::{CameraError, Step},
    parameters::Parameters,
};
use crate::media::{CameraSource, SoundCodec, Transport, VideoCodec};
use futures::StreamExt;
use retina::client::{
    Credentials, Described, InitialSequenceNumberPolicy, InitialTimestampPolicy, PacketItem, PlayOptions, Playing, Session,
    SessionGroup, SessionIdPolicy, SessionOptions, SetupOptions, Stream, UnassignedChannelDataPolicy, UnknownRtcpSsrcPolicy,
};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use url::Url;

/// How long connecting and DESCRIBE may take together.
const DESCRIBE: Duration = Duration::from_secs(8);

/// How long SETUP and PLAY may take, each.
const SETUP: Duration = Duration::from_secs(5);

/// How long a TEARDOWN may take when it is waited for.
const TEARDOWN: Duration = Duration::from_secs(2);

/// Broken packets in a row after which the connection is of no use.
const MAX_BROKEN: u32 = 50;

/// The codecs of browsers' sound (RFC 7874 §3) that cameras have too; their clock is 8 kHz.
const SOUND_RATE: u32 = 8_000;

/// A stream that plays. Dropping it sends TEARDOWN in the background.
pub(crate) struct Connection {
    session: Session<Playing>,
    group: Arc<SessionGroup>,
    video: usize,
    sound: Option<(usize, SoundCodec)>,
    broken: u32,
    /// What the camera says of itself.
    pub(crate) description: Description,
    /// The parameter sets that it told in its SDP.
    pub(crate) parameters: Parameters,
}

/// What a camera says of a stream before it plays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Description {
    /// The names of its sound codecs.
    pub(crate) sound: Vec<String>,
}

/// What comes from a camera.
pub(crate) enum Received {
    /// A packet of video.
    Video(retina::rtp::ReceivedPacket),
    /// A packet of sound.
    Sound(SoundCodec, retina::rtp::ReceivedPacket),
    /// A report about the video.
    Report(retina::rtcp::ReceivedCompoundPacket),
}

impl Connection {
    /// Connects to `url` of `source` and plays it over `transport`.
    ///
    /// # Errors
    /// What failed; see [`CameraError`].
    pub(crate) async fn open(source: &CameraSource, url: &Url, transport: Transport) -> Result<Self, CameraError> {
        let group = Arc::new(SessionGroup::default());
        let mut session = describe(source, url, Arc::clone(&group)).await?;
        let description = describe_tracks(session.streams());
        let (video, codec) = find_video(session.streams())?;
        let parameters = Parameters::from_sdp(session.sdp(), codec);
        let sound = session.streams().iter().enumerate().find_map(|(i, stream)| Some((i, sound_codec(stream)?)));
        set_up(&mut session, video, transport).await?;
        let sound = match sound {
            None => None,
            Some((i, codec)) => match set_up(&mut session, i, transport).await {
                Ok(()) => Some((i, codec)),
                // A camera whose only 'sound' is the way back to its loudspeaker refuses; its picture is good.
                Err(CameraError::Refused(..) | CameraError::NotUnderstood(_)) => None,
                Err(error) => return Err(error),
            },
        };
        // Cameras are wrong about where they begin more often than right, and nothing here needs it.
        let options = PlayOptions::default()
            .initial_timestamp(InitialTimestampPolicy::Ignore)
            .initial_seq(InitialSequenceNumberPolicy::Ignore)
            .unknown_rtcp_ssrc(UnknownRtcpSsrcPolicy::ProcessPackets);
        let session = bounded(Step::Play, SETUP, session.play(options)).await?;
        Ok(Self { session, group, video, sound, broken: 0, description, parameters })
    }

    /// The sound that comes with the pictures.
    pub(super) fn sound(&self) -> Option<SoundCodec> {
        self.sound.map(|(_, codec)| codec)
    }

    /// The next packet. It waits without end for a camera that is silent.
    ///
    /// # Errors
    /// [`CameraError::Lost`] when the connection has ended or brings nothing but broken packets.
    pub(crate) async fn next(&mut self) -> Result<Received, CameraError> {
        loop {
            match self.session.next().await {
                Some(Ok(PacketItem::Rtp(packet))) => {
                    self.broken = 0;
                    match self.sound {
                        _ if packet.stream_id() == self.video => return Ok(Received::Video(packet)),
                        Some((i, codec)) if packet.stream_id() == i => return Ok(Received::Sound(codec, packet)),
                        _ => {}
                    }
                }
                Some(Ok(PacketItem::Rtcp(report))) if report.stream_id() == self.video => return Ok(Received::Report(report)),
                Some(Ok(_)) => {}
                // One bad packet is no reason to leave; `retina` goes on after those.
                Some(Err(_)) if self.broken < MAX_BROKEN => self.broken += 1,
                Some(Err(_)) | None => return Err(CameraError::Lost),
            }
        }
    }

    /// Leaves, and waits a moment for the camera to hear of it: some cameras serve one or two clients only.
    pub(crate) async fn close(self) {
        let Self { session, group, .. } = self;
        drop(session);
        // If it does not answer in time, its own time-out ends the session.
        let _ = timeout(TEARDOWN, group.await_teardown()).await;
    }
}

async fn describe(source: &CameraSource, url: &Url, group: Arc<SessionGroup>) -> Result<Session<Described>, CameraError> {
    let credentials =
        source.credentials.as_ref().map(|c| Credentials { username: c.username.clone(), password: c.password.clone() });
    let options = SessionOptions::default()
        .creds(credentials)
        .user_agent(concat!("Tereze/", env!("CARGO_PKG_VERSION")).into())
        .session_group(group)
        .session_id(SessionIdPolicy::UseFirst)
        .unassigned_channel_data(UnassignedChannelDataPolicy::Ignore);
    bounded(Step::Describe, DESCRIBE, Session::describe(url.clone(), options)).await
}

async fn set_up(session: &mut Session<Described>, index: usize, transport: Transport) -> Result<(), CameraError> {
    let transport = match transport {
        Transport::Tcp => retina::client::Transport::Tcp(retina::client::TcpTransportOptions::default()),
        Transport::Udp => retina::client::Transport::Udp(retina::client::UdpTransportOptions::default()),
    };
    bounded(Step::SetUp, SETUP, session.setup(index, SetupOptions::default().transport(transport))).await
}

async fn bounded<T>(step: Step, limit: Duration, call: impl Future<Output = Result<T, retina::Error>>) -> Result<T, CameraError> {
    match timeout(limit, call).await {
        Ok(result) => result.map_err(|error| CameraError::of(step, &error)),
        Err(_) => Err(CameraError::TimedOut(step)),
    }
}

/// The first H.264 track, which browsers show too; else the first H.265 track.
fn find_video(streams: &[Stream]) -> Result<(usize, VideoCodec), CameraError> {
    let of = |codec, name| {
        let is = |stream: &Stream| stream.media() == "video" && stream.encoding_name() == name;
        streams.iter().position(is).map(|track| (track, codec))
    };
    let found = || streams.iter().find(|stream| matches!(stream.media(), "video" | "image")).map_or("no video".into(), codec_name);
    of(VideoCodec::H264, "h264").or_else(|| of(VideoCodec::H265, "h265")).ok_or_else(|| CameraError::WrongCodec { found: found() })
}

fn describe_tracks(streams: &[Stream]) -> Description {
    Description { sound: streams.iter().filter(|stream| stream.media() == "audio").map(codec_name).collect() }
}

/// G.711, told by its name or by its static payload type (RFC 3551 §6): some cameras call it 'PCM'.
fn sound_codec(stream: &Stream) -> Option<SoundCodec> {
    if stream.media() != "audio" || stream.clock_rate_hz() != SOUND_RATE {
        return None;
    }
    match (stream.encoding_name(), stream.rtp_payload_type()) {
        ("pcma", _) | ("pcm", 8) => Some(SoundCodec::Pcma),
        ("pcmu", _) | ("pcm", 0) => Some(SoundCodec::Pcmu),
        _ => None,
    }
}

/// The name of a codec as people write it. It comes from outside: short, and letters, digits and a few signs only.
fn codec_name(stream: &Stream) -> String {
    match stream.encoding_name() {
        "mpeg4-generic" => "AAC".into(),
        name => {
            name.chars().filter(|c| c.is_ascii_alphanumeric() || "-._".contains(*c)).take(24).collect::<String>().to_uppercase()
        }
    }
}
