//! The variable-length codes of CAVLC (ITU-T H.264 §9.2) and the numbers of its transform (§8.5).

/// A code word: its length in bits, and its value.
pub(super) type Code = (u8, u8);

/// Table 9-5, `coeff_token`: the lengths, by the class of nC (0–1, 2–3, 4–7, 8 and more), then `4 * total + trailing ones`.
const COEFF_TOKEN_LENGTHS: [[u8; 68]; 4] = [
    [
        1, 0, 0, 0, 6, 2, 0, 0, 8, 6, 3, 0, 9, 8, 7, 5, 10, 9, 8, 6, 11, 10, 9, 7, 13, 11, 10, 8, 13, 13, 11, 9, 13, 13, 13, 10,
        14, 14, 13, 11, 14, 14, 14, 13, 15, 15, 14, 14, 15, 15, 15, 14, 16, 15, 15, 15, 16, 16, 16, 15, 16, 16, 16, 16, 16, 16, 16,
        16,
    ],
    [
        2, 0, 0, 0, 6, 2, 0, 0, 6, 5, 3, 0, 7, 6, 6, 4, 8, 6, 6, 4, 8, 7, 7, 5, 9, 8, 8, 6, 11, 9, 9, 6, 11, 11, 11, 7, 12, 11, 11,
        9, 12, 12, 12, 11, 12, 12, 12, 11, 13, 13, 13, 12, 13, 13, 13, 13, 13, 14, 13, 13, 14, 14, 14, 13, 14, 14, 14, 14,
    ],
    [
        4, 0, 0, 0, 6, 4, 0, 0, 6, 5, 4, 0, 6, 5, 5, 4, 7, 5, 5, 4, 7, 5, 5, 4, 7, 6, 6, 4, 7, 6, 6, 4, 8, 7, 7, 5, 8, 8, 7, 6, 9,
        8, 8, 7, 9, 9, 8, 8, 9, 9, 9, 8, 10, 9, 9, 9, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,
    ],
    [
        6, 0, 0, 0, 6, 6, 0, 0, 6, 6, 6, 0, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6,
        6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6,
    ],
];

/// Table 9-5, `coeff_token`: the values of the codes whose lengths are above.
const COEFF_TOKEN_VALUES: [[u8; 68]; 4] = [
    [
        1, 0, 0, 0, 5, 1, 0, 0, 7, 4, 1, 0, 7, 6, 5, 3, 7, 6, 5, 3, 7, 6, 5, 4, 15, 6, 5, 4, 11, 14, 5, 4, 8, 10, 13, 4, 15, 14, 9,
        4, 11, 10, 13, 12, 15, 14, 9, 12, 11, 10, 13, 8, 15, 1, 9, 12, 11, 14, 13, 8, 7, 10, 9, 12, 4, 6, 5, 8,
    ],
    [
        3, 0, 0, 0, 11, 2, 0, 0, 7, 7, 3, 0, 7, 10, 9, 5, 7, 6, 5, 4, 4, 6, 5, 6, 7, 6, 5, 8, 15, 6, 5, 4, 11, 14, 13, 4, 15, 10,
        9, 4, 11, 14, 13, 12, 8, 10, 9, 8, 15, 14, 13, 12, 11, 10, 9, 12, 7, 11, 6, 8, 9, 8, 10, 1, 7, 6, 5, 4,
    ],
    [
        15, 0, 0, 0, 15, 14, 0, 0, 11, 15, 13, 0, 8, 12, 14, 12, 15, 10, 11, 11, 11, 8, 9, 10, 9, 14, 13, 9, 8, 10, 9, 8, 15, 14,
        13, 13, 11, 14, 10, 12, 15, 10, 13, 12, 11, 14, 9, 12, 8, 10, 13, 8, 13, 7, 9, 12, 9, 12, 11, 10, 5, 8, 7, 6, 1, 4, 3, 2,
    ],
    [
        3, 0, 0, 0, 0, 1, 0, 0, 4, 5, 6, 0, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
        30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60,
        61, 62, 63,
    ],
];

/// Table 9-5, `coeff_token` for the DC coefficients of chroma (nC = −1), by `4 * total + trailing ones`.
const CHROMA_DC_COEFF_TOKEN: [Code; 20] = [
    (2, 1),
    (0, 0),
    (0, 0),
    (0, 0),
    (6, 7),
    (1, 1),
    (0, 0),
    (0, 0),
    (6, 4),
    (6, 6),
    (3, 1),
    (0, 0),
    (6, 3),
    (7, 3),
    (7, 2),
    (6, 5),
    (6, 2),
    (8, 3),
    (8, 2),
    (7, 0),
];

