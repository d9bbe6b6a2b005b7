//! What can be told of a picture without knowing what it shows.

use rusty_h264_common::YuvFrame;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
};

/// A macroblock (ITU-T H.264 §3.83): what cameras code as one. Cells are as large, so that what is coded the same is the same.
const CELL: usize = 16;

/// Below this a picture has hardly any light. Black is 16; a room by moonlight, or in a camera's infrared, is well above.
const DARK: u64 = 32;

/// Cells next to each other differ by more where something has an edge. Noise, and the soft shades of a hand on the lens, are less.
const EDGE: u64 = 5;

/// With fewer cells at an edge, of a thousand, there is hardly any detail: a room has hundreds, a wall alone some dozens.
const PLAIN: usize = 15;

/// Cameras write their name and the time at the top and the bottom: so many hundredths of the height are not looked at.
const WRITTEN: usize = 15;

/// A cell whose pixels differ by less is flat: an overexposed window, or what the camera itself covers, is the same in every picture.
const FLAT: u8 = 16;

/// With fewer cells that are not flat, of a thousand, two pictures cannot be told from each other.
const TOO_FLAT: usize = 50;

/// So many of a thousand cells that are not flat are the same to the bit in two pictures of a camera that has frozen: all but those
/// that the clock above them throws off a little. Live pictures of a room in which nothing moves have hardly any: a sensor has noise,
/// and noise of a single level already changes how nearly every macroblock is coded. Measured with x264: 0 to 20 of a thousand
/// with noise, after a noise filter and at the coarsest quality, too; all of them in a still image. Where a tight constant bit rate
/// changes the quality from picture to picture, a frozen camera is not found. A drawn picture has no noise, and is told by
/// what moves in it.
const FROZEN: usize = 995;

/// How a picture looks: enough to say that it is black, plain, or the same as another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appearance {
    width: usize,
    height: usize,
    light: u64,
    /// Cells at an edge, of a thousand.
    detail: usize,
    /// What each cell is, or `None` where it is flat.
    cells: Vec<Option<u64>>,
}

impl Appearance {
    pub(super) fn of(picture: &YuvFrame) -> Self {
        let (across, down) = (picture.width / CELL, picture.height / CELL);
        let places = (0..down).flat_map(|row| (0..across).map(move |column| (column, row)));
        let (means, cells): (Vec<u64>, Vec<Option<u64>>) = places.map(|place| cell(picture, place)).unzip();
        let count = u64::try_from(means.len()).unwrap_or(1).max(1);
        let light = means.iter().sum::<u64>() / count;
        Self { width: picture.width, height: picture.height, light, detail: detail(&means, across, down), cells }
    }

    /// Hardly any light, and nothing to be seen.
    pub fn is_black(&self) -> bool {
        self.is_plain() && self.light < DARK
    }

    /// Light, and nothing to be seen in it.
    pub fn is_covered(&self) -> bool {
        self.is_plain() && self.light >= DARK
    }

    fn is_plain(&self) -> bool {
        self.detail < PLAIN
    }

    /// Whether both are one picture, shown twice; `None` where that cannot be told.
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        if (self.width, self.height) != (other.width, other.height) {
            return None;
        }
        let looked_at = unwritten(self.height / CELL);
        let across = self.width / CELL;
        let cells = looked_at.start * across..looked_at.end * across;
        let pairs = self.cells[cells.clone()].iter().zip(&other.cells[cells]);
        let (mut same, mut all, mut flat) = (0, 0, 0);
        for (one, other) in pairs {
            if one.is_none() && other.is_none() {
                flat += 1;
            } else {
                (same, all) = (same + usize::from(one == other), all + 1);
            }
        }
        (all * 1000 >= (all + flat) * TOO_FLAT).then_some(same * 1000 >= all * FROZEN)
    }
}

/// The mean of a cell, and what it is unless it is flat.
fn cell(picture: &YuvFrame, (column, row): (usize, usize)) -> (u64, Option<u64>) {
    let rows = (row * CELL..(row + 1) * CELL).map(|line| &picture.y[line * picture.width + column * CELL..][..CELL]);
    let (mut sum, mut low, mut high, mut hasher) = (0_u64, u8::MAX, u8::MIN, DefaultHasher::new());
    for line in rows {
        line.hash(&mut hasher);
        for pixel in line {
            sum += u64::from(*pixel);
            (low, high) = (low.min(*pixel), high.max(*pixel));
        }
    }
    (sum / (CELL * CELL) as u64, (high - low >= FLAT).then(|| hasher.finish()))
}

/// The rows of `down` in which cameras write nothing.
fn unwritten(down: usize) -> Range<usize> {
    (down * WRITTEN).div_ceil(100)..down - (down * WRITTEN).div_ceil(100)
}

/// The cells that differ from the next or the one below, of a thousand, where nothing is written.
fn detail(means: &[u64], across: usize, down: usize) -> usize {
    let rows = unwritten(down);
    let rows = rows.start..rows.end.saturating_sub(1);
    let places = rows.flat_map(|row| (0..across.saturating_sub(1)).map(move |column| row * across + column));
    let (mut edges, mut all) = (0, 0);
    for at in places {
        let differs = |other: usize| means[at].abs_diff(means[other]) > EDGE;
        edges += usize::from(differs(at + 1) || differs(at + across));
        all += 1;
    }
    edges * 1000 / all.max(1)
}
