//! What a client says of itself.

use super::super::SdpError;
use rtc_sdp::description::{common::Attribute, media::MediaDescription, session::SessionDescription};
use std::io::Cursor;

/// Browsers write some 6 kB; ten times that is no browser.
const LONGEST_OFFER: usize = 64 * 1024;
const MOST_SECTIONS: usize = 16;
const MOST_ATTRIBUTES: usize = 512;

/// An offer that has been read: who the client is, and its media sections as they stand.
#[derive(Debug)]
pub(crate) struct Offer {
    /// The client's ICE credentials.
    pub(crate) ice: IceCredentials,
    /// The fingerprint of the client's certificate.
    pub(crate) fingerprint: Fingerprint,
    pub(super) sections: Vec<MediaDescription>,
    pub(super) bundle: Vec<String>,
    /// The section that becomes the video, by its place among `sections`.
    pub(super) video: usize,
}

/// ICE user name fragment and password (RFC 8839 §5.4).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IceCredentials {
    pub(crate) ufrag: String,
    pub(crate) pwd: String,
}

/// Shows nothing: the password authenticates every check.
impl std::fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IceCredentials(..)")
    }
}

impl IceCredentials {
    /// Takes them within the bounds of the standard: 4 to 256 and 22 to 256 ice-chars.
    pub(super) fn new(ufrag: &str, pwd: &str) -> Result<Self, SdpError> {
        let ice_chars = |text: &str, least| {
            (least..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
        };
        if ice_chars(ufrag, 4) && ice_chars(pwd, 22) {
            Ok(Self { ufrag: ufrag.to_owned(), pwd: pwd.to_owned() })
        } else {
            Err(SdpError::IceCredentials)
        }
    }
}

/// The hash of a certificate (RFC 8122 §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) hash: FingerprintHash,
    pub(crate) bytes: Vec<u8>,
}

/// The hashes that are taken: SHA-1 and MD5 are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FingerprintHash {
    Sha256,
    Sha384,
    Sha512,
}

impl Fingerprint {
    /// Reads `sha-256 AB:CD:…`.
    fn parse(value: &str) -> Option<Self> {
        let (name, digits) = value.trim().split_once(' ')?;
        let (hash, length) = match name.to_ascii_lowercase().as_str() {
            "sha-256" => (FingerprintHash::Sha256, 32),
            "sha-384" => (FingerprintHash::Sha384, 48),
            "sha-512" => (FingerprintHash::Sha512, 64),
            _ => return None,
        };
        let byte = |pair: &str| (pair.len() == 2).then(|| u8::from_str_radix(pair, 16).ok()).flatten();
        let bytes = digits.trim().split(':').map(byte).collect::<Option<Vec<u8>>>()?;
        (bytes.len() == length).then_some(Self { hash, bytes })
    }
}

