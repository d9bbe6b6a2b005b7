//! Cuts what a camera sends into fragments of at most a second, which begin at a key frame wherever there is one.

use super::{
    mp4::{Block, Fragment, SOUND_TIMESCALE, Sample, Sound, VIDEO_TIMESCALE},
    sound::{LONGEST_BLOCK, pack},
    time::{Nanos, span, ticks},
};
use bytes::Bytes;
use std::time::Instant;

/// The longest fragment, in ticks of 90 kHz: what a power cut takes along.
const LONGEST: u64 = VIDEO_TIMESCALE as u64;
/// Key frames that are closer together than this do not each begin a fragment.
const KEYS_APART: u64 = LONGEST / 2;
/// A picture is shown for no longer than this, though the next one be late: what follows is a hole.
const LONGEST_PICTURE: u64 = 2 * LONGEST;
/// How long a picture is shown when nothing tells.
const USUAL: u64 = LONGEST / 25;
/// More is not kept in memory: a fragment is cut before.
const MOST_BYTES: usize = 16 << 20;
/// Sound that is so far off its place, in samples, is taken for what it is: the rest is the network's jitter.
const OFF: u64 = SOUND_TIMESCALE as u64 / 10;
/// More sound does not wait for its pictures.
const MOST_SOUND: usize = 4 * SOUND_TIMESCALE as usize;

/// A picture that came.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    /// When it was taken, which is when it is shown.
    pub(super) at: Nanos,
    /// When it arrived.
    pub(super) arrived: Instant,
    /// Whether a decoder can start here.
    pub(super) key: bool,
    /// Its NAL units.
    pub(super) data: Bytes,
}

/// Makes the fragments of one file.
#[derive(Debug)]
pub(super) struct Cutter {
    /// When the file begins.
    start: Nanos,
    /// The pictures of the fragment at hand, in the order of decoding.
    pictures: Vec<Picture>,
    bytes: usize,
    /// When the last key frame that began a fragment is shown.
    key: Option<u64>,
    /// Where the last fragment ended, in ticks of 90 kHz since the start.
    end: u64,
    /// How long the last picture was shown.
    usual: u64,
    sound: Waiting,
}

/// Sound that waits for its fragment.
#[derive(Debug, Default)]
struct Waiting {
    samples: Vec<i16>,
    /// Where the first of them is, in samples since the start.
    first: u64,
}

impl Cutter {
    /// Begins a file with what is shown at `start`.
    pub(super) fn new(start: Nanos) -> Self {
        Self { start, pictures: Vec::new(), bytes: 0, key: None, end: 0, usual: USUAL, sound: Waiting::default() }
    }

    /// Takes the next picture; gives the fragment that ends before it.
    pub(super) fn picture(&mut self, picture: Picture) -> Option<Fragment> {
        let at = self.ticks(picture.at);
        let fragment = if self.ends_before(&picture, at) { self.close(Some(at)) } else { None };
        if picture.key && self.pictures.is_empty() {
            self.key = Some(at);
        }
        self.bytes += picture.data.len();
        self.pictures.push(picture);
        fragment
    }

    /// Takes sound that was heard from `at` on. What came too late for the file, or doubly, is left out.
    pub(super) fn sound(&mut self, at: Nanos, samples: impl Iterator<Item = i16>) {
        self.sound.take(ticks(at - self.start, SOUND_TIMESCALE), samples);
    }

    /// Ends the fragment at hand, if there is one, though no next picture tells how long its last is shown. `next` is when the next file
    /// begins, if one goes on from here.
    pub(super) fn flush(&mut self, next: Option<Nanos>) -> Option<Fragment> {
        self.close(next.map(|next| self.ticks(next)))
    }

    /// When the oldest picture arrived that is in no fragment yet.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        self.pictures.first().map(|picture| picture.arrived)
    }

    /// When the last fragment ends.
    pub(super) fn end(&self) -> Nanos {
        self.start + span(self.end, VIDEO_TIMESCALE)
    }

    fn ticks(&self, at: Nanos) -> u64 {
        ticks(at - self.start, VIDEO_TIMESCALE)
    }

    fn ends_before(&self, next: &Picture, at: u64) -> bool {
        let (Some(first), Some(newest)) = (self.pictures.first(), self.pictures.iter().map(|picture| picture.at).max()) else {
            return false;
        };
        // What is shown before others that came earlier belongs to them (B-frames).
        if next.at <= newest {
            return false;
        }
        let first = self.ticks(first.at);
        let full = at.saturating_sub(first) + self.usual > LONGEST || self.bytes + next.data.len() > MOST_BYTES;
        full || next.key && self.key.is_none_or(|key| at.saturating_sub(key) >= KEYS_APART)
    }

    /// The pictures at hand as a fragment that ends where the picture at `next` begins.
    ///
    /// Pictures are decoded at the times at which they are shown, in order; so without B-frames each is shown when it is decoded.
    fn close(&mut self, next: Option<u64>) -> Option<Fragment> {
        let pictures = std::mem::take(&mut self.pictures);
        self.bytes = 0;
        let shown: Vec<u64> = pictures.iter().map(|picture| self.ticks(picture.at)).collect();
        let reordered = !shown.is_sorted();
        let mut decoded = shown.clone();
        decoded.sort_unstable();
        let mut earliest = self.end;
        for time in &mut decoded {
            *time = earliest.max(*time);
            earliest = *time + 1;
        }
        let (first, last) = (*decoded.first()?, *decoded.last()?);
        // With B-frames the next picture to be decoded is not the next to be shown.
        let next = next.filter(|next| !reordered && *next > last && *next - last <= LONGEST_PICTURE);
        if let [.., before, last] = decoded[..] {
            self.usual = (last - before).clamp(1, LONGEST);
        }
        self.end = next.unwrap_or(last + self.usual);
        let ends = decoded.iter().skip(1).chain([&self.end]);
        let samples = pictures.into_iter().zip(&decoded).zip(ends).zip(shown).map(|(((picture, time), end), shown)| Sample {
            data: picture.data,
            // Longer than this is none of these spans: the first picture that is not decoded in its time ends the fragment.
            duration: u32::try_from(end - time).unwrap_or(u32::MAX),
            offset: i32::try_from(shown.cast_signed() - time.cast_signed()).unwrap_or(0),
            key: picture.key,
        });
        let pictures = samples.collect();
        Some(Fragment { decode_time: first, pictures, sound: self.sound.give() })
    }
}

impl Waiting {
    /// Sound goes on where it ended, unless it is too far from its place.
    fn take(&mut self, at: u64, samples: impl Iterator<Item = i16>) {
        let next = self.first + self.samples.len() as u64;
        if at + OFF < next || self.samples.len() > MOST_SOUND {
            return;
        }
        if at > next + OFF {
            let hole = at - next;
            if self.samples.is_empty() {
                self.first = at;
            } else if hole <= MOST_SOUND as u64 {
                self.samples.resize(self.samples.len() + usize::try_from(hole).unwrap_or_default(), 0);
            } else {
                return;
            }
        }
        self.samples.extend(samples);
    }

    /// All there is, in blocks.
    fn give(&mut self) -> Sound {
        let first = self.first;
        let block = |samples: &[i16]| {
            let data = pack(samples, self.first);
            let samples = u32::try_from(samples.len()).unwrap_or_default();
            self.first += u64::from(samples);
            Block { data, samples }
        };
        let blocks = self.samples.chunks(LONGEST_BLOCK.into()).map(block).collect();
        self.samples.clear();
        Sound { decode_time: first, blocks }
    }
}

#[cfg(test)]
mod tests;
