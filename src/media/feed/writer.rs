//! The camera's end of a feed.

use crate::media::{Frame, Health, SoundCodec};
use tokio::sync::mpsc;

/// How many events may wait for the feed: more than a second of pictures and sound.
const WAITING: usize = 128;

/// What a camera tells its feed.
#[derive(Debug)]
pub(super) enum Event {
    Frame(Frame),
    Sound(Option<SoundCodec>),
    Gap,
    Health(Health),
}

/// The camera's end of a feed: frames and health go in. Every method returns at once.
#[derive(Debug)]
pub struct FeedWriter(mpsc::Sender<Event>);

impl FeedWriter {
    pub(super) fn new() -> (Self, mpsc::Receiver<Event>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), receiver)
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

    /// Says that frames are missing before the next one: viewers continue at the next key frame instead of with a broken picture.
    pub fn gap(&self) {
        self.send(Event::Gap);
    }

    /// Says how the camera is. [`Health::Online`] and [`Health::NoVideo`] need not be said: the feed sees pictures come and stay away.
    pub fn health(&self, health: Health) {
        self.send(Event::Health(health));
    }

    /// A feed that cannot keep up loses the event: it sees that by the next frame's number.
    fn send(&self, event: Event) {
        let _ = self.0.try_send(event);
    }
}
