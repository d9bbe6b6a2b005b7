//! One viewer's numbering and timing of a feed's pictures.
//!
//! A viewer keeps no packets, only where it stands and how the feed's packet numbers map to its own sequence numbers. A stretch in
//! which that mapping holds is a run; a jump to a key frame begins a new one. Across runs the sequence numbers stay contiguous and
//! the timestamps go forward, so that the browser's decoder sees one stream, whatever the camera or the network did.

use super::{picture::Picture, reel::Reel};
use std::{collections::VecDeque, sync::Arc};

/// Over how many ticks a replayed group of pictures is spread: the decoder is at the live edge when it has shown them.
const SQUEEZE: u64 = 18_000;
/// The least and the most ticks between two replayed pictures: 1 and 10 ms.
const STEP: (u64, u64) = (90, 900);
/// How many pictures a viewer may be behind a new key frame and still go on; one that is further behind jumps to it.
const BEHIND: u64 = 3;
/// How many runs are kept for repairs.
const KEPT: usize = 4;

/// A stretch in which a viewer is sent every packet of the feed.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// The first packet, as the feed counts, and its sequence number, counted on over 16 bits.
    packet: u64,
    sequence: u64,
    /// The picture that was the newest when the run began; those before it are squeezed together, `step` ticks apart.
    edge: u64,
    edge_timestamp: u64,
    step: u64,
    /// What is added to the feed's timestamps from the edge on.
    shift: u64,
}

impl Run {
    fn timestamp(&self, picture: &Picture) -> u64 {
        match self.edge.checked_sub(picture.number) {
            Some(before) => self.edge_timestamp - before * self.step,
            None => picture.timestamp + self.shift,
        }
    }
}

/// The packet that a viewer stands at: which picture, and which of its packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) struct Cursor {
    picture: u64,
    packet: usize,
    /// The sequence number of that packet.
    sequence: u64,
    /// The timestamp of the last packet before it.
    timestamp: u64,
}

/// A packet as one viewer gets it.
#[derive(Debug)]
pub(in crate::media) struct Slot<'r> {
    /// Where its payload is.
    pub(in crate::media) picture: &'r Arc<Picture>,
    /// Which of the picture's packets it is.
    pub(in crate::media) packet: usize,
    /// Its sequence number; the bits above 16 are the rollover counter (RFC 3711 §3.3.1).
    pub(in crate::media) sequence: u64,
    /// Its RTP timestamp, before it is cut to 32 bits.
    pub(in crate::media) timestamp: u64,
}

impl Slot<'_> {
    /// Whether it is the last of its picture.
    pub(in crate::media) fn marker(&self) -> bool {
        self.packet + 1 == self.picture.payloads.len()
    }
}

/// One viewer's place in a feed, and its last runs.
#[derive(Debug)]
pub(in crate::media) struct Runs {
    runs: VecDeque<Run>,
    cursor: Cursor,
}

impl Runs {
    /// Stands before the first picture; numbers will begin at `sequence` and times a little after `timestamp`.
    pub(in crate::media) fn new(sequence: u16, timestamp: u32) -> Self {
        let cursor = Cursor { picture: 0, packet: 0, sequence: u64::from(sequence), timestamp: u64::from(timestamp) };
        Self { runs: VecDeque::with_capacity(KEPT), cursor }
    }

    /// Where it stands, to come [`back`](Self::back) to when a packet could not be sent.
    pub(in crate::media) fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// Goes back to where it stood.
    pub(in crate::media) fn back(&mut self, cursor: Cursor) {
        self.cursor = cursor;
    }

    /// Whether the picture before has been sent whole: there a jump leaves no part of a picture behind.
    pub(in crate::media) fn between_pictures(&self) -> bool {
        self.cursor.packet == 0
    }

    /// Starts, or jumps to the newest key frame, if that is due: at the beginning, after pictures that are gone, or when far behind.
    /// Returns whether it jumped over pictures.
    pub(in crate::media) fn follow(&mut self, reel: &Reel) -> bool {
        let Some(key) = reel.key() else { return false };
        let lost =
            reel.picture(self.cursor.picture).is_none() && reel.newest().is_some_and(|newest| newest.number >= self.cursor.picture);
        let started = !self.runs.is_empty();
        let behind = self.between_pictures() && self.cursor.picture + BEHIND < key;
        if !started || lost || behind {
            self.jump(reel);
            return started;
        }
        false
    }

