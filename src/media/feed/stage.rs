//! What a feed shows live: packets of its frames, made once for all viewers, and only while there are any.

use crate::{
    clock::monotonic,
    media::{
        Ending, ParameterSets,
        metrics::Metrics,
        rtp::{MAX_PAYLOAD, Picture, REEL_BYTES, REEL_PICTURES, SOUND_CLOCK, SoundFrame, Timeline, VIDEO_CLOCK, packetise},
        shard::{FeedId, Message, ShardLink},
    },
};
use bytes::Bytes;
use std::{sync::Arc, time::Instant};

/// A picture that browsers can show.
#[derive(Debug)]
pub(super) struct Shown {
    /// Whether a decoder can start here.
    pub(super) key: bool,
    /// The parameter sets in force.
    pub(super) parameters: Arc<ParameterSets>,
    /// The camera's, unwrapped.
    pub(super) timestamp: u64,
    /// When it arrived.
    pub(super) arrived: Instant,
    /// Its NAL units.
    pub(super) data: Bytes,
}

/// From frames to shards.
///
/// While nobody watches, as where a camera is only recorded, no packets are made and no shard is woken: the newest group of pictures waits
/// here, and whoever comes first gets it as if it had gone on all the time.
pub(super) struct Stage {
    feed: FeedId,
    shards: Vec<ShardLink>,
    metrics: Metrics,
    pictures: Timeline,
    sounds: Timeline,
    number: u64,
    packet: u64,
    /// `None` while the shards have the newest group.
    group: Option<Group>,
}

/// The newest pictures from a key frame on; none, where they are more than a shard would keep.
#[derive(Debug, Default)]
struct Group {
    pictures: Vec<Shown>,
    bytes: usize,
}

impl Stage {
    /// A feed's, from `now` on.
    pub(super) fn new(feed: FeedId, shards: Vec<ShardLink>, metrics: Metrics, now: Instant) -> Self {
        let (pictures, sounds) = (Timeline::new(VIDEO_CLOCK, now), Timeline::new(SOUND_CLOCK, now));
        Self { feed, shards, metrics, pictures, sounds, number: 0, packet: 0, group: None }
    }

    /// Takes the next picture, which is `watched` or not; tells whether there is anything in it to show.
    pub(super) fn picture(&mut self, shown: Shown, watched: bool) -> bool {
        if watched {
            self.open();
            return self.show(&shown);
        }
        // It closes at a key frame, so that somebody who comes in between has all of a group, from one place or the other.
        if shown.key && self.group.is_none() {
            self.clear();
            self.group = Some(Group::default());
        }
        match &mut self.group {
            Some(group) => group.push(shown),
            None => return self.show(&shown),
        }
        true
    }

    /// Hands to the shards what waits: somebody comes.
    pub(super) fn open(&mut self) {
        for shown in self.group.take().unwrap_or_default().pictures {
            self.show(&shown);
        }
    }

    /// Hands sound to every shard, in packets that are not too long: a byte of G.711 is a tick.
    pub(super) fn sound(&mut self, timestamp: u64, arrived: Instant, data: &Bytes) {
        let (placed, captured) = self.sounds.place(timestamp, arrived);
        for at in (0..data.len()).step_by(MAX_PAYLOAD) {
            let payload = data.slice(at..data.len().min(at + MAX_PAYLOAD));
            let frame = Arc::new(SoundFrame { timestamp: placed + at as u64, captured, payload });
            self.offer(|| Message::Sound(self.feed, frame.clone()));
        }
    }

    /// What came before is of no use to a newcomer any more.
    pub(super) fn clear(&mut self) {
        self.group = None;
        self.tell(|| Message::Stale(self.feed));
    }

    /// There is nothing to be shown any more, and whoever watches is told why.
    pub(super) fn end(&mut self, ending: Ending) {
        self.group = None;
        self.tell(|| Message::Gone(self.feed, ending));
    }

    /// Makes packets of a picture and hands them to every shard.
    fn show(&mut self, shown: &Shown) -> bool {
        let payloads = packetise(&shown.data, shown.key.then_some(&*shown.parameters));
        if payloads.is_empty() {
            return false;
        }
        let (timestamp, captured) = self.pictures.place(shown.timestamp, shown.arrived);
        let (number, first_packet, ready) = (self.number, self.packet, monotonic());
        let picture = Arc::new(Picture { number, first_packet, timestamp, captured, ready, key: shown.key, payloads });
        self.number += 1;
        self.packet = picture.end_packet();
        self.offer(|| Message::Picture(self.feed, picture.clone()));
        true
    }

