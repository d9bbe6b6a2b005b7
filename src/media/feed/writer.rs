//! The camera's end of a feed.

use crate::media::{Frame, Health, SoundCodec};
use jiff::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;

/// How many events may wait for the feed: more than a second of pictures and sound.
const WAITING: usize = 128;

/// What a camera tells its feed.
#[derive(Debug)]
pub(super) enum Event {
    /// Frames are missing before the next one.
    Gap,
    Frame(Frame),
    Sound(Option<SoundCodec>),
    Clock(Timestamp),
    Health(Health),
}

/// The camera's end of a feed: frames and health go in. Every method returns at once.
#[derive(Debug)]
pub struct FeedWriter {
    queue: mpsc::Sender<Event>,
    /// Whether something is missing before what comes next.
    missing: AtomicBool,
}

impl FeedWriter {
    /// The camera's end, and the feed's.
    pub(super) fn new() -> (Self, mpsc::Receiver<Event>) {
        let (queue, events) = mpsc::channel(WAITING);
        (Self { queue, missing: AtomicBool::new(false) }, events)
    }

    /// Says which sound comes with the pictures, before the first frame. Without it, sound is known from its first frame, and a
    /// viewer who came earlier gets none.
    pub fn sound(&self, codec: Option<SoundCodec>) {
        self.send(Event::Sound(codec));
    }

    /// Hands over a frame, in decoding order.
    pub fn frame(&self, frame: Frame) {
        self.send(Event::Frame(frame));
    }

    /// Says that frames are missing before the next one: viewers go on at the next key frame instead of with a broken picture.
    pub fn gap(&self) {
        self.missing.store(true, Ordering::Relaxed);
    }

    /// Says what time it is by the camera's clock, at this moment.
    pub fn clock(&self, time: Timestamp) {
        self.send(Event::Clock(time));
    }

    /// Says how the camera is. [`Health::Online`] and [`Health::NoVideo`] need not be said: the feed sees pictures come and stay away.
    pub fn health(&self, health: Health) {
        self.send(Event::Health(health));
    }

    /// A feed that cannot keep up misses the event; then there is a gap, in its place among the events.
    fn send(&self, event: Event) {
        if self.missing.load(Ordering::Relaxed) {
            if self.queue.try_send(Event::Gap).is_err() {
                return;
            }
            self.missing.store(false, Ordering::Relaxed);
        }
        if self.queue.try_send(event).is_err() {
            self.gap();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_slow_feed_misses_is_missing_in_its_place() {
        let (writer, mut events) = FeedWriter::new();
        writer.gap();
        for _ in 0..2 * WAITING {
            writer.sound(None);
        }
        let taken = |events: &mut mpsc::Receiver<Event>| {
            std::iter::from_fn(|| events.try_recv().ok()).map(|event| matches!(event, Event::Gap)).collect::<Vec<_>>()
        };
        assert_eq!(taken(&mut events), [&[true][..], &[false; WAITING - 1]].concat());
        writer.sound(None);
        assert_eq!(taken(&mut events), [true, false]);
    }
}
