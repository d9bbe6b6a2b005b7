//! What a simulated camera says of its streams (RFC 8866; H.264 as in RFC 6184 §8.2.1).

use super::h264::VideoFormat;
use base64::{Engine, engine::general_purpose::STANDARD};

/// The payload types of video (dynamic) and of A-law sound (RFC 3551 §6).
pub(super) const PAYLOAD_TYPES: [u8; 2] = [96, 8];

/// The description of a stream.
pub(super) fn describe(format: VideoFormat, sound: bool) -> String {
    let (sps, pps) = (format.sequence_parameter_set(), format.picture_parameter_set());
    let profile = format!("{:02X}{:02X}{:02X}", sps[1], sps[2], sps[3]);
    let sets = format!("{},{}", STANDARD.encode(&sps), STANDARD.encode(&pps));
    let mut lines = vec![
        "v=0".to_owned(),
        "o=- 1 1 IN IP4 127.0.0.1".into(),
        "s=Simulated camera".into(),
        "c=IN IP4 0.0.0.0".into(),
        "t=0 0".into(),
        "a=control:*".into(),
        "m=video 0 RTP/AVP 96".into(),
        "a=rtpmap:96 H264/90000".into(),
        format!("a=fmtp:96 packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={sets}"),
        format!("a=framerate:{}", format.rate),
        "a=control:trackID=0".into(),
    ];
    if sound {
        lines.extend(["m=audio 0 RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=control:trackID=1"].map(str::to_owned));
    }
    lines.push(String::new());
    lines.join("\r\n")
}
