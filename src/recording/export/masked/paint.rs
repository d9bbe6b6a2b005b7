//! Covers areas of a decoded picture (ITU-T H.264 §6.2: 4:2:0).

use crate::model::Area;
use rusty_h264_common::YuvFrame;

/// Black and without colour (BT.601 and BT.709, the range of video).
const BLACK: u8 = 16;
const GREY: u8 = 128;

/// Blackens `areas`, every pixel that they touch, and the colour of every two by two of which they touch one.
pub(super) fn cover(picture: &mut YuvFrame, areas: &[Area]) {
    let (width, height) = (picture.width, picture.height);
    for area in areas {
        let [columns, rows] = area.pixels(width, height);
        for row in rows.clone() {
            fill(&mut picture.y, width, row, columns.clone(), BLACK);
        }
        let across = columns.start / 2..columns.end.div_ceil(2).min(width / 2);
        for row in rows.start / 2..rows.end.div_ceil(2).min(height / 2) {
            fill(&mut picture.u, width / 2, row, across.clone(), GREY);
            fill(&mut picture.v, width / 2, row, across.clone(), GREY);
        }
    }
}

fn fill(plane: &mut [u8], stride: usize, row: usize, columns: std::ops::Range<usize>, with: u8) {
    plane[row * stride..][columns].fill(with);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pixel_and_no_colour_of_an_area_is_left_and_none_beside_it_is_touched() {
        let plane = |size: usize| vec![200; size];
        let mut picture = YuvFrame { width: 100, height: 50, y: plane(5_000), u: plane(1_250), v: plane(1_250) };
        // Columns 11 to 20 and rows 5 to 9: both begin in the middle of two that share a colour.
        cover(&mut picture, &[Area::new([110, 100, 100, 100]).unwrap()]);
        for (at, luma) in picture.y.iter().enumerate() {
            let inside = (11..21).contains(&(at % 100)) && (5..10).contains(&(at / 100));
            assert_eq!(*luma, if inside { BLACK } else { 200 }, "{at}");
        }
        for (at, colour) in picture.u.iter().chain(&picture.v).enumerate() {
            let at = at % 1_250;
            let inside = (5..11).contains(&(at % 50)) && (2..5).contains(&(at / 50));
            assert_eq!(*colour, if inside { GREY } else { 200 }, "{at}");
        }
        cover(&mut picture, &[Area::new([0, 0, 1000, 1000]).unwrap()]);
        assert!(picture.y.iter().all(|luma| *luma == BLACK));
        assert!(picture.u.iter().chain(&picture.v).all(|colour| *colour == GREY));
    }
}
