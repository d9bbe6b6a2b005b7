//! Offers and answers of a viewer that only receives H.264 (RFC 8866, RFC 8829).

use super::{LoadError, ice::Credentials};
use aws_lc_rs::digest::{SHA256, digest};
use rtc_crypto::{RTCCryptoProvider, providers::AwsLcRsProvider};
use rtc_dtls::{
    config::{ConfigBuilder, HandshakeConfig},
    crypto::Certificate,
    extension::extension_use_srtp::SrtpProtectionProfile,
};
use std::{fmt::Write as _, net::SocketAddr, sync::Arc};

/// The payload types in our offers.
const H264: u8 = 102;
const RTX: u8 = 103;

/// What all viewers of a crowd have in common: a certificate, made once, and what they say in SDP.
pub struct Caller {
    fingerprint: String,
    pub(super) dtls: Arc<HandshakeConfig>,
    pub(super) crypto: Arc<dyn RTCCryptoProvider>,
}

/// The other side, as its SDP describes it.
#[derive(Debug, Clone)]
pub struct Remote {
    pub(super) address: SocketAddr,
    pub(super) theirs: Credentials,
    pub(super) ours: Credentials,
    /// Whether it leaves the choice of the path to us (RFC 8445 §2.5).
    pub(super) lite: bool,
    pub(super) video: u8,
    pub(super) ssrc: Option<u32>,
}

impl Caller {
    /// Makes the certificate.
    pub fn new() -> Result<Self, LoadError> {
        let fail = |error: rtc_shared::error::Error| LoadError::Client(error.to_string());
        let crypto: Arc<dyn RTCCryptoProvider> = Arc::new(AwsLcRsProvider::new());
        let certificate =
            Certificate::generate_self_signed_with_alg(vec!["viewer".to_owned()], &rcgen::PKCS_ECDSA_P256_SHA256, crypto.crypto())
                .map_err(fail)?;
        let der = certificate.certificate.first().ok_or_else(|| LoadError::Client("no certificate".to_owned()))?;
        let hash: Vec<String> = digest(&SHA256, der).as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        let config = ConfigBuilder::default()
            .with_crypto_provider(crypto.clone())
            .with_certificates(vec![certificate])
            .with_srtp_protection_profiles(vec![
                SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
                SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80,
            ])
            // The load has nothing to hide, and nobody to be deceived.
            .with_insecure_skip_verify(true);
        let dtls = Arc::new(config.build(true, None).map_err(fail)?);
        Ok(Self { fingerprint: hash.join(":"), dtls, crypto })
    }

    /// An offer, and the credentials in it.
    pub fn offer(&self) -> (String, Credentials) {
        let ours = Credentials::new();
        let codec = format!(
            "a=rtpmap:{H264} H264/90000\r\na=fmtp:{H264} packetization-mode=1;profile-level-id=640028\r\n\
            a=rtcp-fb:{H264} nack\r\na=rtcp-fb:{H264} nack pli\r\na=rtpmap:{RTX} rtx/90000\r\na=fmtp:{RTX} apt={H264}\r\n"
        );
        (self.describe("0", &format!("{H264} {RTX}"), "active", &codec, &ours), ours)
    }

    /// The other side of [`offer`](Self::offer).
    pub fn answered(&self, answer: &str, ours: Credentials) -> Result<Remote, LoadError> {
        Remote::read(answer, ours)
    }

