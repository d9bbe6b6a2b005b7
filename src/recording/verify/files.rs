//! The files against their rows.

use super::{BATCH, Place, Report, Wrong};
use crate::{
    args,
    db::{Db, DbError, Moment, Queries, segments::SegmentRow},
    id::{CameraId, SegmentId},
    model::SegmentPlace,
    recording::{
        encryption::FileKey,
        file::{digest, tree_of},
        store::{self, Store, StoreError},
    },
};
use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use futures::TryStreamExt;
use std::{
    collections::HashSet,
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

/// Every segment that is whole has its file, byte for byte, and every file is one's.
pub(super) async fn check(db: &Db, store: &Store, report: &mut Report) -> Result<(), DbError> {
    let mut files = 0;
    let mut last = String::new();
    loop {
        let sql = "select id, camera_id, codec, width, height, starts_at, ends_at, bytes, sha256, tree, place, seal_id, removed_at, key_id \
             from segments where sha256 is not null and removed_at is null and id > $1 order by id limit $2";
        let rows: Vec<SegmentRow> = db.rows(sql, args![&last, BATCH]).await?;
        let Some(row) = rows.last() else { break };
        last = row.id.to_string();
        for row in rows {
            if row.place == SegmentPlace::Objects && store.objects().is_none() {
                report.elsewhere += 1;
                continue;
            }
            match file(store, &row).await {
                Ok(Seen { bytes, decrypted }) => {
                    files += 1;
                    report.bytes += bytes;
                    match decrypted {
                        Some(true) => report.decrypted += 1,
                        Some(false) => report.locked += 1,
                        None => {}
                    }
                }
                // It may have been let go of, or moved, a moment ago.
                Err(_) if !still_here(db, &row).await? => {}
                Err(wrong) => report.add(Place::Segment(row.id), wrong),
            }
        }
    }
    report.files = Some(files);
    foreign(db, store.folder(), report).await
}

/// A file that is as it was written.
struct Seen {
    bytes: u64,
    /// Whether what is encrypted in it was looked at; `None` where nothing is.
    decrypted: Option<bool>,
}

/// Reads the file of a segment as it lies, and what is encrypted in it if the key is there.
async fn file(store: &Store, row: &SegmentRow) -> Result<Seen, Wrong> {
    let bytes = match row.place {
        SegmentPlace::Folder => in_folder(store, row).await?,
        SegmentPlace::Objects => in_objects(store, row).await?,
    };
    let decrypted = match store.key_of(row) {
        Ok(None) => None,
        Ok(Some(key)) if row.place == SegmentPlace::Folder => {
            pieces(store, row, key).await?;
            Some(true)
        }
        // What lies in the object storage is read once; its SHA-256 tells enough.
        Ok(Some(_)) | Err(_) => Some(false),
    };
    Ok(Seen { bytes, decrypted })
}

/// How many bytes lie in the folder for `row`, if they are those that were written.
async fn in_folder(store: &Store, row: &SegmentRow) -> Result<u64, Wrong> {
    let path = store.path(row.camera_id, row.id, row.starts_at);
    let read = spawn_blocking(move || digest(&path)).await;
    match read.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Wrong::NoFile),
        Err(error) => Err(Wrong::Unreadable(error.to_string())),
        Ok((length, sha256)) => as_written(row, length, &sha256),
    }
}

/// The same in the object storage.
async fn in_objects(store: &Store, row: &SegmentRow) -> Result<u64, Wrong> {
    let read = async {
        let mut pieces = store.lying(row.into()).await?.all().await?;
        let (mut hash, mut length) = (Context::new(&SHA256), 0);
        while let Some(piece) = pieces.try_next().await? {
            hash.update(&piece);
            length += piece.len() as u64;
        }
        Ok::<_, StoreError>((length, HEXLOWER.encode(hash.finish().as_ref())))
    };
    match read.await {
        Err(StoreError::Missing) => Err(Wrong::NoFile),
        Err(error) => Err(Wrong::Unreadable(error.to_string())),
        Ok((length, sha256)) => as_written(row, length, &sha256),
    }
}

/// `length`, if that and `sha256` are those of the row. An encrypted file is longer than what is in it, by its records.
fn as_written(row: &SegmentRow, length: u64, sha256: &str) -> Result<u64, Wrong> {
    match row {
        row if row.key_id.is_none() && i64::try_from(length) != Ok(row.bytes) => Err(Wrong::Length { is: length, was: row.bytes }),
        row if row.sha256.as_deref() != Some(sha256) => Err(Wrong::Bytes),
        _ => Ok(length),
    }
}

/// Decrypts the file of `row`: it must hold the pieces that were sealed, which exports are proved by.
async fn pieces(store: &Store, row: &SegmentRow, key: FileKey) -> Result<(), Wrong> {
    let path = store.path(row.camera_id, row.id, row.starts_at);
    let read = spawn_blocking(move || tree_of(&path, Some(key))).await;
    match read.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Ok((length, tree)) if row.tree == Some(tree.to_string()) && i64::try_from(length) == Ok(row.bytes) => Ok(()),
        Ok(_) => Err(Wrong::Decrypted),
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(Wrong::Decrypted),
        Err(error) => Err(Wrong::Unreadable(error.to_string())),
    }
}

async fn still_here(db: &Db, row: &SegmentRow) -> Result<bool, DbError> {
    let sql = "select id from segments where id = $1 and removed_at is null and place = $2";
    Ok(db.row::<(SegmentId,)>(sql, args![row.id, row.place]).await?.is_some())
}

/// Files that are no segment's. The folder is listed first: a row is written before its file.
async fn foreign(db: &Db, folder: &Path, report: &mut Report) -> Result<(), DbError> {
    let (base, mut found) = (folder.to_owned(), Vec::new());
    let listed = spawn_blocking(move || list(&base, Path::new(""), &mut found).map(|()| found)).await;
    let found = match listed.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            report.add(Place::File(folder.to_owned()), Wrong::Unreadable(error.to_string()));
            return Ok(());
        }
    };
    let mut known = HashSet::new();
    let mut last = String::new();
    loop {
        // Also what has been let go of or moved: its file is about to go.
        let sql = "select id, camera_id, starts_at from segments where id > $1 order by id limit $2";
        let rows: Vec<(SegmentId, CameraId, Moment)> = db.rows(sql, args![&last, BATCH]).await?;
        let Some((id, ..)) = rows.last() else { break };
        last = id.to_string();
        known.extend(rows.into_iter().map(|(id, camera, at)| PathBuf::from(store::name(camera, id, at.0))));
    }
    for path in found.into_iter().filter(|path| !known.contains(path)) {
        report.add(Place::File(path), Wrong::Foreign);
    }
    Ok(())
}

/// Adds the files in the folder `below` that of the recordings, and in those in it, by their names from there. A link is a file here: nothing
/// outside of the folder belongs to it.
fn list(folder: &Path, below: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            found.push(name);
            continue;
        }
        match list(folder, &name, found) {
            // A day whose last file goes takes its folder along.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            listed => listed?,
        }
    }
    Ok(())
}
