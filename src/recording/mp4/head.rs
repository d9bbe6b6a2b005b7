//! What a file begins with: `ftyp` and `moov`.

use super::{SOUND_TIMESCALE, SOUND_TRACK, VIDEO_TIMESCALE, VIDEO_TRACK, pictures};
use crate::{media::ParameterSets, recording::sound::LONGEST_BLOCK};
use mp4_atom::{
    Audio, Codec, Dfla, Dinf, Dref, Encode, Flac, FlacMetadataBlock, Ftyp, Hdlr, Mdhd, Mdia, Minf, Moov, Mvex, Mvhd, Smhd, Stbl,
    Stco, Stsd, Tkhd, Trak, Trex, Url, Vmhd,
};
use std::sync::Arc;

/// What must be known of a file before its first picture. One that differs needs a file of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The parameter sets of all its pictures.
    pub video: Arc<ParameterSets>,
    /// Whether it has sound.
    pub sound: bool,
}

impl Head {
    /// The codecs, as in the `codecs` parameter of RFC 6381 §3.3.
    pub fn codecs(&self) -> String {
        let sound = if self.sound { ",fLaC" } else { "" };
        pictures::codecs(&self.video) + sound
    }

    /// The boxes `ftyp` and `moov` (ISO/IEC 14496-12 §4.3, §8.2.1).
    ///
    /// # Errors
    /// The parameter sets make no sense.
    pub fn encode(&self) -> Result<Vec<u8>, mp4_atom::Error> {
        let mut bytes = Vec::with_capacity(1024);
        brand().encode(&mut bytes)?;
        self.movie()?.encode(&mut bytes)?;
        Ok(bytes)
    }

    fn movie(&self) -> Result<Moov, mp4_atom::Error> {
        let (mut tracks, mut defaults) = (vec![self.pictures()?], vec![defaults_of(VIDEO_TRACK)]);
        if self.sound {
            tracks.push(sound());
            defaults.push(defaults_of(SOUND_TRACK));
        }
        Ok(Moov {
            // No duration: it is not known while the file grows.
            mvhd: Mvhd {
                timescale: VIDEO_TIMESCALE,
                rate: 1.into(),
                volume: 1.into(),
                next_track_id: SOUND_TRACK + 1,
                ..Mvhd::default()
            },
            mvex: Some(Mvex { mehd: None, trex: defaults }),
            trak: tracks,
            ..Moov::default()
        })
    }

    fn pictures(&self) -> Result<Trak, mp4_atom::Error> {
        let (width, height) = (self.video.width.into(), self.video.height.into());
        let header = Tkhd { track_id: VIDEO_TRACK, width, height, ..header() };
        let minf = Minf { vmhd: Some(Vmhd::default()), ..described(pictures::codec(&self.video)?) };
        Ok(track(header, VIDEO_TIMESCALE, Hdlr { handler: b"vide".into(), name: "pictures".into() }, minf))
    }
}

fn brand() -> Ftyp {
    // 'iso6' has decode times in fragments, 'cmfc' is CMAF (ISO/IEC 23000-19 §7.2).
    Ftyp { major_brand: b"iso6".into(), minor_version: 0, compatible_brands: vec![b"iso6".into(), b"cmfc".into(), b"mp41".into()] }
}

fn sound() -> Trak {
    let stream = FlacMetadataBlock::StreamInfo {
        minimum_block_size: LONGEST_BLOCK,
        maximum_block_size: LONGEST_BLOCK,
        // Zero: not known (RFC 9639 §8.2).
        minimum_frame_size: [0; 3].into(),
        maximum_frame_size: [0; 3].into(),
        sample_rate: SOUND_TIMESCALE,
        num_channels_minus_one: 0,
        bits_per_sample_minus_one: 15,
        number_of_interchannel_samples: 0,
        md5_checksum: vec![0; 16],
    };
    #[allow(clippy::cast_possible_truncation, reason = "8000")]
    let audio = Audio { data_reference_index: 1, channel_count: 1, sample_size: 16, sample_rate: (SOUND_TIMESCALE as u16).into() };
    let header = Tkhd { track_id: SOUND_TRACK, volume: 1.into(), alternate_group: 1, ..header() };
    let minf = Minf { smhd: Some(Smhd::default()), ..described(Flac { audio, dfla: Dfla { blocks: vec![stream] } }.into()) };
    track(header, SOUND_TIMESCALE, Hdlr { handler: b"soun".into(), name: "sound".into() }, minf)
}

fn header() -> Tkhd {
    Tkhd { enabled: true, in_movie: true, ..Tkhd::default() }
}

fn track(tkhd: Tkhd, timescale: u32, hdlr: Hdlr, minf: Minf) -> Trak {
    let mdhd = Mdhd { timescale, language: "und".into(), ..Mdhd::default() };
    Trak { tkhd, mdia: Mdia { mdhd, hdlr, minf }, ..Trak::default() }
}

/// The description of samples that are in this file, all of them in fragments.
fn described(codec: Codec) -> Minf {
    let stbl = Stbl { stsd: Stsd { codecs: vec![codec] }, stco: Some(Stco::default()), ..Stbl::default() };
    Minf { dinf: Dinf { dref: Dref { entries: vec![Url::default().into()] } }, stbl, ..Minf::default() }
}

fn defaults_of(track_id: u32) -> Trex {
    Trex { track_id, default_sample_description_index: 1, ..Trex::default() }
}
