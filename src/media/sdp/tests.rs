//! Offers in the shapes that real clients write.

use super::{Answer, Fragment, IceCredentials, Local, Offer, SdpError, negotiate};
use crate::media::{ParameterSets, SoundCodec};
use bytes::Bytes;
use proptest::prelude::*;

const TRANSPORT: &str = "a=ice-ufrag:Xy7+\r\na=ice-pwd:0123456789abcdefghijklmn\r\na=ice-options:trickle\r\n\
    a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\n\
    a=setup:actpass\r\n";
const SESSION: &str = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

/// A browser's: sound first, many H.264 payload types, repairs, extensions.
fn chromium() -> String {
    format!(
        "{SESSION}a=group:BUNDLE 0 1\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n{TRANSPORT}a=mid:0\r\n\
        a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=recvonly\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:111 opus/48000/2\r\n\
        a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104 105 106 107 112 113\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n{TRANSPORT}a=mid:1\r\n\
        a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n\
        a=recvonly\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n\
        a=rtpmap:102 H264/90000\r\na=rtcp-fb:102 goog-remb\r\na=rtcp-fb:102 transport-cc\r\na=rtcp-fb:102 ccm fir\r\na=rtcp-fb:102 nack\r\n\
        a=rtcp-fb:102 nack pli\r\na=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\r\n\
        a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\na=rtpmap:104 H264/90000\r\n\
        a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=64001f\r\na=rtpmap:105 rtx/90000\r\na=fmtp:105 apt=104\r\n\
        a=rtpmap:106 H264/90000\r\na=rtcp-fb:106 nack pli\r\na=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f\r\n\
        a=rtpmap:107 rtx/90000\r\na=fmtp:107 apt=106\r\na=rtpmap:112 H264/90000\r\n\
        a=fmtp:112 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f\r\na=rtpmap:113 rtx/90000\r\na=fmtp:113 apt=112\r\n"
    )
}

/// Transport attributes in the session, H.264 for everything else, a data channel.
fn firefox() -> String {
    format!(
        "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 1 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=sendrecv\r\n{TRANSPORT}a=group:BUNDLE 0 1\r\n\
        a=ice-options:trickle\r\na=msid-semantic:WMS *\r\nm=video 9 UDP/TLS/RTP/SAVPF 126 127\r\nc=IN IP4 0.0.0.0\r\na=recvonly\r\na=mid:0\r\n\
        a=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:126 H264/90000\r\na=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1\r\n\
        a=rtcp-fb:126 nack\r\na=rtcp-fb:126 nack pli\r\na=rtcp-fb:126 ccm fir\r\na=rtpmap:127 rtx/90000\r\na=fmtp:127 apt=126\r\n\
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\na=mid:1\r\na=rtcp-mux\r\na=sctp-port:5000\r\n"
    )
}

/// No parameters for H.264, G.711 with its fixed payload types, no repairs.
fn gstreamer() -> String {
    format!(
        "v=0\r\no=- 1234 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-options:trickle\r\na=group:BUNDLE video0 audio1\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 101\r\nc=IN IP4 0.0.0.0\r\n{TRANSPORT}a=rtcp-mux\r\na=rtcp-rsize\r\na=recvonly\r\n\
        a=rtpmap:101 H264/90000\r\na=rtcp-fb:101 nack\r\na=rtcp-fb:101 nack pli\r\na=rtcp-fb:101 ccm fir\r\na=mid:video0\r\n\
        m=audio 0 UDP/TLS/RTP/SAVPF 8 0\r\nc=IN IP4 0.0.0.0\r\n{TRANSPORT}a=rtcp-mux\r\na=recvonly\r\na=mid:audio1\r\na=bundle-only\r\n"
    )
}

/// One section, `.local` and TCP candidates, hashes of two kinds.
fn aiortc() -> String {
    format!(
        "v=0\r\no=- 3960000000 3960000000 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic:WMS *\r\n\
        m=video 50123 UDP/TLS/RTP/SAVPF 97 98 99 100\r\nc=IN IP4 10.0.0.7\r\na=recvonly\r\na=mid:0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=rtcp-mux\r\n\
        a=rtpmap:97 VP8/90000\r\na=rtpmap:98 rtx/90000\r\na=fmtp:98 apt=97\r\na=rtpmap:99 H264/90000\r\na=rtcp-fb:99 nack\r\n\
        a=rtcp-fb:99 nack pli\r\na=rtcp-fb:99 goog-remb\r\na=fmtp:99 packetization-mode=1;level-asymmetry-allowed=1;profile-level-id=42001f\r\n\
        a=rtpmap:100 rtx/90000\r\na=fmtp:100 apt=99\r\n\
        a=candidate:1 1 udp 2130706431 5f2a9d1e-0b77-4d0b-8d0c-3d3b0e0a2a11.local 50123 typ host\r\n\
        a=candidate:2 1 tcp 1518280447 2001:db8::7 9 typ host tcptype active\r\na=end-of-candidates\r\n{TRANSPORT}\
        a=fingerprint:sha-512 00:11\r\n"
    )
}