impl Offer {
    /// Reads an offer and checks that this server can serve it: somebody who wants to receive video over BUNDLE and rtcp-mux, with
    /// usable ICE credentials and fingerprint, and willing to be the DTLS client.
    pub(crate) fn parse(text: &str) -> Result<Self, SdpError> {
        if text.len() > LONGEST_OFFER {
            return Err(SdpError::TooLong);
        }
        let session = SessionDescription::unmarshal(&mut Cursor::new(text.as_bytes())).map_err(|_| SdpError::Form)?;
        let sections = session.media_descriptions;
        let attributes = sections.iter().map(|section| section.attributes.len()).sum::<usize>();
        if sections.is_empty() || sections.len() > MOST_SECTIONS || attributes > MOST_ATTRIBUTES * MOST_SECTIONS {
            return Err(SdpError::Sections);
        }
        let video = sections.iter().position(|section| is_video(section) && wants_to_receive(section, &session.attributes));
        let Some(video) = video else {
            return Err(SdpError::NotReceiving);
        };
        if !has(&sections[video].attributes, "rtcp-mux") {
            return Err(SdpError::NotMultiplexed);
        }
        let bundle = session.attributes.iter().find_map(bundle_group).unwrap_or_default();
        if !bundle.is_empty() && mid(&sections[video]).is_none_or(|mid| !bundle.contains(&mid.to_owned())) {
            return Err(SdpError::NotMultiplexed);
        }
        // In a bundle, the transport is described by its first section (RFC 9143 §7.1); browsers repeat it in each.
        let tagged = sections.iter().find(|section| mid(section).is_some() && mid(section) == bundle.first().map(String::as_str));
        let layers = [Some(&sections[video].attributes), tagged.map(|section| &section.attributes), Some(&session.attributes)];
        let layers: Vec<&[Attribute]> = layers.into_iter().flatten().map(Vec::as_slice).collect();
        let said = |key: &str| layers.iter().find_map(|attributes| value(attributes, key));

        let ice = IceCredentials::new(
            said("ice-ufrag").ok_or(SdpError::IceCredentials)?,
            said("ice-pwd").ok_or(SdpError::IceCredentials)?,
        )?;
        let fingerprints = layers.iter().flat_map(|attributes| values(attributes, "fingerprint"));
        let fingerprint = fingerprints.filter_map(Fingerprint::parse).next().ok_or(SdpError::Fingerprint)?;
        if !matches!(said("setup"), None | Some("actpass" | "active")) {
            return Err(SdpError::Setup);
        }
        Ok(Self { ice, fingerprint, sections, bundle, video })
    }

    /// Whether `section` travels with the video: it is in the same bundle.
    pub(super) fn bundled(&self, section: &MediaDescription) -> bool {
        mid(section).is_some_and(|mid| self.bundle.iter().any(|member| member == mid))
    }
}

/// Whether `section` asks to receive (RFC 8866 §6.7; without a word it does) and has not been turned off.
pub(super) fn wants_to_receive(section: &MediaDescription, session: &[Attribute]) -> bool {
    let directions = ["sendrecv", "recvonly", "sendonly", "inactive"];
    let direction = |attributes: &[Attribute]| directions.into_iter().find(|direction| has(attributes, direction));
    let receives = matches!(direction(&section.attributes).or_else(|| direction(session)), None | Some("sendrecv" | "recvonly"));
    receives && (section.media_name.port.value != 0 || has(&section.attributes, "bundle-only"))
}

fn is_video(section: &MediaDescription) -> bool {
    section.media_name.media == "video" && over_srtp(section)
}

/// Whether `section` is RTP over DTLS-SRTP with feedback (RFC 5764 §9), the only profile of browsers.
pub(super) fn over_srtp(section: &MediaDescription) -> bool {
    section.media_name.protos.join("/").ends_with("TLS/RTP/SAVPF")
}

fn bundle_group(attribute: &Attribute) -> Option<Vec<String>> {
    let members = attribute.value.as_deref().filter(|_| attribute.key == "group")?.strip_prefix("BUNDLE")?;
    Some(members.split_whitespace().map(str::to_owned).collect())
}

/// The section's `mid`, where it is one that can be written into an answer.
pub(super) fn mid(section: &MediaDescription) -> Option<&str> {
    let token = |mid: &&str| !mid.is_empty() && mid.len() <= 64 && mid.bytes().all(|b| b.is_ascii_graphic());
    value(&section.attributes, "mid").map(str::trim).filter(token)
}

pub(super) fn has(attributes: &[Attribute], key: &str) -> bool {
    attributes.iter().any(|attribute| attribute.key == key)
}

pub(super) fn values<'a, 'k>(attributes: &'a [Attribute], key: &'k str) -> impl Iterator<Item = &'a str> + use<'a, 'k> {
    attributes.iter().filter(move |attribute| attribute.key == key).filter_map(|attribute| attribute.value.as_deref())
}

pub(super) fn value<'a>(attributes: &'a [Attribute], key: &str) -> Option<&'a str> {
    values(attributes, key).next()
}
