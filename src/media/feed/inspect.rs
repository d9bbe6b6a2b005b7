//! What a camera does that browsers cannot show, or that makes newcomers wait: seen from its pictures.

use crate::media::rtp::{REEL_BYTES, has_b_slice};

/// How many pictures that refer to later ones make a verdict; one may be an accident.
const B_FRAMES: u32 = 3;

/// Watches the pictures of a camera.
#[derive(Debug, Default)]
pub(super) struct Inspector {
    newest: Option<u64>,
    reordered: u32,
    b_frames: bool,
    group_bytes: usize,
}

/// What is wrong, said once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// Pictures do not come in the order in which they are shown.
    BFrames,
    /// The pictures from one key frame to the next are more than is kept.
    HugeGroup,
}

impl Finding {
    /// What to change on the camera.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::BFrames => {
                "the camera sends B-frames, which browsers cannot show: set its H.264 profile to Baseline, or B-frames to 0"
            }
            Self::HugeGroup => {
                "the camera's key frames are too far apart for an instant picture: set the I-frame interval to 2 s, 'Smart codec' off"
            }
        }
    }
}

impl Inspector {
    /// Looks at a picture: its timestamp as the camera gave it, whether it is a key frame, its NAL units.
    pub(super) fn look(&mut self, timestamp: u64, key: bool, data: &[u8]) -> Option<Finding> {
        if key {
            // A group without reordering clears the camera: somebody has changed the setting.
            self.b_frames = self.reordered >= B_FRAMES;
            (self.reordered, self.group_bytes) = (0, 0);
        }
        let before = self.group_bytes;
        self.group_bytes += data.len();
        let huge = before <= REEL_BYTES && self.group_bytes > REEL_BYTES;
        // A clock that jumps back does so once and without B slices.
        if self.newest.is_some_and(|newest| timestamp < newest) && has_b_slice(data) {
            self.reordered += 1;
            if self.reordered == B_FRAMES && !self.b_frames {
                self.b_frames = true;
                return Some(Finding::BFrames);
            }
        } else {
            self.newest = Some(timestamp);
        }
        huge.then_some(Finding::HugeGroup)
    }

    /// Whether pictures come in another order than they are shown.
    pub(super) fn b_frames(&self) -> bool {
        self.b_frames
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: &[u8] = &[0, 0, 0, 2, 0x41, 0b1100_0000];
    const B: &[u8] = &[0, 0, 0, 2, 0x01, 0b1010_0000];
    const IDR: &[u8] = &[0, 0, 0, 2, 0x65, 0b1000_1000];

    #[test]
    fn reordered_b_pictures_are_found_and_forgotten_after_a_group_without() {
        let mut inspector = Inspector::default();
        inspector.look(0, true, IDR);
        let shown = [(9_000, P), (3_000, B), (6_000, B), (18_000, P), (12_000, B)];
        let found: Vec<_> = shown.iter().filter_map(|(time, data)| inspector.look(*time, false, data)).collect();
        assert_eq!((found, inspector.b_frames()), (vec![Finding::BFrames], true));
        inspector.look(27_000, true, IDR);
        assert!(inspector.b_frames(), "the whole group had them");
        inspector.look(30_000, false, P);
        inspector.look(33_000, true, IDR);
        assert!(!inspector.b_frames());
    }

    #[test]
    fn a_clock_that_jumps_back_is_no_b_frame() {
        let mut inspector = Inspector::default();
        for time in [90_000, 93_600, 10, 3_610, 0, 3_600] {
            assert_eq!(inspector.look(time, false, P), None);
        }
        assert!(!inspector.b_frames());
    }

    #[test]
    fn a_group_that_is_more_than_is_kept_is_said_once() {
        let mut inspector = Inspector::default();
        let megabyte = [&(1u32 << 20).to_be_bytes()[..], &vec![0x41; 1 << 20]].concat();
        let found: Vec<_> = (0..10).filter_map(|time| inspector.look(time, time == 0, &megabyte)).collect();
        assert_eq!(found, [Finding::HugeGroup]);
    }
}