fn parameters(profile_level_id: [u8; 3]) -> ParameterSets {
    let sps = Bytes::from([&[0x67][..], &profile_level_id, &[1, 2, 3]].concat());
    ParameterSets { vps: None, sps, pps: Bytes::from_static(&[0x68, 1]), width: 1280, height: 720 }
}

fn answer(offer: &str, profile_level_id: [u8; 3], sound: Option<SoundCodec>) -> Result<Answer, &'static str> {
    let ice = IceCredentials { ufrag: "ours".to_owned(), password: "p".repeat(24) };
    let candidates = ["192.0.2.1:8443".parse().unwrap(), "[2001:db8::1]:8443".parse().unwrap()];
    let local = Local { ice: &ice, fingerprint: "AB:CD", candidates: &candidates, cname: "c", ssrcs: [11, 22, 33] };
    negotiate(&Offer::parse(offer).unwrap(), &parameters(profile_level_id), sound, &local)
}

const HIGH: [u8; 3] = [100, 0, 0x28];
const MAIN: [u8; 3] = [77, 0x40, 0x1f];
const BASELINE: [u8; 3] = [66, 0xc0, 0x1f];

#[test]
fn the_offered_profile_that_is_nearest_to_the_cameras_is_answered() {
    for (camera, payload_type, rtx) in [(HIGH, 112, 113), (MAIN, 106, 107), (BASELINE, 102, 103)] {
        let answer = answer(&chromium(), camera, None).unwrap();
        assert_eq!((answer.video.payload_type, answer.video.rtx), (payload_type, Some((rtx, 22))));
        assert!(answer.sdp.contains(&format!("m=video 9 UDP/TLS/RTP/SAVPF {payload_type} {rtx}\r\n")));
    }
    assert_eq!(answer(&firefox(), HIGH, None).unwrap().video.payload_type, 126, "the only one is taken though it says less");
}

#[test]
fn every_section_is_answered_in_order_and_the_transport_once() {
    let Answer { sdp, mid, sound, .. } = answer(&chromium(), HIGH, Some(SoundCodec::Pcma)).unwrap();
    assert_eq!((mid.as_str(), sound.map(|sound| (sound.payload_type, sound.ssrc))), ("0", Some((8, 33))));
    let (audio, video) = (sdp.find("m=audio 9 UDP/TLS/RTP/SAVPF 8\r\n").unwrap(), sdp.find("m=video 9 ").unwrap());
    assert!(audio < video);
    for once in [
        "a=candidate:1 1 udp 2130706431 192.0.2.1 8443 typ host",
        "a=candidate:2 1 udp 2130706175 2001:db8::1 8443 typ host",
        "a=end-of-candidates",
        "a=ice-lite",
        "a=group:BUNDLE 0 1",
        "a=ssrc-group:FID 11 22\r\na=ssrc:11 cname:c\r\na=ssrc:22 cname:c\r\n",
        "a=extmap:5 http",
        "a=fmtp:113 apt=112",
    ] {
        assert_eq!(sdp.matches(once).count(), 1, "{once}");
    }
    for twice in
        ["a=sendonly\r\n", "a=setup:passive\r\n", "a=rtcp-mux\r\n", "a=ice-ufrag:ours\r\n", "a=fingerprint:sha-256 AB:CD\r\n"]
    {
        assert_eq!(sdp.matches(twice).count(), 2, "{twice}");
    }
    assert!(!sdp.contains("transport-cc") && !sdp.contains("remb"));
    assert!(sdp.lines().all(|line| line.len() > 2 && line.as_bytes()[1] == b'='));
}

#[test]
fn sound_that_is_not_allowed_or_not_common_is_kept_silent_in_the_bundle() {
    let silent = answer(&chromium(), HIGH, None).unwrap();
    assert!(silent.sound.is_none());
    assert!(
        silent.sdp.contains("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n")
            && silent.sdp.contains("a=inactive\r\na=rtpmap:111 opus/48000/2\r\n")
    );
    assert!(silent.sdp.contains("a=group:BUNDLE 0 1\r\n"));
}

