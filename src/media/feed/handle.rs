//! A feed as the control side holds it.

use super::{
    Intake,
    board::Board,
    tap::{Tap, TapEnd},
    task::Feed,
};
use crate::{
    clock::Clock,
    media::{
        CameraSource, CameraState, Ending, Health, KeyFrame, ParameterSets, Quality, SoundCodec, VideoCodec,
        metrics::Metrics,
        reading::{Hurry, Reading},
        shard::{FeedId, Message, ShardLink},
    },
};
use std::sync::Arc;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

/// What one who opens a stream must know of its feed.
#[derive(Debug, Clone)]
pub(in crate::media) struct Facts {
    /// How it is, and since when.
    pub(in crate::media) state: CameraState,
    /// In which codec pictures arrive, be they shown live or only kept; `None` while none do.
    pub(in crate::media) arriving: Option<VideoCodec>,
    /// The parameter sets in force, of pictures that are shown live.
    pub(in crate::media) parameters: Option<Arc<ParameterSets>>,
    /// The sound that comes with the pictures.
    pub(in crate::media) sound: Option<SoundCodec>,
    /// The newest picture at which a decoder can start.
    pub(in crate::media) key: Option<KeyFrame>,
}

/// Who wants a feed to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Wanted {
    /// How many watch.
    watching: usize,
    /// How many only take what comes.
    keeping: usize,
}

impl Wanted {
    /// Whether anybody does.
    pub(super) fn by_anybody(self) -> bool {
        self.watching + self.keeping > 0
    }

    /// Whether there is anybody to be shown anything.
    pub(super) fn by_viewers(self) -> bool {
        self.watching > 0
    }

    fn count(&mut self, purpose: Purpose) -> &mut usize {
        match purpose {
            Purpose::Watch => &mut self.watching,
            Purpose::Keep => &mut self.keeping,
        }
    }
}

/// What a feed is wanted for.
#[derive(Debug, Clone, Copy)]
pub(in crate::media) enum Purpose {
    /// To be shown live.
    Watch,
    /// To keep its frames, or to look at one.
    Keep,
}

/// Somebody wants a feed to run, for as long as this lives.
pub(in crate::media) struct Interest {
    wanted: watch::Sender<Wanted>,
    purpose: Purpose,
    _hurry: Option<Hurry>,
}

impl Interest {
    /// One more wants a feed that is read on `reading`.
    pub(super) fn new(wanted: &watch::Sender<Wanted>, purpose: Purpose, reading: &Reading) -> Self {
        wanted.send_modify(|wanted| *wanted.count(purpose) += 1);
        let hurry = matches!(purpose, Purpose::Watch).then(|| reading.hurry());
        Self { wanted: wanted.clone(), purpose, _hurry: hurry }
    }
}

impl Drop for Interest {
    fn drop(&mut self) {
        self.wanted.send_modify(|wanted| *wanted.count(self.purpose) = wanted.count(self.purpose).saturating_sub(1));
    }
}

/// What a feed is made of.
pub(in crate::media) struct FeedPlan {
    pub(in crate::media) id: FeedId,
    pub(in crate::media) source: CameraSource,
    pub(in crate::media) quality: Quality,
    pub(in crate::media) intake: Intake,
    pub(in crate::media) shards: Vec<ShardLink>,
    pub(in crate::media) board: Board,
    pub(in crate::media) metrics: Metrics,
    pub(in crate::media) clock: Clock,
}

/// A feed as the control side holds it. Dropping it ends the feed, and with it its viewers' streams.
pub(in crate::media) struct FeedHandle {
    /// Its name.
    pub(in crate::media) id: FeedId,
    /// Where its frames come from.
    pub(in crate::media) source: CameraSource,
    facts: watch::Receiver<Facts>,
    wanted: watch::Sender<Wanted>,
    taps: mpsc::UnboundedSender<TapEnd>,
    reading: Arc<Reading>,
    task: JoinHandle<()>,
    shards: Vec<ShardLink>,
    board: Board,
    quality: Quality,
}

impl FeedHandle {
    /// Starts a feed on `reading`; its camera is left alone until somebody wants it.
    pub(in crate::media) fn start(plan: FeedPlan, reading: Arc<Reading>) -> Self {
        let (id, source, quality) = (plan.id, plan.source.clone(), plan.quality);
        let (shards, board) = (plan.shards.clone(), plan.board.clone());
        let state = CameraState { health: Health::Idle, since: plan.clock.now() };
        let (facts, seen) = watch::channel(Facts { state, arriving: None, parameters: None, sound: None, key: None });
        let (wanted, wish) = watch::channel(Wanted::default());
        let (taps, tapping) = mpsc::unbounded_channel();
        let task = reading.spawn(Feed::new(plan, facts, wish, tapping).run());
        Self { id, source, facts: seen, wanted, taps, reading, task, shards, board, quality }
    }

    /// Wants it to run.
    pub(in crate::media) fn interest(&self, purpose: Purpose) -> Interest {
        Interest::new(&self.wanted, purpose, &self.reading)
    }

    /// Wants it to run, and every frame of it.
    pub(in crate::media) fn tap(&self) -> Tap {
        let (tap, end) = Tap::new(self.facts(), self.interest(Purpose::Keep));
        // A feed that has ended drops it, which is how the other end knows.
        let _ = self.taps.send(end);
        tap
    }

    /// What there is to know of it.
    pub(in crate::media) fn facts(&self) -> watch::Receiver<Facts> {
        self.facts.clone()
    }

    /// Ends it and tells its viewers why.
    pub(in crate::media) fn close(&self, ending: Ending) {
        self.task.abort();
        self.shards.iter().for_each(|shard| shard.send(Message::Gone(self.id, ending)));
        self.board.set(self.source.camera, self.quality, None);
    }
}
