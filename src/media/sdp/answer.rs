//! What the server says of itself.

use super::negotiate::{MID, Negotiated, PLAYOUT_DELAY, VideoLine};
use super::offer::{IceCredentials, Offer, mid};
use std::fmt::Write as _;
use std::net::SocketAddr;

/// The server's side of one peer connection.
#[derive(Debug, Clone)]
pub(crate) struct Local<'a> {
    /// Its ICE credentials for this peer.
    pub(crate) ice: &'a IceCredentials,
    /// The SHA-256 of the process's certificate.
    pub(crate) fingerprint: &'a [u8; 32],
    /// Where it can be reached, the address that suits most clients first.
    pub(crate) candidates: &'a [SocketAddr],
    /// The SSRC of the picture.
    pub(crate) video_ssrc: u32,
    /// The SSRC of the picture's retransmissions.
    pub(crate) rtx_ssrc: u32,
    /// The SSRC of the sound.
    pub(crate) sound_ssrc: u32,
    /// The canonical name that ties them together (RFC 7022).
    pub(crate) cname: &'a str,
    /// A number for the `o=` line (RFC 8866 §5.2), below 2⁶³.
    pub(crate) session: u64,
}

/// The one stream that picture and sound belong to.
const STREAM: &str = "tereze";

/// Writes the answer to `offer`: every section in its order, what is not taken with port 0 (RFC 3264 §6), every candidate of the server's.
pub(crate) fn answer(offer: &Offer, negotiated: &Negotiated, local: &Local<'_>) -> String {
    let mut sdp = Lines(String::with_capacity(2_048));
    sdp.line(format_args!("v=0"));
    sdp.line(format_args!("o=- {} 1 IN IP4 127.0.0.1", local.session));
    sdp.line(format_args!("s=-"));
    sdp.line(format_args!("t=0 0"));
    if !offer.bundle.is_empty() {
        sdp.line(format_args!("a=group:BUNDLE {}", bundle(offer, negotiated)));
    }
    sdp.line(format_args!("a=msid-semantic:WMS {STREAM}"));
    sdp.line(format_args!("a=ice-lite"));
    for (index, section) in offer.sections.iter().enumerate() {
        let name = &section.media_name;
        let sound = negotiated.sound.as_ref().filter(|line| line.section == index);
        if index == negotiated.video.section {
            let video = &negotiated.video;
            let rtx = video.rtx.map(|number| format!(" {number}")).unwrap_or_default();
            sdp.line(format_args!("m=video 9 {} {}{rtx}", name.protos.join("/"), video.payload_type));
            sdp.transport(&video.mid, local);
            sdp.video(video, local);
        } else if let Some(line) = sound {
            sdp.line(format_args!("m=audio 9 {} {}", name.protos.join("/"), line.payload_type));
            sdp.transport(&line.mid, local);
            sdp.line(format_args!("a=rtpmap:{} {}/8000", line.payload_type, line.codec.name()));
            sdp.extension(line.mid_extension, MID);
            sdp.line(format_args!("a=msid:{STREAM} sound"));
            sdp.line(format_args!("a=ssrc:{} cname:{}", local.sound_ssrc, local.cname));
        } else {
            sdp.line(format_args!("m={} 0 {} {}", name.media, name.protos.join("/"), name.formats.join(" ")));
            sdp.line(format_args!("c=IN IP4 0.0.0.0"));
            if let Some(mid) = mid(section) {
                sdp.line(format_args!("a=mid:{mid}"));
            }
            sdp.line(format_args!("a=inactive"));
        }
    }
    sdp.0
}

/// Writes the fragment that answers an ICE restart (RFC 8840 §9): the server's new credentials and its candidates.
pub(crate) fn restart_fragment(negotiated: &Negotiated, local: &Local<'_>) -> String {
    let mut sdp = Lines(String::with_capacity(512));
    sdp.line(format_args!("a=ice-lite"));
    sdp.line(format_args!("m=video 9 UDP/TLS/RTP/SAVPF {}", negotiated.video.payload_type));
    if !negotiated.video.mid.is_empty() {
        sdp.line(format_args!("a=mid:{}", negotiated.video.mid));
    }
    sdp.ice(local);
    sdp.0
}

/// The accepted sections of the bundle, in the offer's order.
fn bundle(offer: &Offer, negotiated: &Negotiated) -> String {
    let accepted = |mid: &&String| **mid == negotiated.video.mid || negotiated.sound.as_ref().is_some_and(|line| line.mid == **mid);
    offer.bundle.iter().filter(accepted).map(String::as_str).collect::<Vec<_>>().join(" ")
}

struct Lines(String);

impl Lines {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{line}\r\n");
    }

    fn transport(&mut self, mid: &str, local: &Local<'_>) {
        self.line(format_args!("c=IN IP4 0.0.0.0"));
        if !mid.is_empty() {
            self.line(format_args!("a=mid:{mid}"));
        }
        self.line(format_args!("a=sendonly"));
        self.line(format_args!("a=rtcp-mux"));
        self.ice(local);
        let digits = local.fingerprint.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
        self.line(format_args!("a=fingerprint:sha-256 {digits}"));
        self.line(format_args!("a=setup:passive"));
    }

    fn ice(&mut self, local: &Local<'_>) {
        self.line(format_args!("a=ice-ufrag:{}", local.ice.ufrag));
        self.line(format_args!("a=ice-pwd:{}", local.ice.pwd));
        for (index, address) in local.candidates.iter().enumerate() {
            // RFC 8445 §5.1.2.1: type preference 126 for host, the order given here as local preference, component 1.
            let preference = 65_535_u32.saturating_sub(u32::try_from(index).unwrap_or(u32::MAX));
            let priority = (126 << 24) | (preference << 8) | 255;
            let (foundation, ip, port) = (index + 1, address.ip(), address.port());
            self.line(format_args!("a=candidate:{foundation} 1 udp {priority} {ip} {port} typ host"));
        }
        self.line(format_args!("a=end-of-candidates"));
    }

    fn extension(&mut self, id: Option<u8>, uri: &str) {
        if let Some(id) = id {
            self.line(format_args!("a=extmap:{id} {uri}"));
        }
    }

    fn video(&mut self, video: &VideoLine, local: &Local<'_>) {
        let (number, [profile, constraints, level]) = (video.payload_type, video.profile_level_id);
        self.line(format_args!("a=rtpmap:{number} H264/90000"));
        let profile = format!("profile-level-id={profile:02x}{constraints:02x}{level:02x}");
        self.line(format_args!("a=fmtp:{number} level-asymmetry-allowed=1;packetization-mode=1;{profile}"));
        for (offered, kind) in [(video.nack, "nack"), (video.pli, "nack pli"), (video.fir, "ccm fir")] {
            if offered {
                self.line(format_args!("a=rtcp-fb:{number} {kind}"));
            }
        }
        if let Some(rtx) = video.rtx {
            self.line(format_args!("a=rtpmap:{rtx} rtx/90000"));
            self.line(format_args!("a=fmtp:{rtx} apt={number}"));
        }
        self.extension(video.mid_extension, MID);
        self.extension(video.playout_delay, PLAYOUT_DELAY);
        self.line(format_args!("a=msid:{STREAM} picture"));
        if video.rtx.is_some() {
            self.line(format_args!("a=ssrc-group:FID {} {}", local.video_ssrc, local.rtx_ssrc));
            self.line(format_args!("a=ssrc:{} cname:{}", local.rtx_ssrc, local.cname));
        }
        self.line(format_args!("a=ssrc:{} cname:{}", local.video_ssrc, local.cname));
    }
}
