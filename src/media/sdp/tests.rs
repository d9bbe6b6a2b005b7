//! Offers in the shapes that clients write, and what they get.

use super::super::{OpenError, SdpError, SoundCodec};
use super::*;
use proptest::prelude::*;
use std::net::SocketAddr;

const BASELINE: [u8; 3] = [0x42, 0xe0, 0x1f];
const HIGH: [u8; 3] = [0x64, 0x00, 0x1f];
const SHA_256: &str = "sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F";

/// As a browser writes it: sound first, both in one bundle, the second section without a port of its own.
fn browser() -> String {
    let transport = format!(
        "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\na=ice-options:trickle\r\n\
         a=fingerprint:{SHA_256}\r\na=setup:actpass\r\n"
    );
    format!(
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n\
         m=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8\r\n{transport}a=mid:0\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=recvonly\r\n\
         a=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
         m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 109 110 39 40\r\n{transport}a=mid:1\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n\
         a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\na=recvonly\r\na=rtcp-mux\r\na=rtcp-rsize\r\n\
         a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n\
         a=rtpmap:103 H264/90000\r\na=rtcp-fb:103 ccm fir\r\na=rtcp-fb:103 nack\r\na=rtcp-fb:103 nack pli\r\n\
         a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\r\na=rtpmap:104 rtx/90000\r\na=fmtp:104 apt=103\r\n\
         a=rtpmap:109 H264/90000\r\na=fmtp:109 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f\r\n\
         a=rtpmap:110 H264/90000\r\na=rtcp-fb:110 nack\r\n\
         a=fmtp:110 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n\
         a=rtpmap:39 H264/90000\r\na=rtcp-fb:39 nack\r\na=fmtp:39 profile-level-id=64001f;packetization-mode=1\r\n\
         a=rtpmap:40 rtx/90000\r\na=fmtp:40 apt=39\r\n"
    )
}

/// As aiortc and GStreamer write it: one section, the transport at its end, bare line ends.
fn plain() -> String {
    format!(
        "v=0\no=- 3 3 IN IP4 0.0.0.0\ns=-\nt=0 0\na=group:BUNDLE video0\na=msid-semantic:WMS *\nm=video 53465 UDP/TLS/RTP/SAVPF 97 98\n\
         c=IN IP4 192.0.2.1\na=recvonly\na=mid:video0\na=rtcp:9 IN IP4 0.0.0.0\na=rtcp-mux\na=rtpmap:97 H264/90000\na=rtcp-fb:* nack\n\
         a=fmtp:97 packetization-mode=1;profile-level-id=42001f\na=rtpmap:98 rtx/90000\na=fmtp:98 apt=97\n\
         a=candidate:1 1 udp 2130706431 192.0.2.1 53465 typ host\na=end-of-candidates\na=ice-ufrag:Xy9+\na=ice-pwd:0123456789abcdefghijkl/+\n\
         a=fingerprint:sha-1 00:01\na=fingerprint:{SHA_256}\na=setup:actpass\n"
    )
}

fn answered(offer: &str, h264: [u8; 3], sound: Option<SoundCodec>) -> (Negotiated, String) {
    let offer = Offer::parse(offer).unwrap();
    let negotiated = offer.negotiate(h264, sound).unwrap();
    let ice = IceCredentials { ufrag: "serv".into(), pwd: "server-password-22-chr".into() };
    let candidates: [SocketAddr; 2] = ["192.0.2.7:8443".parse().unwrap(), "[2001:db8::7]:8443".parse().unwrap()];
    let fingerprint = [0xab; 32];
    let (video_ssrc, rtx_ssrc, sound_ssrc) = (11, 22, 33);
    let local = Local {
        ice: &ice,
        fingerprint: &fingerprint,
        candidates: &candidates,
        video_ssrc,
        rtx_ssrc,
        sound_ssrc,
        cname: "name",
        session: 7,
    };
    let text = answer(&offer, &negotiated, &local);
    (negotiated, text)
}

#[test]
fn the_offered_profile_nearest_to_the_cameras_is_answered() {
    let chosen = |camera| answered(&browser(), camera, None).0.video.payload_type;
    assert_eq!(chosen(BASELINE), 110);
    assert_eq!(chosen([0x42, 0x00, 0x1f]), 103);
    assert_eq!(chosen([0x4d, 0x00, 0x1f]), 39, "High decodes Main, Baseline may not");
    assert_eq!(chosen(HIGH), 39);
    assert_eq!(answered(&plain(), HIGH, None).0.video.payload_type, 97, "the only one there is");
}

#[test]
fn retransmissions_and_feedback_are_those_of_the_chosen_payload() {
    let (negotiated, answer) = answered(&browser(), HIGH, None);
    assert_eq!((negotiated.video.rtx, negotiated.video.nack, negotiated.video.pli), (Some(40), true, false));
    assert!(answer.contains("a=rtpmap:40 rtx/90000\r\na=fmtp:40 apt=39\r\n"));
    assert!(answer.contains("a=fmtp:39 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f\r\n"));
    let (negotiated, _) = answered(&plain(), BASELINE, None);
    assert_eq!((negotiated.video.rtx, negotiated.video.nack), (Some(98), true), "feedback offered for every payload");
}

#[test]
fn every_section_is_answered_in_its_order_and_carries_every_candidate() {
    let (_, answer) = answered(&browser(), BASELINE, Some(SoundCodec::Pcma));
    let sections: Vec<&str> = answer.lines().filter(|line| line.starts_with("m=")).collect();
    assert_eq!(sections, ["m=audio 9 UDP/TLS/RTP/SAVPF 8", "m=video 9 UDP/TLS/RTP/SAVPF 110"]);
    assert!(answer.contains("a=group:BUNDLE 0 1\r\n"));
    assert_eq!(answer.matches(" 192.0.2.7 8443 typ host").count(), 2);
    assert_eq!(answer.matches(" 2001:db8::7 8443 typ host").count(), 2);
    assert_eq!(answer.matches("a=sendonly").count(), 2);
    assert_eq!(answer.matches("a=setup:passive").count(), 2);
}