    /// Whether it has sent everything that was there when it last jumped.
    pub(in crate::media) fn caught_up(&self) -> bool {
        self.runs.back().is_some_and(|run| self.cursor.picture > run.edge)
    }

    /// Goes back, or ahead, to the newest key frame, squeezing the pictures since then. Returns whether there is one.
    pub(in crate::media) fn jump(&mut self, reel: &Reel) -> bool {
        let (Some(key), Some(newest)) = (reel.key().and_then(|key| reel.picture(key)), reel.newest()) else { return false };
        let ahead = newest.number - key.number;
        let natural = (newest.timestamp - key.timestamp).checked_div(ahead).unwrap_or(0);
        let step = SQUEEZE.checked_div(ahead).unwrap_or(0).clamp(STEP.0, STEP.1).min(natural.max(1));
        let shift = self.runs.back().map_or(self.cursor.timestamp, |run| run.shift);
        // A replay goes over times that were already used: then everything from here on is that much later.
        let edge_timestamp = (newest.timestamp + shift).max(self.cursor.timestamp + 1 + ahead * step);
        let run = Run {
            packet: key.first_packet,
            sequence: self.cursor.sequence,
            edge: newest.number,
            edge_timestamp,
            step,
            shift: edge_timestamp - newest.timestamp,
        };
        if self.runs.len() == KEPT {
            self.runs.pop_front();
        }
        self.runs.push_back(run);
        self.cursor = Cursor { picture: key.number, packet: 0, ..self.cursor };
        true
    }

    /// The packet that it stands at; `None` at the live edge, or before it has started.
    pub(in crate::media) fn slot<'r>(&self, reel: &'r Reel) -> Option<Slot<'r>> {
        let run = self.runs.back()?;
        let picture = reel.picture(self.cursor.picture)?;
        Some(Slot { picture, packet: self.cursor.packet, sequence: self.cursor.sequence, timestamp: run.timestamp(picture) })
    }

    /// Steps over the packet of `slot`.
    pub(in crate::media) fn step(&mut self, slot: &Slot<'_>) {
        self.cursor.sequence += 1;
        self.cursor.timestamp = slot.timestamp;
        if slot.marker() {
            self.cursor.picture += 1;
            self.cursor.packet = 0;
        } else {
            self.cursor.packet += 1;
        }
    }

    /// The packet that was sent under `sequence`, if it is still kept.
    pub(in crate::media) fn sent<'r>(&self, sequence: u16, reel: &'r Reel) -> Option<Slot<'r>> {
        let last = self.cursor.sequence.checked_sub(1)?;
        let back = u16::try_from(last & 0xffff).unwrap_or(0).wrapping_sub(sequence);
        let sequence = last.checked_sub(u64::from(back))?;
        let run = self.runs.iter().rev().find(|run| run.sequence <= sequence)?;
        let (picture, packet) = reel.packet(run.packet + (sequence - run.sequence))?;
        Some(Slot { picture, packet, sequence, timestamp: run.timestamp(picture) })
    }

    /// What is added to the feed's timestamps now: what a sender report needs.
    pub(in crate::media) fn shift(&self) -> Option<u64> {
        self.runs.back().map(|run| run.shift)
    }
}

#[cfg(test)]
mod tests {
    use super::super::reel::tests::Camera;
    use super::*;
    use proptest::prelude::*;

    /// Sends what there is, `most` packets at most; returns sequence, timestamp, picture and packet of each.
    fn send(runs: &mut Runs, reel: &Reel, most: usize) -> Vec<(u64, u64, u64, usize)> {
        runs.follow(reel);
        let mut sent = Vec::new();
        while let Some(slot) = runs.slot(reel).filter(|_| sent.len() < most) {
            sent.push((slot.sequence, slot.timestamp, slot.picture.number, slot.packet));
            runs.step(&slot);
        }
        sent
    }

