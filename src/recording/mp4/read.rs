//! Reads back what a file of ours holds: for what is made of it anew. Files may be broken or somebody's: everything is checked.

use super::{Block, Fragment, Head, SOUND_TRACK, Sample, Sound, VIDEO_TRACK};
use crate::media::ParameterSets;
use bytes::Bytes;
use mp4_atom::{Codec, Decode, Ftyp, Moof, Moov, Traf, Trak, TrunEntry, TrunSamples};
use std::sync::Arc;

/// The sample flag 'not a sync sample' (ISO/IEC 14496-12 §8.8.3.1).
const NON_SYNC: u32 = 0x0001_0000;

impl Head {
    /// The head in the first bytes of a file; `None` where they are not those of one with H.264.
    pub fn read(mut bytes: &[u8]) -> Option<Self> {
        Ftyp::decode(&mut bytes).ok()?;
        let movie = Moov::decode(&mut bytes).ok()?;
        let track = |id| movie.trak.iter().find(|track: &&Trak| track.tkhd.track_id == id);
        let [Codec::Avc1(pictures)] = &*track(VIDEO_TRACK)?.mdia.minf.stbl.stsd.codecs else { return None };
        let ([sps], [pps]) = (&*pictures.avcc.sequence_parameter_sets, &*pictures.avcc.picture_parameter_sets) else { return None };
        let (sps, pps) = (Bytes::copy_from_slice(sps), Bytes::copy_from_slice(pps));
        let video = ParameterSets { vps: None, sps, pps, width: pictures.visual.width, height: pictures.visual.height };
        Some(Self { video: Arc::new(video), sound: track(SOUND_TRACK).is_some() })
    }
}

impl Fragment {
    /// The fragment in `bytes`, which are all of it; `None` where they are none of ours.
    pub fn read(bytes: &Bytes) -> Option<Self> {
        let movie = Moof::decode(&mut &bytes[..]).ok()?;
        let mut fragment = Self::default();
        for track in &movie.traf {
            let at = track.tfdt.as_ref()?.base_media_decode_time;
            match track.tfhd.track_id {
                VIDEO_TRACK => {
                    fragment.decode_time = at;
                    fragment.pictures = samples(track, bytes)?.into_iter().map(picture).collect::<Option<_>>()?;
                }
                SOUND_TRACK => {
                    let blocks = samples(track, bytes)?.into_iter().map(block).collect::<Option<_>>()?;
                    fragment.sound = Sound { decode_time: at, blocks };
                }
                _ => return None,
            }
        }
        Some(fragment)
    }
}

/// What is said of each sample of a track, with its bytes; `None` where one lies elsewhere.
fn samples(track: &Traf, bytes: &Bytes) -> Option<Vec<(TrunEntry, Bytes)>> {
    let mut samples = Vec::new();
    for run in &track.trun {
        // Of samples of which nothing is said there could be as many as somebody likes.
        let TrunSamples::Explicit(entries) = &run.samples else { return None };
        let mut start = usize::try_from(run.data_offset?).ok()?;
        for entry in entries {
            let end = start.checked_add(usize::try_from(entry.size?).ok()?).filter(|end| *end <= bytes.len())?;
            samples.push((*entry, bytes.get(start..end).map(|sample| bytes.slice_ref(sample))?));
            start = end;
        }
    }
    Some(samples)
}

fn picture((entry, data): (TrunEntry, Bytes)) -> Option<Sample> {
    let offset = i32::try_from(entry.cts.unwrap_or(0)).ok()?;
    Some(Sample { data, duration: entry.duration?, offset, key: entry.flags? & NON_SYNC == 0 })
}

fn block((entry, data): (TrunEntry, Bytes)) -> Option<Block> {
    Some(Block { data, samples: entry.duration? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::mp4::VIDEO_TIMESCALE;

    fn fragment() -> Fragment {
        let picture =
            |data: &'static [u8], key| Sample { data: Bytes::from_static(data), duration: VIDEO_TIMESCALE / 2, offset: 0, key };
        let blocks = vec![Block { data: Bytes::from_static(b"sound"), samples: 8_000 }];
        Fragment {
            decode_time: 900_000,
            pictures: vec![picture(b"first", true), picture(b"second picture", false)],
            sound: Sound { decode_time: 80_000, blocks },
        }
    }

    #[test]
    fn a_fragment_is_read_as_it_was_written() {
        let written = Bytes::from(fragment().encode(7).unwrap());
        assert_eq!(Fragment::read(&written), Some(fragment()));
        let silent = Fragment { sound: Sound::default(), ..fragment() };
        assert_eq!(Fragment::read(&silent.encode(1).unwrap().into()), Some(silent));
    }

    #[test]
    fn a_broken_fragment_is_none_and_nothing_worse() {
        let written = fragment().encode(7).unwrap();
        for length in 0..written.len() {
            assert_eq!(Fragment::read(&Bytes::copy_from_slice(&written[..length])), None, "{length}");
        }
        for at in 0..written.len() {
            for bit in 0..8 {
                let mut broken = written.clone();
                broken[at] ^= 1 << bit;
                // Whatever comes of it, it is no more than what there is.
                let read = Fragment::read(&broken.into()).unwrap_or_default();
                assert!(read.pictures.iter().all(|picture| picture.data.len() <= written.len()));
            }
        }
    }
}
