//! What lies where on a day: pure.

use crate::model::Window;
use jiff::{SignedDuration, Timestamp};

/// Between two files there is no gap unless it is longer than this: one picture may be late.
pub const SEAM: SignedDuration = SignedDuration::from_secs(2);

/// What is recorded without a gap within `day`, from the spans of the files in the order of time.
pub fn stretches(files: impl IntoIterator<Item = (Timestamp, Timestamp)>, day: Window) -> Vec<Window> {
    let mut stretches: Vec<Window> = Vec::new();
    for (start, end) in files {
        let file = Window { start: start.max(day.start), end: end.min(day.end) };
        match stretches.last_mut() {
            Some(last) if last.end.duration_until(file.start) <= SEAM => last.end = last.end.max(file.end),
            _ if file.start < file.end => stretches.push(file),
            _ => {}
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn joined(files: &[(i64, i64)]) -> Vec<(i64, i64)> {
        let files = files.iter().map(|(start, end)| (at(*start), at(*end)));
        let stretches = stretches(files, Window { start: at(0), end: at(1_000) });
        stretches.iter().map(|window| (window.start.as_second(), window.end.as_second())).collect()
    }

    #[test]
    fn files_that_follow_each_other_are_one_stretch() {
        assert_eq!(joined(&[(0, 300), (300, 600), (602, 900)]), [(0, 900)]);
        assert_eq!(joined(&[(0, 300), (303, 600)]), [(0, 300), (303, 600)]);
        assert_eq!(joined(&[]), []);
    }

    #[test]
    fn a_day_ends_at_its_midnights() {
        assert_eq!(joined(&[(-100, 20), (990, 1_200)]), [(0, 20), (990, 1_000)]);
        assert_eq!(joined(&[(-100, 0), (1_000, 1_200)]), []);
    }

    proptest! {
        #[test]
        fn what_is_in_a_file_is_in_a_stretch_and_stretches_are_apart(gaps in prop::collection::vec((0_i64..5, 1_i64..50), 0..20)) {
            let mut files = Vec::new();
            let mut now = 0;
            for (pause, length) in gaps {
                files.push((now + pause, now + pause + length));
                now += pause + length;
            }
            let stretches = joined(&files);
            for (start, end) in files.iter().filter(|(start, _)| *start < 1_000) {
                prop_assert!(stretches.iter().any(|(from, to)| from <= start && (*end).min(1_000) <= *to));
            }
            prop_assert!(stretches.windows(2).all(|pair| pair[1].0 - pair[0].1 > SEAM.as_secs()));
        }
    }
}
