//! What a client offers, as far as it matters to a server that only sends.

use super::{
    IceCredentials, SdpError,
    codec::{H264, Sound},
};
use rtc_sdp::description::{media::MediaDescription, session::SessionDescription};
use std::io::Cursor;

/// No browser's offer comes near this.
const MAX_LENGTH: usize = 64 << 10;
const MAX_SECTIONS: usize = 16;
const MAX_MID: usize = 32;

/// A client's offer.
#[derive(Debug)]
pub(in crate::media) struct Offer {
    /// The hashes of the client's certificate, any of which must match.
    pub(in crate::media) fingerprints: Vec<Fingerprint>,
    /// Every media section, in the offer's order: the answer has the same.
    pub(in crate::media) sections: Vec<Section>,
}

/// A hash of a certificate (RFC 8122 §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::media) struct Fingerprint {
    /// By which function: `sha-256`, `sha-384` or `sha-512`.
    pub(in crate::media) hash: Hash,
    /// The hash.
    pub(in crate::media) value: Vec<u8>,
}

/// The hash functions that are taken (RFC 8122 §5 without the broken ones).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// One media section.
#[derive(Debug)]
pub(in crate::media) struct Section {
    /// The words of its `m=` line that the answer repeats.
    pub(super) media: String,
    pub(super) protocol: String,
    pub(super) mid: String,
    /// Whether it is offered at all, and not a placeholder with port 0 outside the bundle.
    pub(super) offered: bool,
    /// Whether the client wants to receive.
    pub(super) receives: bool,
    /// The first format and its `rtpmap`: what a section that carries nothing answers with.
    pub(super) first_format: (String, Option<String>),
    pub(super) h264: Vec<H264>,
    pub(super) sound: Vec<Sound>,
    /// `(id, URI)` of the header extensions.
    pub(super) extensions: Vec<(u8, String)>,
    pub(super) reduced_rtcp: bool,
}

impl Section {
    /// Whether it is a section of `media` that the client wants to receive.
    pub(super) fn wants(&self, media: &str) -> bool {
        self.offered && self.receives && self.media == media
    }
}

impl Offer {
    /// Reads an offer; refuses one with which no stream could ever open.
    pub(in crate::media) fn parse(text: &str) -> Result<Self, SdpError> {
        if text.len() > MAX_LENGTH {
            return Err(SdpError::TooLong);
        }
        let sdp = SessionDescription::unmarshal(&mut Cursor::new(text.as_bytes())).map_err(|_| SdpError::Form)?;
        if sdp.media_descriptions.is_empty() || sdp.media_descriptions.len() > MAX_SECTIONS {
            return Err(SdpError::Sections);
        }
        let bundled: Vec<&str> = sdp
            .attributes
            .iter()
            .filter(|attribute| attribute.key == "group")
            .filter_map(|attribute| attribute.value.as_deref()?.strip_prefix("BUNDLE "))
            .flat_map(str::split_whitespace)
            .collect();
        let sections = sdp.media_descriptions.iter().map(|media| section(media, &bundled)).collect::<Result<Vec<_>, _>>()?;
        let carriers: Vec<&MediaDescription> =
            sdp.media_descriptions.iter().zip(&sections).filter(|(_, section)| section.offered).map(|(media, _)| media).collect();
        let video = sections.iter().position(|section| section.wants("video")).ok_or(SdpError::NotReceiving)?;

        // Transport attributes stand in the bundle's first section or in the session; in others they may be missing or repeated.
        let find = |key: &str| {
            let in_media = carriers.iter().find_map(|media| media.attribute(key).flatten());
            in_media.or_else(|| sdp.attribute(key).map(String::as_str)).map(str::trim)
        };
        let alone = carriers.len() == 1;
        let multiplexed = carriers.iter().all(|media| media.has_attribute("rtcp-mux") || media.has_attribute("rtcp-mux-only"));
        if !multiplexed || !(alone || bundled.contains(&sections[video].mid.as_str())) {
            return Err(SdpError::NotMultiplexed);
        }
        if find("setup").is_some_and(|setup| setup == "passive" || setup == "holdconn") {
            return Err(SdpError::Setup);
        }
        let ufrag = find("ice-ufrag").ok_or(SdpError::IceCredentials)?;
        // A lite agent sends no checks: it only wants to see that the client will.
        IceCredentials::parse(ufrag, find("ice-pwd").ok_or(SdpError::IceCredentials)?)?;
        let mut fingerprints: Vec<Fingerprint> = carriers
            .iter()
            .flat_map(|media| &media.attributes)
            .chain(&sdp.attributes)
            .filter(|attribute| attribute.key == "fingerprint")
            .filter_map(|attribute| fingerprint(attribute.value.as_deref()?))
            .collect();
        fingerprints.dedup();
        fingerprints.truncate(8);
        if fingerprints.is_empty() {
            return Err(SdpError::Fingerprint);
        }
        Ok(Self { fingerprints, sections })
    }
}

fn section(media: &MediaDescription, bundled: &[&str]) -> Result<Section, SdpError> {
    let value = |key: &str| media.attribute(key).flatten().map(str::trim);
    let mid = value("mid").unwrap_or_default();
    let plain = |text: &str| text.len() <= MAX_MID && text.bytes().all(|byte| byte.is_ascii_graphic());
    let name = &media.media_name;
    if !plain(mid) || !plain(&name.media) || !name.formats.iter().all(|format| plain(format)) {
        return Err(SdpError::Sections);
    }
    let values = |key: &'static str| {
        media.attributes.iter().filter(move |attribute| attribute.key == key).filter_map(|attribute| attribute.value.as_deref())
    };
    let rtpmaps: Vec<(&str, &str)> = values("rtpmap").filter_map(|map| map.trim().split_once(' ')).collect();
    let first = name.formats.first().cloned().unwrap_or_default();
    let first_map = rtpmaps.iter().find(|(format, _)| *format == first).map(|(_, map)| (*map).to_owned());
    let extensions = values("extmap").filter_map(|map| {
        let (id, uri) = map.trim().split_once(' ')?;
        Some((id.split('/').next()?.parse().ok()?, uri.split_whitespace().next()?.to_owned()))
    });
    let formats = super::codec::Formats {
        listed: &name.formats,
        maps: &rtpmaps,
        parameters: values("fmtp").collect(),
        feedback: values("rtcp-fb").collect(),
    };
    Ok(Section {
        media: name.media.clone(),
        protocol: name.protos.join("/"),
        mid: mid.to_owned(),
        // A bundled section may have port 0 (`a=bundle-only`, RFC 8843 §6).
        offered: name.port.value != 0 || bundled.contains(&mid),
        receives: !media.has_attribute("sendonly") && !media.has_attribute("inactive"),
        first_format: (first, first_map),
        h264: formats.h264(),
        sound: formats.sound(),
        extensions: extensions.collect(),
        reduced_rtcp: media.has_attribute("rtcp-rsize"),
    })
}

fn fingerprint(text: &str) -> Option<Fingerprint> {
    let (hash, value) = text.trim().split_once(' ')?;
    let (hash, length) = match hash.to_ascii_lowercase().as_str() {
        "sha-256" => (Hash::Sha256, 32),
        "sha-384" => (Hash::Sha384, 48),
        "sha-512" => (Hash::Sha512, 64),
        _ => return None,
    };
    let value: Option<Vec<u8>> = value.trim().split(':').map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    value.filter(|value| value.len() == length).map(|value| Fingerprint { hash, value })
}
