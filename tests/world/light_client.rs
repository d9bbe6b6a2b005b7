//! A light client: ICE, DTLS, and then it only looks at RTP's headers, so that a test can have hundreds.

use super::{studio::PATIENCE, wire::server_in};
use aws_lc_rs::digest::{SHA256, digest};
use bytes::BytesMut;
use rtc_crypto::{RTCCryptoProvider, providers::AwsLcRsProvider};
use rtc_dtls::{
    config::ConfigBuilder,
    crypto::Certificate,
    endpoint::{Endpoint, EndpointEvent},
    extension::extension_use_srtp::SrtpProtectionProfile,
};
use rtc_shared::TransportProtocol;
use rtc_stun::{
    attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME},
    fingerprint::FINGERPRINT,
    integrity::MessageIntegrity,
    message::{BINDING_REQUEST, Message, Setter, TransactionId},
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};
use tereze::clock::monotonic;
use tokio::net::UdpSocket;

/// An RTP packet, as far as it can be read without its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub payload_type: u8,
    pub marker: bool,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub at: Instant,
}

/// A client before it has an answer.
pub struct Caller {
    certificate: Certificate,
    provider: Arc<dyn RTCCryptoProvider>,
    pub offer: String,
}

impl Caller {
    pub fn new() -> Self {
        let provider: Arc<dyn RTCCryptoProvider> = Arc::new(AwsLcRsProvider::new());
        let certificate = Certificate::generate_self_signed(vec!["light".to_owned()], provider.crypto()).unwrap();
        let hash = digest(&SHA256, &certificate.certificate[0]);
        let fingerprint: Vec<String> = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        let transport = format!(
            "a=ice-ufrag:lite\r\na=ice-pwd:aPasswordOfTwentyTwoBytes\r\na=fingerprint:sha-256 {}\r\na=setup:active\r\na=rtcp-mux\r\na=recvonly\r\n",
            fingerprint.join(":")
        );
        let offer = format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
            m=video 9 UDP/TLS/RTP/SAVPF 102 103\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n{transport}a=rtpmap:102 H264/90000\r\n\
            a=fmtp:102 packetization-mode=1;profile-level-id=640028\r\na=rtcp-fb:102 nack\r\na=rtcp-fb:102 nack pli\r\n\
            a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\n\
            m=audio 9 UDP/TLS/RTP/SAVPF 8\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n{transport}a=rtpmap:8 PCMA/8000\r\n"
        );
        Self { certificate, provider, offer }
    }

    /// Connects as the answer says.
    pub async fn connect(self, answer: &str) -> LightClient {
        self.connect_to(server_in(answer), answer).await
    }

    /// The same, to this one of its addresses.
    pub async fn connect_to(self, server: SocketAddr, answer: &str) -> LightClient {
        let socket = socket_towards(server).await;
        let value = |key: &str| answer.lines().find_map(|line| line.strip_prefix(key)).unwrap().to_owned();
        let config = ConfigBuilder::default()
            .with_crypto_provider(self.provider.clone())
            .with_certificates(vec![self.certificate])
            .with_srtp_protection_profiles(vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm])
            .with_insecure_skip_verify(true)
            .build(true, Some(server))
            .unwrap();
        let dtls = Endpoint::new(socket.local_addr().unwrap(), TransportProtocol::UDP, None);
        let (ufrag, password) = (value("a=ice-ufrag:"), value("a=ice-pwd:"));
        let mut client =
            LightClient { socket, server, ufrag, password, dtls, provider: self.provider, early: Vec::new(), closed: false };
        client.check().await;
        client.dtls.connect(monotonic(), server, Arc::new(config), None).unwrap();
        client.shake_hands().await;
        client
    }
}

/// A connected client.
pub struct LightClient {
    socket: UdpSocket,
    pub server: SocketAddr,
    ufrag: String,
    password: String,
    dtls: Endpoint,
    provider: Arc<dyn RTCCryptoProvider>,
    early: Vec<Seen>,
    pub closed: bool,
}

