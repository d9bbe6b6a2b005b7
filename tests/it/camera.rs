//! From a camera's RTSP to frames, with simulated cameras and with those of `GStreamer`.

use crate::world::camera::{GstCamera, Watcher, source};
use jiff::Timestamp;
use std::time::{Duration, Instant};
use tereze::{
    clock::{Clock, monotonic},
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig},
    media::{CameraSource, Frame, FrameKind, Health, Quality, SoundCodec, Transport, VideoCodec},
};

async fn camera() -> SimulatedCamera {
    let clock = Clock::held(Timestamp::UNIX_EPOCH);
    SimulatedCamera::start(SimulatedCameraConfig::new(Scene::Playroom, clock)).await.unwrap()
}

/// The simulated camera's sub stream, which is quick to draw, as its main one.
fn sub_of(camera: &SimulatedCamera, transport: Transport) -> CameraSource {
    source(camera.sub_url(), "camera", "window", transport)
}

fn is_key(frame: &Frame) -> bool {
    matches!(frame.kind, FrameKind::Video { key: true, .. })
}

async fn assert_plays(source: CameraSource) {
    let mut watcher = Watcher::start(source, Quality::Main);
    watcher.wait_for(Health::Online).await;
    let first = watcher.picture().await;
    assert!(is_key(&first), "the first picture is one that a decoder can start with");
    let FrameKind::Video { parameters, .. } = &first.kind else { unreachable!() };
    assert_eq!((parameters.width, parameters.height), (640, 360));
    let mut last = first.timestamp;
    for _ in 0..20 {
        let frame = watcher.picture().await;
        assert!(frame.timestamp > last);
        assert!(nal_types(&frame.data).iter().all(|kind| [1, 5, 6].contains(kind)), "{:?}", nal_types(&frame.data));
        last = frame.timestamp;
    }
    let sound = watcher.sound().await;
    assert!(matches!(sound.kind, FrameKind::Sound { codec: SoundCodec::Pcma }));
    assert!(!sound.data.is_empty());
    watcher.stop().await;
}

/// The types of the NAL units behind four-byte lengths.
fn nal_types(data: &[u8]) -> Vec<u8> {
    nals(data).iter().map(|nal| nal[0] & 0x1f).collect()
}

/// The NAL units behind four-byte lengths.
fn nals(mut data: &[u8]) -> Vec<&[u8]> {
    let mut nals = Vec::new();
    while let Some((length, rest)) = data.split_first_chunk() {
        let (nal, rest) = rest.split_at(u32::from_be_bytes(*length) as usize);
        nals.push(nal);
        data = rest;
    }
    nals
}

#[tokio::test]
async fn a_simulated_camera_plays_over_tcp_and_udp() {
    let camera = camera().await;
    assert_plays(sub_of(&camera, Transport::Tcp)).await;
    assert_plays(sub_of(&camera, Transport::Udp)).await;
    camera.stop().await;
}

#[tokio::test]
async fn a_gstreamer_camera_plays_over_tcp_and_udp() {
    let camera = GstCamera::start().await;
    assert_plays(camera.source("plain", Transport::Tcp)).await;
    assert_plays(camera.source("plain", Transport::Udp)).await;
}

#[tokio::test]
async fn a_wrong_password_is_told_as_such() {
    let camera = camera().await;
    let wrong = source(camera.main_url(), "camera", "door", Transport::Tcp);
    let mut watcher = Watcher::start(wrong, Quality::Main);
    watcher.wait_for(Health::WrongPassword).await;
    watcher.stop().await;
    let camera = GstCamera::start().await;
    let wrong = source(camera.url("plain"), GstCamera::USERNAME, "wrong", Transport::Tcp);
    let mut watcher = Watcher::start(wrong, Quality::Main);
    watcher.wait_for(Health::WrongPassword).await;
    watcher.stop().await;
}

