//! The part of a segment's file that is in a span: from a key frame on, so that it plays alone.

use super::{
    manifest::{Included, Piece},
    source::Source,
};
use crate::{
    audit::tree::Hash,
    db::segments::SegmentRow,
    id::SealId,
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
    /// Where its bytes are in the segment's file, in the order of the part.
    ranges: Vec<Range<u64>>,
}

impl Part {
    /// What `row` has of the span; `None` when it has nothing of it. What is left out is read, and hashed.
    pub(super) fn of(
        row: &SegmentRow,
        seal: SealId,
        source: &mut Source<'_>,
        from: Timestamp,
        to: Timestamp,
    ) -> io::Result<Option<Self>> {
        let layout = Layout::read(source).map_err(io::Error::other)?;
        let chosen = chosen(&layout.fragments, ticks(row, from), ticks(row, to));
        if chosen.is_empty() {
            return Ok(None);
        }
        let head = 0..layout.head;
        let mut ranges = vec![head];
        let mut pieces = vec![Piece::Here(layout.head)];
        for (index, fragment) in layout.fragments.iter().enumerate() {
            let range = fragment.offset..fragment.offset + fragment.length;
            if chosen.contains(&index) {
                ranges.push(range);
                pieces.push(Piece::Here(fragment.length));
            } else {
                pieces.push(left_out(source, range)?);
            }
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
            pieces,
        };
        Ok(Some(Self { included, ranges }))
    }

    /// Writes the bytes of the part.
    pub(super) fn write(&self, source: &mut Source<'_>, to: &mut impl Write) -> io::Result<()> {
        for range in &self.ranges {
            source.seek(SeekFrom::Start(range.start))?;
            let length = range.end - range.start;
            if io::copy(&mut source.by_ref().take(length), to)? < length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }
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
