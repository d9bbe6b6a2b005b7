//! The codecs of an offer, and which of them is nearest to what the camera sends.

use crate::media::SoundCodec;
use std::fmt::Write;

/// An H.264 payload type that a client offers (RFC 6184 §8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct H264 {
    pub(super) payload_type: u8,
    /// Its `fmtp` as it stands, which the answer repeats.
    pub(super) parameters: Option<String>,
    pub(super) profile: Profile,
    /// Whether it says that it takes fragments and aggregates; one that says nothing at all is taken when no other does.
    pub(super) fragments: bool,
    /// The payload type for repairs (RFC 4588 §8.6).
    pub(super) rtx: Option<u8>,
    /// The feedback that it offers and that is answered.
    pub(super) feedback: Vec<&'static str>,
}

/// A G.711 payload type that a client offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sound {
    pub(super) payload_type: u8,
    pub(super) codec: SoundCodec,
}

/// Profiles in the order of what they can do; one that stands later plays, in practice, what the earlier ones can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Profile {
    ConstrainedBaseline,
    Baseline,
    Main,
    ConstrainedHigh,
    High,
    Other,
}

impl Profile {
    /// From `profile_idc` and the constraint flags (ITU-T H.264 §A.2, RFC 6184 table 5).
    pub(super) fn of([profile, constraints, _level]: [u8; 3]) -> Self {
        let constraint = |n: u8| constraints & (0x80 >> n) != 0;
        match profile {
            66 if constraint(1) => Self::ConstrainedBaseline,
            66 => Self::Baseline,
            77 if constraint(0) => Self::ConstrainedBaseline,
            77 => Self::Main,
            100 if constraint(4) && constraint(5) => Self::ConstrainedHigh,
            100 => Self::High,
            _ => Self::Other,
        }
    }

    /// How far a client that takes `self` is from a camera that sends `camera`: the same, then the next that can do more, then those
    /// that can do less (browsers play High on a payload type for Baseline).
    fn distance(self, camera: Self) -> u8 {
        let (mine, its) = (self as u8, camera as u8);
        if mine >= its { mine - its } else { 10 + its - mine }
    }
}

/// What the camera sends, as an answer and an error name it. Other codecs never become frames.
pub(in crate::media) const CAMERA_CODEC: &str = "H264";

/// The offered H.264 payload type that is nearest to the camera's `profile_level_id`.
pub(super) fn nearest(offered: &[H264], camera: Option<[u8; 3]>) -> Option<&H264> {
    let camera = camera.map_or(Profile::ConstrainedBaseline, Profile::of);
    offered.iter().min_by_key(|codec| (!codec.fragments, codec.profile.distance(camera)))
}

/// The format attributes of a media section.
pub(super) struct Formats<'a> {
    pub(super) listed: &'a [String],
    pub(super) maps: &'a [(&'a str, &'a str)],
    pub(super) parameters: Vec<&'a str>,
    pub(super) feedback: Vec<&'a str>,
}

impl<'a> Formats<'a> {
    fn payload_types(&self, encoding: &'a str) -> impl Iterator<Item = u8> {
        let named = self.maps.iter().filter(move |(_, map)| map.trim().eq_ignore_ascii_case(encoding));
        named.filter(|(format, _)| self.listed.iter().any(|listed| listed == format)).filter_map(|(format, _)| payload_type(format))
    }

    fn parameters(&self, payload_type: u8) -> Option<&'a str> {
        self.parameters.iter().find_map(|line| {
            let (format, parameters) = line.trim().split_once(' ')?;
            (format.parse() == Ok(payload_type)).then_some(parameters.trim())
        })
    }

    pub(super) fn h264(&self) -> Vec<H264> {
        let mut repairs =
            self.payload_types("rtx/90000").filter_map(|rtx| Some((rtx, parameter(self.parameters(rtx)?, "apt")?.parse().ok()?)));
        let repairs: Vec<(u8, u8)> = repairs.by_ref().collect();
        let codec = |payload_type| {
            let parameters = self.parameters(payload_type);
            let value = |key| parameters.and_then(|parameters| parameter(parameters, key));
            // Without the parameter the mode is 0 (RFC 6184 §8.1); a client that offers no parameters at all means 'whatever'.
            let fragments = value("packetization-mode").map(|mode| mode == "1");
            if fragments == Some(false) {
                return None;
            }
            let id = value("profile-level-id").and_then(|id| u32::from_str_radix(id, 16).ok()).unwrap_or(0x42_e0_1f).to_be_bytes();
            Some(H264 {
                payload_type,
                parameters: parameters.map(str::to_owned),
                profile: Profile::of([id[1], id[2], id[3]]),
                fragments: fragments.is_some(),
                rtx: repairs.iter().find(|(_, repaired)| *repaired == payload_type).map(|(rtx, _)| *rtx),
                feedback: self.feedback(payload_type),
            })
        };
        self.payload_types("H264/90000").filter_map(codec).collect()
    }

    pub(super) fn sound(&self) -> Vec<Sound> {
        let fixed = |payload_type: u8, codec| {
            let number = payload_type.to_string();
            let listed = self.listed.contains(&number) && !self.maps.iter().any(|(format, _)| *format == number);
            listed.then_some(Sound { payload_type, codec })
        };
        let named = |encoding, codec| self.payload_types(encoding).map(move |payload_type| Sound { payload_type, codec });
        let mut sound: Vec<Sound> = named("PCMA/8000", SoundCodec::Pcma).chain(named("PCMA/8000/1", SoundCodec::Pcma)).collect();
        sound.extend(named("PCMU/8000", SoundCodec::Pcmu).chain(named("PCMU/8000/1", SoundCodec::Pcmu)));
        // Both have payload types of their own that need no `rtpmap` (RFC 3551 §6).
        sound.extend(fixed(8, SoundCodec::Pcma));
        sound.extend(fixed(0, SoundCodec::Pcmu));
        sound
    }

    fn feedback(&self, payload_type: u8) -> Vec<&'static str> {
        let offers = |wanted: &&&str| {
            self.feedback
                .iter()
                .filter_map(|line| line.trim().split_once(' '))
                .any(|(format, kind)| (format == "*" || format.parse() == Ok(payload_type)) && kind.trim() == **wanted)
        };
        ["nack", "nack pli", "ccm fir"].iter().filter(offers).copied().collect()
    }
}

fn payload_type(text: &str) -> Option<u8> {
    text.parse().ok().filter(|payload_type| *payload_type < 128)
}

/// The value of `key` in `key=value;key=value`.
fn parameter<'a>(parameters: &'a str, key: &str) -> Option<&'a str> {
    parameters
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| value.trim())
}

impl H264 {
    /// Appends the lines that describe the codec in an answer.
    pub(super) fn describe(&self, out: &mut String) {
        let payload_type = self.payload_type;
        let _ = write!(out, "a=rtpmap:{payload_type} H264/90000\r\n");
        let parameters = self.parameters.as_deref().unwrap_or("packetization-mode=1");
        let _ = write!(out, "a=fmtp:{payload_type} {parameters}\r\n");
        for feedback in &self.feedback {
            let _ = write!(out, "a=rtcp-fb:{payload_type} {feedback}\r\n");
        }
        if let Some(rtx) = self.rtx {
            let _ = write!(out, "a=rtpmap:{rtx} rtx/90000\r\na=fmtp:{rtx} apt={payload_type}\r\n");
        }
    }
}
