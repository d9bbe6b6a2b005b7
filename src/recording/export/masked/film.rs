//! A part of a recording, made into a film with areas covered.

use super::{NotMasked, coder::Coder, paint::cover};
use crate::{
    model::Area,
    recording::mp4::{Access, Fragment, FragmentPlace, Head},
    still::Pictures,
};
use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use std::{
    io::{self, Read, Seek, SeekFrom, Write},
    ops::Range,
    sync::Arc,
};

/// Longer ones are none of ours: a fragment has 16 MB at most, a head some kilobytes.
const LONGEST_PIECE: u64 = 32 << 20;

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

/// The pieces of a recording on their way through decoder, cover and encoder.
pub struct Film<'a, S> {
    source: &'a mut S,
    areas: &'a [Area],
    pictures: Pictures,
    /// Made for the first picture's size.
    coder: Option<Coder>,
    sound: bool,
}

impl<'a, S: Read + Seek> Film<'a, S> {
    /// Of the file in `source`, whose head is at `head`. `areas` of all its pictures are covered.
    ///
    /// # Errors
    /// What cannot be known to be covered. See [`NotMasked`].
    pub fn open(source: &'a mut S, head: Range<u64>, areas: &'a [Area]) -> Result<Self, NotMasked> {
        let head = Head::read(&piece(source, head)?).ok_or(NotMasked::NoFilm)?;
        Ok(Self { source, areas, pictures: Pictures::of(&head.video)?, coder: None, sound: head.sound })
    }

    /// The fragment at `range`, covered and coded anew. The first has to begin with a key frame, and each to follow the one before.
    ///
    /// # Errors
    /// A picture cannot be decoded or coded, or `is_wanted` no longer: then nothing of the fragment is given out.
    pub fn fragment(&mut self, range: Range<u64>, is_wanted: &dyn Fn() -> bool) -> Result<Fragment, NotMasked> {
        let mut fragment = Fragment::read(&piece(self.source, range)?).ok_or(NotMasked::NoFilm)?;
        for sample in &mut fragment.pictures {
            if !is_wanted() {
                return Err(io::Error::from(io::ErrorKind::BrokenPipe).into());
            }
            if sample.offset != 0 {
                return Err(NotMasked::Reordered);
            }
            let mut picture = self.pictures.next(&sample.data, sample.key)?;
            cover(&mut picture, self.areas);
            let coder = match self.coder.take() {
                Some(coder) => coder,
                None => Coder::new(picture.width, picture.height)?,
            };
            sample.data = self.coder.insert(coder).code(&picture, sample.key)?;
        }
        Ok(fragment)
    }

    /// Writes the whole film to `to`: the fragments at `ranges`, one after the other.
    ///
    /// # Errors
    /// As of [`fragment`](Self::fragment), and what `to` says. What was written until then is of no use.
    pub fn write(mut self, ranges: &[Range<u64>], to: &mut impl Write, is_wanted: &dyn Fn() -> bool) -> Result<Made, NotMasked> {
        let mut to = Measured { to, hash: Context::new(&SHA256), bytes: 0 };
        let mut places = Vec::new();
        for (number, range) in (1..).zip(ranges) {
            let fragment = self.fragment(range.clone(), is_wanted)?;
            if number == 1 {
                let sets = self.coder.as_ref().and_then(Coder::sets).ok_or(NotMasked::NoFilm)?;
                to.write_all(&Head { video: Arc::new(sets.clone()), sound: self.sound }.encode()?)?;
            }
            let (offset, coded) = (to.bytes, fragment.encode(number)?);
            to.write_all(&coded)?;
            let (length, duration, key) = (coded.len() as u64, fragment.duration(), fragment.is_key());
            places.push(FragmentPlace { offset, length, decode_time: fragment.decode_time, duration, key });
        }
        to.write_all(&Access::of(&places).encode()?)?;
        Ok(Made { bytes: to.bytes, sha256: HEXLOWER.encode(to.hash.finish().as_ref()) })
    }
}

/// The bytes at `range`.
fn piece(source: &mut (impl Read + Seek), range: Range<u64>) -> Result<Bytes, NotMasked> {
    let length = range.end.checked_sub(range.start).filter(|length| *length <= LONGEST_PIECE).ok_or(NotMasked::NoFilm)?;
    source.seek(SeekFrom::Start(range.start))?;
    let mut bytes = Vec::new();
    source.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes.into()) } else { Err(NotMasked::NoFilm) }
}

/// Counts and hashes what is written.
struct Measured<'a, W> {
    to: &'a mut W,
    hash: Context,
    bytes: u64,
}

impl<W: Write> Write for Measured<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