#[test]
fn sound_that_the_camera_lacks_or_nobody_may_hear_is_turned_down() {
    let (negotiated, answer) = answered(&browser(), BASELINE, None);
    assert_eq!(negotiated.sound, None);
    assert!(answer.contains("m=audio 0 UDP/TLS/RTP/SAVPF 111 9 0 8\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=inactive\r\n"));
    assert!(answer.contains("a=group:BUNDLE 1\r\n"));
    let only_opus = browser().replace(" 111 9 0 8", " 111");
    assert_eq!(answered(&only_opus, BASELINE, Some(SoundCodec::Pcma)).0.sound, None);
}

#[test]
fn data_channels_and_second_videos_are_turned_down() {
    let offer = format!("{}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 0.0.0.0\na=mid:data\n", plain());
    let (_, answer) = answered(&offer, BASELINE, None);
    assert!(answer.contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
}

#[test]
fn mdns_tcp_and_no_candidates_are_all_the_same_to_the_server() {
    let candidates = [
        "",
        "a=candidate:1 1 udp 1 3f2c.local 5 typ host\n",
        "a=candidate:2 1 tcp 1 ::1 9 typ host tcptype active\n",
        "a=candidate:3 1 udp 1 2001:db8::1 5 typ host\n",
    ];
    for candidate in candidates {
        let offer = plain().replace("a=candidate:1 1 udp 2130706431 192.0.2.1 53465 typ host\n", candidate);
        assert!(Offer::parse(&offer).is_ok(), "{candidate}");
    }
}

#[test]
fn an_offer_that_is_no_use_is_refused_with_what_is_wrong() {
    let refused = |from: &str, to: &str| Offer::parse(&plain().replace(from, to)).map(|_| ()).unwrap_err();
    assert_eq!(Offer::parse("hello").unwrap_err(), SdpError::Form);
    assert_eq!(Offer::parse(&"a".repeat(70_000)).unwrap_err(), SdpError::TooLong);
    assert_eq!(refused("a=recvonly", "a=sendonly"), SdpError::NotReceiving);
    assert_eq!(refused("a=recvonly", "a=inactive"), SdpError::NotReceiving);
    assert_eq!(refused("m=video", "m=audio"), SdpError::NotReceiving);
    assert_eq!(refused("a=rtcp-mux\n", ""), SdpError::NotMultiplexed);
    assert_eq!(refused("a=ice-ufrag:Xy9+", "a=ice-ufrag:X"), SdpError::IceCredentials);
    assert_eq!(refused("a=ice-pwd:0123456789abcdefghijkl/+", "a=ice-pwd:short"), SdpError::IceCredentials);
    assert_eq!(refused("sha-256", "sha-0"), SdpError::Fingerprint);
    assert_eq!(refused("a=setup:actpass", "a=setup:passive"), SdpError::Setup);
}

#[test]
fn a_client_without_h264_in_packets_is_told_what_the_camera_sends() {
    for offer in [plain().replace("H264", "VP8"), plain().replace("packetization-mode=1", "packetization-mode=0")] {
        let refusal = Offer::parse(&offer).unwrap().negotiate(BASELINE, None);
        assert_eq!(refusal, Err(OpenError::NoCommonCodec { camera: "H264/90000" }));
    }
}

#[test]
fn transport_lines_may_stand_at_the_session_or_in_the_first_section_of_the_bundle() {
    let ice = "a=ice-ufrag:Xy9+\na=ice-pwd:0123456789abcdefghijkl/+\n";
    let offer = plain().replace(ice, "").replace("t=0 0\n", &format!("t=0 0\n{ice}"));
    assert_eq!(Offer::parse(&offer).unwrap().ice.ufrag, "Xy9+");
}

#[test]
fn a_fragment_gives_its_credentials_or_none() {
    let restart = "a=ice-ufrag:next\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n";
    assert_eq!(Fragment::parse(restart).unwrap().ice.unwrap().ufrag, "next");
    let trickle = "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 1 x.local 9 typ host\r\na=end-of-candidates\r\n";
    assert_eq!(Fragment::parse(trickle), Ok(Fragment { ice: None }));
    assert_eq!(Fragment::parse(""), Ok(Fragment { ice: None }));
    assert_eq!(Fragment::parse("{}"), Err(SdpError::Form));
    assert_eq!(Fragment::parse("a=ice-ufrag:next\r\n"), Err(SdpError::IceCredentials));
}

#[test]
fn credentials_show_themselves_in_no_debug_text() {
    let offer = Offer::parse(&plain()).unwrap();
    assert!(!format!("{:?}", offer.ice).contains("Xy9+"));
}

proptest! {
    #[test]
    fn no_offer_and_no_fragment_makes_it_panic(cuts in prop::collection::vec((0_usize..4_000, 0_usize..60, "\\PC{0,12}"), 1..6)) {
        let mut offer = browser();
        for (at, length, put) in cuts {
            let at = at.min(offer.len());
            let end = (at + length).min(offer.len());
            if offer.is_char_boundary(at) && offer.is_char_boundary(end) {
                offer.replace_range(at..end, &put);
            }
        }
        if let Ok(read) = Offer::parse(&offer) {
            let _ = read.negotiate(HIGH, Some(SoundCodec::Pcmu));
        }
        let _ = Fragment::parse(&offer);
    }
}
