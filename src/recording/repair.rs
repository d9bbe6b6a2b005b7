//! What a crash, a power cut or a failing disk left: files that were not ended are, up to their last whole fragment.

use super::{
    Parts,
    encryption::FileKey,
    file::{Readable, Whole, whole_of},
    mp4::{Access, Layout, LayoutError, VIDEO_TIMESCALE},
    store::StoreError,
    time::span,
    worker::Worker,
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

/// No file is longer; see [`segments::between`].
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// Ends what the program did not end when it died: holes where they were last seen, files where they are whole. The files' hashes follow
/// in the background: they take as long as reading the files.
pub(super) async fn all(parts: &Arc<Parts>) -> Result<(), DbError> {
    for hole in gaps::open(&parts.db).await? {
        gaps::end(&parts.db, hole.id, hole.seen_at).await?;
    }
    let unfinished = segments::unfinished(&parts.db).await?;
    let (mut ended, worker) = (Vec::new(), Worker::new());
    for row in unfinished {
        match end(parts, &worker, &row).await {
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
                let ended = match end(&parts, &Worker::new(), &row).await {
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
async fn end(parts: &Parts, worker: &Worker, row: &SegmentRow) -> Result<Option<SegmentRow>, RepairError> {
    let (path, folder) = (parts.store.path(row.camera_id, row.id, row.starts_at), parts.store.folder().to_owned());
    let (begun, starts_at) = (row.bytes > 0, row.starts_at);
    let latest = starts_at.saturating_add(LONGEST).unwrap_or(Timestamp::MAX);
    let told = gaps::between(&parts.db, row.camera_id, starts_at, latest).await?;
    // What a hole was told of stays missing: a disk that hung may have taken it long after it was given up.
    let is_told = move |ticks| {
        let at = after(starts_at, ticks);
        told.iter().any(|gap| gap.starts_at < at && gap.ended_at.is_none_or(|end| at <= end.0))
    };
    worker.is_free()?;
    // Without its key an encrypted file looks like nothing. It stays as it is, and its row too, until the key is there.
    let (key, safe) = (parts.store.key_of(row)?, u64::try_from(row.bytes).unwrap_or_default());
    let ended = worker.does(move || {
        // A disk that is not here, or is another machine's, says nothing of the file; unless there was nothing in it yet.
        if !path.parent().is_some_and(Path::is_dir) && (begun || !folder.is_dir()) {
            return Ok(Ended::Elsewhere);
        }
        end_file(&path, key, safe, is_told)
    });
    let (ticks, length) = match ended.await? {
        Ended::Elsewhere => return Ok(None),
        Ended::Empty => {
            lost(parts, row).await?;
            return Ok(None);
        }
        Ended::Whole { ticks, length } => (ticks, length),
    };
    let ends_at = after(starts_at, ticks);
    let row = SegmentRow { ends_at, bytes: i64::try_from(length).unwrap_or(i64::MAX), ..row.clone() };
    segments::go_on(&parts.db, row.id, row.ends_at, row.bytes).await?;
    Ok(Some(row))
}

/// `ticks` after the beginning of a file, to the millisecond, as the database keeps it.
fn after(starts_at: Timestamp, ticks: u64) -> Timestamp {
    let at = starts_at.saturating_add(SignedDuration::from_nanos(span(ticks, VIDEO_TIMESCALE))).unwrap_or(Timestamp::MAX);
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// What became of a file.
enum Ended {
    /// It is not on this disk.
    Elsewhere,
    /// There was no picture in it, and there is no file any more.
    Empty,
    /// How long its pictures last, in ticks, and its length.
    Whole { ticks: u64, length: u64 },
}

/// Cuts off what is no whole fragment, and what ends at ticks that are `told` to be missing; and adds what a whole file ends with. `safe` bytes
/// were on the disk.
fn end_file(path: &Path, key: Option<FileKey>, safe: u64, told: impl Fn(u64) -> bool) -> io::Result<Ended> {
    let mut file = match Readable::open_to_end(path, key, safe) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Ended::Empty),
        file => file?,
    };
    let mut layout = match Layout::read(&mut file) {
        Ok(layout) => layout,
        Err(LayoutError::NoHead) => Layout::default(),
        Err(LayoutError::Io(error)) => return Err(error),
    };
    layout.keep_until(|fragment| told(fragment.decode_time + fragment.duration));
    if layout.fragments.is_empty() {
        return std::fs::remove_file(path).map(|()| Ended::Empty);
    }
    if !file.is_whole(&layout)? {
        file.end(layout.end, &Access::of(&layout.fragments).encode().map_err(io::Error::other)?)?;
    }
    Ok(Ended::Whole { ticks: layout.duration(), length: file.seek(SeekFrom::End(0))? })
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
