//! The plain bytes of a segment's file, by range, wherever it lies.

use super::{
    StoreError,
    raw::{Pieces, Raw},
};
use crate::recording::encryption::{Ending, FileKey, Index, LENGTH};
use bytes::{Buf, Bytes, BytesMut};
use futures::{
    StreamExt, TryStreamExt,
    stream::{self},
};
use std::{io, ops::Range, sync::Arc};
use tokio::task::spawn_blocking;

/// So much of a whole file's end has the index of what a camera usually sends in it; where it has not, more is read.
const ENDING: u64 = 16 << 10;

/// A segment's file, ready to be read. Cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::recording) struct Opened {
    raw: Raw,
    /// `None` where the bytes lie as they are.
    encrypted: Option<Arc<Encrypted>>,
}

#[derive(Debug)]
struct Encrypted {
    key: FileKey,
    index: Index,
}

impl Opened {
    /// One whose bytes lie as they are.
    pub(super) fn plain(raw: Raw) -> Self {
        Self { raw, encrypted: None }
    }

    /// One that is encrypted, and whole or still growing.
    pub(super) async fn encrypted(raw: Raw, key: FileKey, whole: bool) -> Result<Self, StoreError> {
        let index = match &raw {
            Raw::Folder(file) if !whole => {
                let file = file.clone();
                spawn_blocking(move || Index::walk(&mut &*file)).await.map_err(io::Error::other)??
            }
            raw => ending(raw, &key).await?,
        };
        Ok(Self { raw, encrypted: Some(Arc::new(Encrypted { key, index })) })
    }

    /// The bytes of `range`, in one piece. Fewer where the file ends before.
    pub(in crate::recording) async fn read(&self, range: Range<u64>) -> Result<Bytes, StoreError> {
        let pieces: Vec<Bytes> = self.stream(range).await?.try_collect().await?;
        Ok(match <[Bytes; 1]>::try_from(pieces) {
            Ok([only]) => only,
            Err(pieces) => pieces.concat().into(),
        })
    }

    /// The bytes of `range`, a piece at a time; they end where the file does.
    pub(super) async fn stream(&self, range: Range<u64>) -> Result<Pieces, StoreError> {
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let Some(encrypted) = &self.encrypted else { return self.raw.stream(range).await };
        let records = encrypted.index.records(&range);
        if records.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let raw = self.raw.stream(encrypted.index.lies(&records)).await?;
        Ok(decrypted(Records { encrypted: encrypted.clone(), raw, ahead: BytesMut::new() }, records, range))
    }
}

/// The index of a whole file.
async fn ending(raw: &Raw, key: &FileKey) -> Result<Index, StoreError> {
    let mut most = ENDING;
    loop {
        let last = raw.last(most).await?;
        match Ending::read(&last, key).map_err(|_| StoreError::Altered)? {
            Ending::Whole(index) => return Ok(index),
            // All that there is was read already.
            Ending::Longer(length) if length <= most => return Err(StoreError::Altered),
            Ending::Longer(length) => most = length,
        }
    }
}

/// Records as they arrive.
struct Records {
    encrypted: Arc<Encrypted>,
    raw: Pieces,
    /// What has arrived of the next ones.
    ahead: BytesMut,
}

impl Records {
    /// The next record, which has this number, decrypted.
    async fn next(&mut self, number: usize) -> Result<Bytes, StoreError> {
        let lies = self.encrypted.index.lies(&(number..number + 1));
        let length = usize::try_from(lies.end - lies.start).unwrap_or(usize::MAX);
        while self.ahead.len() < length {
            let piece = self.raw.next().await.ok_or(StoreError::Altered)??;
            self.ahead.extend_from_slice(&piece);
        }
        let mut record = self.ahead.split_to(length);
        record.advance(LENGTH);
        let plain = self.encrypted.key.decrypt(number as u64, &mut record).map_err(|_| StoreError::Altered)?;
        Ok(Bytes::copy_from_slice(plain))
    }
}

/// What `range` of the plain file has of `records`.
fn decrypted(coming: Records, mut records: Range<usize>, range: Range<u64>) -> Pieces {
    let pieces = stream::try_unfold(coming, move |mut coming| {
        let (number, range) = (records.next(), range.clone());
        async move {
            let Some(number) = number else { return Ok(None) };
            let span = coming.encrypted.index.span(number);
            let plain = coming.next(number).await?;
            let within = |at: u64| usize::try_from(at.clamp(span.start, span.end) - span.start).unwrap_or_default();
            Ok(Some((plain.slice(within(range.start)..within(range.end)), coming)))
        }
    });
    pieces.boxed()
}