    /// Answers the offer of a server that makes one; takes the first H.264 of its first video section.
    pub fn answer(&self, offer: &str) -> Result<(String, Remote), LoadError> {
        let ours = Credentials::new();
        let remote = Remote::read(offer, ours.clone())?;
        let video = remote.video;
        let about = |start: String| offer.lines().filter(move |line| line.starts_with(&start));
        let repair = offer.lines().find_map(|line| line.strip_prefix("a=fmtp:")?.strip_suffix(&format!(" apt={video}")));
        let mut codec: String = about(format!("a=rtpmap:{video} ")).chain(about(format!("a=fmtp:{video} "))).map(line).collect();
        let _ = write!(codec, "a=rtcp-fb:{video} nack\r\na=rtcp-fb:{video} nack pli\r\n");
        let mut types = video.to_string();
        if let Some(repair) = repair {
            let _ = write!(types, " {repair}");
            let _ = write!(codec, "a=rtpmap:{repair} rtx/90000\r\na=fmtp:{repair} apt={video}\r\n");
        }
        let mid = offer.lines().find_map(|line| line.strip_prefix("a=mid:")).unwrap_or("0");
        Ok((self.describe(mid, &types, "active", &codec, &ours), remote))
    }

    fn describe(&self, mid: &str, types: &str, setup: &str, codec: &str, ours: &Credentials) -> String {
        format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {mid}\r\n\
            m=video 9 UDP/TLS/RTP/SAVPF {types}\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na=ice-ufrag:{}\r\na=ice-pwd:{}\r\n\
            a=fingerprint:sha-256 {}\r\na=setup:{setup}\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=recvonly\r\n{codec}",
            ours.ufrag, ours.password, self.fingerprint
        )
    }
}

fn line(text: &str) -> String {
    format!("{text}\r\n")
}

impl Remote {
    fn read(sdp: &str, ours: Credentials) -> Result<Self, LoadError> {
        let video = sdp.find("m=video").map(|at| &sdp[at..]).ok_or(LoadError::Answer("video section"))?;
        let value = |key: &str| video.lines().chain(sdp.lines()).find_map(|line| line.strip_prefix(key));
        let ufrag = value("a=ice-ufrag:").ok_or(LoadError::Answer("a=ice-ufrag"))?.to_owned();
        let password = value("a=ice-pwd:").ok_or(LoadError::Answer("a=ice-pwd"))?.to_owned();
        let candidate = |line: &str| {
            let words: Vec<&str> = line.strip_prefix("a=candidate:")?.split(' ').collect();
            let udp = words.get(2)?.eq_ignore_ascii_case("udp");
            let address = SocketAddr::new(words.get(4)?.parse().ok()?, words.get(5)?.parse().ok()?);
            udp.then_some(address)
        };
        let address = sdp.lines().find_map(candidate).ok_or(LoadError::Answer("candidate"))?;
        let h264 = |line: &str| line.strip_prefix("a=rtpmap:")?.split_once(" H264/90000")?.0.parse().ok();
        let video_type = video.lines().find_map(h264).ok_or(LoadError::Answer("H.264"))?;
        let ssrc = value("a=ssrc:").and_then(|line| line.split(' ').next()?.parse().ok());
        let lite = sdp.lines().any(|line| line == "a=ice-lite");
        Ok(Self { address, theirs: Credentials { ufrag, password }, ours, lite, video: video_type, ssrc })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_of_a_full_agent_is_answered_with_its_own_payload_types() {
        let caller = Caller::new().unwrap();
        let offer = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:v\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n\
            a=candidate:1 1 udp 2015363327 127.5.0.1 41000 typ host\r\na=rtpmap:96 H264/90000\r\n\
            a=fmtp:96 packetization-mode=1\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=ssrc:7 cname:x\r\n";
        let (answer, remote) = caller.answer(offer).unwrap();
        assert!(answer.contains("m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n") && answer.contains("a=mid:v\r\n"), "{answer}");
        assert_eq!((remote.video, remote.ssrc, remote.lite), (96, Some(7), false));
        assert_eq!(remote.address, "127.5.0.1:41000".parse::<SocketAddr>().unwrap());
        for missing in ["a=ice-pwd", "a=candidate", "a=rtpmap:96", "m=video"] {
            assert!(caller.answer(&offer.replace(missing, "a=x")).is_err(), "{missing}");
        }
    }
}
