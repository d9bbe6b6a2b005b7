//! The parameter sets (ITU-T H.264 §7.3.2.1, §7.3.2.2, Annex E).

use super::{bits::Bits, slice::FRAME_NUM_BITS};

/// The size of a stream's pictures and how many there are in a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VideoFormat {
    /// Width in pixels, a multiple of 16.
    pub width: u16,
    /// Height in pixels, even.
    pub height: u16,
    /// Pictures a second.
    pub rate: u16,
}

impl VideoFormat {
    /// Macroblocks in a row.
    pub const fn columns(self) -> usize {
        self.width.div_ceil(16) as usize
    }

    /// Rows of macroblocks; the last may show only its upper part.
    pub const fn rows(self) -> usize {
        self.height.div_ceil(16) as usize
    }

    /// The sequence parameter set: Constrained Baseline, pictures leave the decoder in the order in which they enter it.
    pub fn sequence_parameter_set(self) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.put(66, 8); // profile_idc: Baseline
        bits.put(0b1100_0000, 8); // constraint_set0, 1: Constrained Baseline (§A.2.1.1)
        bits.put(self.level(), 8);
        bits.ue(0); // seq_parameter_set_id
        bits.ue(FRAME_NUM_BITS - 4);
        bits.ue(2); // pic_order_cnt_type: output order is decoding order
        bits.ue(1); // max_num_ref_frames
        bits.flag(false); // gaps_in_frame_num_value_allowed
        bits.ue(self.columns() as u32 - 1);
        bits.ue(self.rows() as u32 - 1);
        bits.put(0b11, 2); // frame_mbs_only, direct_8x8_inference
        let hidden = self.rows() as u32 * 16 - u32::from(self.height);
        bits.flag(hidden > 0); // frame_cropping
        if hidden > 0 {
            bits.ues([0, 0, 0, hidden / 2]);
        }
        bits.flag(true); // vui_parameters_present (Annex E)
        bits.put(0b00, 2); // aspect_ratio_info, overscan_info: absent
        bits.flag(true); // video_signal_type_present: else players guess the colours from the size
        bits.put(0b10101, 5); // video_format: unspecified; video range; colour_description_present
        bits.put(0x01_01_01, 24); // primaries, transfer, matrix: BT.709
        bits.flag(false); // chroma_loc_info
        bits.flag(true); // timing_info_present
        bits.put(1, 32); // num_units_in_tick
        bits.put(2 * u32::from(self.rate), 32); // time_scale: in fields
        bits.flag(true); // fixed_frame_rate
        bits.put(0b000, 3); // nal_hrd, vcl_hrd, pic_struct: absent
        bits.flag(true); // bitstream_restriction
        bits.flag(true); // motion_vectors_over_pic_boundaries
        bits.ues([0, 0, 8, 8, 0, 1]); // no limits of size; vectors; max_num_reorder_frames, max_dec_frame_buffering
        bits.into_nal(3, 7)
    }

    /// The picture parameter set: CAVLC, and slices may turn deblocking off.
    pub fn picture_parameter_set(self) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.ue(0); // pic_parameter_set_id
        bits.ue(0); // seq_parameter_set_id
        bits.put(0b00, 2); // entropy_coding_mode: CAVLC; bottom_field_pic_order_in_frame_present
        bits.ues([0, 0, 0]); // one slice group, one reference picture in each list
        bits.put(0b000, 3); // weighted_pred, weighted_bipred_idc
        bits.ues([0, 0, 0]); // pic_init_qp, pic_init_qs: 26; chroma_qp_index_offset
        bits.put(0b100, 3); // deblocking_filter_control_present, constrained_intra_pred, redundant_pic_cnt_present
        bits.into_nal(3, 8)
    }

    /// `level_idc`: the lowest that holds the pictures and their rate (Table A-1), from 2.1 on.
    fn level(self) -> u32 {
        let size = self.columns() * self.rows();
        let speed = size * usize::from(self.rate);
        match (size, speed) {
            (..=792, ..=19_800) => 21,
            (..=1_620, ..=40_500) => 30,
            (..=3_600, ..=108_000) => 31,
            (..=8_192, ..=245_760) => 40,
            _ => 51,
        }
    }
}