#[test]
fn what_is_neither_video_nor_sound_is_rejected() {
    let answer = answer(&firefox(), HIGH, Some(SoundCodec::Pcma)).unwrap();
    assert!(answer.sdp.contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
    assert!(answer.sdp.contains("a=group:BUNDLE 0\r\n"));
}

#[test]
fn a_client_that_says_little_is_served_too() {
    let gstreamer = answer(&gstreamer(), HIGH, Some(SoundCodec::Pcmu)).unwrap();
    assert_eq!((gstreamer.video.payload_type, gstreamer.video.rtx), (101, None));
    assert_eq!(gstreamer.sound.unwrap().payload_type, 0);
    assert!(gstreamer.sdp.contains("a=fmtp:101 packetization-mode=1\r\n"));
    assert_eq!(answer(&aiortc(), HIGH, None).unwrap().video.payload_type, 99);
}

#[test]
fn a_client_without_h264_is_told_what_the_camera_sends() {
    let offer = aiortc().replace("H264", "VP9");
    assert_eq!(answer(&offer, HIGH, None).unwrap_err(), "H264");
}

#[test]
fn an_offer_with_which_no_stream_could_open_is_refused() {
    let refused = |offer: String| Offer::parse(&offer).unwrap_err();
    assert_eq!(refused(aiortc().replace("recvonly", "sendonly")), SdpError::NotReceiving);
    assert_eq!(refused(aiortc().replace("recvonly", "inactive")), SdpError::NotReceiving);
    assert_eq!(refused(aiortc().replace("actpass", "passive")), SdpError::Setup);
    assert_eq!(refused(aiortc().replace("a=rtcp-mux\r\n", "")), SdpError::NotMultiplexed);
    assert_eq!(refused(chromium().replace("a=group:BUNDLE 0 1\r\n", "")), SdpError::NotMultiplexed);
    assert_eq!(refused(aiortc().replace("sha-256", "sha-1")), SdpError::Fingerprint);
    assert_eq!(refused(aiortc().replace("a=ice-pwd:0123456789abcdefghijklmn\r\n", "")), SdpError::IceCredentials);
    assert_eq!(refused(aiortc().replace("Xy7+", "a:b c")), SdpError::IceCredentials);
    assert_eq!(refused("v=0\r\n".to_owned() + &"a=x\r\n".repeat(20_000)), SdpError::TooLong);
    assert_eq!(refused(String::new()), SdpError::Form);
}

#[test]
fn a_fragment_is_read_for_its_credentials_only() {
    let candidate = "a=mid:0\r\na=candidate:1 1 udp 1 x.local 9 typ host\r\na=end-of-candidates\r\n";
    assert_eq!(Fragment::parse(""), Ok(Fragment { ice: None }));
    assert_eq!(Fragment::parse(candidate), Ok(Fragment { ice: None }));
    let restart = format!("a=ice-ufrag:abcd\na=ice-pwd:{}\nm=video 9 x 0\n{candidate}", "q".repeat(22));
    assert_eq!(Fragment::parse(&restart).unwrap().ice.unwrap().ufrag, "abcd");
    assert_eq!(Fragment::parse("<html>"), Err(SdpError::Form));
    assert_eq!(Fragment::parse("a=ice-ufrag:abcd\r\na=ice-pwd:short\r\n"), Err(SdpError::IceCredentials));
}

proptest! {
    #[test]
    fn no_altered_offer_makes_it_panic(at in 0usize..4_000, with in "\\PC{0,3}", cut in 0usize..4_000, which in 0usize..4) {
        let mut offer = [chromium(), firefox(), gstreamer(), aiortc()][which].clone();
        offer.truncate(offer.len().saturating_sub(cut % 200));
        offer.insert_str(at.min(offer.len()), &with);
        if let Ok(offer) = Offer::parse(&offer) {
            let ice = IceCredentials { ufrag: "ours".to_owned(), password: "p".repeat(24) };
            let local = Local { ice: &ice, fingerprint: "AB", candidates: &[], cname: "c", ssrcs: [1, 2, 3] };
            if let Ok(answer) = negotiate(&offer, &parameters(HIGH), Some(SoundCodec::Pcma), &local) {
                prop_assert!(answer.sdp.lines().all(|line| line.is_empty() || line.as_bytes().get(1) == Some(&b'=')));
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = (Offer::parse(&text), Fragment::parse(&text));
    }
}
