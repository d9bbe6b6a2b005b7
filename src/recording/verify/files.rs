//! The files against their rows.

use super::{BATCH, Place, Report, Wrong};
use crate::{
    args,
    db::{Db, DbError, Moment, Queries, segments::SegmentRow},
    id::{CameraId, SegmentId},
    model::SegmentPlace,
    recording::store,
};
use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

/// What is read at once.
const PIECE: usize = 1 << 20;

/// Every segment that is whole has its file, byte for byte, and every file is one's.
pub(super) async fn check(db: &Db, folder: &Path, report: &mut Report) -> Result<(), DbError> {
    let mut files = 0;
    let mut last = String::new();
    loop {
        let sql = "select id, camera_id, codec, width, height, starts_at, ends_at, bytes, sha256, tree, place, seal_id, removed_at \
             from segments where sha256 is not null and removed_at is null and id > $1 order by id limit $2";
        let rows: Vec<SegmentRow> = db.rows(sql, args![&last, BATCH]).await?;
        let Some(row) = rows.last() else { break };
        last = row.id.to_string();
        for row in rows {
            if row.place == SegmentPlace::Objects {
                report.elsewhere += 1;
                continue;
            }
            match file(folder, &row).await {
                Ok(bytes) => {
                    files += 1;
                    report.bytes += bytes;
                }
                // It may have been let go of, or moved, a moment ago.
                Err(_) if !still_here(db, row.id).await? => {}
                Err(wrong) => report.add(Place::Segment(row.id), wrong),
            }
        }
    }
    report.files = Some(files);
    foreign(db, folder, report).await
}

/// Reads the file of a segment; says how many bytes it has, or what is wrong with it.
async fn file(folder: &Path, row: &SegmentRow) -> Result<u64, Wrong> {
    let path = folder.join(store::name(row.camera_id, row.id, row.starts_at));
    let read = tokio::task::spawn_blocking(move || hash(&path)).await;
    match read.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Wrong::NoFile),
        Err(error) => Err(Wrong::Unreadable(error.to_string())),
        Ok((length, _)) if i64::try_from(length) != Ok(row.bytes) => Err(Wrong::Length { is: length, was: row.bytes }),
        Ok((_, sha256)) if Some(&sha256) != row.sha256.as_ref() => Err(Wrong::Bytes),
        Ok((length, _)) => Ok(length),
    }
}

/// The length of a file and its SHA-256.
fn hash(path: &Path) -> io::Result<(u64, String)> {
    let (mut file, mut context, mut piece) = (File::open(path)?, Context::new(&SHA256), vec![0; PIECE]);
    let mut length = 0;
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((length, HEXLOWER.encode(context.finish().as_ref()))),
            read => {
                context.update(&piece[..read]);
                length += read as u64;
            }
        }
    }
}

async fn still_here(db: &Db, id: SegmentId) -> Result<bool, DbError> {
    let sql = "select id from segments where id = $1 and removed_at is null and place = 'folder'";
    Ok(db.row::<(SegmentId,)>(sql, args![id]).await?.is_some())
}

/// Files that are no segment's. The folder is listed first: a row is written before its file.
async fn foreign(db: &Db, folder: &Path, report: &mut Report) -> Result<(), DbError> {
    let (base, mut found) = (folder.to_owned(), Vec::new());
    let listed = tokio::task::spawn_blocking(move || list(&base, Path::new(""), &mut found).map(|()| found)).await;
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
