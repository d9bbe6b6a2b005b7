//! The answer: one video and at most one sound, sent only, everything through one port.

use super::{
    IceCredentials,
    codec::{CAMERA_CODEC, H264, Sound, nearest},
    offer::{Offer, Section},
};
use crate::media::{ParameterSets, SoundCodec, rtp::Extensions};
use std::{fmt::Write, net::SocketAddr};

const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
const PLAYOUT_DELAY: &str = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

/// What this side brings to an answer.
#[derive(Debug)]
pub(in crate::media) struct Local<'a> {
    /// Its ICE credentials for this stream.
    pub(in crate::media) ice: &'a IceCredentials,
    /// The SHA-256 of its certificate, as SDP writes it.
    pub(in crate::media) fingerprint: &'a str,
    /// Where it is reached; every one becomes a candidate.
    pub(in crate::media) candidates: &'a [SocketAddr],
    /// The canonical name that ties the streams of this session together (RFC 3550 §6.5.1).
    pub(in crate::media) cname: &'a str,
    /// Random SSRCs: of the video, of its repairs, of the sound.
    pub(in crate::media) ssrcs: [u32; 3],
}

/// How the video is sent.
#[derive(Debug, Clone)]
pub(in crate::media) struct VideoPlan {
    pub(in crate::media) payload_type: u8,
    pub(in crate::media) ssrc: u32,
    /// Payload type and SSRC of repairs, if the client takes them.
    pub(in crate::media) rtx: Option<(u8, u32)>,
    /// What key frames carry in their headers.
    pub(in crate::media) extensions: Extensions,
}

/// How the sound is sent.
#[derive(Debug, Clone)]
pub(in crate::media) struct SoundPlan {
    pub(in crate::media) payload_type: u8,
    pub(in crate::media) ssrc: u32,
}

/// An answer and what it promises.
#[derive(Debug)]
pub(in crate::media) struct Answer {
    pub(in crate::media) sdp: String,
    pub(in crate::media) video: VideoPlan,
    pub(in crate::media) sound: Option<SoundPlan>,
    /// The `mid` of the section that carries the transport: an ICE restart names it.
    pub(in crate::media) mid: String,
}

/// What one section becomes.
enum Role<'a> {
    Video(&'a H264),
    Sound(Sound),
    /// Stays in the bundle and carries nothing, so that the bundle's first section may be one that is not wanted.
    Idle,
    Rejected,
}

/// Answers `offer` for a camera that sends `camera` and the sound `sound` (`None`: none, or none allowed). Fails with the name of what
/// the camera sends when the client cannot decode it.
pub(in crate::media) fn negotiate(
    offer: &Offer,
    camera: &ParameterSets,
    sound: Option<SoundCodec>,
    local: &Local<'_>,
) -> Result<Answer, &'static str> {
    let video_at = offer.sections.iter().position(|section| section.wants("video")).ok_or(CAMERA_CODEC)?;
    let codec = nearest(&offer.sections[video_at].h264, camera.profile_level_id()).ok_or(CAMERA_CODEC)?;
    let heard = sound.and_then(|codec| {
        let at = offer.sections.iter().position(|section| section.wants("audio"))?;
        Some((at, *offer.sections[at].sound.iter().find(|sound| sound.codec == codec)?))
    });
    let role = |(at, section): (usize, &Section)| match heard {
        _ if at == video_at => Role::Video(codec),
        Some((heard_at, sound)) if at == heard_at => Role::Sound(sound),
        _ if section.offered && section.media == "audio" && section.first_format.1.is_some() => Role::Idle,
        _ => Role::Rejected,
    };
    let roles: Vec<Role<'_>> = offer.sections.iter().enumerate().map(role).collect();
    let [ssrc, rtx_ssrc, sound_ssrc] = local.ssrcs;
    let video = VideoPlan {
        payload_type: codec.payload_type,
        ssrc,
        rtx: codec.rtx.map(|rtx| (rtx, rtx_ssrc)),
        extensions: extensions(&offer.sections[video_at]),
    };
    let sound = heard.map(|(_, sound)| SoundPlan { payload_type: sound.payload_type, ssrc: sound_ssrc });

    let mut sdp = String::with_capacity(2_048);
    let mut bundle = offer
        .sections
        .iter()
        .zip(&roles)
        .filter(|(_, role)| !matches!(role, Role::Rejected))
        .map(|(section, _)| section.mid.as_str());
    let carrier = bundle.clone().next().unwrap_or_default().to_owned();
    write_session(&mut sdp, &mut bundle, local);
    let mut candidates = Some(local.candidates);
    for (section, role) in offer.sections.iter().zip(&roles) {
        write_section(&mut sdp, section, role, local, &mut candidates);
    }
    Ok(Answer { sdp, video, sound, mid: carrier })
}

