//! One viewer: connectivity checks, DTLS, then it listens.

use super::{
    LoadError,
    ice::{self, Heard},
    sdp::{Caller, Remote},
    watched::{Header, Watched},
};
use crate::{clock::unix_micros, random};
use bytes::BytesMut;
use mio::net::UdpSocket;
use quinn_udp::{RecvMeta, UdpSockRef, UdpSocketState};
use rtc_dtls::{
    endpoint::{Endpoint, EndpointEvent},
    extension::extension_use_srtp::SrtpProtectionProfile,
};
use rtc_rtcp::{
    Packet,
    packet::marshal,
    receiver_report::ReceiverReport,
    reception_report::ReceptionReport,
    transport_feedbacks::transport_layer_nack::{NackPair, TransportLayerNack},
};
use rtc_shared::TransportProtocol;
use rtc_srtp::{config::LABEL_EXTRACTOR_DTLS_SRTP, context::Context, protection_profile::ProtectionProfile};
use std::{
    io::{self, IoSliceMut},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

/// Before an unanswered check is sent again, and between two later ones (RFC 7675 §5.1).
const CHECK_AGAIN: Duration = Duration::from_millis(100);
const CONSENT: Duration = Duration::from_secs(5);
/// Before DTLS is asked whether to send something again.
const DTLS_AGAIN: Duration = Duration::from_millis(100);
/// How often a receiver report goes out.
const REPORT: Duration = Duration::from_secs(1);
/// What a hostile viewer sends each time it is looked after, some fifty times a second.
const GARBAGE: usize = 40;
const NACKED: u16 = 1_000;

/// How a viewer behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// As a browser does.
    Honest,
    /// It never reads once it is connected.
    Deaf,
    /// It sends what is no protocol.
    Noisy,
    /// It claims that everything was lost, over and over.
    Greedy,
}

/// One viewer.
pub(super) struct Peer {
    pub(super) socket: UdpSocket,
    /// Joins what the kernel received for it, where that is wanted.
    joins: Option<UdpSocketState>,
    caller: Arc<Caller>,
    remote: Remote,
    behaviour: Behaviour,
    dtls: Endpoint,
    keys: Option<Keys>,
    /// Whether packets are opened beyond the first key frame.
    opens: bool,
    pub(super) watched: Watched,
    /// When it asked to watch.
    pub(super) asked: Instant,
    pub(super) connected: Option<Instant>,
    pub(super) closed: bool,
    answered: bool,
    checked: Instant,
    reported: Instant,
}

/// SRTP, both ways.
struct Keys {
    rtp_in: Context,
    rtcp_out: Context,
}

impl Peer {
    /// A viewer that asked at `asked` and was answered with `remote`.
    pub(super) fn new(caller: Arc<Caller>, remote: Remote, asked: Instant, how: How) -> Result<Self, LoadError> {
        let fail = |error: io::Error| LoadError::Client(error.to_string());
        let any = if remote.address.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
        let socket = UdpSocket::bind(SocketAddr::new(any, 0)).map_err(fail)?;
        socket.connect(remote.address).map_err(fail)?;
        let joins = how.joins.then(|| UdpSocketState::new(UdpSockRef::from(&socket))).transpose().map_err(fail)?;
        let dtls = Endpoint::new(socket.local_addr().map_err(fail)?, TransportProtocol::UDP, None);
        let mut peer = Self {
            socket,
            joins,
            caller,
            remote,
            behaviour: how.behaviour,
            dtls,
            keys: None,
            opens: how.opens,
            watched: Watched::default(),
            asked,
            connected: None,
            closed: false,
            answered: false,
            checked: asked,
            reported: asked,
        };
        peer.check(asked);
        Ok(peer)
    }

