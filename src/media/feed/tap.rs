//! The end of a feed for one who keeps what comes: all of it, in order, or the knowledge that something is missing.

use super::handle::{Facts, Interest};
use crate::media::{Frame, Health, SoundCodec};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::{
    mpsc::{self, error::TryRecvError},
    watch,
};

/// How much may wait: half a minute of a camera's main stream, for a disk that takes a deep breath.
const WAITING_BYTES: usize = 16 << 20;
const WAITING_FRAMES: usize = 4_096;

/// Every frame of a feed, which runs for as long as this lives. One who does not take them in time loses some, and is told; the feed
/// and its viewers notice nothing.
pub struct Tap {
    queue: mpsc::Receiver<Tapped>,
    waiting: Arc<AtomicUsize>,
    facts: watch::Receiver<Facts>,
    _interest: Interest,
}

/// What comes out of a [`Tap`].
#[derive(Debug)]
pub enum Tapped {
    /// A frame, in the order of decoding.
    Frame(Frame),
    /// Frames are missing before the next one.
    Missing(Missing),
}

/// Nothing will come out of a [`Tap`] any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

/// Why frames are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They did not arrive, or the connection is another.
    NotArrived,
    /// They were not taken in time.
    NotTaken,
}

/// The feed's end of a [`Tap`].
pub(super) struct TapEnd {
    queue: mpsc::Sender<Tapped>,
    waiting: Arc<AtomicUsize>,
    /// What the other end is still to be told.
    missing: Option<Missing>,
}

impl Tap {
    pub(super) fn new(facts: watch::Receiver<Facts>, interest: Interest) -> (Self, TapEnd) {
        let (sender, queue) = mpsc::channel(WAITING_FRAMES);
        let waiting = Arc::new(AtomicUsize::new(0));
        let end = TapEnd { queue: sender, waiting: waiting.clone(), missing: None };
        (Self { queue, waiting, facts, _interest: interest }, end)
    }

    /// What waits; `None` while nothing does. It is asked for now and then: to be woken for every frame would cost more than to keep it.
    ///
    /// # Errors
    /// The camera is not there any more, or is another now.
    pub fn take(&mut self) -> Result<Option<Tapped>, Gone> {
        let tapped = match self.queue.try_recv() {
            Ok(tapped) => tapped,
            Err(TryRecvError::Empty) => return Ok(None),
            Err(TryRecvError::Disconnected) => return Err(Gone),
        };
        if let Tapped::Frame(frame) = &tapped {
            self.waiting.fetch_sub(frame.data.len(), Ordering::Relaxed);
        }
        Ok(Some(tapped))
    }

    /// How the camera is: online as long as pictures arrive, though they be none that browsers show.
    pub fn health(&self) -> Health {
        let facts = self.facts.borrow();
        if facts.arriving.is_some() { Health::Online } else { facts.state.health }
    }

    /// The sound that comes with the pictures.
    pub fn sound(&self) -> Option<SoundCodec> {
        self.facts.borrow().sound
    }
}

impl TapEnd {
    /// Says that frames are missing before the next one.
    pub(super) fn miss(&mut self) {
        self.missing.get_or_insert(Missing::NotArrived);
    }

    /// Hands over a frame if there is room; tells whether the other end is still there.
    pub(super) fn offer(&mut self, frame: &Frame) -> bool {
        let fits = self.waiting.load(Ordering::Relaxed) + frame.data.len() <= WAITING_BYTES && self.queue.capacity() > 1;
        if !fits {
            self.missing = Some(Missing::NotTaken);
            return !self.queue.is_closed();
        }
        if let Some(missing) = self.missing.take()
            && self.queue.try_send(Tapped::Missing(missing)).is_err()
        {
            return false;
        }
        self.waiting.fetch_add(frame.data.len(), Ordering::Relaxed);
        self.queue.try_send(Tapped::Frame(frame.clone())).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::handle::Purpose, *};
    use crate::{
        clock::monotonic,
        media::{CameraState, FrameKind, reading::Reading},
    };
    use jiff::Timestamp;

    fn frame(timestamp: u64, bytes: usize) -> Frame {
        let kind = FrameKind::Sound { codec: SoundCodec::Pcma };
        Frame { kind, timestamp, arrived: monotonic(), data: vec![0; bytes].into() }
    }

    fn tap() -> (Tap, TapEnd) {
        let state = CameraState { health: Health::Online, since: Timestamp::UNIX_EPOCH };
        let (_, facts) = watch::channel(Facts { state, arriving: None, parameters: None, sound: None, key: None });
        let reading = Reading::start().unwrap();
        Tap::new(facts, Interest::new(&watch::Sender::default(), Purpose::Keep, &reading))
    }

    /// `Ok` with the timestamps of frames, `Err` with what is missing.
    fn taken(tap: &mut Tap) -> Vec<Result<u64, Missing>> {
        let next = std::iter::from_fn(|| tap.take().unwrap());
        let told = |tapped| match tapped {
            Tapped::Frame(frame) => Ok(frame.timestamp),
            Tapped::Missing(missing) => Err(missing),
        };
        next.map(told).collect()
    }

    #[test]
    fn what_does_not_fit_is_missing_and_said_so() {
        let (mut tap, mut end) = tap();
        for timestamp in 0..4 {
            assert!(end.offer(&frame(timestamp, 6 << 20)));
        }
        assert_eq!(taken(&mut tap), [Ok(0), Ok(1)]);
        end.miss();
        assert!(end.offer(&frame(4, 1)));
        assert_eq!(taken(&mut tap), [Err(Missing::NotTaken), Ok(4)]);
        for timestamp in 0..2 * WAITING_FRAMES as u64 {
            assert!(end.offer(&frame(timestamp, 1)));
        }
        let first = taken(&mut tap);
        assert_eq!(first.last(), Some(&Ok(WAITING_FRAMES as u64 - 2)));
        end.offer(&frame(9_999, 1));
        assert_eq!(taken(&mut tap), [Err(Missing::NotTaken), Ok(9_999)]);
        drop(tap);
        assert!(!end.offer(&frame(0, 1)));
    }
}
