//! What of an offer is taken.

use super::super::{OpenError, SoundCodec};
use super::codec::{extension, feedback, nearest_h264, payloads, rtx_of};
use super::offer::{Offer, mid, over_srtp, wants_to_receive};

pub(super) const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
pub(super) const PLAYOUT_DELAY: &str = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

/// What both sides agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Negotiated {
    /// The picture.
    pub(crate) video: VideoLine,
    /// The sound, where the camera has it, the grant allows it and the client takes it.
    pub(crate) sound: Option<SoundLine>,
}

/// How the picture travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VideoLine {
    /// The section's `mid`; empty where the client gave none.
    pub(crate) mid: String,
    /// The payload type of H.264.
    pub(crate) payload_type: u8,
    /// The profile under which it was offered.
    pub(super) profile_level_id: [u8; 3],
    /// The payload type of retransmissions.
    pub(crate) rtx: Option<u8>,
    /// Whether the client reports lost packets (RFC 4585 §6.2.1).
    pub(crate) nack: bool,
    /// Whether the client asks for key frames (RFC 4585 §6.3.1).
    pub(crate) pli: bool,
    /// Whether the client asks for key frames in the older way (RFC 5104 §3.5.1).
    pub(super) fir: bool,
    /// The header extension that names the section (RFC 9143 §15).
    pub(crate) mid_extension: Option<u8>,
    /// The header extension with which a sender asks for a short playout delay.
    pub(crate) playout_delay: Option<u8>,
    pub(super) section: usize,
}

/// How the sound travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SoundLine {
    /// The section's `mid`.
    pub(crate) mid: String,
    /// The payload type of the camera's codec.
    pub(crate) payload_type: u8,
    /// The header extension that names the section.
    pub(crate) mid_extension: Option<u8>,
    pub(super) codec: SoundCodec,
    pub(super) section: usize,
}

impl SoundCodec {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pcma => "PCMA",
            Self::Pcmu => "PCMU",
        }
    }
}

impl Offer {
    /// Picks the payload types for a camera whose SPS says `h264` (`profile_idc`, constraint flags, `level_idc`) and whose sound, where
    /// it may be heard, is `sound`.
    pub(crate) fn negotiate(&self, h264: [u8; 3], sound: Option<SoundCodec>) -> Result<Negotiated, OpenError> {
        let section = &self.sections[self.video];
        let payloads = payloads(section);
        let payload = nearest_h264(&payloads, h264).ok_or(OpenError::NoCommonCodec { camera: "H264/90000" })?;
        let number = payload.number;
        let nack = feedback(section, number, "nack");
        let video = VideoLine {
            mid: mid(section).unwrap_or_default().to_owned(),
            payload_type: number,
            profile_level_id: payload.profile_level_id(),
            rtx: rtx_of(&payloads, number).filter(|_| nack),
            nack,
            pli: feedback(section, number, "nack pli"),
            fir: feedback(section, number, "ccm fir"),
            mid_extension: extension(section, MID),
            playout_delay: extension(section, PLAYOUT_DELAY),
            section: self.video,
        };
        Ok(Negotiated { video, sound: sound.and_then(|codec| self.sound(codec)) })
    }

    fn sound(&self, codec: SoundCodec) -> Option<SoundLine> {
        // Without BUNDLE the sound would need a transport of its own: such a client gets the picture alone.
        let offered = |section: &_| self.bundled(section) && over_srtp(section) && wants_to_receive(section, &[]);
        let mut sections = self.sections.iter().enumerate();
        let (index, section) = sections.find(|(_, section)| section.media_name.media == "audio" && offered(section))?;
        let payload = payloads(section).into_iter().find(|payload| payload.is(codec.name(), 8_000))?;
        let mid_extension = extension(section, MID);
        let mid = mid(section)?.to_owned();
        Some(SoundLine { mid, payload_type: payload.number, mid_extension, codec, section: index })
    }
}
