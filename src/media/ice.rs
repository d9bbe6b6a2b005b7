//! ICE-lite: answers to connectivity checks (RFC 8445 §2.5 and §7.3, RFC 8489).

use super::sdp::IceCredentials;
use rtc_crypto::RTCCryptoProvider;
use rtc_stun::{
    attributes::{ATTR_ICE_CONTROLLED, ATTR_MESSAGE_INTEGRITY, ATTR_USE_CANDIDATE, ATTR_USERNAME},
    error_code::{CODE_ROLE_CONFLICT, ErrorCodeAttribute},
    fingerprint::FINGERPRINT,
    integrity::MessageIntegrity,
    message::{BINDING_ERROR, BINDING_REQUEST, BINDING_SUCCESS, MESSAGE_HEADER_SIZE, Message, Setter, is_stun_message},
    xoraddr::XorMappedAddress,
};
use std::net::SocketAddr;

/// No check that a browser sends is longer.
const MAX_LENGTH: usize = 600;
const INTEGRITY_LENGTH: usize = 20;

impl IceCredentials {
    /// New credentials for one stream: 72 bits of name and 144 of password.
    pub(super) fn generate() -> Self {
        use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
        // The alphabet of Base64 is ICE's (RFC 8839 §5.4).
        Self {
            ufrag: STANDARD_NO_PAD.encode(crate::random::bytes::<9>()),
            password: STANDARD_NO_PAD.encode(crate::random::bytes::<18>()),
        }
    }
}

/// A binding request whose form is right; nothing is known yet about who sent it.
pub(super) struct Check {
    message: Message,
    username: String,
}

/// What an authentic check is answered with.
pub(super) struct Reply {
    /// The message to send back.
    pub(super) bytes: Vec<u8>,
    /// Whether the check holds: it is no role conflict.
    pub(super) valid: bool,
    /// Whether the client wants this path to be used (RFC 8445 §7.3.1.5).
    pub(super) nominates: bool,
}

impl Check {
    /// Reads a datagram; `None` when it is no binding request with the attributes that every check has.
    pub(super) fn parse(datagram: &[u8]) -> Option<Self> {
        if datagram.len() > MAX_LENGTH || !is_stun_message(datagram) {
            return None;
        }
        let mut message = Message::new();
        message.unmarshal_binary(datagram).ok()?;
        let whole = MESSAGE_HEADER_SIZE + message.length as usize == datagram.len();
        let integrity = message.get(ATTR_MESSAGE_INTEGRITY).is_ok_and(|value| value.len() == INTEGRITY_LENGTH);
        if message.typ != BINDING_REQUEST || !whole || !integrity || FINGERPRINT.check(&message).is_err() {
            return None;
        }
        let username = String::from_utf8(message.get(ATTR_USERNAME).ok()?).ok()?;
        Some(Self { message, username })
    }

    /// The user name fragment of the side that is checked: ours (RFC 8445 §7.2.2).
    pub(super) fn ufrag(&self) -> &str {
        self.username.split(':').next().unwrap_or_default()
    }

