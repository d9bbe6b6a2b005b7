//! Key frames of films that `ffmpeg` makes, and what it reads of a JPEG file.

use std::{process::Stdio, sync::Arc};
use tereze::{
    clock::monotonic,
    media::{KeyFrame, ParameterSets},
};
use tokio::{io::AsyncWriteExt, process::Command};

/// The key frames, two seconds apart, of so many seconds of `picture`, a source of `libavfilter`, coded with `options` of x264.
pub async fn film(picture: &str, seconds: u32, options: &[&str]) -> Vec<KeyFrame> {
    let coding = "-c:v libx264 -preset superfast -tune zerolatency -pix_fmt yuv420p -g 50 -keyint_min 50 -sc_threshold 0";
    let seconds = seconds.to_string();
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", picture, "-t", &seconds])
        .args(coding.split(' '))
        .args(options)
        .args(["-f", "h264", "pipe:1"])
        .stdin(Stdio::null())
        .output()
        .await
        .expect("ffmpeg is there");
    assert!(output.status.success(), "{picture}: {}", String::from_utf8_lossy(&output.stderr));
    key_frames(&output.stdout)
}

/// The key frames of a byte stream in which each has its parameter sets before it.
fn key_frames(stream: &[u8]) -> Vec<KeyFrame> {
    let (mut frames, mut sps, mut pps, mut data) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut end = |sps: &Vec<u8>, pps: &Vec<u8>, data: &mut Vec<u8>| {
        if !data.is_empty() {
            let parameters = ParameterSets { vps: None, sps: sps.clone().into(), pps: pps.clone().into(), width: 640, height: 360 };
            let data = std::mem::take(data).into();
            frames.push(KeyFrame { parameters: Arc::new(parameters), arrived: monotonic(), data });
        }
    };
    for nal in units(stream) {
        match nal[0] & 0x1f {
            7 => {
                end(&sps, &pps, &mut data);
                sps = nal.to_vec();
            }
            8 => pps = nal.to_vec(),
            5 => {
                data.extend((nal.len() as u32).to_be_bytes());
                data.extend_from_slice(nal);
            }
            _ => {}
        }
    }
    end(&sps, &pps, &mut data);
    frames
}

/// The NAL units of a byte stream with start codes.
pub fn units(stream: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> = stream.windows(3).enumerate().filter(|(_, code)| *code == [0, 0, 1]).map(|(at, _)| at + 3).collect();
    let ends = starts.iter().skip(1).map(|next| next - 3).chain([stream.len()]);
    let trimmed = |nal: &mut &[u8]| {
        while let [rest @ .., 0] = *nal {
            *nal = rest;
        }
    };
    let nals = starts.iter().zip(ends).map(|(start, end)| {
        let mut nal = &stream[*start..end];
        trimmed(&mut nal);
        nal
    });
    nals.filter(|nal| !nal.is_empty()).collect()
}

/// The width and height that a JPEG file says it has (ITU-T T.81 §B.2.2).
pub fn jpeg_size(file: &[u8]) -> Option<(u16, u16)> {
    let at = file.windows(2).position(|marker| marker == [0xff, 0xc0])?;
    let number = |at: usize| Some(u16::from_be_bytes(file.get(at..at + 2)?.try_into().ok()?));
    Some((number(at + 7)?, number(at + 5)?))
}

/// The width of a JPEG file's picture, and how bright each pixel is, row by row.
pub async fn grey_of(jpeg: &[u8]) -> (usize, Vec<u8>) {
    let mut process = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "mjpeg", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("ffmpeg is there");
    let mut input = process.stdin.take().unwrap();
    let file = jpeg.to_vec();
    let written = tokio::spawn(async move { input.write_all(&file).await });
    let output = process.wait_with_output().await.unwrap();
    written.await.unwrap().unwrap();
    (jpeg_size(jpeg).unwrap().0.into(), output.stdout)
}
