//! Areas of a still that nobody is to see.

use super::Still;
use crate::model::Area;

/// The width and the height of a picture, as areas count them.
const WHOLE: usize = 1000;

/// Black and without colour (BT.601, full range).
const BLACK: u8 = 0;
const GREY: u8 = 128;

impl Still {
    /// Blackens `areas`, every pixel that they touch.
    pub fn cover(&mut self, areas: &[Area]) {
        let (width, height) = (self.width(), self.height());
        for [x, y, wide, high] in areas.iter().map(|area| area.numbers().map(usize::from)) {
            let (columns, rows) = (touched(x, wide, width), touched(y, high, height));
            for row in rows {
                for column in columns.clone() {
                    self.paint(column, row, [BLACK, GREY, GREY]);
                }
            }
        }
    }
}

/// The pixels of `whole` that a length of `long` from `start`, in thousandths, touches.
fn touched(start: usize, long: usize, whole: usize) -> std::ops::Range<usize> {
    let end = ((start + long) * whole).div_ceil(WHOLE).min(whole);
    (start * whole / WHOLE).min(end)..end
}
