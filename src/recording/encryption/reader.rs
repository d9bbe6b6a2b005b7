//! An encrypted file of the folder, plain, as something to read and to seek in. What comes over a network is decrypted in
//! [`store`](crate::recording::store), by the same index.

use super::{Encryptor, Ending, FileKey, Index, Refused, record::LENGTH};
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
};

/// A file whose bytes are decrypted as they are read. It waits for the disk: for threads that may.
pub(in crate::recording) struct Decrypted {
    file: File,
    key: FileKey,
    index: Index,
    at: u64,
    /// The record that was read last, decrypted, and its number.
    record: Option<(usize, Vec<u8>)>,
}

impl Decrypted {
    /// The records of `file` that are all there.
    pub(in crate::recording) fn open(mut file: File, key: FileKey) -> io::Result<Self> {
        let index = Index::walk(&mut file)?;
        Ok(Self { file, key, index, at: 0, record: None })
    }

    /// Forgets the records from the first on that does not decrypt, of those that begin at `safe` or later: after a power cut, what had not
    /// reached the disk is anything.
    ///
    /// # Errors
    /// What was safe is not there, or cannot be found: then nothing of the file is to be cut off.
    pub(in crate::recording) fn doubt(&mut self, safe: u64) -> io::Result<()> {
        if self.index.plain() < safe {
            return Err(Refused.into());
        }
        let count = usize::try_from(self.index.count()).unwrap_or(usize::MAX);
        for number in 0..count {
            if self.index.span(number).start < safe {
                continue;
            }
            match self.load(number) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    self.index = self.index.first(number);
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether the file ends with the index of these records.
    pub(in crate::recording) fn is_whole(&mut self) -> io::Result<bool> {
        let records = self.index.lies(&(0..usize::try_from(self.index.count()).unwrap_or(usize::MAX)));
        let mut last = Vec::new();
        self.file.seek(SeekFrom::Start(records.end))?;
        self.file.read_to_end(&mut last)?;
        Ok(matches!(Ending::read(&last, &self.key), Ok(Ending::Whole(index)) if index == self.index))
    }

    /// Cuts off what comes after `end`, where a record ends, and adds `plain` and the index. When this returns, the whole file is safe on the disk.
    pub(in crate::recording) fn end(&mut self, end: u64, plain: &[u8]) -> io::Result<()> {
        let records = self.index.records(&(0..end));
        let kept = self.index.first(records.end);
        if kept.plain() != end {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a fragment does not end where a record does"));
        }
        let lies = self.index.lies(&records).end;
        let mut encryptor = Encryptor::resume(self.key.clone(), kept);
        let ending = [encryptor.add(plain)?, encryptor.finish()?].concat();
        self.file.set_len(lies)?;
        self.file.seek(SeekFrom::Start(lies))?;
        self.file.write_all(&ending)?;
        self.file.sync_all()?;
        self.record = None;
        self.index = Index::walk(&mut self.file)?;
        Ok(())
    }

    /// The record with this number, decrypted.
    fn load(&mut self, number: usize) -> io::Result<&[u8]> {
        if self.record.as_ref().is_none_or(|(loaded, _)| *loaded != number) {
            let lies = self.index.lies(&(number..number + 1));
            let mut record = vec![0; usize::try_from(lies.end - lies.start).unwrap_or_default()];
            self.file.seek(SeekFrom::Start(lies.start))?;
            self.file.read_exact(&mut record)?;
            let plain = self.key.decrypt(number as u64, &mut record[LENGTH..])?.to_vec();
            self.record = Some((number, plain));
        }
        Ok(self.record.as_ref().map_or(&[], |(_, plain)| plain))
    }
}

impl Read for Decrypted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(number) = self.index.records(&(self.at..self.at.saturating_add(1))).next() else { return Ok(0) };
        let from = usize::try_from(self.at - self.index.span(number).start).unwrap_or_default();
        let left = &self.load(number)?[from..];
        let read = left.len().min(into.len());
        into[..read].copy_from_slice(&left[..read]);
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Decrypted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.index.plain().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