/// What key frames carry: the section's `mid` (RFC 8843 §9.2), and that the client shows pictures as soon as it can.
fn extensions(video: &Section) -> Extensions {
    let id = |uri: &str| video.extensions.iter().find(|(_, offered)| offered == uri).map(|(id, _)| *id);
    let mut elements: Vec<(u8, &[u8])> = Vec::new();
    elements.extend(id(MID).filter(|_| video.mid.len() <= 8).map(|id| (id, video.mid.as_bytes())));
    elements.extend(id(PLAYOUT_DELAY).map(|id| (id, &[0, 0, 0][..])));
    Extensions::new(&elements)
}

fn write_session(sdp: &mut String, bundle: &mut dyn Iterator<Item = &str>, local: &Local<'_>) {
    let _ = write!(sdp, "v=0\r\no=- {} 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE", local.ssrcs[0]);
    bundle.filter(|mid| !mid.is_empty()).for_each(|mid| {
        let _ = write!(sdp, " {mid}");
    });
    sdp.push_str("\r\na=msid-semantic: WMS *\r\na=ice-lite\r\n");
}

fn write_section(sdp: &mut String, section: &Section, role: &Role<'_>, local: &Local<'_>, candidates: &mut Option<&[SocketAddr]>) {
    let formats = match role {
        Role::Video(H264 { payload_type, rtx: Some(rtx), .. }) => format!("{payload_type} {rtx}"),
        Role::Video(H264 { payload_type, .. }) => payload_type.to_string(),
        Role::Sound(sound) => sound.payload_type.to_string(),
        Role::Idle | Role::Rejected => section.first_format.0.clone(),
    };
    let port = if matches!(role, Role::Rejected) { 0 } else { 9 };
    let _ = write!(sdp, "m={} {port} {} {formats}\r\nc=IN IP4 0.0.0.0\r\n", section.media, section.protocol);
    if !section.mid.is_empty() {
        let _ = write!(sdp, "a=mid:{}\r\n", section.mid);
    }
    if matches!(role, Role::Rejected) {
        sdp.push_str("a=inactive\r\n");
        return;
    }
    let _ = write!(sdp, "a=ice-ufrag:{}\r\na=ice-pwd:{}\r\n", local.ice.ufrag, local.ice.password);
    let _ = write!(sdp, "a=fingerprint:sha-256 {}\r\na=setup:passive\r\na=rtcp-mux\r\n", local.fingerprint);
    if section.reduced_rtcp {
        sdp.push_str("a=rtcp-rsize\r\n");
    }
    match role {
        Role::Video(codec) => write_video(sdp, section, codec, local),
        Role::Sound(sound) => write_sound(sdp, *sound, local),
        Role::Idle | Role::Rejected => {
            sdp.push_str("a=inactive\r\n");
            if let (format, Some(map)) = &section.first_format {
                let _ = write!(sdp, "a=rtpmap:{format} {map}\r\n");
            }
        }
    }
    // The bundle has one transport: its candidates stand in its first section.
    if let Some(candidates) = candidates.take() {
        write_candidates(sdp, candidates);
    }
}

fn write_video(sdp: &mut String, section: &Section, codec: &H264, local: &Local<'_>) {
    sdp.push_str("a=sendonly\r\na=msid:tereze video\r\n");
    codec.describe(sdp);
    for (id, uri) in section.extensions.iter().filter(|(id, uri)| (1..=14).contains(id) && (uri == MID || uri == PLAYOUT_DELAY)) {
        let _ = write!(sdp, "a=extmap:{id} {uri}\r\n");
    }
    let ([ssrc, rtx, _], cname) = (local.ssrcs, local.cname);
    let rtx = codec.rtx.map(|_| rtx);
    if let Some(rtx) = rtx {
        let _ = write!(sdp, "a=ssrc-group:FID {ssrc} {rtx}\r\n");
    }
    // The picture's own comes first: Chromium plays whichever does.
    for ssrc in [Some(ssrc), rtx].into_iter().flatten() {
        let _ = write!(sdp, "a=ssrc:{ssrc} cname:{cname}\r\n");
    }
}

fn write_sound(sdp: &mut String, sound: Sound, local: &Local<'_>) {
    let name = match sound.codec {
        SoundCodec::Pcma => "PCMA",
        SoundCodec::Pcmu => "PCMU",
    };
    let _ = write!(sdp, "a=sendonly\r\na=msid:tereze sound\r\na=rtpmap:{} {name}/8000\r\n", sound.payload_type);
    let _ = write!(sdp, "a=ssrc:{} cname:{}\r\n", local.ssrcs[2], local.cname);
}

/// Host candidates, the first preferred (RFC 8445 §5.1.2.1), and that there will be no more.
pub(super) fn write_candidates(sdp: &mut String, candidates: &[SocketAddr]) {
    for (at, address) in candidates.iter().enumerate() {
        let preference = u16::MAX - u16::try_from(at).unwrap_or(u16::MAX);
        let priority = (126u32 << 24) | (u32::from(preference) << 8) | 255;
        let (ip, port) = (address.ip(), address.port());
        let _ = write!(sdp, "a=candidate:{} 1 udp {priority} {ip} {port} typ host\r\n", at + 1);
    }
    sdp.push_str("a=end-of-candidates\r\n");
}
