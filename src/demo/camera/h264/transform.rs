//! The 4×4 integer transform and its quantisation (ITU-T H.264 §8.5), both ways: the encoder needs what the decoder will see.

use super::tables::{DEQUANT, QUANT, position_kind};

/// A 4×4 block in raster order.
pub(super) type Block = [i32; 16];

/// The largest level that a `level_prefix` of 15 can tell in every context (§9.2.2.1).
const MAX_LEVEL: i32 = 2000;

/// How a quantiser rounds: a wider dead zone for inter residuals saves bits where they would be noise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    Intra,
    Inter,
}

/// A quantiser for one QP.
#[derive(Clone, Copy)]
pub(super) struct Quantiser {
    scale: usize,
    shift: u32,
}

impl Quantiser {
    pub(super) fn new(qp: u8) -> Self {
        Self { scale: usize::from(qp % 6), shift: u32::from(qp / 6) }
    }

    /// Quantises transformed coefficients.
    pub(super) fn quantise(self, block: &Block, rounding: Rounding) -> Block {
        std::array::from_fn(|i| level(block[i], QUANT[self.scale][position_kind(i)], 15 + self.shift, rounding))
    }

    /// Quantises DC coefficients that went through a second transform, whose gain is two.
    pub(super) fn quantise_dc<const N: usize>(self, block: &[i32; N], rounding: Rounding) -> [i32; N] {
        block.map(|c| level(c, QUANT[self.scale][0], 16 + self.shift, rounding))
    }

    /// Scales levels back to coefficients (§8.5.12.1).
    pub(super) fn scale(self, levels: &Block) -> Block {
        std::array::from_fn(|i| (levels[i] * DEQUANT[self.scale][position_kind(i)]) << self.shift)
    }

    /// Levels of luma DC back to the DC coefficients of the sixteen blocks (§8.5.10).
    pub(super) fn scale_luma_dc(self, levels: &Block) -> Block {
        let factor = DEQUANT[self.scale][0];
        hadamard(levels).map(|c| {
            if self.shift >= 2 {
                (c * factor) << (self.shift - 2)
            } else {
                (c * factor + (1 << (1 - self.shift))) >> (2 - self.shift)
            }
        })
    }

    /// Levels of chroma DC back to the DC coefficients of the four blocks (§8.5.11.2).
    pub(super) fn scale_chroma_dc(self, levels: &[i32; 4]) -> [i32; 4] {
        hadamard2(levels).map(|c| ((c * DEQUANT[self.scale][0]) << self.shift) >> 1)
    }
}

/// One level: `coefficient * factor / 2^shift`, rounded.
fn level(coefficient: i32, factor: i32, shift: u32, rounding: Rounding) -> i32 {
    let round = (1_i64 << shift) / if rounding == Rounding::Intra { 3 } else { 6 };
    let level = (i64::from(coefficient.abs()) * i64::from(factor) + round) >> shift;
    (level as i32).min(MAX_LEVEL) * coefficient.signum()
}

/// The forward core transform, which the standard leaves to the encoder: the matrix whose inverse §8.5.12.2 describes.
pub(super) fn forward(block: &Block) -> Block {
    let butterfly = |[a, b, c, d]: [i32; 4]| {
        let (s, t, u, v) = (a + d, b + c, b - c, a - d);
        [s + t, 2 * v + u, s - t, v - 2 * u]
    };
    both_ways(block, butterfly)
}

/// The inverse core transform, not yet rounded (§8.5.12.2).
pub(super) fn inverse(block: &Block) -> Block {
    let butterfly = |[a, b, c, d]: [i32; 4]| {
        let (e, f, g, h) = (a + c, a - c, (b >> 1) - d, b + (d >> 1));
        [e + h, f + g, f - g, e - h]
    };
    both_ways(block, butterfly).map(|c| (c + 32) >> 6)
}

/// The 4×4 Hadamard transform of luma DC (§8.5.10); it is its own inverse but for a factor of 16.
pub(super) fn hadamard(block: &Block) -> Block {
    let butterfly = |[a, b, c, d]: [i32; 4]| [a + b + c + d, a + b - c - d, a - b - c + d, a - b + c - d];
    both_ways(block, butterfly)
}

/// The 2×2 Hadamard transform of chroma DC (§8.5.11.1).
pub(super) fn hadamard2(&[a, b, c, d]: &[i32; 4]) -> [i32; 4] {
    [a + b + c + d, a - b + c - d, a + b - c - d, a - b - c + d]
}

/// Applies a one-dimensional transform to the rows, then to the columns.
fn both_ways(block: &Block, transform: impl Fn([i32; 4]) -> [i32; 4]) -> Block {
    let mut rows = [0; 16];
    for y in 0..4 {
        let row = transform([block[4 * y], block[4 * y + 1], block[4 * y + 2], block[4 * y + 3]]);
        rows[4 * y..4 * y + 4].copy_from_slice(&row);
    }
    let mut out = [0; 16];
    for x in 0..4 {
        let column = transform([rows[x], rows[4 + x], rows[8 + x], rows[12 + x]]);
        for y in 0..4 {
            out[4 * y + x] = column[y];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quantised_finely_comes_back_nearly_the_same() {
        let block: Block = [0, 37, -14, 23, 50, -50, 8, -31, 12, 49, -6, 30, -44, -7, 29, 1];
        let quantiser = Quantiser::new(10);
        let back = inverse(&quantiser.scale(&quantiser.quantise(&forward(&block), Rounding::Intra)));
        assert!(block.iter().zip(back).all(|(a, b)| (a - b).abs() <= 2), "{block:?} became {back:?}");
    }
}