/// Tables 9-7 and 9-8, `total_zeros`: by the number of coefficients less one, then by the zeros.
const TOTAL_ZEROS: [&[Code]; 15] = [
    &[
        (1, 1),
        (3, 3),
        (3, 2),
        (4, 3),
        (4, 2),
        (5, 3),
        (5, 2),
        (6, 3),
        (6, 2),
        (7, 3),
        (7, 2),
        (8, 3),
        (8, 2),
        (9, 3),
        (9, 2),
        (9, 1),
    ],
    &[(3, 7), (3, 6), (3, 5), (3, 4), (3, 3), (4, 5), (4, 4), (4, 3), (4, 2), (5, 3), (5, 2), (6, 3), (6, 2), (6, 1), (6, 0)],
    &[(4, 5), (3, 7), (3, 6), (3, 5), (4, 4), (4, 3), (3, 4), (3, 3), (4, 2), (5, 3), (5, 2), (6, 1), (5, 1), (6, 0)],
    &[(5, 3), (3, 7), (4, 5), (4, 4), (3, 6), (3, 5), (3, 4), (4, 3), (3, 3), (4, 2), (5, 2), (5, 1), (5, 0)],
    &[(4, 5), (4, 4), (4, 3), (3, 7), (3, 6), (3, 5), (3, 4), (3, 3), (4, 2), (5, 1), (4, 1), (5, 0)],
    &[(6, 1), (5, 1), (3, 7), (3, 6), (3, 5), (3, 4), (3, 3), (3, 2), (4, 1), (3, 1), (6, 0)],
    &[(6, 1), (5, 1), (3, 5), (3, 4), (3, 3), (2, 3), (3, 2), (4, 1), (3, 1), (6, 0)],
    &[(6, 1), (4, 1), (5, 1), (3, 3), (2, 3), (2, 2), (3, 2), (3, 1), (6, 0)],
    &[(6, 1), (6, 0), (4, 1), (2, 3), (2, 2), (3, 1), (2, 1), (5, 1)],
    &[(5, 1), (5, 0), (3, 1), (2, 3), (2, 2), (2, 1), (4, 1)],
    &[(4, 0), (4, 1), (3, 1), (3, 2), (1, 1), (3, 3)],
    &[(4, 0), (4, 1), (2, 1), (1, 1), (3, 1)],
    &[(3, 0), (3, 1), (1, 1), (2, 1)],
    &[(2, 0), (2, 1), (1, 1)],
    &[(1, 0), (1, 1)],
];

/// Table 9-9 (a), `total_zeros` for the DC coefficients of chroma.
const CHROMA_DC_TOTAL_ZEROS: [&[Code]; 3] = [&[(1, 1), (2, 1), (3, 1), (3, 0)], &[(1, 1), (2, 1), (2, 0)], &[(1, 1), (1, 0)]];

/// Table 9-10, `run_before`: by the zeros that are left less one (six and more alike), then by the run.
const RUN_BEFORE: [&[Code]; 7] = [
    &[(1, 1), (1, 0)],
    &[(1, 1), (2, 1), (2, 0)],
    &[(2, 3), (2, 2), (2, 1), (2, 0)],
    &[(2, 3), (2, 2), (2, 1), (3, 1), (3, 0)],
    &[(2, 3), (2, 2), (3, 3), (3, 2), (3, 1), (3, 0)],
    &[(2, 3), (3, 0), (3, 1), (3, 3), (3, 2), (3, 5), (3, 4)],
    &[(3, 7), (3, 6), (3, 5), (3, 4), (3, 3), (3, 2), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1), (9, 1), (10, 1), (11, 1)],
];

/// The `coeff_token` for a block whose neighbours have `context` coefficients; `None` is the DC of chroma.
pub(super) fn coeff_token(context: Option<u8>, total: usize, trailing_ones: usize) -> Code {
    let index = 4 * total + trailing_ones;
    let class = match context {
        None => return CHROMA_DC_COEFF_TOKEN[index],
        Some(0..=1) => 0,
        Some(2..=3) => 1,
        Some(4..=7) => 2,
        Some(_) => 3,
    };
    (COEFF_TOKEN_LENGTHS[class][index], COEFF_TOKEN_VALUES[class][index])
}

/// The `total_zeros` before the last of `total` coefficients.
pub(super) fn total_zeros(chroma_dc: bool, total: usize, zeros: usize) -> Code {
    if chroma_dc { CHROMA_DC_TOTAL_ZEROS[total - 1][zeros] } else { TOTAL_ZEROS[total - 1][zeros] }
}

