//! The payload types of a media section, and which of them suits the camera.

use super::offer::values;
use rtc_sdp::description::media::MediaDescription;

/// One payload type that a section offers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Payload<'a> {
    pub(super) number: u8,
    /// `H264/90000`, from `rtpmap`.
    encoding: &'a str,
    /// The `fmtp` parameters.
    parameters: &'a str,
}

impl<'a> Payload<'a> {
    /// Whether it is `name` at `rate`; names are compared without regard to case (RFC 4855 §1).
    pub(super) fn is(&self, name: &str, rate: u32) -> bool {
        let mut parts = self.encoding.split('/');
        let same_name = parts.next().is_some_and(|offered| offered.eq_ignore_ascii_case(name));
        same_name && parts.next().and_then(|offered| offered.parse().ok()) == Some(rate)
    }

    /// The value of one `fmtp` parameter.
    pub(super) fn parameter(&self, key: &str) -> Option<&'a str> {
        let pairs = self.parameters.split(';').filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| (name.trim(), value.trim()))
            .find(|(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    }

    /// `profile-level-id`; without one it is baseline, level 1 (RFC 6184 §8.1).
    pub(super) fn profile_level_id(&self) -> [u8; 3] {
        let read = |text: &str| {
            let digits = (text.len() == 6).then(|| u32::from_str_radix(text, 16).ok())??.to_be_bytes();
            Some([digits[1], digits[2], digits[3]])
        };
        self.parameter("profile-level-id").and_then(read).unwrap_or([0x42, 0x00, 0x0a])
    }
}

/// The payload types of `section` in the client's order of preference, the static ones of RFC 3551 §6 included.
pub(super) fn payloads(section: &MediaDescription) -> Vec<Payload<'_>> {
    let of = |key: &'static str, number: u8| {
        let lines = values(&section.attributes, key).filter_map(|line| line.split_once(' '));
        lines.filter(move |(offered, _)| offered.parse() == Ok(number)).map(|(_, rest)| rest.trim()).next()
    };
    let numbers = section.media_name.formats.iter().filter_map(|format| format.parse::<u8>().ok()).filter(|number| *number < 128);
    let payload = |number| {
        let encoding = of("rtpmap", number).or(match number {
            0 => Some("PCMU/8000"),
            8 => Some("PCMA/8000"),
            _ => None,
        })?;
        Some(Payload { number, encoding, parameters: of("fmtp", number).unwrap_or_default() })
    };
    numbers.filter_map(payload).collect()
}

/// The H.264 payload whose profile is nearest to the camera's, in packetization mode 1 (RFC 6184 §6.3): FU-A is needed.
pub(super) fn nearest_h264<'a>(payloads: &[Payload<'a>], camera: [u8; 3]) -> Option<Payload<'a>> {
    let usable =
        payloads.iter().filter(|payload| payload.is("H264", 90_000) && payload.parameter("packetization-mode") == Some("1"));
    // The first of equals: the client's own preference decides.
    usable.min_by_key(|payload| distance(payload.profile_level_id(), camera)).copied()
}

/// How far an offered profile is from the camera's: a decoder for a larger profile takes a smaller one; for the other way round
/// it is only known that browsers in fact do (they decode High under a baseline payload type).
fn distance(offered: [u8; 3], camera: [u8; 3]) -> u8 {
    let (offered, camera) = (rank(offered), rank(camera));
    if offered >= camera { offered - camera } else { 10 + camera - offered }
}

/// The order of the profiles, each of which decodes the ones before it (ITU-T H.264 §A.2).
fn rank([profile, constraints, _]: [u8; 3]) -> u8 {
    let constrained = constraints & 0x40 != 0;
    match profile {
        66 if constrained => 0,
        66 => 1,
        77 => 2,
        88 => 3,
        _ => 4,
    }
}

/// The payload number of the retransmissions of `of` (RFC 4588 §8.1).
pub(super) fn rtx_of(payloads: &[Payload<'_>], of: u8) -> Option<u8> {
    let rtx = payloads.iter().filter(|payload| payload.is("rtx", 90_000));
    rtx.filter(|payload| payload.parameter("apt").and_then(|apt| apt.parse().ok()) == Some(of)).map(|payload| payload.number).next()
}

/// Whether `section` offers the RTCP feedback `kind`, `nack pli` for example, for payload `number` (RFC 4585 §4.2).
pub(super) fn feedback(section: &MediaDescription, number: u8, kind: &str) -> bool {
    let lines = values(&section.attributes, "rtcp-fb").filter_map(|line| line.split_once(' '));
    lines.into_iter().any(|(payload, offered)| (payload == "*" || payload.parse() == Ok(number)) && offered.trim() == kind)
}

/// The id under which `section` offers the header extension `uri`, if it fits the one-byte form (RFC 8285 §4.2).
pub(super) fn extension(section: &MediaDescription, uri: &str) -> Option<u8> {
    let lines = values(&section.attributes, "extmap").filter_map(|line| line.split_once(' '));
    let ids = lines.filter(|(_, offered)| offered.split_whitespace().next() == Some(uri));
    ids.filter_map(|(id, _)| id.split('/').next()?.parse().ok()).find(|id| (1..=14).contains(id))
}
