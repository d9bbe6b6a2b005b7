//! The newest pictures of a feed, as each sending thread keeps them: to start a new viewer at once, and to repair what was lost.

use super::picture::Picture;
use std::{collections::VecDeque, sync::Arc, time::Duration};

/// How far back before the newest key frame pictures are kept, for repairs.
const REPAIRS: Duration = Duration::from_millis(1_500);
/// How many bytes are kept at most: 24 seconds at 2 Mbit/s.
pub(in crate::media) const REEL_BYTES: usize = 6 << 20;
/// How many pictures are kept at most.
pub(in crate::media) const REEL_PICTURES: usize = 1_000;

/// The newest pictures of a feed in order. The memory is shared with the other threads' reels.
#[derive(Debug, Default)]
pub(in crate::media) struct Reel {
    pictures: VecDeque<Arc<Picture>>,
    key: Option<u64>,
    bytes: usize,
}

impl Reel {
    /// Takes the next picture. If one is missing before it, nothing earlier is of use any more.
    pub(in crate::media) fn push(&mut self, picture: Arc<Picture>) {
        if self.newest().is_some_and(|newest| newest.number + 1 != picture.number) {
            self.clear();
        }
        self.bytes += picture.payloads.bytes();
        if picture.key {
            self.key = Some(picture.number);
        }
        self.pictures.push_back(picture);
        self.trim();
    }

    /// Forgets everything: what comes next has nothing to do with it.
    pub(in crate::media) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The number of the newest picture that a decoder can start at, while it is kept. `None` also when the pictures since then are
    /// more than is kept: a newcomer then waits for the next one.
    pub(in crate::media) fn key(&self) -> Option<u64> {
        self.key
    }

    /// The newest picture.
    pub(in crate::media) fn newest(&self) -> Option<&Arc<Picture>> {
        self.pictures.back()
    }

    /// The picture with this number, if it is kept.
    pub(in crate::media) fn picture(&self, number: u64) -> Option<&Arc<Picture>> {
        let first = self.pictures.front()?.number;
        self.pictures.get(usize::try_from(number.checked_sub(first)?).ok()?)
    }

    /// The picture that holds the feed's packet `packet`, if it is kept, and which of its packets it is.
    pub(in crate::media) fn packet(&self, packet: u64) -> Option<(&Arc<Picture>, usize)> {
        let at = self.pictures.partition_point(|picture| picture.end_packet() <= packet);
        let picture = self.pictures.get(at)?;
        Some((picture, usize::try_from(packet.checked_sub(picture.first_packet)?).ok()?))
    }

    fn trim(&mut self) {
        let Some(now) = self.newest().map(|newest| newest.captured) else { return };
        while let Some(oldest) = self.pictures.front() {
            let needed =
                self.key.is_none_or(|key| oldest.number >= key) || now.saturating_duration_since(oldest.captured) < REPAIRS;
            let over = self.bytes > REEL_BYTES || self.pictures.len() > REEL_PICTURES;
            if self.pictures.len() == 1 || (needed && !over) {
                return;
            }
            if self.key == Some(oldest.number) {
                self.key = None;
            }
            self.bytes -= oldest.payloads.bytes();
            self.pictures.pop_front();
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::media::rtp::packetise;

    /// Pictures of 40 ms and `bytes` bytes, numbered on.
    pub(in crate::media::rtp) struct Camera {
        start: std::time::Instant,
        number: u64,
        packet: u64,
    }

    impl Camera {
        pub(in crate::media::rtp) fn new() -> Self {
            Self { start: crate::clock::monotonic(), number: 0, packet: 0 }
        }

        pub(in crate::media::rtp) fn picture(&mut self, key: bool, bytes: usize) -> Arc<Picture> {
            let unit = vec![if key { 0x65 } else { 0x41 }; bytes.max(1)];
            let payloads = packetise(&[&(unit.len() as u32).to_be_bytes()[..], &unit].concat(), None);
            let (number, first_packet) = (self.number, self.packet);
            self.number += 1;
            self.packet += payloads.len() as u64;
            let captured = self.start + Duration::from_millis(40 * number);
            Arc::new(Picture { number, first_packet, timestamp: number * 3_600, captured, ready: captured, key, payloads })
        }
    }

    #[test]
    fn the_newest_group_is_kept_and_a_little_before_it() {
        let (mut reel, mut camera) = (Reel::default(), Camera::new());
        for number in 0..200 {
            reel.push(camera.picture(number % 50 == 0, 2_500));
        }
        assert_eq!(reel.key(), Some(150));
        assert!(reel.picture(150).is_some() && reel.picture(120).is_none());
        let (picture, packet) = reel.packet(3 * 199 + 1).unwrap();
        assert_eq!((picture.number, packet), (199, 1));
        assert!(reel.packet(3 * 200).is_none() && reel.packet(0).is_none());
    }

    #[test]
    fn a_group_that_is_too_large_leaves_nothing_to_start_at() {
        let (mut reel, mut camera) = (Reel::default(), Camera::new());
        reel.push(camera.picture(true, 100_000));
        for _ in 0..80 {
            reel.push(camera.picture(false, 100_000));
            assert!(reel.bytes <= REEL_BYTES);
        }
        assert_eq!(reel.key(), None);
        reel.push(camera.picture(true, 100_000));
        assert_eq!(reel.key(), Some(81));
    }

    #[test]
    fn a_missing_picture_makes_the_earlier_ones_useless() {
        let (mut reel, mut camera) = (Reel::default(), Camera::new());
        reel.push(camera.picture(true, 10));
        camera.picture(false, 10);
        reel.push(camera.picture(false, 10));
        assert_eq!((reel.key(), reel.pictures.len()), (None, 1));
    }
}