    /// Reads what has come, until there is no more.
    pub(super) fn readable(&mut self, now: Instant, memory: &mut [u8]) {
        if self.behaviour == Behaviour::Deaf && self.connected.is_some() {
            return;
        }
        loop {
            match self.receive(memory) {
                Ok((length, stride)) => {
                    let (joined, stride) = (&memory[..length], stride.max(1));
                    joined.chunks(stride).for_each(|datagram| self.datagram(datagram, now));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A refusal by the other end's machine comes as an error, too; the next look tells.
                Err(_) => return,
            }
        }
    }

    /// The length of what was received, and of each datagram in it.
    fn receive(&mut self, memory: &mut [u8]) -> io::Result<(usize, usize)> {
        let Some(joins) = &self.joins else { return self.socket.recv(memory).map(|length| (length, length)) };
        let mut meta = [RecvMeta::default()];
        joins.recv(UdpSockRef::from(&self.socket), &mut [IoSliceMut::new(memory)], &mut meta)?;
        Ok((meta[0].len, meta[0].stride))
    }

    fn datagram(&mut self, datagram: &[u8], now: Instant) {
        match datagram.first() {
            Some(0..=3) => self.stun(datagram, now),
            Some(20..=63) => self.handshake(datagram, now),
            // RTCP is of no interest (RFC 5761 §4).
            Some(128..=191) if datagram.get(1).is_some_and(|kind| !(192..=223).contains(kind)) => self.rtp(datagram, now),
            _ => {}
        }
    }

    fn stun(&mut self, datagram: &[u8], now: Instant) {
        match ice::hear(datagram, self.remote.address, &self.remote.ours, &*self.caller.crypto) {
            Heard::Answer if !self.answered => {
                self.answered = true;
                let config = self.caller.dtls.clone();
                if self.dtls.connect(now, self.remote.address, config, None).is_err() {
                    self.closed = true;
                }
                self.flush();
            }
            Heard::Check(reply) => _ = self.socket.send(&reply),
            Heard::Answer | Heard::Nothing => {}
        }
    }

    fn handshake(&mut self, datagram: &[u8], now: Instant) {
        let events = self.dtls.read(now, self.remote.address, None, BytesMut::from(datagram)).unwrap_or_default();
        for event in events {
            match event {
                EndpointEvent::HandshakeComplete => {
                    self.keys = self.export();
                    self.closed |= self.keys.is_none();
                    self.connected = Some(now);
                }
                EndpointEvent::PeerClosed => self.closed = true,
                _ => {}
            }
        }
        self.flush();
    }

    fn export(&self) -> Option<Keys> {
        let state = self.dtls.get_connection_state(self.remote.address)?;
        let profile = match state.srtp_protection_profile() {
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => ProtectionProfile::AeadAes128Gcm,
            _ => ProtectionProfile::Aes128CmHmacSha1_80,
        };
        let (key, salt) = (profile.key_len(), profile.salt_len());
        let material = state.export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], 2 * (key + salt)).ok()?;
        // The client's key, the server's, the client's salt, the server's (RFC 5764 §4.2).
        let (keys, salts) = material.as_ref().split_at_checked(2 * key)?;
        let context = |key: &[u8], salt: &[u8]| Context::new(key, salt, profile, None, None, self.caller.crypto.crypto()).ok();
        let ((our_key, their_key), (our_salt, their_salt)) = (keys.split_at_checked(key)?, salts.split_at_checked(salt)?);
        Some(Keys { rtp_in: context(their_key, their_salt)?, rtcp_out: context(our_key, our_salt)? })
    }

    fn rtp(&mut self, datagram: &[u8], now: Instant) {
        let Some(header) = Header::read(datagram).filter(|header| header.payload_type == self.remote.video) else { return };
        if *self.remote.ssrc.get_or_insert(header.ssrc) != header.ssrc {
            return;
        }
        self.watched.packet(header, datagram.len(), now);
        if (self.opens || self.watched.key_frame().is_none())
            && let Some(keys) = &mut self.keys
            && let Ok(open) = keys.rtp_in.decrypt_rtp(datagram)
        {
            self.watched.opened(header, payload(&open), now, unix_micros());
        }
    }

    /// Does what is due: checks, reports, mischief.
    pub(super) fn look_after(&mut self, now: Instant) {
        let since = now.saturating_duration_since(self.checked);
        if since >= if self.answered { CONSENT } else { CHECK_AGAIN } {
            self.check(now);
        }
        if self.connected.is_none() {
            if self.answered && since >= DTLS_AGAIN {
                let _ = self.dtls.handle_timeout(self.remote.address, now);
                self.flush();
            }
            return;
        }
        if now.saturating_duration_since(self.reported) >= REPORT {
            self.reported = now;
            let last_sequence_number = u32::from(self.watched.newest());
            let report = ReceptionReport { ssrc: self.remote.ssrc.unwrap_or_default(), last_sequence_number, ..Default::default() };
            self.rtcp(Box::new(ReceiverReport { ssrc: 1, reports: vec![report], ..Default::default() }));
        }
        match self.behaviour {
            Behaviour::Honest | Behaviour::Deaf => {}
            Behaviour::Noisy => (0..GARBAGE).for_each(|_| self.garbage()),
            Behaviour::Greedy => {
                let newest = self.watched.newest();
                let pair = |back: u16| NackPair { packet_id: newest.wrapping_sub(back * 17), lost_packets: u16::MAX };
                let nacks = (1..NACKED / 17).map(pair).collect();
                let media_ssrc = self.remote.ssrc.unwrap_or_default();
                self.rtcp(Box::new(TransportLayerNack { sender_ssrc: 1, media_ssrc, nacks }));
            }
        }
    }

    /// Ends the session as a browser does that closes its page.
    pub(super) fn leave(&mut self, now: Instant) {
        let _ = (now, self.dtls.close(now));
        self.flush();
    }

    fn check(&mut self, now: Instant) {
        self.checked = now;
        let Remote { theirs, ours, lite, .. } = &self.remote;
        let _ = self.socket.send(&ice::request(theirs, ours, *lite, &*self.caller.crypto));
    }

    fn garbage(&self) {
        let mut bytes = random::bytes::<72>();
        bytes[0] = [0, 22, 23, 128, 144, 255][usize::from(bytes[1] % 6)];
        let _ = self.socket.send(&bytes);
    }

    fn rtcp(&mut self, packet: Box<dyn Packet>) {
        let sealed = marshal(&[packet]).ok().and_then(|plain| self.keys.as_mut()?.rtcp_out.encrypt_rtcp(&plain).ok());
        if let Some(sealed) = sealed {
            let _ = self.socket.send(&sealed);
        }
    }

    fn flush(&mut self) {
        while let Some(transmit) = self.dtls.poll_transmit() {
            let _ = self.socket.send(&transmit.message);
        }
    }
}

/// What kind of viewer.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    pub(super) behaviour: Behaviour,
    pub(super) opens: bool,
    pub(super) joins: bool,
}

/// What is between the header and the padding of an RTP packet (RFC 3550 §5.1, §5.3.1).
fn payload(packet: &[u8]) -> &[u8] {
    let Some(&first) = packet.first() else { return packet };
    let mut start = 12 + 4 * usize::from(first & 0x0f);
    if first & 0x10 != 0 {
        let words = packet.get(start + 2..start + 4).map_or(0, |length| u16::from_be_bytes([length[0], length[1]]));
        start += 4 + 4 * usize::from(words);
    }
    let padding = if first & 0x20 == 0 { 0 } else { packet.last().map_or(0, |padding| usize::from(*padding)) };
    packet.get(start..packet.len().saturating_sub(padding)).unwrap_or_default()
}
