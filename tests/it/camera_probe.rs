//! `tereze check` looks at cameras and says what is wrong.

use crate::world::{
    camera::{GstCamera, source},
    ports::unused_address,
};
use jiff::{SignedDuration, Timestamp};
use tereze::{
    clock::Clock,
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig, VideoFormat},
    media::{
        Quality, Transport,
        probe::{FindingCode, Probe, probe},
    },
};

fn codes(probe: &Probe) -> Vec<FindingCode> {
    probe.findings.iter().map(|finding| finding.code).collect()
}

#[tokio::test]
async fn a_good_camera_is_described_and_nothing_is_wrong_but_its_clock() {
    let clock = Clock::held(Timestamp::UNIX_EPOCH);
    let sub = VideoFormat { width: 320, height: 180, rate: 15 };
    let password = "Tulip7!green".to_owned();
    let config = SimulatedCameraConfig { sub, password, ..SimulatedCameraConfig::new(Scene::Music, clock.clone()) };
    let camera = SimulatedCamera::start(config).await.unwrap();
    camera.set_clock_ahead(SignedDuration::from_mins(3));
    let probe = probe(&source(camera.sub_url(), "camera", "Tulip7!green", Transport::Udp), Quality::Main, &clock).await;
    assert_eq!(codes(&probe), [FindingCode::ClockOff], "{:?}", probe.findings);
    assert!(probe.findings[0].sentence.contains("180 seconds ahead"), "{}", probe.findings[0]);
    assert_eq!(probe.transport, Some(Transport::Udp));
    assert_eq!((probe.codec.as_deref(), probe.profile), (Some("H.264"), Some("Constrained Baseline")));
    assert_eq!(probe.resolution, Some((320, 180)));
    assert!(probe.frame_rate.is_some_and(|rate| (12.0..18.0).contains(&rate)), "{:?}", probe.frame_rate);
    assert!(
        probe.key_frame_interval.is_some_and(|interval| (1_500..3_000).contains(&interval.as_millis())),
        "{:?}",
        probe.key_frame_interval
    );
    assert_eq!(probe.sound, ["PCMA"]);
    assert!(!probe.b_frames);
    camera.stop().await;
}

#[tokio::test]
async fn b_frames_and_h265_are_found_and_the_setting_is_named() {
    let (camera, clock) = (GstCamera::start().await, Clock::system());
    let (b_frames, h265) = (camera.source("bframes", Transport::Tcp), camera.source("h265", Transport::Tcp));
    let (probe, h265) = tokio::join!(probe(&b_frames, Quality::Main, &clock), probe(&h265, Quality::Main, &clock));
    assert_eq!(codes(&h265), [FindingCode::H265], "{:?}", h265.findings);
    assert!(h265.findings[0].sentence.contains("recorded") && h265.findings[0].sentence.contains("sub stream"));
    assert_eq!((h265.codec.as_deref(), h265.profile, h265.resolution), (Some("H.265"), Some("Main"), Some((320, 180))));
    assert!(probe.b_frames);
    assert_eq!(codes(&probe), [FindingCode::BFrames], "{:?}", probe.findings);
    assert!(probe.findings[0].sentence.contains("Baseline"));
}

#[tokio::test]
async fn what_keeps_a_camera_from_playing_is_said_without_its_address_or_password() {
    let camera = GstCamera::start().await;
    let clock = Clock::system();
    let nobody = source(format!("rtsp://{}/x", unused_address()).parse().unwrap(), "u", "p", Transport::Tcp);
    for (source, code) in [
        (camera.source("vp8", Transport::Tcp), FindingCode::WrongCodec),
        (camera.source("nowhere", Transport::Tcp), FindingCode::NoSuchStream),
        (source(camera.url("plain"), GstCamera::USERNAME, "secret", Transport::Tcp), FindingCode::WrongPassword),
        (nobody, FindingCode::Unreachable),
    ] {
        let probe = probe(&source, Quality::Main, &clock).await;
        assert_eq!(codes(&probe), [code]);
        let text = format!("{probe:?}");
        for secret in ["127.0.0.1", "secret", GstCamera::PASSWORD, "rtsp://"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
