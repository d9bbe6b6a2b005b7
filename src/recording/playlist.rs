//! A playlist over files as they lie: HTTP Live Streaming (RFC 8216) by ranges of bytes, so that nothing is written anew to be looked at. Pure.
//!
//! Each file has decode times of its own, so one follows another as a discontinuity with a map of its own (§4.3.2.3, §4.3.2.5); and every
//! entry says when it was taken (§4.3.2.6), which is how a page finds a moment.

use crate::{id::SegmentId, model::Window, recording::mp4::VIDEO_TIMESCALE};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write;

/// Entries are at least this long where there is as much. Shorter ones are more requests; with longer ones a page, which knows of key frames
/// by the entries that begin with them, would pass over some: cameras send one every two seconds or so.
const LEAST: u64 = 2 * VIDEO_TIMESCALE as u64;

/// A part of a file that begins with a key frame and reaches up to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its first byte in the file.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u64,
    /// When its first picture is decoded: ticks of 90 kHz since the beginning of the file.
    pub at: u64,
    /// How long its pictures last, in ticks of 90 kHz.
    pub duration: u64,
}

/// What a playlist says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedFile {
    /// The segment.
    pub id: SegmentId,
    /// When its first picture was taken.
    pub starts_at: Timestamp,
    /// How long `ftyp` and `moov` are, the file's first bytes.
    pub head: u64,
    /// Its pieces, each beginning where the one before ends.
    pub pieces: Vec<Piece>,
}

impl PlayedFile {
    /// When the piece's first picture was taken.
    fn taken_at(&self, piece: Piece) -> Timestamp {
        self.starts_at.saturating_add(length(piece.at)).unwrap_or(self.starts_at)
    }

    /// The pieces that reach into `window`, taken together to entries.
    fn entries(&self, window: Window) -> Vec<Piece> {
        let mut entries: Vec<Piece> = Vec::new();
        let within = |piece: &&Piece| {
            let start = self.taken_at(**piece);
            start < window.end && start.saturating_add(length(piece.duration)).is_ok_and(|end| end > window.start)
        };
        for piece in self.pieces.iter().filter(within) {
            match entries.last_mut() {
                Some(last) if last.duration < LEAST => {
                    last.length += piece.length;
                    last.duration += piece.duration;
                }
                _ => entries.push(*piece),
            }
        }
        entries
    }
}

/// The media playlist of what `files` have of `window`, each entry a range of `segments/<id>` beside it; `None` when they have nothing.
pub fn media_playlist(files: &[PlayedFile], window: Window) -> Option<String> {
    let files: Vec<_> = files.iter().map(|file| (file, file.entries(window))).filter(|(_, entries)| !entries.is_empty()).collect();
    let longest = files.iter().flat_map(|(_, entries)| entries).map(|entry| entry.duration).max()?;
    let target = longest.div_ceil(VIDEO_TIMESCALE.into());
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{target}\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n"
    );
    for (place, (file, entries)) in files.into_iter().enumerate() {
        let PlayedFile { id, head, .. } = file;
        let seam = if place > 0 { "#EXT-X-DISCONTINUITY\n" } else { "" };
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{seam}#EXT-X-MAP:URI=\"segments/{id}\",BYTERANGE=\"{head}@0\"");
        for entry in entries {
            let taken_at = file.taken_at(entry);
            let parts = entry.duration * 100_000 / u64::from(VIDEO_TIMESCALE);
            let (seconds, parts) = (parts / 100_000, parts % 100_000);
            let _ = writeln!(
                text,
                "#EXT-X-PROGRAM-DATE-TIME:{taken_at:.3}\n#EXTINF:{seconds}.{parts:05},\n#EXT-X-BYTERANGE:{}@{}\nsegments/{id}",
                entry.length, entry.offset
            );
        }
    }
    text.push_str("#EXT-X-ENDLIST\n");
    Some(text)
}

/// How long so many ticks last.
fn length(ticks: u64) -> SignedDuration {
    let micros = u128::from(ticks) * 1_000_000 / u128::from(VIDEO_TIMESCALE);
    SignedDuration::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: u64 = VIDEO_TIMESCALE as u64;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).unwrap()
    }

    /// A file that begins at so many seconds and has a key frame every second.
    fn file(start: i64, pieces: u64) -> PlayedFile {
        let piece = |n: u64| Piece { offset: 900 + n * 1_000, length: 1_000, at: n * SECOND, duration: SECOND };
        PlayedFile { id: SegmentId::new(at(start)), starts_at: at(start), head: 900, pieces: (0..pieces).map(piece).collect() }
    }

    fn window(start: i64, end: i64) -> Window {
        Window { start: at(start), end: at(end) }
    }

    #[test]
    fn a_playlist_names_ranges_of_the_files_as_they_lie() {
        let (one, other) = (file(0, 3), file(3, 2));
        let text = media_playlist(&[one.clone(), other.clone()], window(0, 60)).unwrap();
        let expected = format!(
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n\
             #EXT-X-MAP:URI=\"segments/{one}\",BYTERANGE=\"900@0\"\n\
             #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z\n#EXTINF:2.00000,\n#EXT-X-BYTERANGE:2000@900\nsegments/{one}\n\
             #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:42.000Z\n#EXTINF:1.00000,\n#EXT-X-BYTERANGE:1000@2900\nsegments/{one}\n\
             #EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"segments/{other}\",BYTERANGE=\"900@0\"\n\
             #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:43.000Z\n#EXTINF:2.00000,\n#EXT-X-BYTERANGE:2000@900\nsegments/{other}\n\
             #EXT-X-ENDLIST\n",
            one = one.id,
            other = other.id
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn what_lies_outside_of_the_window_is_left_out() {
        let files = [file(0, 300), file(300, 300)];
        let text = media_playlist(&files, window(290, 295)).unwrap();
        assert!(text.contains("#EXT-X-BYTERANGE:2000@290900\n") && !text.contains(&files[1].id.to_string()), "{text}");
        assert_eq!(media_playlist(&files, window(600, 700)), None);
        assert_eq!(media_playlist(&[], window(0, 700)), None);
    }

    proptest! {
        #[test]
        fn entries_follow_each_other_without_a_byte_or_a_tick_between(start in 0_i64..300, length in 1_i64..300) {
            let file = file(0, 300);
            let entries = file.entries(window(start, (start + length).min(300)));
            prop_assert!(!entries.is_empty());
            for pair in entries.windows(2) {
                prop_assert_eq!(pair[0].offset + pair[0].length, pair[1].offset);
                prop_assert_eq!(pair[0].at + pair[0].duration, pair[1].at);
                prop_assert!((LEAST..=LEAST + SECOND).contains(&pair[0].duration));
            }
            let (first, last) = (entries[0], entries[entries.len() - 1]);
            prop_assert!(file.taken_at(first) <= at(start));
            prop_assert!(last.at + last.duration >= SECOND * u64::try_from((start + length).min(300)).unwrap());
        }
    }
}
