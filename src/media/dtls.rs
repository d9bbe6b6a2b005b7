//! The DTLS server of a stream: its handshake proves who the client is and yields the SRTP keys (RFC 5763, RFC 5764).

mod hello;

use super::{
    MediaError,
    sdp::{Fingerprint, Hash},
    srtp::{Exported, Profile},
};
use aws_lc_rs::digest;
use bytes::BytesMut;
use rtc_crypto::{RTCCryptoProvider, providers::AwsLcRsProvider};
use rtc_dtls::{
    config::{ClientAuthType, ConfigBuilder, HandshakeConfig},
    crypto::Certificate,
    endpoint::{Endpoint, EndpointEvent},
    extension::extension_use_srtp::SrtpProtectionProfile,
};
use rtc_shared::TransportProtocol;
use std::{
    net::{Ipv4Addr, SocketAddr},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

/// How many bytes one client may make the DTLS machine read; a handshake takes some five thousand.
const BUDGET: usize = 64 << 10;
/// How many datagrams the first flight may have.
const FIRST_FLIGHT: usize = 8;
/// The machine tells its clients apart by address. Ours has one client, whatever address it comes from: mobile networks change it.
const CLIENT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// The certificate of the process, made new at each start, and what follows from it.
pub(super) struct Identity {
    /// The SHA-256 of the certificate, as SDP writes it (RFC 8122 §5).
    pub(super) fingerprint: String,
    /// One for each profile: the machine takes the client's first choice, and the cheapest is ours to choose.
    configs: [(Profile, Arc<HandshakeConfig>); 3],
}

impl Identity {
    /// Makes a key (ECDSA on P-256, which every browser has) and a certificate for it.
    pub(super) fn generate() -> Result<Self, MediaError> {
        let fail = |error: rtc_shared::error::Error| MediaError::Certificate(error.to_string());
        let provider: Arc<dyn RTCCryptoProvider> = Arc::new(AwsLcRsProvider::new());
        let names = vec!["tereze".to_owned()];
        let certificate =
            Certificate::generate_self_signed_with_alg(names, &rcgen::PKCS_ECDSA_P256_SHA256, provider.crypto()).map_err(fail)?;
        let der = certificate.certificate.first().ok_or_else(|| MediaError::Certificate("none was made".to_owned()))?;
        let fingerprint = colons(digest::digest(&digest::SHA256, der).as_ref());
        let config = |profile, id| {
            let builder = ConfigBuilder::default()
                .with_crypto_provider(provider.clone())
                .with_certificates(vec![certificate.clone()])
                .with_srtp_protection_profiles(vec![id])
                .with_client_auth(ClientAuthType::RequireAnyClientCert)
                // No authority vouches for these certificates: SDP carries their hashes, which are compared after the handshake.
                .with_insecure_skip_verify(true);
            Ok((profile, Arc::new(builder.build(false, None).map_err(fail)?)))
        };
        let configs = [
            config(Profile::Aes128Gcm, SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm)?,
            config(Profile::Aes256Gcm, SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm)?,
            config(Profile::Aes128CmSha1, SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80)?,
        ];
        Ok(Self { fingerprint, configs })
    }

    /// The first of our profiles that the client offers too.
    fn choose(&self, offered: &[u16]) -> Option<&(Profile, Arc<HandshakeConfig>)> {
        self.configs.iter().find(|(profile, _)| offered.contains(&id(*profile)))
    }
}

/// The profile's number in `use_srtp` (RFC 5764 §4.1.2, RFC 7714 §14.2).
fn id(profile: Profile) -> u16 {
    match profile {
        Profile::Aes128CmSha1 => 1,
        Profile::Aes128Gcm => 7,
        Profile::Aes256Gcm => 8,
    }
}

fn colons(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// How far a stream's DTLS is after a datagram.
pub(super) enum Progress {
    /// Nothing to do but to send what [`Dtls::transmit`] gives.
    Going,
    /// The client is who its offer says, and these are the keys.
    Connected(Exported),
    /// The client has closed.
    Closed,
    /// It can come to nothing; the reason is for a log.
    Failed(&'static str),
}

/// The DTLS side of one stream.
pub(super) struct Dtls {
    identity: Arc<Identity>,
    expected: Vec<Fingerprint>,
    first_flight: Vec<Vec<u8>>,
    running: Option<(Profile, Endpoint)>,
    connected: bool,
    budget: usize,
}

impl Dtls {
    /// Waits for the client whose certificate has one of the hashes `expected`.
    pub(super) fn new(identity: Arc<Identity>, expected: Vec<Fingerprint>) -> Self {
        Self { identity, expected, first_flight: Vec::new(), running: None, connected: false, budget: BUDGET }
    }

    /// Takes a datagram from the client.
    pub(super) fn read(&mut self, now: Instant, datagram: Vec<u8>) -> Progress {
        let Some(budget) = self.budget.checked_sub(datagram.len()) else { return self.unlucky("too much to read") };
        self.budget = budget;
        if self.running.is_none() {
            self.first_flight.push(datagram);
            return match hello::srtp_profiles(&self.first_flight).map(|offered| self.identity.choose(&offered).cloned()) {
                None if self.first_flight.len() < FIRST_FLIGHT => Progress::Going,
                None => Progress::Failed("no ClientHello"),
                Some(None) => Progress::Failed("no SRTP profile in common"),
                Some(Some((profile, config))) => {
                    self.running = Some((profile, Endpoint::new(CLIENT, TransportProtocol::UDP, Some(config))));
                    let flight = std::mem::take(&mut self.first_flight);
                    let steps = flight.into_iter().map(|datagram| self.step(now, &datagram));
                    steps.fold(Progress::Going, |before, after| if matches!(after, Progress::Going) { before } else { after })
                }
            };
        }
        self.step(now, &datagram)
    }

    /// Lets time pass: what was not answered is sent again.
    pub(super) fn timeout(&mut self, now: Instant) {
        if let Some((_, endpoint)) = self.running.as_mut().filter(|_| !self.connected) {
            let _ = endpoint.handle_timeout(CLIENT, now);
        }
    }

    /// Says goodbye (`close_notify`).
    pub(super) fn close(&mut self, now: Instant) {
        if let Some((_, endpoint)) = &mut self.running {
            let _ = endpoint.close(now);
        }
    }

    /// The next datagram to send.
    pub(super) fn transmit(&mut self) -> Option<BytesMut> {
        self.running.as_mut().and_then(|(_, endpoint)| endpoint.poll_transmit()).map(|transmit| transmit.message)
    }

    fn step(&mut self, now: Instant, datagram: &[u8]) -> Progress {
        let Some((profile, endpoint)) = &mut self.running else { return Progress::Going };
        // The bytes are a stranger's and the parser is not ours: should it panic, this stream ends and no other.
        let read = catch_unwind(AssertUnwindSafe(|| endpoint.read(now, CLIENT, None, BytesMut::from(datagram))));
        let events = match read {
            Ok(Ok(events)) => events,
            // After the handshake a datagram that cannot be read may come from anybody.
            Ok(Err(_)) => return self.unlucky("the handshake failed"),
            Err(_) => return Progress::Failed("the DTLS parser panicked"),
        };
        for event in events {
            match event {
                EndpointEvent::HandshakeComplete => {
                    let Some(state) = endpoint.get_connection_state(CLIENT) else { return Progress::Failed("no state") };
                    if !state.peer_certificates.first().is_some_and(|certificate| matches_any(certificate, &self.expected)) {
                        return Progress::Failed("the certificate is not the offer's");
                    }
                    let keys = state
                        .export_keying_material(Exported::LABEL, &[], profile.export_length())
                        .ok()
                        .and_then(|keys| Exported::split(*profile, keys.as_ref()).ok());
                    self.connected = true;
                    return keys.map_or(Progress::Failed("no keys"), Progress::Connected);
                }
                EndpointEvent::PeerClosed => return Progress::Closed,
                _ => {}
            }
        }
        Progress::Going
    }

    fn unlucky(&self, why: &'static str) -> Progress {
        if self.connected { Progress::Going } else { Progress::Failed(why) }
    }
}

fn matches_any(certificate: &[u8], expected: &[Fingerprint]) -> bool {
    expected.iter().any(|fingerprint| {
        let algorithm = match fingerprint.hash {
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, certificate).as_ref() == fingerprint.value
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::srtp::{Opener, Sealer};
    use proptest::prelude::*;

    /// A client with a certificate of its own; returns it with the hash that its offer would name.
    fn client(identity: &Arc<Identity>, profiles: Vec<SrtpProtectionProfile>) -> (Endpoint, Fingerprint) {
        let provider: Arc<dyn RTCCryptoProvider> = Arc::new(AwsLcRsProvider::new());
        let certificate = Certificate::generate_self_signed(vec!["client".to_owned()], provider.crypto()).unwrap();
        let value = digest::digest(&digest::SHA256, &certificate.certificate[0]).as_ref().to_vec();
        let config = ConfigBuilder::default()
            .with_crypto_provider(provider)
            .with_certificates(vec![certificate])
            .with_srtp_protection_profiles(profiles)
            .with_insecure_skip_verify(true);
        let mut endpoint = Endpoint::new(CLIENT, TransportProtocol::UDP, None);
        endpoint.connect(crate::clock::monotonic(), CLIENT, Arc::new(config.build(true, Some(CLIENT)).unwrap()), None).unwrap();
        assert!(!identity.fingerprint.is_empty());
        (endpoint, Fingerprint { hash: Hash::Sha256, value })
    }

    /// Carries datagrams to and fro until the server says something.
    fn shake_hands(dtls: &mut Dtls, client: &mut Endpoint) -> Progress {
        let now = crate::clock::monotonic();
        for _ in 0..16 {
            while let Some(transmit) = client.poll_transmit() {
                match dtls.read(now, transmit.message.to_vec()) {
                    Progress::Going => {}
                    done => {
                        while let Some(datagram) = dtls.transmit() {
                            let _ = client.read(now, CLIENT, None, datagram);
                        }
                        return done;
                    }
                }
            }
            while let Some(datagram) = dtls.transmit() {
                client.read(now, CLIENT, None, datagram).unwrap();
            }
        }
        Progress::Going
    }

    #[test]
    fn the_cheapest_profile_is_chosen_whatever_the_client_prefers() {
        use SrtpProtectionProfile::{
            Srtp_Aead_Aes_128_Gcm as GCM, Srtp_Aead_Aes_256_Gcm as GCM256, Srtp_Aes128_Cm_Hmac_Sha1_80 as CM,
        };
        let identity = Arc::new(Identity::generate().unwrap());
        for (offered, chosen) in [(vec![CM, GCM256, GCM], GCM), (vec![CM, GCM256], GCM256), (vec![CM], CM)] {
            let (mut client, fingerprint) = client(&identity, offered);
            let mut dtls = Dtls::new(identity.clone(), vec![fingerprint]);
            let Progress::Connected(keys) = shake_hands(&mut dtls, &mut client) else { panic!("not connected") };
            let state = client.get_connection_state(CLIENT).unwrap();
            assert_eq!(state.srtp_protection_profile(), chosen);
            let (profile, _) = dtls.running.as_ref().unwrap();
            let theirs = state.export_keying_material(Exported::LABEL, &[], profile.export_length()).unwrap();
            // What one side seals, the other opens, when the sides are exchanged.
            let exchanged = Exported::exchange(Exported::split(*profile, theirs.as_ref()).unwrap());
            let mut packet = vec![0x81, 201, 0, 1, 0, 0, 0, 7, 1, 2, 3, 4];
            Sealer::new(&exchanged).unwrap().rtcp(&mut packet).unwrap();
            assert_eq!(Opener::new(&keys).unwrap().rtcp(&mut packet).unwrap()[8..], [1, 2, 3, 4]);
        }
    }

    #[test]
    fn a_client_with_another_certificate_than_its_offers_gets_no_keys() {
        let identity = Arc::new(Identity::generate().unwrap());
        let (mut client, mut fingerprint) = client(&identity, vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm]);
        fingerprint.value[3] ^= 1;
        let mut dtls = Dtls::new(identity, vec![fingerprint]);
        assert!(matches!(shake_hands(&mut dtls, &mut client), Progress::Failed(_)));
    }

    #[test]
    fn a_client_without_srtp_is_refused() {
        let identity = Arc::new(Identity::generate().unwrap());
        let (mut client, fingerprint) = client(&identity, vec![]);
        let mut dtls = Dtls::new(identity, vec![fingerprint]);
        assert!(matches!(shake_hands(&mut dtls, &mut client), Progress::Failed(_)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn garbage_ends_this_stream_and_nothing_else(datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..12)) {
            let identity = Arc::new(Identity::generate().unwrap());
            let mut dtls = Dtls::new(identity, vec![]);
            for mut datagram in datagrams {
                if let Some(first) = datagram.first_mut() {
                    *first = 22;
                }
                prop_assert!(!matches!(dtls.read(crate::clock::monotonic(), datagram), Progress::Connected(_)));
            }
        }
    }
}
