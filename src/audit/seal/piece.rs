//! What a recording is made of, as the evidence takes it: a leaf for each segment and each gap.

use crate::{
    audit::tree::Hash,
    db::{gaps::GapRow, segments::SegmentRow},
    id::CameraId,
};
use jiff::Timestamp;
use std::fmt;

/// A piece of a camera's recording, or a hole in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A file.
    Segment(SegmentRow),
    /// A hole, with its cause.
    Gap(GapRow),
}

impl Piece {
    /// The camera.
    pub fn camera(&self) -> CameraId {
        match self {
            Self::Segment(row) => row.camera_id,
            Self::Gap(row) => row.camera_id,
        }
    }

    /// When it begins.
    pub fn from(&self) -> Timestamp {
        match self {
            Self::Segment(row) => row.starts_at,
            Self::Gap(row) => row.starts_at,
        }
    }

    /// When it ends, as far as is known.
    pub fn to(&self) -> Timestamp {
        match self {
            Self::Segment(row) => row.ends_at,
            Self::Gap(row) => row.ended_at.map_or(row.seen_at, Timestamp::from),
        }
    }

    /// The hash of its leaf; `None` as long as it is not over. The entry has what never changes again: neither where the file is nor
    /// whether it is still kept.
    pub fn leaf(&self) -> Option<Hash> {
        let entry = match self {
            Self::Segment(row) => {
                let SegmentRow { id, camera_id, codec, width, height, starts_at, ends_at, bytes, .. } = row;
                let (from, to) = (starts_at.as_millisecond(), ends_at.as_millisecond());
                let (sha256, tree) = (row.sha256.as_ref()?, row.tree.as_ref()?);
                let (form, key) = match &row.key_id {
                    None => (1, String::new()),
                    Some(key) => (2, format!("{key}\n")),
                };
                format!(
                    "tereze segment {form}\n{id}\n{camera_id}\n{from}\n{to}\n{codec}\n{width}\n{height}\n{bytes}\n{sha256}\n{tree}\n{key}"
                )
            }
            Self::Gap(GapRow { id, camera_id, cause, starts_at, ended_at, .. }) => {
                let (from, to) = (starts_at.as_millisecond(), (*ended_at)?.0.as_millisecond());
                format!("tereze gap 1\n{id}\n{camera_id}\n{from}\n{to}\n{cause}\n")
            }
        };
        Some(Hash::of_leaf(entry.as_bytes()))
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment(row) => write!(f, "segment {}", row.id),
            Self::Gap(row) => write!(f, "gap {}", row.id),
        }
    }
}

/// Puts the pieces of one camera in the order of time, in which they are leaves.
pub fn in_order(segments: Vec<SegmentRow>, gaps: Vec<GapRow>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = segments.into_iter().map(Piece::Segment).chain(gaps.into_iter().map(Piece::Gap)).collect();
    // Two can begin in the same millisecond, when a clock was set back.
    pieces.sort_by_cached_key(|piece| (piece.from(), piece.to(), piece.to_string()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        db::Moment,
        id::{GapId, SegmentId},
        model::{GapCause, SegmentPlace},
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn segment() -> SegmentRow {
        SegmentRow {
            id: SegmentId::new(at(0)),
            camera_id: CameraId::new(at(0)),
            codec: "avc1.42c01e".to_owned(),
            width: 640,
            height: 360,
            starts_at: at(10),
            ends_at: at(20),
            bytes: 1_000,
            sha256: Some("00".to_owned()),
            tree: Some("tree".to_owned()),
            place: SegmentPlace::Folder,
            seal_id: None,
            removed_at: None,
            key_id: None,
        }
    }

    #[test]
    fn a_leaf_binds_all_that_a_file_is_and_nothing_of_where_it_lies() {
        let leaf = |row: SegmentRow| Piece::Segment(row).leaf();
        let (row, whole) = (segment(), leaf(segment()).map(drop));
        assert!(whole.is_some());
        let changed = [
            SegmentRow { camera_id: CameraId::new(at(1)), ..row.clone() },
            SegmentRow { codec: "hvc1".to_owned(), ..row.clone() },
            SegmentRow { width: 641, ..row.clone() },
            SegmentRow { height: 361, ..row.clone() },
            SegmentRow { starts_at: at(11), ..row.clone() },
            SegmentRow { ends_at: at(21), ..row.clone() },
            SegmentRow { bytes: 1_001, ..row.clone() },
            SegmentRow { sha256: Some("01".to_owned()), ..row.clone() },
            SegmentRow { tree: Some("other".to_owned()), ..row.clone() },
            SegmentRow { key_id: Some("9f".to_owned()), ..row.clone() },
        ];
        for other in changed {
            assert_ne!(leaf(other.clone()), leaf(row.clone()), "{other:?}");
        }
        let moved = SegmentRow { place: SegmentPlace::Objects, removed_at: Some(Moment(at(99))), ..row.clone() };
        assert_eq!(leaf(moved), leaf(row.clone()));
        assert_eq!(leaf(SegmentRow { sha256: None, ..row }), None);
    }

    #[test]
    fn a_hole_that_lasts_has_no_leaf_yet() {
        let gap = GapRow {
            id: GapId::new(at(0)),
            camera_id: CameraId::new(at(0)),
            cause: GapCause::CameraOffline,
            starts_at: at(1),
            seen_at: at(2),
            ended_at: None,
            seal_id: None,
        };
        assert_eq!(Piece::Gap(gap.clone()).leaf(), None);
        let over = GapRow { ended_at: Some(Moment(at(3))), ..gap };
        let excused = GapRow { cause: GapCause::Ordered, ..over.clone() };
        assert_ne!(Piece::Gap(over).leaf(), Piece::Gap(excused).leaf(), "a cause cannot be changed later");
    }

    #[test]
    fn pieces_come_in_the_order_of_time() {
        let (early, late) = (SegmentRow { starts_at: at(1), ..segment() }, segment());
        let pieces = in_order(vec![late.clone(), early.clone()], Vec::new());
        assert_eq!(pieces, [Piece::Segment(early), Piece::Segment(late)]);
    }
}
