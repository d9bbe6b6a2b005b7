//! Pictures in 4:2:0, in whole macroblocks.

/// One plane of samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plane {
    /// Samples in a row.
    pub width: usize,
    /// The samples, row after row.
    pub samples: Vec<u8>,
}

impl Plane {
    fn filled(width: usize, height: usize, value: u8) -> Self {
        Self { width, samples: vec![value; width * height] }
    }

    /// How many rows there are.
    pub fn height(&self) -> usize {
        self.samples.len() / self.width
    }

    /// The `length` samples of row `y` from column `x` on.
    pub fn row(&self, x: usize, y: usize, length: usize) -> &[u8] {
        &self.samples[y * self.width + x..][..length]
    }

    /// The same, to be written.
    pub fn row_mut(&mut self, x: usize, y: usize, length: usize) -> &mut [u8] {
        &mut self.samples[y * self.width + x..][..length]
    }

    /// The `N` × `N` samples whose upper left corner is at (`x`, `y`).
    pub(super) fn square<const N: usize>(&self, x: usize, y: usize) -> [[u8; N]; N] {
        std::array::from_fn(|dy| std::array::from_fn(|dx| self.samples[(y + dy) * self.width + x + dx]))
    }
}

/// A picture: luma, and chroma at half its width and height (ITU-T H.264 §6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Luma.
    pub y: Plane,
    /// Chroma, blue difference.
    pub cb: Plane,
    /// Chroma, red difference.
    pub cr: Plane,
}

impl Picture {
    /// A grey picture of `columns` × `rows` macroblocks of 16 × 16 samples.
    pub fn new(columns: usize, rows: usize) -> Self {
        let chroma = Plane::filled(columns * 8, rows * 8, 128);
        Self { y: Plane::filled(columns * 16, rows * 16, 128), cb: chroma.clone(), cr: chroma }
    }

    /// Macroblocks in a row.
    pub(super) fn columns(&self) -> usize {
        self.y.width / 16
    }

    /// Whether the macroblock at (`column`, `row`) is the same in both.
    pub(super) fn same_macroblock(&self, other: &Self, column: usize, row: usize) -> bool {
        let same = |a: &Plane, b: &Plane, size: usize| {
            (0..size).all(|dy| a.row(column * size, row * size + dy, size) == b.row(column * size, row * size + dy, size))
        };
        same(&self.y, &other.y, 16) && same(&self.cb, &other.cb, 8) && same(&self.cr, &other.cr, 8)
    }
}
