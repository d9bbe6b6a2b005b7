//! Slices (ITU-T H.264 §7.3.3, §7.3.4) and their macroblocks (§7.3.5).
//!
//! A slice here is a band of whole macroblock rows, and depends on no other slice: the same bytes can be used again in another picture.

use super::{
    bits::Bits,
    cavlc::write_block,
    picture::{Picture, Plane},
    predict::{Mode, Neighbours, difference},
    residual::{Chroma, Luma, Square},
    tables::{BLOCKS, inter_coded_block_pattern},
    transform::Rounding,
};

/// What a slice may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SliceKind {
    /// Nothing: part of an IDR picture. Neighbouring IDR pictures need different ids (§7.4.3).
    Idr {
        /// `idr_pic_id`.
        id: u32,
    },
    /// The picture before.
    P {
        /// `frame_num`: pictures since the IDR picture.
        frame: u32,
    },
}

/// Bits of `frame_num` (§7.4.2.1.1).
pub(super) const FRAME_NUM_BITS: u32 = 8;

/// Codes the slices of one band, picture after picture.
#[derive(Debug)]
pub struct BandEncoder {
    first_macroblock: usize,
    columns: usize,
    rows: usize,
    qp: u8,
    /// What was drawn last, to tell what has changed.
    drawn: Picture,
    /// What the decoder has.
    decoded: Picture,
    /// Numbers of coefficients by 4×4 block, for the contexts of CAVLC: luma, then both planes of chroma.
    totals: [Plane; 3],
}

impl BandEncoder {
    /// A band of `rows` macroblock rows from `first_row` on in pictures that are `columns` macroblocks wide, at a quantiser of `qp` (0–51).
    pub fn new(columns: usize, first_row: usize, rows: usize, qp: u8) -> Self {
        let picture = Picture::new(columns, rows);
        let totals = |blocks| Plane { width: columns * blocks, samples: vec![0; columns * rows * blocks * blocks] };
        Self {
            first_macroblock: first_row * columns,
            columns,
            rows,
            qp: qp.min(51),
            drawn: picture.clone(),
            decoded: picture,
            totals: [totals(4), totals(2), totals(2)],
        }
    }

    /// What a decoder has of the band.
    #[cfg(test)]
    pub(super) fn decoded(&self) -> &Picture {
        &self.decoded
    }

    /// Codes what is `drawn` in the band as a NAL unit without start code.
    pub fn encode(&mut self, drawn: &Picture, kind: SliceKind) -> Vec<u8> {
        let mut bits = Bits::default();
        self.write_header(&mut bits, kind);
        self.totals.iter_mut().for_each(|plane| plane.samples.fill(0));
        let inter = matches!(kind, SliceKind::P { .. });
        let mut skipped = 0;
        for (row, column) in (0..self.rows * self.columns).map(|address| (address / drawn.columns(), address % drawn.columns())) {
            if inter && drawn.same_macroblock(&self.drawn, column, row) {
                skipped += 1; // P_Skip: its motion vector is zero, since no other vector is ever used (§8.4.1.1)
                continue;
            }
            if inter {
                bits.ue(std::mem::take(&mut skipped));
            }
            self.write_macroblock(&mut bits, drawn, column, row, inter);
        }
        if skipped > 0 {
            bits.ue(skipped);
        }
        self.drawn.clone_from(drawn);
        bits.into_nal(3, if inter { 1 } else { 5 })
    }

    fn write_header(&self, bits: &mut Bits, kind: SliceKind) {
        bits.ue(self.first_macroblock as u32);
        bits.ue(if matches!(kind, SliceKind::P { .. }) { 5 } else { 7 }); // slice_type: all slices of the picture are so
        bits.ue(0); // pic_parameter_set_id
        match kind {
            SliceKind::Idr { id } => {
                bits.put(0, FRAME_NUM_BITS);
                bits.ue(id);
                bits.put(0, 2); // no_output_of_prior_pics_flag, long_term_reference_flag
            }
            SliceKind::P { frame } => {
                bits.put(frame % (1 << FRAME_NUM_BITS), FRAME_NUM_BITS);
                bits.put(0, 3); // num_ref_idx_active_override, ref_pic_list_modification, adaptive_ref_pic_marking_mode
            }
        }
        bits.se(i32::from(self.qp) - 26); // slice_qp_delta
        bits.ue(1); // disable_deblocking_filter_idc: off, so that bands stay apart
    }

    fn write_macroblock(&mut self, bits: &mut Bits, drawn: &Picture, column: usize, row: usize, inter: bool) {
        let source: Square<16> = drawn.y.square(16 * column, 16 * row);
        let around = Neighbours::<16>::of(&self.decoded.y, 16 * column, 16 * row);
        let (mode, intra) = best(&source, &around);
        let before: Square<16> = self.decoded.y.square(16 * column, 16 * row);
        if inter && difference(&source, &before) < difference(&source, &intra) {
            self.write_inter(bits, drawn, column, row, &source, &before);
        } else {
            self.write_intra(bits, drawn, column, row, inter, mode, &Luma::intra(&source, &intra, self.qp));
        }
    }

