//! Which record has a byte of the plain file, and where the record lies.

use super::{
    FileKey, HEADER, Refused,
    record::{LENGTH, MOST, OVERHEAD},
};
use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

/// The number of the index, which no record has.
pub(super) const INDEX: u64 = u64::MAX;
/// A longer index is none of ours: it has four bytes for each second of pictures, or for each 64 KiB.
const LONGEST: usize = 1 << 20;

/// Where the records of a file are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::recording) struct Index {
    /// Where each ends in the plain file.
    ends: Vec<u64>,
}

/// What the last bytes of a whole file tell.
pub(in crate::recording) enum Ending {
    /// Where its records are.
    Whole(Index),
    /// It takes so many bytes at the end to know.
    Longer(u64),
}

impl Index {
    /// How many records there are.
    pub(super) fn count(&self) -> u64 {
        self.ends.len() as u64
    }

    /// How many plain bytes they have.
    pub(in crate::recording) fn plain(&self) -> u64 {
        self.ends.last().copied().unwrap_or_default()
    }

    /// How many plain bytes each has.
    pub(super) fn lengths(&self) -> impl Iterator<Item = u64> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        self.ends.iter().zip(starts).map(|(end, start)| end - start)
    }

    /// Adds a record of so many plain bytes.
    pub(super) fn push(&mut self, plain: u64) {
        self.ends.push(self.plain() + plain);
    }

    /// What the record with this number has of the plain file.
    pub(in crate::recording) fn span(&self, number: usize) -> Range<u64> {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[number]
    }

    /// The numbers of the records that have `range` of the plain file, as far as it goes.
    pub(in crate::recording) fn records(&self, range: &Range<u64>) -> Range<usize> {
        let first = self.ends.partition_point(|end| *end <= range.start);
        let after = self.ends.partition_point(|end| *end < range.end) + 1;
        if range.is_empty() { first..first } else { first..after.min(self.ends.len()) }
    }

    /// Where these records lie in the file.
    pub(in crate::recording) fn lies(&self, records: &Range<usize>) -> Range<u64> {
        let at = |number: usize| {
            let plain = number.checked_sub(1).map_or(0, |before| self.ends[before]);
            HEADER + plain + number as u64 * OVERHEAD
        };
        at(records.start)..at(records.end)
    }

    /// The first `count` records.
    #[must_use]
    pub(super) fn first(&self, count: usize) -> Self {
        Self { ends: self.ends[..count].to_vec() }
    }

    /// Goes from record to record through a file that may still grow, up to the last that is all there. It reads lengths only.
    pub(in crate::recording) fn walk(file: &mut (impl Read + Seek)) -> io::Result<Self> {
        let (size, mut index) = (file.seek(SeekFrom::End(0))?, Self::default());
        loop {
            let next = index.lies(&(0..index.ends.len())).end;
            if next + OVERHEAD > size {
                return Ok(index);
            }
            let mut length = [0; LENGTH];
            file.seek(SeekFrom::Start(next))?;
            file.read_exact(&mut length)?;
            let plain = u64::from(u32::from_be_bytes(length));
            // Nothing: the records end here. Too much: this was never written as a record.
            if plain == 0 || plain > MOST as u64 || next + OVERHEAD + plain > size {
                return Ok(index);
            }
            index.push(plain);
        }
    }
}

impl Ending {
    /// Reads the last bytes of a whole file.
    pub(in crate::recording) fn read(last: &[u8], key: &FileKey) -> Result<Self, Refused> {
        let (_, length) = last.split_last_chunk().ok_or(Refused)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        if !(2 * LENGTH..=LONGEST).contains(&length) {
            return Err(Refused);
        }
        let Some(start) = last.len().checked_sub(length) else { return Ok(Self::Longer(length as u64)) };
        let index = last[start..last.len() - LENGTH].strip_prefix(&[0; LENGTH]).ok_or(Refused)?;
        let mut index = index.to_vec();
        let (lengths, rest) = key.decrypt(INDEX, &mut index)?.as_chunks::<LENGTH>();
        let mut index = Index::default();
        lengths.iter().for_each(|length| index.push(u32::from_be_bytes(*length).into()));
        if rest.is_empty() { Ok(Self::Whole(index)) } else { Err(Refused) }
    }
}