/// The `run_before` of a coefficient when `zeros_left` are still to be told.
pub(super) fn run_before(zeros_left: usize, run: usize) -> Code {
    RUN_BEFORE[zeros_left.min(7) - 1][run]
}

/// Table 9-4 for inter prediction, turned around: `coded_block_pattern` by `codeNum`.
const INTER_CODED_BLOCK_PATTERNS: [u8; 48] = [
    0, 16, 1, 2, 4, 8, 32, 3, 5, 10, 12, 15, 47, 7, 11, 13, 14, 6, 9, 31, 35, 37, 42, 44, 33, 34, 36, 40, 39, 43, 45, 46, 17, 18,
    20, 24, 19, 21, 26, 28, 23, 27, 29, 30, 22, 25, 38, 41,
];

/// The `codeNum` of an inter macroblock's `coded_block_pattern` (§9.1.2).
pub(super) fn inter_coded_block_pattern(pattern: u8) -> u32 {
    INTER_CODED_BLOCK_PATTERNS.iter().position(|&p| p == pattern).unwrap_or(0) as u32
}

/// Table 6-2 and Figure 8-8: zig-zag order of a 4×4 block, as raster indices.
pub(super) const ZIGZAG: [usize; 16] = [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15];

/// Figure 6-10: where the 4×4 luma block `i` of a macroblock lies, in blocks: (column, row).
pub(super) const BLOCKS: [(usize, usize); 16] = [
    (0, 0),
    (1, 0),
    (0, 1),
    (1, 1),
    (2, 0),
    (3, 0),
    (2, 1),
    (3, 1),
    (0, 2),
    (1, 2),
    (0, 3),
    (1, 3),
    (2, 2),
    (3, 2),
    (2, 3),
    (3, 3),
];

/// §8.5.9, normAdjust4x4: by QP % 6, then the kind of position (see [`position_kind`]).
pub(super) const DEQUANT: [[i32; 3]; 6] = [[10, 16, 13], [11, 18, 14], [13, 20, 16], [14, 23, 18], [16, 25, 20], [18, 29, 23]];

/// What a coefficient is multiplied with when it is quantised: 2^15 / [`DEQUANT`], with the transform's gain taken out.
pub(super) const QUANT: [[i32; 3]; 6] =
    [[13107, 5243, 8066], [11916, 4660, 7490], [10082, 4194, 6554], [9362, 3647, 5825], [8192, 3355, 5243], [7282, 2893, 4559]];

/// Which column of [`DEQUANT`] and [`QUANT`] a raster position uses.
pub(super) const fn position_kind(index: usize) -> usize {
    match (index / 4 % 2, index % 2) {
        (0, 0) => 0,
        (1, 1) => 1,
        _ => 2,
    }
}

/// Table 8-15: QP of chroma for QP of luma from 30 on; below they are the same.
const CHROMA_QP: [u8; 22] = [29, 30, 31, 32, 32, 33, 34, 34, 35, 35, 36, 36, 37, 37, 37, 38, 38, 38, 39, 39, 39, 39];

/// QP of chroma for QP of luma, 0–51.
pub(super) fn chroma_qp(qp: u8) -> u8 {
    qp.checked_sub(30).map_or(qp, |above| CHROMA_QP[usize::from(above).min(21)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No code may begin another, and together they must leave at most what the standard leaves unused.
    fn assert_prefix_free(codes: &[Code]) {
        for (i, a) in codes.iter().enumerate() {
            for b in &codes[i + 1..] {
                let shorter = a.0.min(b.0);
                let cut = |c: &Code| u32::from(c.1) >> (c.0 - shorter);
                assert_ne!(cut(a), cut(b), "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn no_code_word_begins_another() {
        for context in [None, Some(0), Some(2), Some(4), Some(8)] {
            let most = if context.is_none() { 4 } else { 16 };
            let codes: Vec<Code> =
                (0..=most).flat_map(|total| (0..=total.min(3)).map(move |ones| coeff_token(context, total, ones))).collect();
            assert_prefix_free(&codes);
        }
        TOTAL_ZEROS.iter().chain(&CHROMA_DC_TOTAL_ZEROS).chain(&RUN_BEFORE).for_each(|codes| assert_prefix_free(codes));
    }

    #[test]
    fn every_coded_block_pattern_has_a_code() {
        let mut patterns = INTER_CODED_BLOCK_PATTERNS;
        patterns.sort_unstable();
        assert!(patterns.iter().enumerate().all(|(i, &p)| i == usize::from(p)));
    }
}
