//! From coded pictures to pictures (ITU-T H.264 §7.3, Annex B).

use crate::media::{KeyFrame, ParameterSets, VideoCodec};
use rusty_h264_common::YuvFrame;
use rusty_h264_decoder::Decoder;

/// The largest picture: that of an 8 megapixel camera is larger, and its sub stream is not.
const WIDEST: usize = 4096;
const HIGHEST: usize = 2304;

/// A key frame of 4096 × 2304 at the finest quality has about as many bytes.
const MOST_BYTES: usize = 4 << 20;

/// Slices of one picture. Each may go on to the end of the picture, whatever the others did, so their number bounds the work.
const MOST_SLICES: usize = 68;

/// `nal_unit_type` of a slice of a picture at which decoding can start, and of one that needs others (Table 7-1).
const IDR: u8 = 5;
const NON_IDR: u8 = 1;

const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// Why a key frame has no picture. That is no fault of the camera: browsers know more of the standard than the decoder here does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    /// More pixels, bytes or slices than a camera's picture has.
    #[error("the picture is too large")]
    TooLarge,
    /// It is not H.264.
    #[error("the decoder takes H.264 only")]
    OtherCodec,
    /// It is broken, or uses what the decoder does not know: interlacing, for example.
    #[error("the decoder does not take the picture")]
    Refused,
}

/// The picture in `frame`. It takes some tens of milliseconds for 1080 lines.
pub(super) fn decode(frame: &KeyFrame) -> Result<YuvFrame, Undecodable> {
    Pictures::of(&frame.parameters)?.next(&frame.data, true)
}

/// The pictures of one stream, decoded one after the other.
pub struct Pictures {
    decoder: Decoder,
    /// Bytes of the parameter sets, which are decoded with the first picture.
    stream: Vec<u8>,
}

impl Pictures {
    /// Of a stream with these parameter sets.
    pub fn of(parameters: &ParameterSets) -> Result<Self, Undecodable> {
        if parameters.codec() != VideoCodec::H264 {
            return Err(Undecodable::OtherCodec);
        }
        Self::fits(parameters.width.into(), parameters.height.into())?;
        if parameters.sps.len() + parameters.pps.len() > MOST_BYTES {
            return Err(Undecodable::TooLarge);
        }
        let mut stream = Vec::new();
        put(&mut stream, &parameters.sps);
        put(&mut stream, &parameters.pps);
        Ok(Self { decoder: Decoder::new(), stream })
    }

    /// Whether pictures of this size are decoded.
    pub fn fits(width: usize, height: usize) -> Result<(), Undecodable> {
        if width <= WIDEST && height <= HIGHEST { Ok(()) } else { Err(Undecodable::TooLarge) }
    }

    /// The next picture, by its NAL units, each behind its length in four bytes. A `key` frame is the first, and any at which decoding can
    /// start. After one that cannot be decoded, the next has to be a key frame.
    pub fn next(&mut self, data: &[u8], key: bool) -> Result<YuvFrame, Undecodable> {
        let mut stream = std::mem::take(&mut self.stream);
        append(&mut stream, data, if key { IDR } else { NON_IDR })?;
        let picture = self.decoder.decode(&stream).ok().flatten().ok_or(Undecodable::Refused)?;
        let YuvFrame { width, height, y, u, v } = &picture;
        let chroma = (width / 2) * (height / 2);
        let whole = y.len() >= width * height && u.len() >= chroma && v.len() >= chroma;
        if *width < 16 || *height < 16 || !whole {
            return Err(Undecodable::Refused);
        }
        Self::fits(*width, *height)?;
        Ok(picture)
    }
}

/// The slices of type `kind` of exactly one picture, each behind a start code.
fn append(stream: &mut Vec<u8>, data: &[u8], kind: u8) -> Result<(), Undecodable> {
    if data.len() + stream.len() > MOST_BYTES {
        return Err(Undecodable::TooLarge);
    }
    let (mut slices, mut last) = (0, None);
    for nal in units(data) {
        if nal.first().is_none_or(|header| header & 0x1f != kind) {
            continue;
        }
        let first = first_macroblock(nal).ok_or(Undecodable::Refused)?;
        // The first slice begins the picture and each goes on behind the one before. One that begins again is another picture, which a
        // stream without end could go on with.
        if last.map_or(first != 0, |last| first <= last) {
            return Err(Undecodable::Refused);
        }
        (slices, last) = (slices + 1, Some(first));
        if slices > MOST_SLICES {
            return Err(Undecodable::TooLarge);
        }
        put(stream, nal);
    }
    Ok(())
}

fn put(stream: &mut Vec<u8>, nal: &[u8]) {
    stream.extend_from_slice(&START_CODE);
    stream.extend_from_slice(nal);
}

/// The NAL units in `data`, each behind its length in four bytes.
fn units(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = data.split_first_chunk::<4>()?;
        let (nal, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        data = rest;
        Some(nal)
    })
}

/// `first_mb_in_slice` (§7.3.3), `ue(v)` (§9.1). No picture that fits has so many macroblocks that an emulation prevention byte could be
/// in it.
fn first_macroblock(nal: &[u8]) -> Option<u64> {
    let head = nal.get(1..)?.iter().take(8).enumerate().fold(0_u64, |bits, (at, byte)| bits | u64::from(*byte) << (56 - 8 * at));
    let zeros = head.leading_zeros();
    (zeros < 20).then(|| (head >> (63 - 2 * zeros)) - 1)
}
