//! Codes pictures as H.264 (ITU-T H.264, Constrained Baseline: what every player takes).

use super::NotMasked;
use crate::media::ParameterSets;
use bytes::{BufMut, Bytes, BytesMut};
use rusty_h264_common::{YuvFrame, nal::split_annex_b};
use rusty_h264_encoder::{EncodeError, Encoder, EncoderConfig};

/// The quantiser (0 to 51): a little finer than cameras code, since every coding takes something away.
const QUANTISER: u8 = 24;

/// `nal_unit_type` of parameter sets (Table 7-1).
const SPS: u8 = 7;
const PPS: u8 = 8;

/// Codes the pictures of one film, one after the other.
pub(super) struct Coder {
    encoder: Encoder,
    width: u16,
    height: u16,
    /// Known with the first picture.
    sets: Option<ParameterSets>,
}

impl Coder {
    /// For pictures of this size.
    pub(super) fn new(width: usize, height: usize) -> Result<Self, NotMasked> {
        let mut config = EncoderConfig::baseline(width, height);
        config.level_idc = level(width.div_ceil(16) * height.div_ceil(16));
        config.qp = QUANTISER;
        // No player of this profile knows it (§A.2.1).
        config.weightp = false;
        // Key frames come where they were recorded, and nowhere else.
        config.gop_size = u32::MAX;
        let short = |side: usize| u16::try_from(side).map_err(|_| NotMasked::Uncodable("the size"));
        Ok(Self { encoder: Encoder::new(config)?, width: short(width)?, height: short(height)?, sets: None })
    }

    /// `picture`, coded: its slices, each behind its length in four bytes.
    pub(super) fn code(&mut self, picture: &YuvFrame, key: bool) -> Result<Bytes, NotMasked> {
        if key {
            self.encoder.request_keyframe();
        }
        let stream = self.encoder.encode_planes(&picture.as_planes())?;
        let (mut data, mut sps, mut pps) = (BytesMut::with_capacity(stream.len()), None, None);
        for nal in split_annex_b(&stream) {
            match nal.first().map(|header| header & 0x1f) {
                Some(SPS) => sps = Some(Bytes::copy_from_slice(nal)),
                Some(PPS) => pps = Some(Bytes::copy_from_slice(nal)),
                _ => {
                    data.put_u32(u32::try_from(nal.len()).map_err(|_| NotMasked::Uncodable("the length"))?);
                    data.put_slice(nal);
                }
            }
        }
        if let (None, Some(sps), Some(pps)) = (&self.sets, sps, pps) {
            self.sets = Some(ParameterSets { vps: None, sps, pps, width: self.width, height: self.height });
        }
        Ok(data.freeze())
    }

    /// The parameter sets of all that it codes; `None` before the first picture.
    pub(super) fn sets(&self) -> Option<&ParameterSets> {
        self.sets.as_ref()
    }
}

impl From<EncodeError> for NotMasked {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::Unsupported(what) => Self::Uncodable(what),
            EncodeError::FrameMismatch => Self::Uncodable("the size changes"),
            EncodeError::BufferTooSmall { .. } => Self::Uncodable("the length"),
        }
    }
}

/// `level_idc` for pictures of so many macroblocks, at 30 a second and a little more (Table A-1).
fn level(macroblocks: usize) -> u8 {
    match macroblocks {
        0..=1_620 => 31,
        1_621..=3_600 => 32,
        3_601..=8_192 => 42,
        8_193..=22_080 => 51,
        _ => 52,
    }
}
