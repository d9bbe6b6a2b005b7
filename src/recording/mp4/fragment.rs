//! A fragment: `moof` and `mdat` (ISO/IEC 14496-12 §8.8.4, §8.1.1).

use super::{SOUND_TRACK, VIDEO_TRACK};
use bytes::Bytes;
use mp4_atom::{Atom, Encode, Error, Header, Mdat, Mfhd, Moof, Tfdt, Tfhd, Traf, Trun, TrunEntry, TrunSamples};

/// `sample_depends_on` and `sample_is_non_sync_sample` of a picture that needs others, and of one that needs none (§8.8.3.1).
const DEPENDENT: u32 = 0x0101_0000;
const INDEPENDENT: u32 = 0x0200_0000;

/// Pictures, and the sound of the same time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fragment {
    /// When the first picture is decoded: ticks of 90 kHz since the beginning of the file.
    pub decode_time: u64,
    /// The pictures, in the order of decoding.
    pub pictures: Vec<Sample>,
    /// The sound.
    pub sound: Sound,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its NAL units, each behind its length in four bytes (ISO/IEC 14496-15 §5.3).
    pub data: Bytes,
    /// How long it takes until the next is decoded, in ticks of 90 kHz.
    pub duration: u32,
    /// How much later than decoded it is shown; negative in streams with B-frames (§8.6.1.3).
    pub offset: i32,
    /// Whether a decoder can start here.
    pub key: bool,
}

/// Sound without a break.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sound {
    /// When it begins: samples of 8 kHz since the beginning of the file.
    pub decode_time: u64,
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// A frame of FLAC (RFC 9639 §9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The coded bytes.
    pub data: Bytes,
    /// How many samples of 8 kHz are in it.
    pub samples: u32,
}

impl Fragment {
    /// Whether a decoder can start here.
    pub fn is_key(&self) -> bool {
        self.pictures.first().is_some_and(|picture| picture.key)
    }

    /// How long its pictures last, in ticks of 90 kHz.
    pub fn duration(&self) -> u64 {
        self.pictures.iter().map(|picture| u64::from(picture.duration)).sum()
    }

    /// Its boxes; `number` counts the fragments of a file from 1 (§8.8.5).
    ///
    /// # Errors
    /// [`Error::TooLarge`] when it does not fit into 2 GiB.
    pub fn encode(&self, number: u32) -> Result<Vec<u8>, Error> {
        let pictures: usize = self.pictures.iter().map(|picture| picture.data.len()).sum();
        let sound: usize = self.sound.blocks.iter().map(|block| block.data.len()).sum();
        // How long the `moof` is does not depend on the places that stand in it.
        let mut bytes = Vec::with_capacity(pictures + sound + 1024 + 16 * self.pictures.len());
        self.movie_fragment(number, [0, 0])?.encode(&mut bytes)?;
        let first = bytes.len() + 8;
        let place = |at: usize| i32::try_from(at).map_err(|_| Error::TooLarge(Mdat::KIND));
        let places = [place(first)?, place(first + pictures)?];
        place(first + pictures + sound)?;

        bytes.clear();
        self.movie_fragment(number, places)?.encode(&mut bytes)?;
        Header { kind: Mdat::KIND, size: Some(pictures + sound) }.encode(&mut bytes)?;
        self.pictures.iter().for_each(|picture| bytes.extend_from_slice(&picture.data));
        self.sound.blocks.iter().for_each(|block| bytes.extend_from_slice(&block.data));
        Ok(bytes)
    }

    fn movie_fragment(&self, number: u32, [pictures, sound]: [i32; 2]) -> Result<Moof, Error> {
        let mut tracks = Vec::with_capacity(2);
        if !self.pictures.is_empty() {
            let entries = self.pictures.iter().map(Sample::entry).collect::<Result<_, _>>()?;
            tracks.push(run(VIDEO_TRACK, self.decode_time, pictures, entries));
        }
        if !self.sound.blocks.is_empty() {
            let entries = self.sound.blocks.iter().map(Block::entry).collect::<Result<_, _>>()?;
            tracks.push(run(SOUND_TRACK, self.sound.decode_time, sound, entries));
        }
        Ok(Moof { mfhd: Mfhd { sequence_number: number }, traf: tracks })
    }
}

impl Sample {
    fn entry(&self) -> Result<TrunEntry, Error> {
        let cts = (self.offset != 0).then_some(self.offset.into());
        let flags = Some(if self.key { INDEPENDENT } else { DEPENDENT });
        Ok(TrunEntry { duration: Some(self.duration), size: Some(size_of(&self.data)?), flags, cts })
    }
}

impl Block {
    fn entry(&self) -> Result<TrunEntry, Error> {
        Ok(TrunEntry { duration: Some(self.samples), size: Some(size_of(&self.data)?), flags: Some(INDEPENDENT), cts: None })
    }
}

fn size_of(data: &Bytes) -> Result<u32, Error> {
    u32::try_from(data.len()).map_err(|_| Error::TooLarge(Mdat::KIND))
}

fn run(track_id: u32, decode_time: u64, place: i32, entries: Vec<TrunEntry>) -> Traf {
    Traf {
        tfhd: Tfhd { track_id, default_base_is_moof: true, ..Tfhd::default() },
        tfdt: Some(Tfdt { base_media_decode_time: decode_time }),
        trun: vec![Trun { data_offset: Some(place), samples: TrunSamples::Explicit(entries) }],
        ..Traf::default()
    }
}
