//! What real cameras do wrong, one thing at a time: the picture comes all the same.

use crate::world::{
    camera::{Watcher, source},
    odd_camera::{FORMAT, OddCamera, Oddity, SDP},
};
use tereze::{
    clock::Clock,
    media::{
        FrameKind, Health, Quality, Transport,
        probe::{FindingCode, probe},
    },
};

/// Some pictures come, and they are what was sent.
async fn assert_plays(what: &str, oddity: Oddity) {
    let camera = OddCamera::start(oddity).await;
    let mut watcher = Watcher::start(source(camera.url.clone(), "user", "password", Transport::Tcp), Quality::Main);
    let first = watcher.health_after_connecting().await;
    assert_eq!(first, Health::Online, "{what}");
    for _ in 0..3 {
        let FrameKind::Video { key, parameters } = watcher.picture().await.kind else { unreachable!() };
        assert!(key, "{what}");
        assert_eq!((parameters.width, parameters.height), (FORMAT.width, FORMAT.height), "{what}");
    }
    watcher.stop().await;
}

#[tokio::test]
async fn a_camera_without_fault_plays() {
    assert_plays("without fault", Oddity::default()).await;
}

#[tokio::test]
async fn odd_descriptions_play() {
    let odd = |sdp| Oddity { sdp, ..Oddity::default() };
    let media = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
    let sets = "a=fmtp:96 sprop-parameter-sets={sps},{pps}\r\n";
    let head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\n";
    let leak = |text: String| -> &'static str { text.leak() };
    for (what, sdp) in [
        ("no trailing newline", SDP.trim_end()),
        ("no origin", leak(SDP.replace("o=- 1 1 IN IP4 127.0.0.1\r\n", ""))),
        ("no session name", leak(SDP.replace("s=x\r\n", ""))),
        ("a session id in hex", leak(SDP.replace("o=- 1 1", "o=- 1a2b3c 1"))),
        ("'IP' for 'IN'", leak(SDP.replace("o=- 1 1 IN IP4", "o=- 1 1 IP IP4"))),
        ("a trailing space in rtpmap", leak(SDP.replace("H264/90000", "H264/90000 "))),
        ("a control of its own for all", leak(SDP.replace("t=0 0\r\n", "t=0 0\r\na=control:*\r\n"))),
        (
            "media that nobody knows",
            leak(format!(
                "{head}m=application 0 RTP/AVP 107\r\na=rtpmap:107 TP-LINK/90000\r\n{media}{sets}a=control:trackID=0\r\n"
            )),
        ),
        (
            "the parameter sets on another track",
            leak(format!(
                "{head}{media}a=control:trackID=0\r\nm=audio 0 RTP/AVP 97\r\na=rtpmap:97 OPUS/44100/9\r\n{sets}a=control:trackID=1\r\n"
            )),
        ),
    ] {
        assert_plays(what, odd(sdp)).await;
    }
    for (what, fmtp) in
        [("an empty fmtp", "a=fmtp:96\r\n"), ("no fmtp", ""), ("a wrong profile", "a=fmtp:96 profile-level-id=zz\r\n")]
    {
        let sdp = leak(format!("{head}{media}{fmtp}a=control:trackID=0\r\n"));
        assert_plays(what, Oddity { in_band: true, ..odd(sdp) }).await;
    }
}

/// `retina` reads these lines strictly, and nothing outside of it can mend them.
#[tokio::test]
async fn a_description_that_cannot_be_read_is_told_in_a_clear_sentence() {
    for (right, wrong) in
        [("s=x\r\n", "s=x\r\ns=y\r\n"), ("o=- 1 1", "o=- 1700000000.1 1.5"), ("t=0 0", "t=0"), ("t=0 0", "c=IN IP4\r\nt=0 0")]
    {
        let camera = OddCamera::start(Oddity { sdp: SDP.replace(right, wrong).leak(), ..Oddity::default() }).await;
        let source = source(camera.url.clone(), "user", "password", Transport::Tcp);
        let probe = probe(&source, Quality::Main, &Clock::system()).await;
        assert_eq!(probe.findings[0].code, FindingCode::NotUnderstood, "{wrong}");
        assert!(probe.findings[0].sentence.contains("update its firmware"));
        let mut watcher = Watcher::start(source, Quality::Main);
        assert_eq!(watcher.health_after_connecting().await, Health::NoVideo, "{wrong}");
        watcher.stop().await;
    }
}