    /// Answers the check that came from `from`, if it is authentic under `ours`; `None` otherwise: a stranger gets no answer.
    pub(super) fn answer(mut self, ours: &IceCredentials, from: SocketAddr, provider: &dyn RTCCryptoProvider) -> Option<Reply> {
        let crypto = provider.crypto();
        MessageIntegrity::check(&mut self.message, ours.password.as_bytes(), crypto).ok()?;
        // A lite agent never controls (RFC 8445 §6.1.1); a client that thinks so must change its mind.
        let conflict = self.message.contains(ATTR_ICE_CONTROLLED);
        let mut reply = Message::new();
        reply.set_type(if conflict { BINDING_ERROR } else { BINDING_SUCCESS });
        reply.transaction_id = self.message.transaction_id;
        reply.write_header();
        if conflict {
            ErrorCodeAttribute { code: CODE_ROLE_CONFLICT, reason: b"Role Conflict".to_vec() }.add_to(&mut reply).ok()?;
        } else {
            XorMappedAddress { ip: from.ip(), port: from.port() }.add_to(&mut reply).ok()?;
        }
        MessageIntegrity::new_raw_integrity_with_provider(ours.password.as_bytes(), crypto).add_to(&mut reply).ok()?;
        FINGERPRINT.add_to(&mut reply).ok()?;
        Some(Reply { bytes: reply.raw, valid: !conflict, nominates: self.message.contains(ATTR_USE_CANDIDATE) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rtc_crypto::providers::AwsLcRsProvider;
    use rtc_stun::attributes::{ATTR_ICE_CONTROLLING, AttrType, RawAttribute};

    fn check(username: &str, password: &str, extra: &[AttrType]) -> Vec<u8> {
        let provider = AwsLcRsProvider::new();
        let mut message = Message::new();
        message.set_type(BINDING_REQUEST);
        message.transaction_id.0 = [7; 12];
        message.write_header();
        message.add(ATTR_USERNAME, username.as_bytes());
        for typ in extra {
            RawAttribute { typ: *typ, value: if *typ == ATTR_USE_CANDIDATE { vec![] } else { vec![0; 8] }, length: 0 }
                .add_to(&mut message)
                .unwrap();
        }
        MessageIntegrity::new_raw_integrity_with_provider(password.as_bytes(), provider.crypto()).add_to(&mut message).unwrap();
        FINGERPRINT.add_to(&mut message).unwrap();
        message.raw
    }

    fn ours() -> IceCredentials {
        IceCredentials { ufrag: "ours".to_owned(), password: "our password, long enough".to_owned() }
    }

    fn answer(datagram: &[u8]) -> Option<Reply> {
        let check = Check::parse(datagram)?;
        (check.ufrag() == "ours").then_some(())?;
        check.answer(&ours(), "192.0.2.7:4000".parse().unwrap(), &AwsLcRsProvider::new())
    }

    #[test]
    fn an_authentic_check_is_answered_with_the_senders_address() {
        let reply = answer(&check("ours:theirs", &ours().password, &[ATTR_ICE_CONTROLLING, ATTR_USE_CANDIDATE])).unwrap();
        assert!(reply.valid && reply.nominates);
        let mut message = Message::new();
        message.unmarshal_binary(&reply.bytes).unwrap();
        let mut mapped = XorMappedAddress::default();
        rtc_stun::message::Getter::get_from(&mut mapped, &message).unwrap();
        assert_eq!((message.typ, message.transaction_id.0, mapped.port), (BINDING_SUCCESS, [7; 12], 4000));
        assert!(FINGERPRINT.check(&message).is_ok());
        assert!(MessageIntegrity::check(&mut message, ours().password.as_bytes(), AwsLcRsProvider::new().crypto()).is_ok());
    }

    #[test]
    fn a_stranger_gets_no_answer() {
        assert!(answer(&check("ours:theirs", "another password, as long", &[])).is_none());
        assert!(answer(&check("theirs:ours", &ours().password, &[])).is_none());
        let whole = check("ours:theirs", &ours().password, &[]);
        for at in 0..whole.len() {
            let mut altered = whole.clone();
            altered[at] ^= 0x40;
            assert!(answer(&altered).is_none(), "byte {at}");
            assert!(answer(&whole[..at]).is_none(), "cut at {at}");
        }
    }

    #[test]
    fn a_client_that_wants_to_be_controlled_is_told_of_the_conflict() {
        let reply = answer(&check("ours:theirs", &ours().password, &[ATTR_ICE_CONTROLLED])).unwrap();
        assert!(!reply.valid);
        let mut message = Message::new();
        message.unmarshal_binary(&reply.bytes).unwrap();
        assert_eq!(message.typ, BINDING_ERROR);
    }

    proptest! {
        #[test]
        fn no_datagram_makes_it_panic(mut datagram in prop::collection::vec(any::<u8>(), 0..200), stun: bool) {
            if stun && datagram.len() >= 8 {
                let length = (datagram.len().saturating_sub(20)) as u16;
                datagram[..2].copy_from_slice(&[0, 1]);
                datagram[2..4].copy_from_slice(&length.to_be_bytes());
                datagram[4..8].copy_from_slice(&0x2112_a442u32.to_be_bytes());
            }
            prop_assert!(answer(&datagram).is_none());
        }
    }
}
