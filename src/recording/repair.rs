//! What a crash, a power cut or a failing disk left: files that were not ended are, up to their last whole fragment.

use super::{
    Parts,
    encryption::FileKey,
    file::{Readable, Whole, whole_of},
    mp4::{Access, Layout, LayoutError, VIDEO_TIMESCALE},
    store::StoreError,
    time::span,
};
use crate::{
    db::{
        DbError, Moment,
        gaps::{self, GapRow},
        segments::{self, SegmentRow},
    },
    id::{GapId, SegmentId},
    model::GapCause,
};
use jiff::{SignedDuration, Timestamp};
use std::{
    io::{self, ErrorKind, Seek, SeekFrom},
    path::Path,
    sync::Arc,
};
use tokio::task::spawn_blocking;

/// Ends what the program did not end when it died: holes where they were last seen, files where they are whole. The files' hashes follow
/// in the background: they take as long as reading the files.
pub(super) async fn all(parts: &Arc<Parts>) -> Result<(), DbError> {
    for hole in gaps::open(&parts.db).await? {
        gaps::end(&parts.db, hole.id, hole.seen_at).await?;
    }
    let unfinished = segments::unfinished(&parts.db).await?;
    let mut ended = Vec::new();
    for row in unfinished {
        match end(parts, &row).await {
            Ok(Some(row)) => ended.push(row),
            Ok(None) => {}
            Err(error) => tracing::error!(segment = %row.id, %error, "a recording cannot be repaired; the next start tries again"),
        }
    }
    let parts = parts.clone();
    tokio::spawn(async move {
        for row in ended {
            tell(&row, hash(&parts, &row).await);
        }
    });
    Ok(())
}

/// The same for one segment, now that the disk takes something again.
pub(super) async fn again(parts: Arc<Parts>, id: SegmentId) {
    match segments::unfinished(&parts.db).await {
        Ok(rows) => {
            for row in rows.into_iter().filter(|row| row.id == id) {
                let ended = match end(&parts, &row).await {
                    Ok(Some(row)) => hash(&parts, &row).await,
                    Ok(None) => Ok(()),
                    Err(error) => Err(error),
                };
                tell(&row, ended);
            }
        }
        Err(error) => tracing::error!(%error, "recordings cannot be repaired; the next start tries again"),
    }
}

fn tell(row: &SegmentRow, ended: Result<(), RepairError>) {
    match ended {
        Ok(()) => tracing::info!(segment = %row.id, "repaired a recording"),
        Err(error) => tracing::error!(segment = %row.id, %error, "a recording cannot be repaired; the next start tries again"),
    }
}

#[derive(Debug, thiserror::Error)]
enum RepairError {
    #[error(transparent)]
    Disk(#[from] io::Error),
    #[error(transparent)]
    Index(#[from] DbError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends the file of `row`; gives the row as it is then, or `None` when there is nothing to hash: the file is elsewhere, or empty.
async fn end(parts: &Parts, row: &SegmentRow) -> Result<Option<SegmentRow>, RepairError> {
    let path = parts.store.path(row.camera_id, row.id, row.starts_at);
    // A disk that is not here, or is another machine's, says nothing of the file; unless there was nothing in it yet.
    let begun = row.bytes > 0;
    if !path.parent().is_some_and(Path::is_dir) && (begun || !parts.store.folder().is_dir()) {
        return Ok(None);
    }
    // Without its key an encrypted file looks like nothing. It stays as it is, and its row too, until the key is there.
    let (key, safe) = (parts.store.key_of(row)?, u64::try_from(row.bytes).unwrap_or_default());
    let ended = spawn_blocking(move || end_file(&path, key, safe)).await.map_err(io::Error::other)??;
    let Some((ticks, length)) = ended else {
        lost(parts, row).await?;
        return Ok(None);
    };
    let ends_at = row.starts_at + SignedDuration::from_nanos(span(ticks, VIDEO_TIMESCALE));
    let ends_at = Timestamp::from_millisecond(ends_at.as_millisecond()).unwrap_or(ends_at);
    let row = SegmentRow { ends_at, bytes: i64::try_from(length).unwrap_or(i64::MAX), ..row.clone() };
    segments::go_on(&parts.db, row.id, row.ends_at, row.bytes).await?;
    Ok(Some(row))
}

/// Cuts off what is no whole fragment, and adds what a whole file ends with; `safe` bytes were on the disk. Gives how long its pictures last,
/// in ticks, and its length; `None` when there is no picture, and no file any more.
fn end_file(path: &Path, key: Option<FileKey>, safe: u64) -> io::Result<Option<(u64, u64)>> {
    let mut file = match Readable::open_to_end(path, key, safe) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let layout = match Layout::read(&mut file) {
        Ok(layout) if !layout.fragments.is_empty() => layout,
        Ok(_) | Err(LayoutError::NoHead) => return std::fs::remove_file(path).map(|()| None),
        Err(LayoutError::Io(error)) => return Err(error),
    };
    if !file.is_whole(&layout)? {
        file.end(layout.end, &Access::of(&layout.fragments).encode().map_err(io::Error::other)?)?;
    }
    Ok(Some((layout.duration(), file.seek(SeekFrom::End(0))?)))
}

/// Takes the row of a file back of which nothing is left. What was said to be safe in it is a hole then.
async fn lost(parts: &Parts, row: &SegmentRow) -> Result<(), DbError> {
    if row.ends_at > row.starts_at {
        let (id, cause) = (GapId::new(row.starts_at), GapCause::DiskFailed);
        let SegmentRow { camera_id, starts_at, ends_at, .. } = *row;
        let ended_at = Some(Moment(ends_at));
        gaps::begin(&parts.db, &GapRow { id, camera_id, cause, starts_at, seen_at: ends_at, ended_at, seal_id: None }).await?;
    }
    segments::discard(&parts.db, row.id).await
}

/// Writes down what the whole file is.
async fn hash(parts: &Parts, row: &SegmentRow) -> Result<(), RepairError> {
    let path = parts.store.path(row.camera_id, row.id, row.starts_at);
    let key = parts.store.key_of(row)?;
    let whole = spawn_blocking(move || whole_of(&path, key)).await.map_err(io::Error::other)??;
    let Whole { sha256, tree, .. } = whole;
    segments::end(&parts.db, row.id, row.ends_at, row.bytes, &sha256, &tree.to_string()).await?;
    Ok(())
}