impl LightClient {
    /// Sends a connectivity check that nominates, until it is answered.
    pub async fn check(&mut self) {
        let mut message = Message::new();
        message.set_type(BINDING_REQUEST);
        message.transaction_id = TransactionId::new();
        message.write_header();
        message.add(ATTR_USERNAME, format!("{}:lite", self.ufrag).as_bytes());
        message.add(ATTR_USE_CANDIDATE, &[]);
        MessageIntegrity::new_raw_integrity_with_provider(self.password.as_bytes(), self.provider.crypto())
            .add_to(&mut message)
            .unwrap();
        FINGERPRINT.add_to(&mut message).unwrap();
        let answered = async {
            loop {
                self.socket.send_to(&message.raw, self.server).await.unwrap();
                let mut buffer = [0; 1_500];
                while let Ok(Ok((length, _))) =
                    tokio::time::timeout(Duration::from_millis(500), self.socket.recv_from(&mut buffer)).await
                {
                    if buffer[..2] == [1, 1] && buffer[8..20] == message.transaction_id.0 {
                        return;
                    }
                    self.early.extend(rtp(&buffer[..length]));
                }
            }
        };
        tokio::time::timeout(PATIENCE, answered).await.expect("the check is answered");
    }

    async fn shake_hands(&mut self) {
        let mut buffer = [0; 1_500];
        let deadline = monotonic() + PATIENCE;
        loop {
            self.flush().await;
            assert!(monotonic() < deadline, "the handshake takes too long");
            let Ok(received) = tokio::time::timeout(Duration::from_millis(200), self.socket.recv_from(&mut buffer)).await else {
                self.dtls.handle_timeout(self.server, monotonic()).unwrap();
                continue;
            };
            let datagram = &buffer[..received.unwrap().0];
            self.early.extend(rtp(datagram));
            if (20..64).contains(&datagram[0]) {
                let events = self.dtls.read(monotonic(), self.server, None, BytesMut::from(datagram)).unwrap();
                if events.iter().any(|event| matches!(event, EndpointEvent::HandshakeComplete)) {
                    self.flush().await;
                    return;
                }
            }
        }
    }

    async fn flush(&mut self) {
        while let Some(transmit) = self.dtls.poll_transmit() {
            self.socket.send_to(&transmit.message, self.server).await.unwrap();
        }
    }

    /// The next RTP packet; `None` when the server has said goodbye.
    pub async fn next(&mut self) -> Option<Seen> {
        if !self.early.is_empty() {
            return Some(self.early.remove(0));
        }
        let mut buffer = [0; 1_500];
        while !self.closed {
            let (length, _) =
                tokio::time::timeout(PATIENCE, self.socket.recv_from(&mut buffer)).await.expect("something comes").unwrap();
            let datagram = &buffer[..length];
            if (20..64).contains(&datagram[0]) {
                let events = self.dtls.read(monotonic(), self.server, None, BytesMut::from(datagram));
                self.closed = events.is_ok_and(|events| events.iter().any(|event| matches!(event, EndpointEvent::PeerClosed)));
            } else if let Some(seen) = rtp(datagram) {
                return Some(seen);
            }
        }
        None
    }

    /// The next packet of the video.
    pub async fn video(&mut self) -> Seen {
        loop {
            let seen = self.next().await.expect("the stream goes on");
            if seen.payload_type == 102 {
                return seen;
            }
        }
    }

    /// Goes on from another address with the credentials of a restart, as a phone does that leaves the Wi-Fi.
    pub async fn move_away(&mut self, fragment: &str) {
        let value = |key: &str| fragment.lines().find_map(|line| line.strip_prefix(key)).unwrap().to_owned();
        (self.ufrag, self.password) = (value("a=ice-ufrag:"), value("a=ice-pwd:"));
        self.socket = socket_towards(self.server).await;
        self.early.clear();
        self.check().await;
    }

    /// Sends bytes to the server from this client's address.
    pub async fn say(&mut self, bytes: &[u8]) {
        let _ = self.socket.send_to(bytes, self.server).await;
    }
}

/// A socket of the server's address family, on loopback.
async fn socket_towards(server: SocketAddr) -> UdpSocket {
    let here: IpAddr = if server.is_ipv6() { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() };
    UdpSocket::bind((here, 0)).await.unwrap()
}

fn rtp(datagram: &[u8]) -> Option<Seen> {
    let head: [u8; 12] = *datagram.first_chunk()?;
    let rtcp = (192..=223).contains(&head[1]);
    (head[0] >> 6 == 2 && !rtcp).then(|| Seen {
        payload_type: head[1] & 0x7f,
        marker: head[1] & 0x80 != 0,
        sequence: u16::from_be_bytes([head[2], head[3]]),
        timestamp: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
        ssrc: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
        at: monotonic(),
    })
}
