//! What random access needs, at the end of a whole file: `mfra` (ISO/IEC 14496-12 §8.8.9).

use super::{FragmentPlace, VIDEO_TRACK};
use mp4_atom::{Decode, Encode, Error, FragmentInfo, Mfra, Mfro, Tfra};

/// The length of `mfro`, which is the last box of a whole file (§8.8.11).
const LAST: usize = 16;

/// The fragments of a file at which a decoder can start: where they are, and when.
///
/// Whoever has only parts of a file reads its last 16 bytes, takes from them [how long](Self::length) this is, and reads that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Decode time in ticks of 90 kHz since the beginning of the file, and offset in the file, of each.
    pub entries: Vec<(u64, u64)>,
}

impl Access {
    /// What there is to know of these fragments.
    pub fn of<'a>(fragments: impl IntoIterator<Item = &'a FragmentPlace>) -> Self {
        let entry = |place: &FragmentPlace| (place.decode_time, place.offset);
        Self { entries: fragments.into_iter().filter(|place| place.key).map(entry).collect() }
    }

    /// How many bytes at the end of a file this takes, by the last 16 of them; `None` from a file that is not whole.
    pub fn length(last: &[u8]) -> Option<u64> {
        let mut last = last.get(last.len().checked_sub(LAST)?..)?;
        Mfro::decode(&mut last).ok().map(|box_| box_.parent_size.into())
    }

    /// The box.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        let entry =
            |&(time, moof_offset): &(u64, u64)| FragmentInfo { time, moof_offset, traf_number: 1, trun_number: 1, sample_delta: 1 };
        let places = Tfra { track_id: VIDEO_TRACK, entries: self.entries.iter().map(entry).collect() };
        let mut mfra = Mfra { tfra: vec![places], mfro: Mfro::default() };
        let mut bytes = Vec::new();
        mfra.encode(&mut bytes)?;
        mfra.mfro.parent_size = u32::try_from(bytes.len()).map_err(|_| Error::InvalidSize)?;
        bytes.clear();
        mfra.encode(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads the box.
    ///
    /// # Errors
    /// These bytes are not one.
    pub fn decode(mut bytes: &[u8]) -> Result<Self, Error> {
        let tracks = Mfra::decode(&mut bytes)?.tfra;
        let pictures = tracks.into_iter().filter(|places| places.track_id == VIDEO_TRACK).flat_map(|places| places.entries);
        Ok(Self { entries: pictures.map(|entry| (entry.time, entry.moof_offset)).collect() })
    }
}
