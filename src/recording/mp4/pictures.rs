//! What a decoder must know of a file's pictures: `avc1` with `avcC`, `hvc1` with `hvcC` (ISO/IEC 14496-15 §5.4.2, §8.4.1). Their parameter sets are
//! there and nowhere else, so that the file plays from any of its key frames.

use crate::media::{
    ParameterSets, VideoCodec,
    h265::{self, Sps},
};
use mp4_atom::{Avc1, Avcc, Codec, Error, Hvc1, HvcCArray, Hvcc, Visual};

/// The codec, as in the `codecs` parameter of RFC 6381 §3.3 and ISO/IEC 14496-15 §E.3.
pub(super) fn codecs(sets: &ParameterSets) -> String {
    match sets.codec() {
        VideoCodec::H264 => {
            let [profile, constraints, level] = sets.profile_level_id().unwrap_or_default();
            format!("avc1.{profile:02X}{constraints:02X}{level:02X}")
        }
        VideoCodec::H265 => Sps::read(&sets.sps).map_or_else(|| "hvc1".to_owned(), |sps| sps.codecs()),
    }
}

/// The description of the pictures.
///
/// # Errors
/// The parameter sets make no sense.
pub(super) fn codec(sets: &ParameterSets) -> Result<Codec, Error> {
    let ParameterSets { vps, sps, pps, width, height } = sets;
    let visual = Visual { data_reference_index: 1, width: *width, height: *height, ..Visual::default() };
    match vps {
        None => Ok(Avc1 { visual, avcc: Avcc::new(sps, pps)?, ..Avc1::default() }.into()),
        Some(vps) => {
            let arrays = [(h265::VPS, vps), (h265::SPS, sps), (h265::PPS, pps)];
            // None of a kind comes with the pictures.
            let array = |(nal_unit_type, nal): (u8, &bytes::Bytes)| HvcCArray {
                completeness: true,
                nal_unit_type,
                nalus: vec![nal.to_vec()],
            };
            let known = Sps::read(sps).ok_or(Error::Unsupported("sequence parameter set"))?;
            Ok(Hvc1 { visual, hvcc: Hvcc { arrays: arrays.map(array).into(), ..configuration(&known) }, ..Hvc1::default() }.into())
        }
    }
}

/// `HEVCDecoderConfigurationRecord` (ISO/IEC 14496-15 §8.3.3.1). Of what may be left open nothing is told: how decoding may be spread over cores, and
/// the frame rate.
fn configuration(sps: &Sps) -> Hvcc {
    Hvcc {
        general_profile_space: sps.profile_space(),
        general_tier_flag: sps.high_tier(),
        general_profile_idc: sps.profile_idc(),
        general_profile_compatibility_flags: sps.compatibility,
        general_constraint_indicator_flags: sps.constraints,
        general_level_idc: sps.level,
        chroma_format_idc: sps.chroma_format,
        bit_depth_luma_minus8: sps.depths[0],
        bit_depth_chroma_minus8: sps.depths[1],
        num_temporal_layers: sps.sub_layers,
        temporal_id_nested: sps.nested,
        length_size_minus_one: 3,
        ..Hvcc::new()
    }
}
