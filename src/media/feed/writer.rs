//! The camera's end of a feed.

use crate::media::{Frame, Health, SoundCodec};
use jiff::Timestamp;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::mpsc;

/// How many events may wait for the feed: more than a second of pictures and sound.
const WAITING: usize = 128;

/// What a camera tells its feed.
#[derive(Debug)]
pub(super) enum Event {
    Frame(Frame),
    Sound(Option<SoundCodec>),
    Clock(Timestamp),
    Health(Health),
}

/// The feed's end: what the camera told.
#[derive(Debug)]
pub(super) struct Events {
    pub(super) queue: mpsc::Receiver<Event>,
    gap: Arc<AtomicBool>,
}

impl Events {
    /// Whether frames are missing before the next one; asking forgets it.
    pub(super) fn gap(&self) -> bool {
        self.gap.swap(false, Ordering::AcqRel)
    }
}

/// The camera's end of a feed: frames and health go in. Every method returns at once.
#[derive(Debug)]
pub struct FeedWriter {
    queue: mpsc::Sender<Event>,
    gap: Arc<AtomicBool>,
}

impl FeedWriter {
    pub(super) fn new() -> (Self, Events) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let gap = Arc::new(AtomicBool::new(false));
        (Self { queue: sender, gap: gap.clone() }, Events { queue: receiver, gap })
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
        self.gap.store(true, Ordering::Release);
    }

    /// Says what time it is by the camera's clock, at this moment.
    pub fn clock(&self, time: Timestamp) {
        self.send(Event::Clock(time));
    }

    /// Says how the camera is. [`Health::Online`] and [`Health::NoVideo`] need not be said: the feed sees pictures come and stay away.
    pub fn health(&self, health: Health) {
        self.send(Event::Health(health));
    }

    /// A feed that cannot keep up misses the event; then there is a gap.
    fn send(&self, event: Event) {
        if self.queue.try_send(event).is_err() {
            self.gap();
        }
    }
}