    /// `P_L0_16x16` with a motion vector of zero.
    fn write_inter(
        &mut self,
        bits: &mut Bits,
        drawn: &Picture,
        column: usize,
        row: usize,
        source: &Square<16>,
        before: &Square<16>,
    ) {
        let luma = Luma::inter(source, before, self.qp);
        let source = chroma_of(drawn, column, row);
        let chroma = Chroma::code(&source, &chroma_of(&self.decoded, column, row), self.qp, Rounding::Inter);
        let pattern = luma.pattern() | chroma.pattern() << 4;
        bits.ue(0); // mb_type
        bits.se(0); // mvd_l0, horizontal
        bits.se(0); // and vertical
        bits.ue(inter_coded_block_pattern(pattern));
        if pattern != 0 {
            bits.se(0); // mb_qp_delta
        }
        self.write_residual(bits, column, row, &luma, luma.pattern(), &chroma);
    }

    #[allow(clippy::too_many_arguments, reason = "it is one step of write_macroblock, in a function of its own to be readable")]
    fn write_intra(&mut self, bits: &mut Bits, drawn: &Picture, column: usize, row: usize, inter: bool, mode: Mode, luma: &Luma) {
        let source = chroma_of(drawn, column, row);
        let around = [&self.decoded.cb, &self.decoded.cr].map(|plane| Neighbours::<8>::of(plane, 8 * column, 8 * row));
        let (chroma_mode, cb) = best(&source[0], &around[0]);
        let cr = around[1].predict(chroma_mode).unwrap_or([[128; 8]; 8]);
        let chroma = Chroma::code(&source, &[cb, cr], self.qp, Rounding::Intra);
        let pattern = if luma.pattern() == 0 { 0 } else { 15 };
        // Table 7-11: I_16x16_<mode>_<chroma>_<luma>; in P slices the intra types come after five others (Table 7-13).
        let kind = 1 + mode.luma_code() + 4 * u32::from(chroma.pattern()) + if pattern == 0 { 0 } else { 12 };
        bits.ue(kind + if inter { 5 } else { 0 });
        bits.ue(chroma_mode.chroma_code());
        bits.se(0); // mb_qp_delta
        self.write_residual(bits, column, row, luma, pattern, &chroma);
    }

    /// `residual()` (§7.3.5.3), and what the decoder then has.
    fn write_residual(&mut self, bits: &mut Bits, column: usize, row: usize, luma: &Luma, luma_pattern: u8, chroma: &Chroma) {
        let (x, y) = (4 * column, 4 * row);
        if let Some(dc) = &luma.dc {
            write_block(bits, dc, Some(context(&self.totals[0], x, y)));
        }
        let first = usize::from(luma.dc.is_some());
        for (i, (bx, by)) in BLOCKS.into_iter().enumerate() {
            if luma_pattern >> (i / 4) & 1 == 1 {
                let context = context(&self.totals[0], x + bx, y + by);
                let total = write_block(bits, &luma.blocks[i][first..], Some(context));
                self.totals[0].row_mut(x + bx, y + by, 1)[0] = total;
            }
        }
        if chroma.pattern() > 0 {
            chroma.dc.iter().for_each(|dc| _ = write_block(bits, dc, None));
        }
        if chroma.pattern() == 2 {
            for (totals, blocks) in self.totals[1..].iter_mut().zip(&chroma.blocks) {
                for (i, block) in blocks.iter().enumerate() {
                    let (x, y) = (2 * column + i % 2, 2 * row + i / 2);
                    let total = write_block(bits, &block[1..], Some(context(totals, x, y)));
                    totals.row_mut(x, y, 1)[0] = total;
                }
            }
        }
        store(&mut self.decoded.y, column, row, &luma.decoded);
        store(&mut self.decoded.cb, column, row, &chroma.decoded[0]);
        store(&mut self.decoded.cr, column, row, &chroma.decoded[1]);
    }
}

/// The mode whose prediction is nearest.
fn best<const N: usize>(source: &Square<N>, around: &Neighbours<N>) -> (Mode, Square<N>) {
    around
        .modes()
        .filter_map(|mode| Some((mode, around.predict(mode)?)))
        .min_by_key(|(_, prediction)| difference(source, prediction))
        .unwrap_or((Mode::Dc, [[128; N]; N]))
}

fn chroma_of(picture: &Picture, column: usize, row: usize) -> [Square<8>; 2] {
    [picture.cb.square(8 * column, 8 * row), picture.cr.square(8 * column, 8 * row)]
}

fn store<const N: usize>(plane: &mut Plane, column: usize, row: usize, square: &Square<N>) {
    for (dy, samples) in square.iter().enumerate() {
        plane.row_mut(N * column, N * row + dy, N).copy_from_slice(samples);
    }
}

/// nC (§9.2.1): how many coefficients to expect, from the blocks to the left and above.
fn context(totals: &Plane, x: usize, y: usize) -> u8 {
    let left = (x > 0).then(|| totals.samples[y * totals.width + x - 1]);
    let above = (y > 0).then(|| totals.samples[(y - 1) * totals.width + x]);
    match (left, above) {
        (Some(left), Some(above)) => (left + above).div_ceil(2),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => 0,
    }
}
