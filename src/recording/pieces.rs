//! Where in the file of a segment a player can begin: of a whole file by the index at its end, of one that is written by walking over it.

use super::{
    mp4::{Access, FragmentPlace, Layout, LayoutError, VIDEO_TIMESCALE},
    playlist::{Piece, PlayedFile},
    store::{Store, StoreError},
};
use crate::db::segments::SegmentRow;

/// The last box of a whole file, which says how long the index is (ISO/IEC 14496-12 §8.8.11).
const LAST: u64 = 16;

/// Why a file cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum NotPlayable {
    /// There are no bytes.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// They are not those of a segment.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// Its index cannot be read, or leads out of it.
    #[error("the index of a segment's file cannot be read")]
    Index,
}

/// What there is to play of a segment, up to what is safe on the disk.
pub async fn of(store: &Store, segment: &SegmentRow) -> Result<PlayedFile, NotPlayable> {
    let size = u64::try_from(segment.bytes).unwrap_or_default();
    let (head, pieces) =
        if segment.sha256.is_some() { by_index(store, segment, size).await? } else { by_walking(store, segment, size).await? };
    Ok(PlayedFile { id: segment.id, starts_at: segment.starts_at, head, pieces })
}

/// Two small reads, wherever the file lies.
async fn by_index(store: &Store, segment: &SegmentRow, size: u64) -> Result<(u64, Vec<Piece>), NotPlayable> {
    let file = store.open(segment).await?;
    let last = file.read(size.saturating_sub(LAST)..size).await?;
    let length = Access::length(&last).filter(|length| *length <= size).ok_or(NotPlayable::Index)?;
    let index = file.read(size - length..size).await?;
    let access = Access::decode(&index).map_err(|_| NotPlayable::Index)?;
    pieces(&access.entries, ticks(segment), size - length).ok_or(NotPlayable::Index)
}

/// The pieces between the `entries` of an index (ticks and offsets), the last of which reaches up to `end` in both; and where the first
/// begins. `None` where they do not follow each other.
fn pieces(entries: &[(u64, u64)], ticks: u64, end: u64) -> Option<(u64, Vec<Piece>)> {
    let &(_, head) = entries.first()?;
    let ends = entries.iter().skip(1).copied().chain([(ticks.max(entries.last()?.0 + 1), end)]);
    let piece = |(&(at, offset), (next_at, next)): (&(u64, u64), (u64, u64))| {
        Some(Piece { offset, length: next.checked_sub(offset)?, at, duration: next_at.checked_sub(at)? })
    };
    Some((head, entries.iter().zip(ends).map(piece).collect::<Option<_>>()?))
}

/// A file that grows lies in the folder.
async fn by_walking(store: &Store, segment: &SegmentRow, size: u64) -> Result<(u64, Vec<Piece>), NotPlayable> {
    let (store, row) = (store.clone(), segment.clone());
    let read = move || Ok::<_, NotPlayable>(Layout::read(&mut store.open_in_folder(&row)?)?);
    let layout = tokio::task::spawn_blocking(read).await.map_err(|_| NotPlayable::Index)??;
    let safe = layout.fragments.iter().filter(|fragment| fragment.offset + fragment.length <= size);
    Ok((layout.head, joined(safe)))
}

/// Each key frame with all that needs it.
fn joined<'a>(fragments: impl Iterator<Item = &'a FragmentPlace>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for &FragmentPlace { offset, length, decode_time, duration, key } in fragments {
        match pieces.last_mut() {
            Some(last) if !key => {
                last.length += length;
                last.duration += duration;
            }
            // What comes before the first key frame nobody can show.
            None if !key => {}
            _ => pieces.push(Piece { offset, length, at: decode_time, duration }),
        }
    }
    pieces
}

/// How long the segment is by its row.
fn ticks(segment: &SegmentRow) -> u64 {
    let micros = u128::try_from(segment.starts_at.duration_until(segment.ends_at).as_micros()).unwrap_or_default();
    u64::try_from(micros * u128::from(VIDEO_TIMESCALE) / 1_000_000).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_whole_file_lie_between_the_entries_of_its_index() {
        let (head, pieces) = pieces(&[(0, 900), (180_000, 1_500)], 270_000, 2_000).unwrap();
        assert_eq!(head, 900);
        let expected = [
            Piece { offset: 900, length: 600, at: 0, duration: 180_000 },
            Piece { offset: 1_500, length: 500, at: 180_000, duration: 90_000 },
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn an_index_that_leads_astray_is_none() {
        assert_eq!(pieces(&[], 90_000, 2_000), None);
        assert_eq!(pieces(&[(0, 900), (90_000, 800)], 270_000, 2_000), None);
        assert_eq!(pieces(&[(0, 2_100)], 270_000, 2_000), None);
    }

    #[test]
    fn a_key_frame_takes_along_what_needs_it() {
        let fragment =
            |n: u64, key| FragmentPlace { offset: 900 + n * 10, length: 10, decode_time: n * 9_000, duration: 9_000, key };
        let fragments = [fragment(0, false), fragment(1, true), fragment(2, false), fragment(3, true)];
        let expected = [
            Piece { offset: 910, length: 20, at: 9_000, duration: 18_000 },
            Piece { offset: 930, length: 10, at: 27_000, duration: 9_000 },
        ];
        assert_eq!(joined(fragments.iter()), expected);
    }
}
