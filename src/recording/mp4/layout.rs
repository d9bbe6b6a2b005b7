//! Where the fragments of a file are: read from the file itself, whole or still growing.

use super::VIDEO_TRACK;
use mp4_atom::{Atom, Decode, DecodeAtom, FourCC, Ftyp, Header, Mdat, Mfra, Moof, Moov, Traf};
use std::io::{self, Read, Seek, SeekFrom};

/// A longer `moof` or `moov` is none of ours: a second of pictures has some hundred samples.
const LONGEST_BOX: u64 = 1 << 20;
/// More fragments than the longest file can have.
const MOST_FRAGMENTS: usize = 20_000;
/// The sample flag 'not a sync sample' (ISO/IEC 14496-12 §8.8.3.1).
const NON_SYNC: u32 = 0x0001_0000;

/// Where the parts of a file are, up to the last fragment that is whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// How long `ftyp` and `moov` are together: they are the file's first bytes.
    pub head: u64,
    /// The fragments that are whole, in the order of the file.
    pub fragments: Vec<FragmentPlace>,
    /// Where the last whole fragment ends.
    pub end: u64,
    /// Whether the file is whole: what random access needs follows [`end`](Self::end), and nothing follows that.
    pub whole: bool,
}

/// Where a fragment is, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FragmentPlace {
    /// Of its first byte in the file.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u64,
    /// When its first picture is decoded: ticks of 90 kHz since the beginning of the file.
    pub decode_time: u64,
    /// How long its pictures last, in ticks of 90 kHz.
    pub duration: u64,
    /// Whether a decoder can start here.
    pub key: bool,
}

/// A file cannot be read as a segment.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// The disk says so.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Its beginning is not that of a segment: it was cut off there, or is something else.
    #[error("the file does not begin as a segment does")]
    NoHead,
}

impl Layout {
    /// Leaves out the first fragment that is `unwanted`, and all that follow it.
    pub(in crate::recording) fn keep_until(&mut self, unwanted: impl Fn(&FragmentPlace) -> bool) {
        if let Some(first) = self.fragments.iter().position(unwanted) {
            self.end = self.fragments[first].offset;
            self.fragments.truncate(first);
            self.whole = false;
        }
    }

    /// Reads where the parts of a file are. What follows the last whole fragment is not looked at: it may be in the making, or what a
    /// power cut left.
    ///
    /// # Errors
    /// See [`LayoutError`].
    pub fn read(file: &mut (impl Read + Seek)) -> Result<Self, LayoutError> {
        let size = file.seek(SeekFrom::End(0))?;
        let mut boxes = Boxes { file, at: 0, size };
        boxes.take::<Ftyp>()?.ok_or(LayoutError::NoHead)?;
        boxes.take::<Moov>()?.ok_or(LayoutError::NoHead)?;
        let mut layout = Self { head: boxes.at, end: boxes.at, ..Self::default() };
        while layout.fragments.len() < MOST_FRAGMENTS {
            let offset = boxes.at;
            let Some(movie) = boxes.take::<Moof>()? else { break };
            if !boxes.skip(Mdat::KIND)? {
                break;
            }
            layout.end = boxes.at;
            layout.fragments.extend(FragmentPlace::of(&movie, offset, boxes.at - offset));
        }
        boxes.at = layout.end;
        layout.whole = boxes.take::<Mfra>()?.is_some() && boxes.at == size;
        Ok(layout)
    }

    /// When the last picture ends: ticks of 90 kHz since the beginning of the file.
    pub fn duration(&self) -> u64 {
        self.fragments.last().map_or(0, |last| last.decode_time.saturating_add(last.duration))
    }
}

impl FragmentPlace {
    /// `None` for a fragment without pictures.
    fn of(movie: &Moof, offset: u64, length: u64) -> Option<Self> {
        let pictures = movie.traf.iter().find(|track| track.tfhd.track_id == VIDEO_TRACK)?;
        let samples = || pictures.trun.iter().flat_map(|run| run.samples.iter());
        let first = samples().next()?;
        Some(Self {
            offset,
            length,
            decode_time: pictures.tfdt.as_ref().map_or(0, |time| time.base_media_decode_time),
            duration: samples().map(|sample| u64::from(sample.duration.unwrap_or(0))).sum(),
            key: flags(pictures, first.flags) & NON_SYNC == 0,
        })
    }
}

fn flags(track: &Traf, sample: Option<u32>) -> u32 {
    sample.or(track.tfhd.default_sample_flags).unwrap_or(0)
}

/// Walks over the boxes of a file.
struct Boxes<'a, F> {
    file: &'a mut F,
    at: u64,
    size: u64,
}

impl<F: Read + Seek> Boxes<'_, F> {
    /// The header of the next box and how many bytes it has itself; `None` when there is none, or less than all of its box.
    fn header(&mut self) -> Result<Option<(Header, u64, u64)>, io::Error> {
        let left = self.size.saturating_sub(self.at);
        let mut bytes = [0; 16];
        let bytes = &mut bytes[..usize::try_from(left.min(16)).unwrap_or(16)];
        self.file.seek(SeekFrom::Start(self.at))?;
        self.file.read_exact(bytes)?;
        let mut rest = &*bytes;
        let Ok(header) = Header::decode(&mut rest) else { return Ok(None) };
        let own = (bytes.len() - rest.len()) as u64;
        // A box without a size reaches to the end of the file: none of ours does.
        let Some(length) = header.size.map(|size| size as u64) else { return Ok(None) };
        Ok((length <= left - own).then_some((header, own, length)))
    }

    /// The next box if it is one of this kind; else it is left where it is.
    fn take<T: Atom>(&mut self) -> Result<Option<T>, io::Error> {
        let Some((header, own, length)) =
            self.header()?.filter(|(header, _, length)| header.kind == T::KIND && *length <= LONGEST_BOX)
        else {
            return Ok(None);
        };
        let mut body = vec![0; usize::try_from(length).unwrap_or_default()];
        self.file.seek(SeekFrom::Start(self.at + own))?;
        self.file.read_exact(&mut body)?;
        let decoded = T::decode_atom(&header, &mut &*body).ok();
        if decoded.is_some() {
            self.at += own + length;
        }
        Ok(decoded)
    }

    /// Passes over the next box if it is of this kind; tells whether it was.
    fn skip(&mut self, kind: FourCC) -> Result<bool, io::Error> {
        let found = self.header()?.filter(|(header, ..)| header.kind == kind);
        if let Some((_, own, length)) = found {
            self.at += own + length;
        }
        Ok(found.is_some())
    }
}
