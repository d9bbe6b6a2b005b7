//! Areas of a still that nobody is to see.

use super::Still;
use crate::model::Area;

/// Black and without colour (BT.601, full range).
const BLACK: u8 = 0;
const GREY: u8 = 128;

impl Still {
    /// Blackens `areas`, every pixel that they touch.
    pub fn cover(&mut self, areas: &[Area]) {
        for area in areas {
            let [columns, rows] = area.pixels(self.width(), self.height());
            for row in rows {
                for column in columns.clone() {
                    self.paint(column, row, [BLACK, GREY, GREY]);
                }
            }
        }
    }
}
