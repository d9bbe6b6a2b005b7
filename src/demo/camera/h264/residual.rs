//! What remains of a macroblock after prediction: transformed, quantised, and put back together as the decoder will.

use super::{
    tables::{BLOCKS, ZIGZAG, chroma_qp},
    transform::{Block, Quantiser, Rounding, forward, hadamard, hadamard2, inverse},
};

/// A square of samples.
pub(super) type Square<const N: usize> = [[u8; N]; N];

/// The luma levels of a macroblock.
pub(super) struct Luma {
    /// Intra 16×16 only: the levels of the blocks' DC, in zig-zag order.
    pub(super) dc: Option<[i32; 16]>,
    /// The sixteen blocks in the order of Figure 6-10, each in zig-zag order; with `dc`, the first level of each is not coded.
    pub(super) blocks: [Block; 16],
    /// What the decoder will see.
    pub(super) decoded: Square<16>,
}

/// The chroma levels of a macroblock: both planes.
pub(super) struct Chroma {
    pub(super) dc: [[i32; 4]; 2],
    /// Four blocks in raster order, each in zig-zag order; the first level of each is in `dc`.
    pub(super) blocks: [[Block; 4]; 2],
    pub(super) decoded: [Square<8>; 2],
}

impl Luma {
    /// The bits of `coded_block_pattern` for luma: one for each 8×8 quarter that has a level.
    pub(super) fn pattern(&self) -> u8 {
        (0..4).filter(|quarter| self.blocks[4 * quarter..][..4].iter().flatten().any(|&level| level != 0)).map(|q| 1 << q).sum()
    }

    /// Codes `source` against an intra 16×16 `prediction` (§8.5.2).
    pub(super) fn intra(source: &Square<16>, prediction: &Square<16>, qp: u8) -> Self {
        let quantiser = Quantiser::new(qp);
        let mut coefficients = BLOCKS.map(|(bx, by)| forward(&difference(source, prediction, bx, by)));
        let mut dc = [0; 16];
        for (block, (bx, by)) in coefficients.iter_mut().zip(BLOCKS) {
            dc[4 * by + bx] = std::mem::take(&mut block[0]);
        }
        let dc = quantiser.quantise_dc(&hadamard(&dc).map(|c| (c + 1) >> 1), Rounding::Intra);
        let levels = coefficients.map(|block| quantiser.quantise(&block, Rounding::Intra));
        let scaled_dc = quantiser.scale_luma_dc(&dc);
        let mut decoded = *prediction;
        for (block, (bx, by)) in levels.iter().zip(BLOCKS) {
            let mut scaled = quantiser.scale(block);
            scaled[0] = scaled_dc[4 * by + bx];
            add(&mut decoded, &scaled, bx, by);
        }
        Self { dc: Some(zigzag(&dc)), blocks: levels.map(|block| zigzag(&block)), decoded }
    }

    /// Codes `source` against an inter `prediction` (§8.5.1).
    pub(super) fn inter(source: &Square<16>, prediction: &Square<16>, qp: u8) -> Self {
        let quantiser = Quantiser::new(qp);
        let mut decoded = *prediction;
        let blocks = BLOCKS.map(|(bx, by)| {
            let levels = quantiser.quantise(&forward(&difference(source, prediction, bx, by)), Rounding::Inter);
            add(&mut decoded, &quantiser.scale(&levels), bx, by);
            zigzag(&levels)
        });
        Self { dc: None, blocks, decoded }
    }
}

impl Chroma {
    /// The bits of `coded_block_pattern` for chroma (Table 7-15): 0 nothing, 1 DC only, 2 both.
    pub(super) fn pattern(&self) -> u8 {
        if self.blocks.iter().flatten().flatten().any(|&level| level != 0) {
            2
        } else {
            u8::from(self.dc.iter().flatten().any(|&level| level != 0))
        }
    }

    /// Codes both planes of `source` against their `prediction` (§8.5.4); `qp` is that of luma.
    pub(super) fn code(source: &[Square<8>; 2], prediction: &[Square<8>; 2], qp: u8, rounding: Rounding) -> Self {
        let quantiser = Quantiser::new(chroma_qp(qp));
        let mut out = Self { dc: [[0; 4]; 2], blocks: [[[0; 16]; 4]; 2], decoded: *prediction };
        for plane in 0..2 {
            let mut dc = [0; 4];
            let mut levels: [Block; 4] = std::array::from_fn(|i| {
                let mut block = forward(&difference(&source[plane], &prediction[plane], i % 2, i / 2));
                dc[i] = std::mem::take(&mut block[0]);
                quantiser.quantise(&block, rounding)
            });
            out.dc[plane] = quantiser.quantise_dc(&hadamard2(&dc), rounding);
            let scaled_dc = quantiser.scale_chroma_dc(&out.dc[plane]);
            for (i, block) in levels.iter_mut().enumerate() {
                let mut scaled = quantiser.scale(block);
                scaled[0] = scaled_dc[i];
                add(&mut out.decoded[plane], &scaled, i % 2, i / 2);
                *block = zigzag(block);
            }
            out.blocks[plane] = levels;
        }
        out
    }
}

/// The residual of the 4×4 block in column `bx` and row `by`.
fn difference<const N: usize>(source: &Square<N>, prediction: &Square<N>, bx: usize, by: usize) -> Block {
    std::array::from_fn(|i| {
        let (x, y) = (4 * bx + i % 4, 4 * by + i / 4);
        i32::from(source[y][x]) - i32::from(prediction[y][x])
    })
}

/// Adds scaled coefficients to a prediction, as the decoder does (§8.5.14).
fn add<const N: usize>(decoded: &mut Square<N>, scaled: &Block, bx: usize, by: usize) {
    if scaled.iter().all(|&c| c == 0) {
        return;
    }
    for (i, residual) in inverse(scaled).into_iter().enumerate() {
        let sample = &mut decoded[4 * by + i / 4][4 * bx + i % 4];
        *sample = (i32::from(*sample) + residual).clamp(0, 255) as u8;
    }
}

fn zigzag(block: &Block) -> Block {
    ZIGZAG.map(|i| block[i])
}
