//! A picture made small, and written as JPEG (ITU-T T.81, JFIF).

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use rusty_h264_common::YuvFrame;

/// About how wide a still is.
const WIDTH: usize = 640;

/// The JPEG quality: good enough to recognise a room, some 40 kB.
const QUALITY: u8 = 80;

/// A small picture; its pixels are luma and two of colour, in JPEG's full range.
#[derive(Clone, PartialEq, Eq)]
pub struct Still {
    width: u16,
    height: u16,
    pixels: Vec<u8>,
}

impl Still {
    /// `picture`, made smaller by a whole number so that it is about 640 pixels wide. The colours are taken for those of BT.601, with the
    /// range of video: a camera's HD picture may look a little off, and nothing in it is lost.
    pub(super) fn of(picture: &YuvFrame) -> Self {
        let factor = ((picture.width + WIDTH / 2) / WIDTH).max(1);
        let (width, height) = (picture.width / factor, picture.height / factor);
        let (across, down) = (picture.width / 2, picture.height / 2);
        let mut pixels = Vec::with_capacity(width * height * 3);
        for row in 0..height {
            for column in 0..width {
                let luma = mean(&picture.y, picture.width, (column * factor, row * factor), factor);
                let (x, y) = ((column * factor / 2).min(across - 1), (row * factor / 2).min(down - 1));
                let [blue, red] = [&picture.u, &picture.v].map(|plane| colour(plane[y * across + x]));
                pixels.extend([full(luma), blue, red]);
            }
        }
        let short = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
        Self { width: short(width), height: short(height), pixels }
    }

    /// In pixels.
    pub fn width(&self) -> usize {
        self.width.into()
    }

    /// In pixels.
    pub fn height(&self) -> usize {
        self.height.into()
    }

    /// The pixel there: luma and the two of colour.
    pub fn pixel(&self, column: usize, row: usize) -> Option<[u8; 3]> {
        let at = 3 * (row * self.width() + column);
        self.pixels.get(at..at + 3)?.try_into().ok()
    }

    pub(super) fn paint(&mut self, column: usize, row: usize, colour: [u8; 3]) {
        let at = 3 * (row * self.width() + column);
        if let Some(pixel) = self.pixels.get_mut(at..at + 3) {
            pixel.copy_from_slice(&colour);
        }
    }

    /// The JPEG file; `None` when it cannot be written, which memory alone could be the cause of.
    pub(super) fn jpeg(&self) -> Option<Vec<u8>> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(&self.pixels, self.width, self.height, ColorType::Ycbcr).ok()?;
        Some(file)
    }
}

/// The mean of a square of `side` pixels whose left upper corner is at `at`.
fn mean(plane: &[u8], stride: usize, at: (usize, usize), side: usize) -> u8 {
    let rows = (at.1..at.1 + side).map(|row| &plane[row * stride + at.0..][..side]);
    let sum: usize = rows.flatten().map(|pixel| usize::from(*pixel)).sum();
    u8::try_from(sum / (side * side)).unwrap_or(u8::MAX)
}

/// Luma from the range of video, 16 to 235, to all of it.
fn full(luma: u8) -> u8 {
    stretched(i32::from(luma) - 16, 219)
}

/// The same of a colour, 16 to 240 around 128.
fn colour(colour: u8) -> u8 {
    let wide = (i32::from(colour) - 128) * 255 / 224;
    u8::try_from((wide + 128).clamp(0, 255)).unwrap_or(u8::MAX)
}

fn stretched(value: i32, range: i32) -> u8 {
    u8::try_from((value * 255 / range).clamp(0, 255)).unwrap_or(u8::MAX)
}
