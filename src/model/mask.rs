//! Areas of a camera's picture that nobody is to see on a page.

use crate::id::{CameraId, MaskId};
use serde::{Deserialize, Serialize, Serializer};
use std::{fmt, ops::Range};

/// The width and the height of a picture.
const WHOLE: u16 = 1000;

/// A rectangle of a picture, in thousandths of its width and height from the left upper corner. It lies within the picture, whatever
/// the stream's resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "[i64; 4]")]
pub struct Area {
    x: u16,
    y: u16,
    width: u16,
    height: u16,
}

impl Area {
    /// What is narrower or lower covers nothing that anybody meant.
    pub const SMALLEST: u16 = 10;

    /// The rectangle with its left upper corner at `x`, `y`; `None` where it would be too small, or leave the picture.
    pub fn new([x, y, width, height]: [i64; 4]) -> Option<Self> {
        let [x, y, width, height] = [x, y, width, height].map(|number| u16::try_from(number).ok().filter(|it| *it <= WHOLE));
        let area = Self { x: x?, y: y?, width: width?, height: height? };
        let large = area.width >= Self::SMALLEST && area.height >= Self::SMALLEST;
        let inside = area.x + area.width <= WHOLE && area.y + area.height <= WHOLE;
        (large && inside).then_some(area)
    }

    /// Left, top, width, height.
    pub fn numbers(self) -> [u16; 4] {
        [self.x, self.y, self.width, self.height]
    }

    /// The columns and the rows that it touches of a picture with so many of them.
    pub fn pixels(self, columns: usize, rows: usize) -> [Range<usize>; 2] {
        [touched(self.x, self.width, columns), touched(self.y, self.height, rows)]
    }
}

/// The pixels of `all` that a length of `long` from `start`, in thousandths, touches.
fn touched(start: u16, long: u16, all: usize) -> Range<usize> {
    let [start, long, whole] = [start, long, WHOLE].map(usize::from);
    let end = ((start + long) * all).div_ceil(whole).min(all);
    (start * all / whole).min(end)..end
}

impl TryFrom<[i64; 4]> for Area {
    type Error = &'static str;

    fn try_from(numbers: [i64; 4]) -> Result<Self, Self::Error> {
        Self::new(numbers).ok_or("no area of a picture")
    }
}

impl Serialize for Area {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.numbers().serialize(serializer)
    }
}

/// As records and plans tell it: `300×200 at 100,50 of 1000`.
impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { x, y, width, height } = self;
        write!(f, "{width}×{height} at {x},{y} of {WHOLE}")
    }
}

/// An area that is covered in a camera's picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// Its id.
    pub id: MaskId,
    /// The camera.
    pub camera: CameraId,
    /// What is covered.
    pub area: Area,
}

impl Mask {
    /// How many a camera may have.
    pub const MOST: usize = 8;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_lies_within_the_picture() {
        assert_eq!(Area::new([0, 0, 1000, 1000]).map(Area::numbers), Some([0, 0, 1000, 1000]));
        assert_eq!(Area::new([990, 990, 10, 10]).map(Area::numbers), Some([990, 990, 10, 10]));
        for beyond in [[991, 0, 10, 10], [0, 991, 10, 10], [-1, 0, 10, 10], [0, 0, 1001, 10], [0, 0, 9, 10], [0, 0, 10, 0]] {
            assert_eq!(Area::new(beyond), None, "{beyond:?}");
        }
        assert_eq!(Area::new([i64::MAX, 65_536, 10, 10]), None);
    }

    #[test]
    fn every_pixel_that_is_touched_is_of_the_area() {
        let pixels = |numbers| Area::new(numbers).unwrap().pixels(640, 360);
        assert_eq!(pixels([0, 0, 1000, 1000]), [0..640, 0..360]);
        assert_eq!(pixels([250, 500, 500, 250]), [160..480, 180..270]);
        assert_eq!(pixels([1, 1, 10, 10]), [0..8, 0..4]);
        assert_eq!(pixels([990, 990, 10, 10]), [633..640, 356..360]);
    }
}