    #[test]
    fn a_newcomer_starts_at_the_key_frame_and_is_at_the_live_edge_soon() {
        let (mut reel, mut camera) = (Reel::default(), Camera::new());
        (0..40).for_each(|number| reel.push(camera.picture(number == 0, 100)));
        let mut runs = Runs::new(65_500, u32::MAX);
        let sent = send(&mut runs, &reel, usize::MAX);
        assert_eq!((sent[0].0, sent[0].2, sent.len()), (65_500, 0, 40));
        let (first, last) = (sent[0].1, sent[39].1);
        assert!(last - first <= SQUEEZE, "{first} to {last}");
        reel.push(camera.picture(false, 100));
        assert_eq!(send(&mut runs, &reel, 9)[0].1, last + 3_600);
    }

    #[test]
    fn a_replay_goes_on_in_time_and_number() {
        let (mut reel, mut camera) = (Reel::default(), Camera::new());
        let mut runs = Runs::new(1, 0);
        let mut before = (0, 0);
        for number in 0..30 {
            reel.push(camera.picture(number == 0, 3_000));
            before = send(&mut runs, &reel, usize::MAX).last().map(|sent| (sent.0, sent.1)).unwrap();
        }
        assert!(runs.jump(&reel));
        let again = send(&mut runs, &reel, usize::MAX);
        assert_eq!((again[0].0, again[0].2), (before.0 + 1, 0));
        assert!(again[0].1 > before.1);
    }

    #[test]
    fn one_that_is_far_behind_jumps_to_the_newest_key_frame() {
        let (mut reel, mut camera) = (Reel::default(), Camera::new());
        let mut runs = Runs::new(1, 0);
        reel.push(camera.picture(true, 3_000));
        send(&mut runs, &reel, 2);
        (1..=10).for_each(|number| reel.push(camera.picture(number == 10, 3_000)));
        // The picture that it is in is sent whole first.
        let sent = send(&mut runs, &reel, 1);
        assert_eq!((sent[0].0, sent[0].2, sent[0].3), (3, 0, 2));
        let sent = send(&mut runs, &reel, 1);
        assert_eq!((sent[0].0, sent[0].2, sent[0].3), (4, 10, 0));
    }

    #[test]
    fn what_was_never_sent_is_not_found() {
        let (reel, runs) = (Reel::default(), Runs::new(0, 0));
        assert!(runs.sent(0, &reel).is_none() && runs.sent(7, &reel).is_none() && runs.slot(&reel).is_none());
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Picture { key: bool, bytes: usize },
        Lost,
        Send(usize),
        Unsent(usize),
        Replay,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            6 => (prop::bool::weighted(0.1), 1usize..6_000).prop_map(|(key, bytes)| Step::Picture { key, bytes }),
            1 => Just(Step::Lost),
            6 => (0usize..20).prop_map(Step::Send),
            2 => (0usize..20).prop_map(Step::Unsent),
            1 => Just(Step::Replay),
        ];
        prop::collection::vec(step, 1..150)
    }

    proptest! {
        #[test]
        fn numbers_are_contiguous_times_go_forward_and_repairs_find_the_same_packet(steps in steps(), start: u16, time: u32) {
            let (mut reel, mut camera) = (Reel::default(), Camera::new());
            let mut runs = Runs::new(start, time);
            let mut all: Vec<(u64, u64, u64, usize)> = Vec::new();
            for step in steps {
                match step {
                    Step::Picture { key, bytes } => reel.push(camera.picture(key, bytes)),
                    Step::Lost => drop(camera.picture(false, 10)),
                    Step::Send(most) => all.extend(send(&mut runs, &reel, most)),
                    Step::Unsent(most) => {
                        runs.follow(&reel);
                        let cursor = runs.cursor();
                        send(&mut runs, &reel, most);
                        // Only when nothing jumped meanwhile: that is how the sender uses it.
                        runs.back(cursor);
                    }
                    Step::Replay => drop(runs.jump(&reel)),
                }
            }
            for (before, after) in all.iter().zip(all.iter().skip(1)) {
                prop_assert_eq!(before.0 + 1, after.0);
                let same_picture = before.2 == after.2 && before.3 + 1 == after.3;
                prop_assert!(if same_picture { before.1 == after.1 } else { before.1 < after.1 }, "{:?} {:?}", before, after);
            }
            for sent in all.iter().rev().take(300) {
                if let Some(slot) = runs.sent(sent.0 as u16, &reel) {
                    prop_assert_eq!((slot.sequence, slot.timestamp, slot.picture.number, slot.packet), *sent);
                }
            }
        }
    }
}
