//! Which pieces of recordings are let go of, and when: pure, so that its rules can be held to account.
//!
//! A piece goes when its days are over; when its camera has more than it may; or when the disk has less room than is to be left. The
//! oldest goes first. What is held, or still written, never goes, whatever the disk says.

use crate::{id::SegmentId, model::RecordingRule};
use jiff::{SignedDuration, Timestamp};

/// A piece that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its segment.
    pub id: SegmentId,
    /// Its first moment.
    pub starts_at: Timestamp,
    /// The first moment after it.
    pub ends_at: Timestamp,
    /// Its size.
    pub bytes: u64,
    /// Whether it is still written.
    pub growing: bool,
    /// Whether it takes room on the disk.
    pub on_disk: bool,
}

/// A span of time that is not to be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub starts_at: Timestamp,
    /// The first moment after.
    pub ends_at: Timestamp,
}

/// What is kept of one camera.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// How long and how much.
    pub rule: RecordingRule,
    /// The size of all its pieces; needed only where the rule limits it.
    pub bytes: u64,
    /// Its oldest pieces, the oldest first: all of them, or so many that the others can wait for the next plan.
    pub oldest: Vec<Piece>,
    /// Whether there are others, which are newer.
    pub more: bool,
    /// What is held of it.
    pub held: Vec<Span>,
}

/// Why a piece goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Its days are over.
    Days,
    /// Its camera has more than it may.
    Bytes,
    /// The disk has too little room.
    Room,
}

impl Why {
    /// The word in records and metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Bytes => "bytes",
            Self::Room => "room",
        }
    }
}

/// A piece that is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goes {
    /// Whose it is: the place of its shelf.
    pub shelf: usize,
    /// Which.
    pub piece: Piece,
    /// Why.
    pub why: Why,
}

/// What is to go of `shelves` at `now`, where the disk is to have `lacking` bytes more: those of each shelf in the order of time.
pub fn plan(shelves: &[Shelf], now: Timestamp, lacking: u64) -> Vec<Goes> {
    let mut going: Vec<Goes> = Vec::new();
    let mut left: Vec<Goes> = Vec::new();
    for (shelf, kept) in shelves.iter().enumerate() {
        let mut bytes = kept.bytes;
        for piece in kept.oldest.iter().filter(|piece| kept.may_lose(piece)) {
            let why = match kept.rule.bytes {
                _ if kept.is_over(piece, now) => Why::Days,
                Some(most) if bytes > most => Why::Bytes,
                _ => {
                    left.push(Goes { shelf, piece: piece.clone(), why: Why::Room });
                    continue;
                }
            };
            bytes = bytes.saturating_sub(piece.bytes);
            going.push(Goes { shelf, piece: piece.clone(), why });
        }
    }
    let freed: u64 = going.iter().map(Goes::room).sum();
    let mut lacking = lacking.saturating_sub(freed);
    // Beyond the end of what is known of one camera, something of it may be older than what is known of another.
    let known = shelves.iter().filter(|shelf| shelf.more).filter_map(|shelf| shelf.oldest.last()).map(|piece| piece.ends_at).min();
    left.retain(|goes| goes.piece.on_disk && known.is_none_or(|known| goes.piece.ends_at <= known));
    left.sort_by_key(|goes| (goes.piece.ends_at, goes.piece.id));
    for goes in left {
        if lacking == 0 {
            break;
        }
        lacking = lacking.saturating_sub(goes.piece.bytes);
        going.push(goes);
    }
    going
}

impl Goes {
    /// How many bytes the disk has more when it is gone.
    pub fn room(&self) -> u64 {
        if self.piece.on_disk { self.piece.bytes } else { 0 }
    }
}

impl Shelf {
    fn may_lose(&self, piece: &Piece) -> bool {
        !piece.growing && !self.held.iter().any(|span| span.starts_at < piece.ends_at && piece.starts_at < span.ends_at)
    }

    /// Whether even its last picture is older than the rule asks for.
    fn is_over(&self, piece: &Piece, now: Timestamp) -> bool {
        piece.ends_at.saturating_add(days(self.rule.days)).is_ok_and(|over| over <= now)
    }
}

