//! The `webrtc` crate as a viewer: a whole client, written by others.

use super::studio::PATIENCE;
use bytes::Bytes;
use rtc_rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
};
use tokio::sync::mpsc;
use webrtc::{
    media_stream::track_remote::{TrackRemote, TrackRemoteEvent},
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCConfigurationBuilder,
        RTCIceGatheringState, RTCPeerConnectionState, RTCSessionDescription, Registry, register_default_interceptors,
    },
    rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit},
};

/// An RTP packet as the client's application gets it.
#[derive(Debug, Clone)]
pub struct Packet {
    pub video: bool,
    pub marker: bool,
    pub sequence: u16,
    pub timestamp: u32,
    pub payload: Bytes,
}

/// A viewer.
pub struct FullClient {
    connection: Box<dyn PeerConnection>,
    pub offer: String,
    packets: mpsc::UnboundedReceiver<Packet>,
    states: mpsc::UnboundedReceiver<RTCPeerConnectionState>,
}

struct Handler {
    packets: mpsc::UnboundedSender<Packet>,
    states: mpsc::UnboundedSender<RTCPeerConnectionState>,
    gathered: Mutex<Option<tokio::sync::oneshot::Sender<()>>>,
}

type Done<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// What `#[async_trait]` would write.
impl PeerConnectionEventHandler for Handler {
    fn on_ice_gathering_state_change<'a, 'b>(&'a self, state: RTCIceGatheringState) -> Done<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        if state == RTCIceGatheringState::Complete {
            self.gathered.lock().unwrap().take().map(|gathered| gathered.send(()));
        }
        Box::pin(std::future::ready(()))
    }

    fn on_connection_state_change<'a, 'b>(&'a self, state: RTCPeerConnectionState) -> Done<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        let _ = self.states.send(state);
        Box::pin(std::future::ready(()))
    }

    fn on_track<'a, 'b>(&'a self, track: Arc<dyn TrackRemote>) -> Done<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        let packets = self.packets.clone();
        Box::pin(async move {
            let video = track.kind().await.to_string() == "video";
            tokio::spawn(async move {
                // What came before the track was there is lost in this client: it asks for a key frame, as others do that missed theirs.
                for media_ssrc in track.ssrcs().await.into_iter().filter(|_| video) {
                    let _ = track.write_rtcp(vec![Box::new(PictureLossIndication { sender_ssrc: 1, media_ssrc })]).await;
                }
                while let Some(event) = track.poll().await {
                    if let TrackRemoteEvent::OnRtpPacket(packet) = event {
                        let (sequence, timestamp, marker) =
                            (packet.header.sequence_number, packet.header.timestamp, packet.header.marker);
                        let _ = packets.send(Packet { video, marker, sequence, timestamp, payload: packet.payload });
                    }
                }
            });
        })
    }
}

impl FullClient {
    /// A client with an offer to receive video and sound.
    pub async fn new() -> Self {
        let (packets, received) = mpsc::unbounded_channel();
        let (states, stated) = mpsc::unbounded_channel();
        let (gathered, all) = tokio::sync::oneshot::channel();
        let handler = Arc::new(Handler { packets, states, gathered: Mutex::new(Some(gathered)) });
        let mut codecs = MediaEngine::default();
        codecs.register_default_codecs().unwrap();
        let registry = register_default_interceptors(Registry::new(), &mut codecs).unwrap();
        let connection = PeerConnectionBuilder::new()
            .with_configuration(RTCConfigurationBuilder::new().build())
            .with_media_engine(codecs)
            .with_interceptor_registry(registry)
            .with_handler(handler)
            .with_udp_addrs(vec!["127.0.0.1:0"])
            .build()
            .await
            .unwrap();
        let receive = || Some(RTCRtpTransceiverInit { direction: RTCRtpTransceiverDirection::Recvonly, ..Default::default() });
        connection.add_transceiver_from_kind("video".into(), receive()).await.unwrap();
        connection.add_transceiver_from_kind("audio".into(), receive()).await.unwrap();
        let offer = connection.create_offer(None).await.unwrap();
        connection.set_local_description(offer).await.unwrap();
        let _ = tokio::time::timeout(PATIENCE, all).await;
        let offer = connection.local_description().await.unwrap().sdp;
        Self { connection: Box::new(connection), offer, packets: received, states: stated }
    }

    /// Takes the answer: from here on it connects by itself.
    pub async fn take(&self, answer: &str) {
        self.connection.set_remote_description(RTCSessionDescription::answer(answer.to_owned()).unwrap()).await.unwrap();
    }

    /// The next packet.
    pub async fn packet(&mut self) -> Packet {
        tokio::time::timeout(PATIENCE, self.packets.recv()).await.expect("a packet comes").unwrap()
    }

    /// The next packet of the video.
    pub async fn video(&mut self) -> Packet {
        loop {
            let packet = self.packet().await;
            if packet.video {
                return packet;
            }
        }
    }

    /// The next picture whose packets are all there: its NAL units.
    pub async fn picture(&mut self) -> Vec<Vec<u8>> {
        loop {
            let mut packets = vec![self.video().await];
            while !packets.last().is_some_and(|packet| packet.marker) {
                packets.push(self.video().await);
            }
            let begins = packets[0].payload[0] & 0x1f != 28 || packets[0].payload[1] & 0x80 != 0;
            let follows =
                |pair: &[Packet]| pair[1].sequence == pair[0].sequence.wrapping_add(1) && pair[1].timestamp == pair[0].timestamp;
            if begins && packets.windows(2).all(follows) {
                return units(&packets);
            }
        }
    }

    /// The next key frame: its NAL units.
    pub async fn key_frame(&mut self) -> Vec<Vec<u8>> {
        let comes = async {
            loop {
                let units = self.picture().await;
                if units.last().is_some_and(|unit| unit[0] & 0x1f == 5) {
                    return units;
                }
            }
        };
        tokio::time::timeout(PATIENCE, comes).await.expect("a key frame comes")
    }

    /// Waits until the connection is so.
    pub async fn wait_for(&mut self, wanted: RTCPeerConnectionState) {
        let arrives = async { while self.states.recv().await.is_some_and(|state| state != wanted) {} };
        tokio::time::timeout(PATIENCE, arrives).await.expect("the connection changes");
    }

    /// Leaves, as a page does that is closed.
    pub async fn leave(&self) {
        self.connection.close().await.unwrap();
    }
}

/// The NAL units in the packets of a picture (RFC 6184 §5.6 to §5.8).
fn units(packets: &[Packet]) -> Vec<Vec<u8>> {
    let mut units: Vec<Vec<u8>> = Vec::new();
    for payload in packets.iter().map(|packet| &packet.payload) {
        match payload[0] & 0x1f {
            24 => {
                let mut rest = &payload[1..];
                while let Some((length, after)) = rest.split_first_chunk::<2>() {
                    let (unit, after) = after.split_at(usize::from(u16::from_be_bytes(*length)));
                    units.push(unit.to_vec());
                    rest = after;
                }
            }
            28 if payload[1] & 0x80 != 0 => {
                let header = [(payload[0] & 0xe0) | (payload[1] & 0x1f)];
                units.push([&header[..], &payload[2..]].concat());
            }
            28 => units.last_mut().expect("the first fragment came first").extend(&payload[2..]),
            _ => units.push(payload.to_vec()),
        }
    }
    units
}
