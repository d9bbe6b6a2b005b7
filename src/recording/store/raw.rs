//! The bytes of a segment's file as they lie there.

use super::StoreError;
use crate::recording::objects::Objects;
use bytes::Bytes;
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use std::{fs::File, io, ops::Range, os::unix::fs::FileExt, sync::Arc};
use tokio::task::spawn_blocking;

/// What is read at once.
pub(super) const PIECE: usize = 256 * 1024;

/// Bytes, a piece at a time.
pub(super) type Pieces = BoxStream<'static, Result<Bytes, StoreError>>;

/// A file that was found. Cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::recording) enum Raw {
    /// It stays open, so what has begun is not cut short when the file goes.
    Folder(Arc<File>),
    /// Its name there.
    Objects(Objects, String),
}

impl Raw {
    /// The bytes of `range`; they end where the file does.
    pub(super) async fn stream(&self, range: Range<u64>) -> Result<Pieces, StoreError> {
        match self {
            Self::Folder(file) => Ok(pieces(file.clone(), range)),
            Self::Objects(objects, name) => Ok(objects.stream(name, range).await?.map_err(StoreError::from).boxed()),
        }
    }

    /// All of its bytes.
    pub(in crate::recording) async fn all(&self) -> Result<Pieces, StoreError> {
        match self {
            Self::Folder(file) => Ok(pieces(file.clone(), 0..u64::MAX)),
            Self::Objects(objects, name) => Ok(objects.all(name).await?.map_err(StoreError::from).boxed()),
        }
    }

    /// Its last bytes: so many, or all that it has.
    pub(super) async fn last(&self, most: u64) -> Result<Bytes, StoreError> {
        match self {
            Self::Folder(file) => {
                let file = file.clone();
                let last = move || {
                    let size = file.metadata()?.len();
                    read(&file, size.saturating_sub(most)..size)
                };
                Ok(spawn_blocking(last).await.map_err(io::Error::other)??)
            }
            Self::Objects(objects, name) => Ok(objects.last(name, most).await?),
        }
    }
}

fn pieces(file: Arc<File>, range: Range<u64>) -> Pieces {
    let next = move |left: Range<u64>| {
        let file = file.clone();
        async move {
            let piece = left.start..left.end.min(left.start.saturating_add(PIECE as u64));
            let piece = spawn_blocking(move || read(&file, piece)).await.map_err(io::Error::other)??;
            let left = left.start + piece.len() as u64..left.end;
            Ok((!piece.is_empty()).then_some((piece, left)))
        }
    };
    stream::try_unfold(range, next).boxed()
}

/// The bytes of `range`; they end where the file does.
fn read(file: &File, range: Range<u64>) -> io::Result<Bytes> {
    let mut piece = vec![0; usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(PIECE)];
    let mut read = 0;
    while read < piece.len() {
        match file.read_at(&mut piece[read..], range.start + read as u64) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    piece.truncate(read);
    Ok(piece.into())
}
