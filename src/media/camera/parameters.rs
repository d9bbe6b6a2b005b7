//! Which parameter sets are in force (ITU-T H.264 §7.4.1.2.1; RFC 6184 §8.4; RFC 7798 §7.1): from the SDP, or from the stream itself.

use super::{h264, nal};
use crate::media::{ParameterSets, VideoCodec, h265};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use retina::codec::{h26x::Framing, h264::parameters_from_sps_and_pps};
use std::sync::Arc;

/// Cameras differ about the padding of base64.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// Longer ones are garbage.
const MAX_LENGTH: usize = 1024;

/// Keeps the newest parameter sets.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    codec: VideoCodec,
    /// H.265 only.
    vps: Option<Bytes>,
    sps: Option<Bytes>,
    pps: Option<Bytes>,
    /// All together, once they have been understood.
    current: Option<Arc<ParameterSets>>,
}

impl Parameters {
    /// Starts with what an SDP says in `sprop-parameter-sets` (RFC 6184 §8.1) or in `sprop-vps`, `sprop-sps` and `sprop-pps` (RFC 7798 §7.1),
    /// on whichever track it says so.
    pub(super) fn from_sdp(sdp: &[u8], codec: VideoCodec) -> Self {
        let mut parameters = Self { codec, ..Self::default() };
        let text = String::from_utf8_lossy(sdp);
        let names: &[&str] = match codec {
            VideoCodec::H264 => &["sprop-parameter-sets="],
            VideoCodec::H265 => &["sprop-vps=", "sprop-sps=", "sprop-pps="],
        };
        let values = names.iter().flat_map(|name| text.split(name).skip(1));
        let sets = values.filter_map(|rest| rest.split([';', '\r', '\n', ' ']).next());
        for set in sets.flat_map(|sets| sets.split(',')) {
            if let Ok(bytes) = BASE64.decode(set) {
                nal::split(&bytes).for_each(|nal| parameters.update(nal));
            }
        }
        parameters
    }

    /// What they are for.
    pub(super) const fn codec(&self) -> VideoCodec {
        self.codec
    }

    /// Takes a NAL unit from the stream; all but parameter sets are ignored.
    pub(super) fn update(&mut self, nal: &[u8]) {
        let slot = match (self.codec, h264::unit_type(nal), h265::unit_type(nal)) {
            (VideoCodec::H264, h264::SPS, _) | (VideoCodec::H265, _, h265::SPS) => &mut self.sps,
            (VideoCodec::H264, h264::PPS, _) | (VideoCodec::H265, _, h265::PPS) => &mut self.pps,
            (VideoCodec::H265, _, h265::VPS) => &mut self.vps,
            _ => return,
        };
        if nal.len() <= MAX_LENGTH && slot.as_deref() != Some(nal) {
            *slot = Some(Bytes::copy_from_slice(nal));
            self.current = None;
        }
    }

    /// The parameter sets in force; `None` until all are known and make sense.
    pub(super) fn current(&mut self) -> Option<Arc<ParameterSets>> {
        if self.current.is_none() {
            let (sps, pps) = (self.sps.clone()?, self.pps.clone()?);
            let vps = match self.codec {
                VideoCodec::H264 => None,
                VideoCodec::H265 => Some(self.vps.clone()?),
            };
            let Some((width, height)) = size(self.codec, &sps, &pps) else {
                self.sps = None; // garbage: wait for better
                return None;
            };
            self.current = Some(Arc::new(ParameterSets { vps, sps, pps, width, height }));
        }
        self.current.clone()
    }
}

/// Width and height in pixels; `None` from parameter sets that make no sense.
fn size(codec: VideoCodec, sps: &[u8], pps: &[u8]) -> Option<(u16, u16)> {
    match codec {
        VideoCodec::H264 => {
            let (width, height) = parameters_from_sps_and_pps(sps, pps, Framing::FourByteLength).ok()?.pixel_dimensions();
            Some((u16::try_from(width).ok()?, u16::try_from(height).ok()?))
        }
        VideoCodec::H265 => h265::Sps::read(sps).map(|sps| (sps.width, sps.height)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::camera::VideoFormat;
    use base64::engine::general_purpose::STANDARD;

    const FORMAT: VideoFormat = VideoFormat { width: 640, height: 360, rate: 25 };

    #[test]
    fn parameter_sets_are_found_in_any_line_of_the_sdp_even_with_start_codes_and_without_padding() {
        let with_start_code = [vec![0, 0, 0, 1], FORMAT.sequence_parameter_set()].concat();
        let sps = STANDARD.encode(with_start_code);
        let pps = STANDARD.encode(FORMAT.picture_parameter_set());
        let sdp = format!("m=audio 0 RTP/AVP 8\r\na=fmtp:96 sprop-parameter-sets={},{pps};x=1", sps.trim_end_matches('='));
        let sets = Parameters::from_sdp(sdp.as_bytes(), VideoCodec::H264).current().unwrap();
        assert_eq!((sets.width, sets.height), (640, 360));
        assert_eq!(sets.profile_level_id(), Some([66, 0xc0, 30]));
    }

    #[test]
    fn sets_in_the_stream_replace_those_of_the_sdp_and_garbage_does_not_pass() {
        let mut parameters = Parameters::default();
        parameters.update(&[0x67, 0xff]);
        parameters.update(&FORMAT.picture_parameter_set());
        assert_eq!(parameters.current(), None);
        parameters.update(&FORMAT.sequence_parameter_set());
        assert_eq!(parameters.current().unwrap().height, 360);
        parameters.update(&VideoFormat { height: 720, width: 1280, ..FORMAT }.sequence_parameter_set());
        assert_eq!(parameters.current().unwrap().height, 720);
    }
}