    fn tell(&self, message: impl Fn() -> Message) {
        self.shards.iter().for_each(|shard| shard.send(message()));
    }

    fn offer(&self, message: impl Fn() -> Message) {
        let taken = self.shards.iter().filter(|shard| shard.offer(message())).count();
        (taken..self.shards.len()).for_each(|_| self.metrics.dropped());
        self.metrics.waiting(self.shards.iter().map(ShardLink::waiting).sum());
        self.metrics.late(self.shards.iter().map(ShardLink::lateness).max().unwrap_or_default());
    }
}

impl Group {
    fn push(&mut self, shown: Shown) {
        if shown.key {
            *self = Self::default();
        } else if self.pictures.is_empty() {
            return;
        }
        self.bytes += shown.data.len();
        self.pictures.push(shown);
        if self.bytes > REEL_BYTES || self.pictures.len() > REEL_PICTURES {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::shard::Inbox;
    use prometheus_client::registry::Registry;
    use std::time::Duration;

    /// A stage with one shard, and pictures for it, 40 ms apart.
    struct Bench {
        stage: Stage,
        inbox: Inbox,
        began: Instant,
        taken: u32,
    }

    impl Bench {
        fn new() -> Self {
            let (shard, inbox) = ShardLink::new();
            let began = monotonic();
            let stage = Stage::new(FeedId(1), vec![shard], Metrics::new(&mut Registry::default()), began);
            Self { stage, inbox, began, taken: 0 }
        }

        /// Takes a picture of `size` bytes.
        fn take(&mut self, key: bool, size: usize, watched: bool) {
            let nal = [&(size as u32).to_be_bytes()[..], &vec![if key { 0x65 } else { 0x41 }; size]].concat();
            let arrived = self.began + Duration::from_millis(40) * self.taken;
            let timestamp = 3_600 * u64::from(self.taken);
            let parameters = Arc::new(ParameterSets { vps: None, sps: Bytes::new(), pps: Bytes::new(), width: 640, height: 360 });
            self.taken += 1;
            assert!(self.stage.picture(Shown { key, parameters, timestamp, arrived, data: nal.into() }, watched));
        }

        /// What the shard was told: numbers and times in milliseconds of pictures; `None` where it was to forget.
        fn told(&self) -> Vec<Option<(u64, u64)>> {
            let messages = std::iter::from_fn(|| self.inbox.next(Duration::ZERO));
            let told = |message| match message {
                Message::Picture(_, picture) => Some((picture.number, picture.timestamp / 90)),
                Message::Stale(_) => None,
                _ => panic!("neither a picture nor the end of them"),
            };
            messages.map(told).collect()
        }
    }

    #[test]
    fn without_viewers_nothing_is_shown_and_the_first_gets_the_newest_group() {
        let mut bench = Bench::new();
        for key in [true, false, true, false] {
            bench.take(key, 100, false);
        }
        assert_eq!(bench.told(), [None], "the shard is told once to forget, and then left alone");
        bench.stage.open();
        assert_eq!(bench.told(), [Some((0, 80)), Some((1, 120))]);
        bench.take(false, 100, true);
        assert_eq!(bench.told(), [Some((2, 160))]);
    }

    #[test]
    fn when_the_last_viewer_has_left_it_goes_on_until_the_next_key_frame() {
        let mut bench = Bench::new();
        bench.take(true, 100, true);
        bench.take(false, 100, false);
        assert_eq!(bench.told(), [Some((0, 0)), Some((1, 40))], "who comes now needs all of the group");
        bench.take(true, 100, false);
        bench.take(false, 100, false);
        assert_eq!(bench.told(), [None]);
        bench.take(false, 100, true);
        assert_eq!(bench.told(), [Some((2, 80)), Some((3, 120)), Some((4, 160))]);
    }

    #[test]
    fn a_group_that_is_too_large_is_not_kept() {
        let mut bench = Bench::new();
        bench.take(true, REEL_BYTES / 2, false);
        bench.take(false, REEL_BYTES / 2, false);
        bench.take(false, 100, false);
        bench.stage.open();
        assert_eq!(bench.told(), [None]);
        for number in 0..=REEL_PICTURES {
            bench.take(number == 0, 1, false);
        }
        bench.stage.open();
        assert_eq!(bench.told(), [None]);
    }
}