#[tokio::test]
async fn an_h265_camera_plays_over_tcp_and_udp() {
    let camera = GstCamera::start().await;
    for transport in [Transport::Tcp, Transport::Udp] {
        let mut watcher = Watcher::start(camera.source("h265", transport), Quality::Main);
        let (mut keys, mut last) = (0, 0);
        for number in 0..40 {
            let frame = watcher.picture().await;
            let FrameKind::Video { key, parameters } = &frame.kind else { unreachable!() };
            assert!(*key || number > 0, "the first picture is one that a decoder can start with");
            assert_eq!((parameters.codec(), parameters.width, parameters.height), (VideoCodec::H265, 320, 180));
            // Slices of IDR, CRA and other pictures, and what is said about them.
            let types: Vec<u8> = nals(&frame.data).iter().map(|nal| nal[0] >> 1).collect();
            assert!(types.iter().all(|kind| [0, 1, 19, 20, 21, 39, 40].contains(kind)), "{types:?}");
            assert!(frame.timestamp > last);
            (keys, last) = (keys + u32::from(*key), frame.timestamp);
        }
        assert!(keys >= 2, "{keys}");
        watcher.stop().await;
    }
}

#[tokio::test]
async fn a_camera_that_sends_neither_h264_nor_h265_is_told_as_such() {
    let camera = GstCamera::start().await;
    let mut watcher = Watcher::start(camera.source("vp8", Transport::Tcp), Quality::Main);
    watcher.wait_for(Health::WrongCodec).await;
    watcher.stop().await;
}

#[tokio::test]
async fn a_camera_that_keeps_the_connection_but_sends_nothing_is_found_and_taken_up_again() {
    let camera = camera().await;
    let mut watcher = Watcher::start(sub_of(&camera, Transport::Tcp), Quality::Main);
    watcher.wait_for(Health::Online).await;
    camera.freeze(true);
    let frozen = monotonic();
    watcher.wait_for(Health::NoVideo).await;
    assert!(since(frozen) < Duration::from_secs(9), "it took {:?}", since(frozen));
    camera.freeze(false);
    watcher.wait_for(Health::Online).await;
    watcher.stop().await;
}

#[tokio::test]
async fn a_camera_that_is_killed_and_comes_back_is_taken_up_again_at_once() {
    let camera = GstCamera::start().await;
    let mut watcher = Watcher::start(camera.source("plain", Transport::Tcp), Quality::Main);
    watcher.wait_for(Health::Online).await;
    let port = camera.kill().await;
    watcher.wait_for(Health::Unreachable).await;
    let _camera = GstCamera::start_on(port).await;
    let back = monotonic();
    watcher.wait_for(Health::Online).await;
    assert!(since(back) < Duration::from_secs(5), "it took {:?}", since(back));
    assert!(is_key(&watcher.picture().await));
    watcher.stop().await;
}

#[tokio::test]
async fn a_connection_that_breaks_off_is_made_again_before_anybody_calls_the_camera_offline() {
    let camera = camera().await;
    let mut watcher = Watcher::start(sub_of(&camera, Transport::Tcp), Quality::Main);
    watcher.wait_for(Health::Online).await;
    let mut keys = 0;
    camera.drop_connections();
    // Health would change if it did; frames of the new connection begin with a key frame out of turn.
    for _ in 0..40 {
        keys += u32::from(is_key(&watcher.picture().await));
    }
    assert!(keys >= 2, "{keys}");
    watcher.stop().await;
}

#[tokio::test]
async fn timestamps_stay_unwrapped_when_the_cameras_clock_jumps() {
    let camera = camera().await;
    let mut watcher = Watcher::start(sub_of(&camera, Transport::Tcp), Quality::Main);
    let before = watcher.picture().await.timestamp;
    camera.jump_timestamps(3_000_000_000); // on a circle of 2^32 the shorter way there is back
    let jumped = loop {
        let timestamp = watcher.picture().await.timestamp;
        if timestamp < before {
            break timestamp;
        }
    };
    let back = before - jumped;
    assert!((1_200_000_000..=4_294_967_296 - 3_000_000_000).contains(&back), "{back}");
    assert!(watcher.picture().await.timestamp > jumped);
    watcher.stop().await;
}

fn since(instant: Instant) -> Duration {
    monotonic() - instant
}
