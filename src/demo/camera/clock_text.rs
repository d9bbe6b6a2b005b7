//! The text that cameras burn into their pictures: the time of day and the number of the frame.
//!
//! It stands in a dark band of its own above the scene, in letters of 5 × 7 cells, so that a test can read it from a decoded picture.

use super::h264::{Picture, VideoFormat};

/// Luma of the band and of the letters.
const DARK: u8 = 24;
const LIGHT: u8 = 230;

/// Cells from one letter to the next: five of its own and a gap.
const ADVANCE: usize = 6;

/// The letters that can be written, and their seven rows of five cells, the leftmost the highest bit.
const LETTERS: [(char, [u8; 7]); 12] = [
    ('0', [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110]),
    ('1', [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110]),
    ('2', [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111]),
    ('3', [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110]),
    ('4', [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010]),
    ('5', [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110]),
    ('6', [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110]),
    ('7', [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000]),
    ('8', [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110]),
    ('9', [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100]),
    (':', [0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000]),
    ('.', [0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b01100, 0b01100]),
];

/// Where the text stands in pictures of a format.
#[derive(Debug, Clone, Copy)]
pub struct ClockText {
    columns: usize,
    rows: usize,
    /// Pixels in a cell, both ways.
    cell: usize,
}

impl ClockText {
    /// The text of pictures of `format`.
    pub fn of(format: VideoFormat) -> Self {
        let rows = (usize::from(format.height) / 240).clamp(2, 6);
        Self { columns: format.columns(), rows, cell: (rows * 16 - 8) / 8 }
    }

    /// How many rows of macroblocks the band has.
    pub const fn rows(self) -> usize {
        self.rows
    }

    /// Draws the band with `text`, which has digits, `:`, `.` and spaces.
    pub fn draw(self, text: &str) -> Picture {
        let mut picture = Picture::new(self.columns, self.rows);
        picture.y.samples.fill(DARK);
        for (i, letter) in text.chars().enumerate() {
            let Some((_, cells)) = LETTERS.iter().find(|(l, _)| *l == letter) else { continue };
            for (row, column) in lit(*cells) {
                let (x, y) = self.corner(i, column, row);
                if x + self.cell <= picture.y.width {
                    (0..self.cell).for_each(|dy| picture.y.row_mut(x, y + dy, self.cell).fill(LIGHT));
                }
            }
        }
        picture
    }

    /// Reads `length` letters back from the luma of a decoded picture, `stride` samples a row; what cannot be read is a space.
    pub fn read(self, luma: &[u8], stride: usize, length: usize) -> String {
        (0..length)
            .map(|i| {
                let cells: [u8; 7] = std::array::from_fn(|row| {
                    (0..5).fold(0, |bits, column| {
                        let (x, y) = self.corner(i, column, row);
                        let middle = luma.get((y + self.cell / 2) * stride + x + self.cell / 2);
                        bits << 1 | u8::from(middle.is_some_and(|&sample| sample > u8::midpoint(DARK, LIGHT)))
                    })
                });
                LETTERS.iter().find(|(_, letter)| *letter == cells).map_or(' ', |(letter, _)| *letter)
            })
            .collect()
    }

    /// The upper left pixel of a cell of letter `i`.
    fn corner(self, i: usize, column: usize, row: usize) -> (usize, usize) {
        let margin = (self.rows * 16 - 7 * self.cell) / 2;
        (16 + (i * ADVANCE + column) * self.cell, margin + row * self.cell)
    }
}

fn lit(cells: [u8; 7]) -> impl Iterator<Item = (usize, usize)> {
    (0..7).flat_map(move |row| (0..5).filter(move |column| cells[row] >> (4 - column) & 1 == 1).map(move |column| (row, column)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_can_be_read_back_from_the_picture_at_every_size() {
        for (width, height) in [(1280, 720), (640, 360), (1920, 1080)] {
            let text = ClockText::of(VideoFormat { width, height, rate: 25 });
            let picture = text.draw("12:34:56.789 000042");
            assert_eq!(text.read(&picture.y.samples, usize::from(width), 19), "12:34:56.789 000042", "{width}");
        }
    }
}