/// Days of 24 hours: the law counts no shifted clocks.
pub fn days(days: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RecordedQuality;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const NOW: i64 = 100 * 24 * 3600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn rule(days: u32, bytes: Option<u64>) -> RecordingRule {
        RecordingRule { recorded: true, quality: RecordedQuality::Main, days, bytes }
    }

    /// A piece of five minutes that ended so many hours before [`NOW`].
    fn piece(hours: i64, bytes: u64) -> Piece {
        let ends = NOW - hours * 3600;
        let (starts_at, ends_at) = (at(ends - 300), at(ends));
        Piece { id: SegmentId::new(starts_at), starts_at, ends_at, bytes, growing: false, on_disk: true }
    }

    fn shelf(rule: RecordingRule, mut oldest: Vec<Piece>) -> Shelf {
        oldest.sort_by_key(|piece| piece.starts_at);
        Shelf { rule, bytes: oldest.iter().map(|piece| piece.bytes).sum(), oldest, more: false, held: Vec::new() }
    }

    fn gone(shelves: &[Shelf], lacking: u64) -> Vec<(usize, i64, Why)> {
        let hours = |piece: &Piece| (NOW - piece.ends_at.as_second()) / 3600;
        plan(shelves, at(NOW), lacking).iter().map(|goes| (goes.shelf, hours(&goes.piece), goes.why)).collect()
    }

    #[test]
    fn a_piece_goes_when_even_its_last_picture_is_thirty_days_old() {
        let pieces = vec![piece(30 * 24, 1), piece(30 * 24 - 1, 1), piece(1, 1)];
        assert_eq!(gone(&[shelf(rule(30, None), pieces)], 0), [(0, 720, Why::Days)]);
    }

    #[test]
    fn a_camera_that_has_more_than_it_may_loses_its_oldest() {
        let pieces = vec![piece(4, 10), piece(3, 10), piece(2, 10), piece(1, 10)];
        assert_eq!(gone(&[shelf(rule(30, Some(25)), pieces)], 0), [(0, 4, Why::Bytes), (0, 3, Why::Bytes)]);
    }

    #[test]
    fn a_full_disk_takes_the_oldest_of_all_cameras_and_no_more_than_it_needs() {
        let one = shelf(rule(30, None), vec![piece(9, 10), piece(5, 10)]);
        let other = shelf(rule(300, None), vec![piece(8, 10), piece(6, 10)]);
        assert_eq!(gone(&[one, other], 21), [(0, 9, Why::Room), (1, 8, Why::Room), (1, 6, Why::Room)]);
    }

    #[test]
    fn nothing_goes_for_room_that_may_be_newer_than_what_is_not_known_yet() {
        let one = Shelf { more: true, ..shelf(rule(30, None), vec![piece(20, 10), piece(15, 10)]) };
        let other = shelf(rule(30, None), vec![piece(16, 10), piece(5, 10)]);
        assert_eq!(gone(&[one, other], 100), [(0, 20, Why::Room), (1, 16, Why::Room), (0, 15, Why::Room)]);
    }

    #[test]
    fn what_goes_anyway_makes_room_and_what_lies_elsewhere_makes_none() {
        let elsewhere = Piece { on_disk: false, ..piece(40 * 24, 100) };
        let shelves = [shelf(rule(30, None), vec![elsewhere, piece(31 * 24, 10), piece(5, 10), piece(4, 10)])];
        assert_eq!(gone(&shelves, 15), [(0, 960, Why::Days), (0, 744, Why::Days), (0, 5, Why::Room)]);
    }

    #[test]
    fn what_is_held_or_still_written_never_goes() {
        let held = piece(40 * 24, 10);
        let span = Span { starts_at: held.ends_at - SignedDuration::from_secs(1), ends_at: held.ends_at };
        let growing = Piece { growing: true, ..piece(0, 10) };
        let mut kept = shelf(rule(30, Some(1)), vec![held, growing, piece(3, 10)]);
        kept.held.push(span);
        assert_eq!(gone(&[kept], u64::MAX), [(0, 3, Why::Bytes)]);
    }

    prop_compose! {
        fn any_shelf()(
            days in 30_u32..40,
            bytes in proptest::option::of(0_u64..200),
            pieces in proptest::collection::vec((0_i64..50 * 24, 1_u64..20, any::<bool>(), any::<bool>()), 0..25),
            held in proptest::collection::vec((0_i64..50 * 24, 1_i64..200), 0..3),
        ) -> Shelf {
            // No two pieces of a camera at once.
            let mut seen = BTreeSet::new();
            let pieces = pieces.into_iter().filter(|(hours, ..)| seen.insert(*hours));
            let pieces = pieces.map(|(hours, bytes, growing, on_disk)| Piece { growing, on_disk, ..piece(hours, bytes) }).collect();
            let span = |(hours, long): (i64, i64)| Span { starts_at: at(NOW - hours * 3600), ends_at: at(NOW - (hours - long) * 3600) };
            Shelf { held: held.into_iter().map(span).collect(), ..shelf(rule(days, bytes), pieces) }
        }
    }

    fn overlaps(span: &Span, piece: &Piece) -> bool {
        span.starts_at < piece.ends_at && piece.starts_at < span.ends_at
    }

    proptest! {
        #[test]
        fn nothing_held_or_growing_goes_and_nothing_goes_twice(shelves in proptest::collection::vec(any_shelf(), 1..4), lacking in 0_u64..400) {
            let going = plan(&shelves, at(NOW), lacking);
            let ids: BTreeSet<_> = going.iter().map(|goes| (goes.shelf, goes.piece.starts_at)).collect();
            prop_assert_eq!(ids.len(), going.len());
            for Goes { shelf, piece, .. } in &going {
                prop_assert!(!piece.growing && !shelves[*shelf].held.iter().any(|span| overlaps(span, piece)));
            }
        }

        #[test]
        fn whatever_is_over_goes_and_what_is_not_goes_for_want_of_room_or_bytes_only(
            shelves in proptest::collection::vec(any_shelf(), 1..4),
            lacking in 0_u64..400,
        ) {
            let going = plan(&shelves, at(NOW), lacking);
            for (index, shelf) in shelves.iter().enumerate() {
                for piece in &shelf.oldest {
                    let goes = going.iter().find(|goes| goes.shelf == index && goes.piece == *piece);
                    let untouchable = piece.growing || shelf.held.iter().any(|span| overlaps(span, piece));
                    let over = piece.ends_at + days(shelf.rule.days) <= at(NOW);
                    match goes.map(|goes| goes.why) {
                        Some(Why::Days) => prop_assert!(over),
                        Some(Why::Bytes) => prop_assert!(!over && shelf.rule.bytes.is_some()),
                        Some(Why::Room) => prop_assert!(!over && lacking > 0 && piece.on_disk),
                        None => prop_assert!(!over || untouchable),
                    }
                }
            }
        }

        #[test]
        fn a_camera_ends_within_its_bytes_unless_nothing_more_may_go(shelf in any_shelf()) {
            let going = plan(std::slice::from_ref(&shelf), at(NOW), 0);
            let left = shelf.bytes - going.iter().map(|goes| goes.piece.bytes).sum::<u64>();
            let may_go = shelf.oldest.iter().filter(|piece| shelf.may_lose(piece)).count();
            prop_assert!(shelf.rule.bytes.is_none_or(|most| left <= most) || going.len() == may_go);
            // And it loses no more than that asks for: without the last one there would be too much.
            if let (Some(most), Some(last)) = (shelf.rule.bytes, going.iter().rfind(|goes| goes.why == Why::Bytes)) {
                prop_assert!(left + last.piece.bytes > most);
            }
        }

        #[test]
        fn for_room_the_oldest_of_all_go_and_not_one_too_many(
            shelves in proptest::collection::vec(any_shelf(), 1..4),
            lacking in 0_u64..400,
        ) {
            let going = plan(&shelves, at(NOW), lacking);
            let freed: u64 = going.iter().map(Goes::room).sum();
            let for_room: Vec<_> = going.iter().filter(|goes| goes.why == Why::Room).collect();
            if let Some(last) = for_room.last() {
                prop_assert!(freed - last.room() < lacking);
            }
            let stays: Vec<&Piece> = shelves.iter().enumerate().flat_map(|(index, shelf)| {
                let going = &going;
                let goes = move |piece: &Piece| going.iter().any(|goes| goes.shelf == index && goes.piece == *piece);
                shelf.oldest.iter().filter(move |piece| piece.on_disk && shelf.may_lose(piece) && !goes(piece))
            }).collect();
            prop_assert!(freed >= lacking || stays.is_empty());
            for gone in &for_room {
                prop_assert!(stays.iter().all(|piece| gone.piece.ends_at <= piece.ends_at));
            }
        }
    }
}
