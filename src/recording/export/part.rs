//! The part of a segment's file that is in a span: from a key frame on, so that it plays alone.

use super::{
    manifest::{Included, Masked, Piece},
    masked::{Film, NotMasked},
    source::Source,
};
use crate::{
    audit::tree::Hash,
    db::segments::SegmentRow,
    id::SealId,
    model::Area,
    recording::mp4::{FragmentPlace, Layout, VIDEO_TIMESCALE},
};
use jiff::Timestamp;
use std::{
    io::{self, Read, Seek, SeekFrom, Write},
    ops::Range,
};

/// The part of a segment that is in a bundle.
pub(super) struct Part {
    pub(super) included: Included,
    /// Where the head is in the segment's file, and
    head: Range<u64>,
    /// where the fragments of the part are, in their order.
    fragments: Vec<Range<u64>>,
}

impl Part {
    /// What `row` has of the span; `None` when it has nothing of it. What is left out is read, and hashed: all of it where the part is to be
    /// coded anew.
    pub(super) fn of(
        row: &SegmentRow,
        seal: SealId,
        source: &mut Source<'_>,
        [from, to]: [Timestamp; 2],
        masked: bool,
    ) -> io::Result<Option<Self>> {
        let layout = Layout::read(source).map_err(io::Error::other)?;
        let chosen = chosen(&layout.fragments, ticks(row, from), ticks(row, to));
        if chosen.is_empty() {
            return Ok(None);
        }
        let head = 0..layout.head;
        let mut fragments = Vec::new();
        let mut pieces = vec![if masked { left_out(source, head.clone())? } else { Piece::Here(layout.head) }];
        for (index, fragment) in layout.fragments.iter().enumerate() {
            let range = range(fragment);
            let is_chosen = chosen.contains(&index);
            if is_chosen {
                fragments.push(range.clone());
            }
            pieces.push(if is_chosen && !masked { Piece::Here(fragment.length) } else { left_out(source, range)? });
        }
        // What random access needs holds places in the whole file: in a part it would lead astray.
        if layout.end < source.size() {
            pieces.push(left_out(source, layout.end..source.size())?);
        }
        let name = row.starts_at.strftime("%Y-%m-%d_%H-%M-%S.%3fZ");
        let included = Included {
            id: row.id,
            from: row.starts_at,
            to: row.ends_at,
            codec: row.codec.clone(),
            width: row.width,
            height: row.height,
            bytes: row.bytes,
            sha256: row.sha256.clone().unwrap_or_default(),
            key: row.key_id.clone(),
            seal,
            file: format!("video/{name}.mp4"),
            masked: None,
            pieces,
        };
        Ok(Some(Self { included, head, fragments }))
    }

    /// Writes the part with `areas` covered, as long as it `is_wanted`.
    pub(super) fn write_masked(
        &mut self,
        source: &mut Source<'_>,
        areas: &[Area],
        to: &mut impl Write,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<(), NotMasked> {
        let made = Film::open(source, self.head.clone(), areas)?.write(&self.fragments, to, is_wanted)?;
        self.included.masked = Some(Masked { bytes: made.bytes, sha256: made.sha256 });
        Ok(())
    }

    /// Writes the bytes of the part as they were recorded.
    pub(super) fn write(&self, source: &mut Source<'_>, to: &mut impl Write) -> io::Result<()> {
        for range in [&self.head].into_iter().chain(&self.fragments) {
            source.seek(SeekFrom::Start(range.start))?;
            let length = range.end - range.start;
            if io::copy(&mut source.by_ref().take(length), to)? < length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }
}

/// Tries whether `areas` can be covered in what `row` has of the span, with the first fragment of it.
pub(super) fn try_to_mask(
    row: &SegmentRow,
    source: &mut Source<'_>,
    [from, to]: [Timestamp; 2],
    areas: &[Area],
) -> Result<(), NotMasked> {
    let layout = Layout::read(source)?;
    let chosen = chosen(&layout.fragments, ticks(row, from), ticks(row, to));
    let Some(first) = layout.fragments[chosen].first() else { return Ok(()) };
    Film::open(source, 0..layout.head, areas)?.fragment(range(first), &|| true).map(drop)
}

/// Where a fragment is in its file.
fn range(place: &FragmentPlace) -> Range<u64> {
    place.offset..place.offset + place.length
}

/// The fragments that are needed to show the span: from the last key frame before it on.
fn chosen(fragments: &[FragmentPlace], from: u64, to: u64) -> Range<usize> {
    let first = fragments.iter().rposition(|fragment| fragment.key && fragment.decode_time <= from).unwrap_or(0);
    let ends = |fragment: &FragmentPlace| fragment.decode_time + fragment.duration;
    let any = fragments.iter().any(|fragment| ends(fragment) > from && fragment.decode_time < to);
    let last = fragments.iter().rposition(|fragment| fragment.decode_time < to);
    match last.filter(|_| any) {
        Some(last) => first..last + 1,
        None => 0..0,
    }
}

/// The leaf of what is left out.
fn left_out(source: &mut Source<'_>, range: Range<u64>) -> io::Result<Piece> {
    source.seek(SeekFrom::Start(range.start))?;
    let mut bytes = Vec::new();
    source.by_ref().take(range.end - range.start).read_to_end(&mut bytes)?;
    Ok(Piece::LeftOut(Hash::of_leaf(&bytes).to_string()))
}

/// Ticks from the beginning of the segment to `at`; 0 before it.
fn ticks(row: &SegmentRow, at: Timestamp) -> u64 {
    let millis = u64::try_from(at.duration_since(row.starts_at).as_millis()).unwrap_or(0);
    millis * u64::from(VIDEO_TIMESCALE) / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten fragments of a second, every other one with a key frame.
    fn fragments() -> Vec<FragmentPlace> {
        let second = u64::from(VIDEO_TIMESCALE);
        let place = |n: u64| FragmentPlace {
            offset: 100 * n,
            length: 100,
            decode_time: n * second,
            duration: second,
            key: n.is_multiple_of(2),
        };
        (0..10).map(place).collect()
    }

    fn seconds(from: u64, to: u64) -> Vec<usize> {
        let second = u64::from(VIDEO_TIMESCALE);
        chosen(&fragments(), from * second, to * second).collect()
    }

    #[test]
    fn a_part_begins_at_the_key_frame_before_the_span() {
        assert_eq!(seconds(3, 5), [2, 3, 4]);
        assert_eq!(seconds(4, 5), [4]);
        assert_eq!(seconds(0, 100), (0..10).collect::<Vec<_>>());
        assert_eq!(seconds(9, 10), [8, 9]);
    }

    #[test]
    fn a_span_beside_the_segment_has_no_part_of_it() {
        assert_eq!(seconds(10, 20), Vec::<usize>::new());
        assert_eq!(seconds(5, 5), Vec::<usize>::new());
        assert_eq!(chosen(&[], 0, 100).count(), 0);
    }
}
