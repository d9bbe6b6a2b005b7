//! Which parameter sets are in force (ITU-T H.264 §7.4.1.2.1; RFC 6184 §8.4): from the SDP, or from the stream itself.

use super::nal;
use crate::media::ParameterSets;
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
    sps: Option<Bytes>,
    pps: Option<Bytes>,
    /// Both together, once they have been understood.
    current: Option<Arc<ParameterSets>>,
}

impl Parameters {
    /// Starts with what an SDP says in `sprop-parameter-sets` (RFC 6184 §8.1), on whichever track it says so.
    pub(super) fn from_sdp(sdp: &[u8]) -> Self {
        let mut parameters = Self::default();
        let text = String::from_utf8_lossy(sdp);
        let sets = text.split("sprop-parameter-sets=").skip(1).filter_map(|rest| rest.split([';', '\r', '\n', ' ']).next());
        for set in sets.flat_map(|sets| sets.split(',')) {
            if let Ok(bytes) = BASE64.decode(set) {
                nal::split(&bytes).for_each(|nal| parameters.update(nal));
            }
        }
        parameters
    }

    /// Takes a NAL unit from the stream; all but parameter sets are ignored.
    pub(super) fn update(&mut self, nal: &[u8]) {
        let slot = match nal::unit_type(nal) {
            nal::SPS => &mut self.sps,
            nal::PPS => &mut self.pps,
            _ => return,
        };
        if nal.len() <= MAX_LENGTH && slot.as_deref() != Some(nal) {
            *slot = Some(Bytes::copy_from_slice(nal));
            self.current = None;
        }
    }

    /// The parameter sets in force; `None` until both are known and make sense.
    pub(super) fn current(&mut self) -> Option<Arc<ParameterSets>> {
        if self.current.is_none() {
            let (sps, pps) = (self.sps.clone()?, self.pps.clone()?);
            let understood = parameters_from_sps_and_pps(&sps, &pps, Framing::FourByteLength).ok();
            let size = understood.map(|parameters| parameters.pixel_dimensions());
            let Some((Ok(width), Ok(height))) = size.map(|(w, h)| (u16::try_from(w), u16::try_from(h))) else {
                self.sps = None; // garbage: wait for better
                return None;
            };
            self.current = Some(Arc::new(ParameterSets { sps, pps, width, height }));
        }
        self.current.clone()
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
        let sets = Parameters::from_sdp(sdp.as_bytes()).current().unwrap();
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
