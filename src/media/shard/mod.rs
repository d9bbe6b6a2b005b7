//! A shard: one thread that sends. It has its own peers and its own reels; what others want of it comes through one inbox.

mod batch;
mod feedback;
mod lateness;
mod peer;
mod report;
mod sound;
mod thread;
mod video;

pub(super) use batch::{Batch, Head};
pub(super) use peer::{Peer, Seat};
pub(super) use report::Wall;
pub(super) use thread::Shard;

use super::{
    Ending,
    port::Path,
    rtp::{Picture, SoundFrame},
};
use lateness::Lateness;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

/// Names a stream, in this process and for its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PeerId(pub(super) u64);

/// Names a feed, in this process and for its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FeedId(pub(super) u64);

/// How many pictures, sounds and datagrams may wait in an inbox; more are not taken.
const WAITING: usize = 4_096;

/// What a shard is told.
pub(super) enum Message {
    /// The feed's next picture.
    Picture(FeedId, Arc<Picture>),
    /// The feed's next sound.
    Sound(FeedId, Arc<SoundFrame>),
    /// What the feed gave before is no use to a newcomer any more.
    Stale(FeedId),
    /// The feed is gone, and its viewers with it.
    Gone(FeedId, Ending),
    /// A stream has opened.
    Join(Box<Peer>),
    /// The client of a stream is reached there from now on.
    Path { peer: PeerId, path: Path },
    /// A datagram from a client that has passed a connectivity check.
    Datagram { peer: PeerId, path: Path, bytes: Vec<u8> },
    /// The client's consent has run out.
    Lost { peer: PeerId },
    /// Somebody ends the stream.
    Close { peer: PeerId, ending: Ending },
    /// The program stops.
    Stop,
}

/// How others reach a shard.
#[derive(Clone)]
pub(super) struct ShardLink {
    inbox: mpsc::Sender<Message>,
    waiting: Arc<AtomicUsize>,
    lateness: Lateness,
}

impl ShardLink {
    /// Makes an inbox; the second half is the shard's.
    pub(super) fn new() -> (Self, Inbox) {
        let (sender, messages) = mpsc::channel();
        let (waiting, lateness) = (Arc::new(AtomicUsize::new(0)), Lateness::default());
        (Self { inbox: sender, waiting: waiting.clone(), lateness: lateness.clone() }, Inbox { messages, waiting, lateness })
    }

    /// Puts in what must arrive. A shard that is gone has no streams either.
    pub(super) fn send(&self, message: Message) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _ = self.inbox.send(message);
    }

    /// Puts in what may be lost; returns whether there was room.
    pub(super) fn offer(&self, message: Message) -> bool {
        let room = self.waiting.load(Ordering::Relaxed) < WAITING;
        if room {
            self.send(message);
        }
        room
    }

    /// How old pictures are by the time its last viewer has them, on average.
    pub(super) fn lateness(&self) -> Duration {
        self.lateness.get()
    }

    /// How many messages wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// The shard's half of its inbox.
pub(super) struct Inbox {
    messages: mpsc::Receiver<Message>,
    waiting: Arc<AtomicUsize>,
    lateness: Lateness,
}

impl Inbox {
    /// The next message, waited for until `wait` has passed.
    pub(super) fn next(&self, wait: Duration) -> Option<Message> {
        let message = if wait.is_zero() { self.messages.try_recv().ok() } else { self.messages.recv_timeout(wait).ok() };
        if message.is_some() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        message
    }
}
