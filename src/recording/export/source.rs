//! The file of a segment, wherever it lies, as something to read and to seek in.

use crate::{
    db::segments::SegmentRow,
    recording::store::{Opened, Store},
};
use bytes::{Buf, Bytes};
use std::io::{self, Read, Seek, SeekFrom};
use tokio::runtime::Handle;

/// What is read at once.
const PIECE: u64 = 256 * 1024;

/// The file of a whole segment. It waits for the disk or the object storage: for threads that may.
pub(super) struct Source<'a> {
    store: &'a Store,
    row: &'a SegmentRow,
    runtime: Handle,
    /// Once something was read.
    opened: Option<Opened>,
    at: u64,
    /// The bytes from `at` on, as far as they have been read.
    ahead: Bytes,
}

impl<'a> Source<'a> {
    /// At the beginning of the file of `row`.
    pub(super) fn new(store: &'a Store, row: &'a SegmentRow, runtime: Handle) -> Self {
        Self { store, row, runtime, opened: None, at: 0, ahead: Bytes::new() }
    }

    /// How many bytes the file has.
    pub(super) fn size(&self) -> u64 {
        u64::try_from(self.row.bytes).unwrap_or_default()
    }
}

impl Read for Source<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.ahead.is_empty() && self.at < self.size() {
            let range = self.at..self.size().min(self.at + PIECE);
            let read = async {
                let opened = match self.opened.take() {
                    Some(opened) => opened,
                    None => self.store.open(self.row).await?,
                };
                self.opened.insert(opened).read(range).await
            };
            self.ahead = self.runtime.block_on(read).map_err(io::Error::other)?;
        }
        let read = into.len().min(self.ahead.len());
        self.ahead.copy_to_slice(&mut into[..read]);
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Source<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        match at.checked_sub(self.at).and_then(|by| usize::try_from(by).ok()) {
            Some(by) if by <= self.ahead.len() => self.ahead.advance(by),
            _ => self.ahead.clear(),
        }
        self.at = at;
        Ok(at)
    }
}
