//! The simulated cameras' own H.264, decoded by a decoder that nobody here wrote.

use crate::world::camera::PATIENCE;
use std::{path::Path, process::Stdio};
use tempfile::TempDir;
use tereze::{
    clock::Clock,
    demo::camera::{ClockText, Scene, SimulatedCamera, SimulatedCameraConfig},
};
use tokio::{process::Command, time::timeout};

/// Lets ffmpeg decode `frames` frames of a stream over RTSP; gives the luma of the last, whose picture is 640 × 360.
async fn decode(url: &str, transport: &str, frames: u32, folder: &Path) -> Vec<u8> {
    let raw = folder.join("frames.gray");
    let run = Command::new("ffmpeg")
        .args(["-v", "error", "-xerror", "-rtsp_transport", transport, "-i", url, "-an", "-frames:v", &frames.to_string()])
        .args(["-pix_fmt", "gray", "-f", "rawvideo", "-y"])
        .arg(&raw)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(PATIENCE, run).await.expect("ffmpeg does not end").expect("ffmpeg is installed");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = std::fs::read(raw).unwrap();
    assert_eq!(bytes.len(), 640 * 360 * frames as usize);
    bytes[bytes.len() - 640 * 360..].to_vec()
}

#[tokio::test]
async fn ffmpeg_plays_it_over_tcp_and_udp_and_the_clock_can_be_read_from_the_picture() {
    let clock = Clock::held("2026-11-22T09:08:07.654Z".parse().unwrap());
    let config = SimulatedCameraConfig::new(Scene::Yard, clock);
    let text = ClockText::of(config.sub);
    let camera = SimulatedCamera::start(config).await.unwrap();
    let folder = TempDir::new().unwrap();
    for transport in ["tcp", "udp"] {
        let url = format!("rtsp://camera:window@{}/sub", camera.address());
        let luma = decode(&url, transport, 20, folder.path()).await;
        let read = text.read(&luma, 640, 19);
        assert!(read.starts_with("09:08:07.654 0000"), "{read:?}");
        assert!(read[13..].trim().parse::<u32>().is_ok_and(|frame| frame >= 19), "{read:?}");
    }
    camera.stop().await;
}