#[tokio::test]
async fn odd_messages_play() {
    let odd = Oddity::default();
    for (what, oddity) in [
        ("an empty reason", Oddity { status: "RTSP/1.0 200 ", ..odd.clone() }),
        ("spaces before CSeq's number", Oddity { before_cseq: "   ", ..odd.clone() }),
        ("no content type", Oddity { describe: "", ..odd.clone() }),
        (
            "a content base without credentials to be seen",
            Oddity { describe: "Content-Type: application/sdp\r\nContent-Base: rtsp://127.0.0.1/stream/\r\n", ..odd.clone() },
        ),
        (
            "no session time-out",
            Oddity { setup: "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n", ..odd.clone() },
        ),
        (
            "other channels than asked for",
            Oddity { setup: "Transport: RTP/AVP/TCP;unicast;interleaved=4-5\r\nSession: 1\r\n", channel: 4, ..odd.clone() },
        ),
        (
            "an SSRC with a space",
            Oddity { setup: "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc= 00000007\r\nSession: 1\r\n", ..odd.clone() },
        ),
        (
            "RTP-Info that is wrong",
            Oddity { play: "Session: 1\r\nRTP-Info: url=rtsp://127.0.0.1/stream/trackID=0;seq=900;rtptime=0;\r\n", ..odd.clone() },
        ),
        (
            "packets before the answer to PLAY",
            Oddity { before_play: b"$\0\0\x0e\x80\xe0\xff\xff\0\0\0\0\0\0\0\x07\x41\x98", ..odd.clone() },
        ),
        ("data on a channel that nobody set up", Oddity { before_packet: b"$\x09\0\x02ab", ..odd.clone() }),
        ("line ends between packets", Oddity { before_packet: b"\r\n", ..odd.clone() }),
        ("an RTCP packet that is none", Oddity { before_packet: b"$\x01\0\x02ab", ..odd.clone() }),
    ] {
        assert_plays(what, oddity).await;
    }
}

#[tokio::test]
async fn odd_packets_play() {
    let odd = Oddity { in_band: true, ..Oddity::default() };
    for (what, oddity) in [
        (
            "markers everywhere but on a picture's end only",
            Oddity { payloads: |nals| nals.iter().map(|nal| (nal.clone(), true)).collect(), ..odd.clone() },
        ),
        ("no markers", Oddity { payloads: |nals| nals.iter().map(|nal| (nal.clone(), false)).collect(), ..odd.clone() }),
        (
            "start codes",
            Oddity {
                payloads: |nals| vec![(nals.iter().flat_map(|nal| [&[0, 0, 0, 1], &nal[..]].concat()).collect(), true)],
                ..odd.clone()
            },
        ),
        (
            "an aggregate with padding",
            Oddity {
                payloads: |nals| {
                    let units = nals.iter().flat_map(|nal| [&u16::try_from(nal.len()).unwrap().to_be_bytes(), &nal[..]].concat());
                    vec![([0x78].into_iter().chain(units).chain([0, 0]).collect(), true)]
                },
                ..odd.clone()
            },
        ),
        (
            "a reserved type before each picture",
            Oddity {
                payloads: |nals| {
                    let picture = nals.iter().enumerate().map(|(i, nal)| (nal.clone(), i + 1 == nals.len()));
                    [(vec![0x1f, 1], false), (vec![], false), (vec![0x7c], false)].into_iter().chain(picture).collect()
                },
                ..odd.clone()
            },
        ),
        ("timestamps that go back", Oddity { timestamp: |picture| 1_000_000 - picture * 3_600, ..odd.clone() }),
        ("timestamps that jump", Oddity { timestamp: |picture| picture.wrapping_mul(1_500_000_000), ..odd.clone() }),
        ("timestamps that stand still", Oddity { timestamp: |_| 5, ..odd.clone() }),
    ] {
        assert_plays(what, oddity).await;
    }
}

#[tokio::test]
async fn a_session_id_that_changes_between_setups_plays() {
    let sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n\
        a=fmtp:96 sprop-parameter-sets={sps},{pps}\r\na=control:trackID=0\r\nm=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\n";
    let setup = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: {session}\r\n";
    assert_plays("session ids", Oddity { sdp, setup, ..Oddity::default() }).await;
}
