//! A camera that is odd in one way at a time, as real ones are.

use std::time::Duration;
use tereze::demo::camera::{
    VideoFormat,
    h264::{BandEncoder, Picture, SliceKind},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use url::Url;

/// The size of its pictures.
pub const FORMAT: VideoFormat = VideoFormat { width: 64, height: 64, rate: 25 };

/// Makes the NAL units of a picture into the payloads of packets, with their markers.
pub type Packetise = fn(&[Vec<u8>]) -> Vec<(Vec<u8>, bool)>;

/// How it is odd. The default is a camera without fault.
#[derive(Clone)]
pub struct Oddity {
    /// Its SDP, with `{sps}` and `{pps}` where the parameter sets go.
    pub sdp: &'static str,
    /// Headers of the answer to DESCRIBE.
    pub describe: &'static str,
    /// Headers of the answer to SETUP, with `{session}` for a session id that changes from one to the next.
    pub setup: &'static str,
    /// Headers of the answer to PLAY.
    pub play: &'static str,
    /// The status line.
    pub status: &'static str,
    /// What stands between `CSeq:` and the number.
    pub before_cseq: &'static str,
    /// What it sends before its answer to PLAY.
    pub before_play: &'static [u8],
    /// What it sends before each packet.
    pub before_packet: &'static [u8],
    /// Whether the parameter sets are in the stream.
    pub in_band: bool,
    /// The channel of its packets.
    pub channel: u8,
    /// How its pictures become packets.
    pub payloads: Packetise,
    /// The RTP timestamp of picture `n`.
    pub timestamp: fn(u32) -> u32,
    /// The SSRC of packet `n`.
    pub ssrc: fn(u32) -> u32,
}

/// One NAL unit a packet, the marker on the last.
pub fn plainly(nals: &[Vec<u8>]) -> Vec<(Vec<u8>, bool)> {
    nals.iter().enumerate().map(|(i, nal)| (nal.clone(), i + 1 == nals.len())).collect()
}

pub const SDP: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n\
    a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sps},{pps}\r\na=control:trackID=0\r\n";

impl Default for Oddity {
    fn default() -> Self {
        Self {
            sdp: SDP,
            describe: "Content-Type: application/sdp\r\n",
            setup: "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1;timeout=60\r\n",
            play: "Session: 1\r\n",
            status: "RTSP/1.0 200 OK",
            before_cseq: " ",
            before_play: b"",
            before_packet: b"",
            in_band: false,
            channel: 0,
            payloads: plainly,
            timestamp: |picture| picture * 3_600,
            ssrc: |_| 7,
        }
    }
}

/// A camera that runs until it is dropped.
pub struct OddCamera {
    pub url: Url,
    task: JoinHandle<()>,
}

impl Drop for OddCamera {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl OddCamera {
    pub async fn start(oddity: Oddity) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("rtsp://{}/stream", listener.local_addr().unwrap()).parse().unwrap();
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, oddity.clone()));
            }
        });
        Self { url, task }
    }
}

async fn serve(socket: TcpStream, oddity: Oddity) -> std::io::Result<()> {
    let (reader, mut writer) = socket.into_split();
    let mut lines = BufReader::new(reader).lines();
    let (mut method, mut cseq, mut setups) = (String::new(), String::new(), 0);
    while let Some(line) = lines.next_line().await? {
        if let Some(number) = line.strip_prefix("CSeq:") {
            number.trim().clone_into(&mut cseq);
        }
        if method.is_empty() {
            line.split(' ').next().unwrap_or("").clone_into(&mut method);
        }
        if !line.is_empty() {
            continue;
        }
        let (headers, body) = match std::mem::take(&mut method).as_str() {
            "DESCRIBE" => (oddity.describe.to_owned(), sdp(oddity.sdp)),
            "SETUP" => {
                setups += 1;
                (oddity.setup.replace("{session}", &format!("session{setups}")), String::new())
            }
            "PLAY" => {
                writer.write_all(oddity.before_play).await?;
                (oddity.play.to_owned(), String::new())
            }
            _ => (String::new(), String::new()),
        };
        let playing = headers == oddity.play;
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head = format!("{}\r\nCSeq:{}{cseq}\r\n{headers}{length}\r\n{body}", oddity.status, oddity.before_cseq);
        writer.write_all(head.as_bytes()).await?;
        if playing {
            return play(writer, &oddity).await;
        }
    }
    Ok(())
}

fn sdp(template: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let (sps, pps) = (FORMAT.sequence_parameter_set(), FORMAT.picture_parameter_set());
    template.replace("{sps}", &STANDARD.encode(sps)).replace("{pps}", &STANDARD.encode(pps))
}

async fn play(mut writer: impl AsyncWriteExt + Unpin, oddity: &Oddity) -> std::io::Result<()> {
    let mut encoder = BandEncoder::new(FORMAT.columns(), 0, FORMAT.rows(), 30);
    let mut sequence = 0_u16;
    for picture in 0_u32.. {
        let mut nals = vec![encoder.encode(&Picture::new(FORMAT.columns(), FORMAT.rows()), SliceKind::Idr { id: picture % 2 })];
        if oddity.in_band {
            nals.splice(0..0, [FORMAT.sequence_parameter_set(), FORMAT.picture_parameter_set()]);
        }
        for (payload, marker) in (oddity.payloads)(&nals) {
            let mut packet = vec![0x80, u8::from(marker) << 7 | 0x60];
            packet.extend(sequence.to_be_bytes());
            packet.extend((oddity.timestamp)(picture).to_be_bytes());
            packet.extend((oddity.ssrc)(u32::from(sequence)).to_be_bytes());
            packet.extend(payload);
            sequence += 1;
            writer.write_all(oddity.before_packet).await?;
            writer.write_all(&[b'$', oddity.channel]).await?;
            writer.write_all(&u16::try_from(packet.len()).unwrap().to_be_bytes()).await?;
            writer.write_all(&packet).await?;
        }
        // The pace of a camera, not a wait for something.
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    Ok(())
}
