//! Connectivity checks of a viewer (RFC 8445): it asks, and it answers a full agent that asks.

use crate::random;
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use rtc_crypto::RTCCryptoProvider;
use rtc_stun::{
    attributes::{ATTR_ICE_CONTROLLED, ATTR_ICE_CONTROLLING, ATTR_PRIORITY, ATTR_USE_CANDIDATE, ATTR_USERNAME},
    fingerprint::FINGERPRINT,
    integrity::MessageIntegrity,
    message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter, TransactionId},
    xoraddr::XorMappedAddress,
};
use std::net::SocketAddr;

/// The priority of a host candidate (RFC 8445 §5.1.2.1).
const PRIORITY: u32 = (110 << 24) | (65_535 << 8) | 255;

/// One side's fragment and password (RFC 8839 §5.4).
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub(super) ufrag: String,
    pub(super) password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

impl Credentials {
    pub(super) fn new() -> Self {
        Self { ufrag: BASE64.encode(random::bytes::<6>()), password: BASE64.encode(random::bytes::<24>()) }
    }
}

/// A check of the other side; as the controlling agent, it nominates.
pub(super) fn request(theirs: &Credentials, ours: &Credentials, controls: bool, crypto: &dyn RTCCryptoProvider) -> Vec<u8> {
    let mut message = Message::new();
    message.set_type(BINDING_REQUEST);
    message.transaction_id = TransactionId::new();
    message.write_header();
    message.add(ATTR_USERNAME, format!("{}:{}", theirs.ufrag, ours.ufrag).as_bytes());
    message.add(ATTR_PRIORITY, &PRIORITY.to_be_bytes());
    let role = if controls { ATTR_ICE_CONTROLLING } else { ATTR_ICE_CONTROLLED };
    message.add(role, &random::bytes::<8>());
    if controls {
        message.add(ATTR_USE_CANDIDATE, &[]);
    }
    close(message, theirs, crypto)
}

/// What a datagram is to the side that it reaches.
pub(super) enum Heard {
    /// Our check was answered.
    Answer,
    /// A check, with what to answer.
    Check(Vec<u8>),
    /// Of no interest, or not authentic.
    Nothing,
}

/// Reads what came from `from`.
pub(super) fn hear(datagram: &[u8], from: SocketAddr, ours: &Credentials, crypto: &dyn RTCCryptoProvider) -> Heard {
    let mut message = Message::new();
    if message.unmarshal_binary(datagram).is_err() {
        return Heard::Nothing;
    }
    if message.typ == BINDING_SUCCESS {
        return Heard::Answer;
    }
    let authentic = MessageIntegrity::check(&mut message, ours.password.as_bytes(), crypto.crypto()).is_ok();
    if message.typ != BINDING_REQUEST || !authentic {
        return Heard::Nothing;
    }
    let mut reply = Message::new();
    reply.set_type(BINDING_SUCCESS);
    reply.transaction_id = message.transaction_id;
    reply.write_header();
    let mapped = XorMappedAddress { ip: from.ip(), port: from.port() };
    match mapped.add_to(&mut reply) {
        Ok(()) => Heard::Check(close(reply, ours, crypto)),
        Err(_) => Heard::Nothing,
    }
}

/// Signs with the password of the side that checks.
fn close(mut message: Message, with: &Credentials, crypto: &dyn RTCCryptoProvider) -> Vec<u8> {
    let signed = MessageIntegrity::new_raw_integrity_with_provider(with.password.as_bytes(), crypto.crypto()).add_to(&mut message);
    match signed.and_then(|()| FINGERPRINT.add_to(&mut message)) {
        Ok(()) => message.raw,
        // It cannot happen to a message this short; nothing is sent unsigned.
        Err(_) => Vec::new(),
    }
}
