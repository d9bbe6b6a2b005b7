//! What is recorded of one camera: its frames to segments, and what is missing to holes.

mod writing;

use super::{
    Parts,
    cutter::Picture,
    holes::Holes,
    mp4::{Head, SOUND_TIMESCALE, VIDEO_TIMESCALE},
    segment::Segment,
    sound::unfold,
    time::{CameraTime, Nanos, nanos},
    wall::Wall,
    worker::Worker,
};
use crate::{
    clock::{in_step, monotonic},
    id::{CameraId, SegmentId},
    media::{Frame, FrameKind, Gone, Health, Missing, ParameterSets, Quality, Tap, Tapped, VideoCodec, h265},
    model::GapCause,
};
use jiff::Timestamp;
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

/// How often what came is taken, and it is looked whether a picture waits for too long, or none comes.
const LOOK: Duration = Duration::from_millis(100);
/// A picture that waits for longer is written, though its fragment be short: one that is whole after a second ends with a picture that may be late.
const WAIT: Duration = Duration::from_millis(1_250);
/// After so long without a picture the file is ended, in case none comes.
const SILENCE: Nanos = 3_000_000_000;

/// What is to be recorded of a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) recorded: bool,
    pub(super) quality: Quality,
    pub(super) sound: bool,
}

/// Whoever wants the file at hand ended, and is told when it is.
pub(super) type Cut = oneshot::Sender<()>;

/// Records one camera.
pub(super) struct CameraRecorder {
    parts: Arc<Parts>,
    camera: CameraId,
    plan: Plan,
    /// What times are counted from.
    origin: Instant,
    pictures: CameraTime,
    sounds: CameraTime,
    wall: Wall,
    segment: Option<Segment>,
    holes: Holes,
    /// When what there is ends.
    ends_at: Timestamp,
    /// How the camera is; `None` when it is not wanted.
    health: Option<Health>,
    /// Whether pictures are useless until the next key frame.
    waiting: bool,
    /// Whether what is shown before the key frame at hand is useless: what it refers to is missing, or in another file.
    begun: bool,
    /// Whether the disk, or this machine, did not keep up.
    slow: bool,
    /// Why nothing can be written.
    trouble: Option<GapCause>,
    /// Segments that were not ended because of it.
    broken: Vec<SegmentId>,
    /// Who waits for the disk.
    worker: Worker,
    /// The folder that must be there: of all recordings, and once this run has written to it, of the camera.
    below: PathBuf,
    /// Who wants the file at hand ended.
    cuts: Vec<Cut>,
}

impl CameraRecorder {
    /// `ended` is when what there is of it ends, and why nothing was recorded since; without, there was nothing to record until now.
    pub(super) fn new(parts: Arc<Parts>, camera: CameraId, plan: Plan, ended: Option<(Timestamp, GapCause)>) -> Self {
        let origin = monotonic();
        let mut holes = Holes::new(parts.clone(), camera);
        let (ends_at, cause) = ended.unwrap_or((parts.clock.now(), GapCause::CameraOffline));
        holes.begin(ends_at, cause);
        Self {
            wall: Wall::new(parts.clock.clone(), origin),
            below: parts.store.folder().to_owned(),
            parts,
            camera,
            plan,
            origin,
            pictures: CameraTime::new(VIDEO_TIMESCALE, origin),
            sounds: CameraTime::new(SOUND_TIMESCALE, origin),
            segment: None,
            holes,
            ends_at,
            health: None,
            waiting: true,
            begun: false,
            slow: false,
            trouble: None,
            broken: Vec::new(),
            worker: Worker::new(),
            cuts: Vec::new(),
        }
    }

    /// Records until `stop`, by the newest of `plans`; files are ended before their time for each of `cuts`.
    pub(super) async fn run(mut self, mut plans: watch::Receiver<Plan>, mut cuts: mpsc::Receiver<Cut>, stop: CancellationToken) {
        let mut look = in_step(LOOK);
        let (mut tap, mut waits) = (None, false);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Ok(()) = plans.changed() => {
                    let plan = *plans.borrow_and_update();
                    if (plan.recorded, plan.quality) != (self.plan.recorded, self.plan.quality) {
                        tap = None;
                        self.finish(None).await;
                    }
                    self.plan = plan;
                }
                Some(cut) = cuts.recv() => self.cut(cut).await,
                // Not before it is polled: the expression is evaluated even where the branch is off, and what it took would be lost.
                tapped = async { tap.as_mut().map_or(Ok(None), Tap::take) }, if waits => match tapped {
                    Ok(Some(Tapped::Frame(frame))) => {
                        let sound = tap.as_ref().is_some_and(|tap| tap.sound().is_some());
                        self.frame(frame, sound).await;
                    }
                    Ok(Some(Tapped::Missing(missing))) => self.miss(missing),
                    Ok(None) => {
                        waits = false;
                        self.look().await;
                    }
                    // The camera is another now, or gone.
                    Err(Gone) => {
                        tap = None;
                        self.miss(Missing::NotArrived);
                    }
                },
                _ = look.tick() => {
                    if self.plan.recorded && tap.is_none() {
                        tap = self.parts.media.tap(self.camera, self.plan.quality);
                    }
                    // A camera that is online by now has sent what waits: so that is taken before it is judged what is missing.
                    self.health = tap.as_ref().map(Tap::health);
                    waits = true;
                }
            }
        }
        self.finish(None).await;
        let cause = self.holes.cause().unwrap_or(GapCause::GatewayStopped);
        self.holes.last(self.parts.clock.now(), cause).await;
    }

    fn miss(&mut self, missing: Missing) {
        self.waiting = true;
        self.slow |= missing == Missing::NotTaken;
    }

    /// Takes a frame; `sound` is whether some comes with the pictures.
    async fn frame(&mut self, frame: Frame, sound: bool) {
        match frame.kind {
            FrameKind::Video { key, parameters } => {
                if self.begun && !key && parameters.codec() == VideoCodec::H265 && h265::is_leading(&frame.data) {
                    return;
                }
                let picture = Picture {
                    at: self.pictures.place(frame.timestamp, frame.arrived),
                    arrived: frame.arrived,
                    key,
                    data: frame.data,
                };
                self.picture(picture, parameters, sound && self.plan.sound).await;
            }
            FrameKind::Sound { codec } => {
                let at = self.sounds.place(frame.timestamp, frame.arrived);
                // What is forbidden is forbidden at once, whatever the file at hand could take.
                if let Some(segment) = self.segment.as_mut().filter(|segment| segment.head.sound && self.plan.sound) {
                    segment.sound(at, unfold(codec, &frame.data));
                }
            }
        }
    }

    async fn picture(&mut self, picture: Picture, video: Arc<ParameterSets>, sound: bool) {
        if picture.key {
            self.begun = std::mem::take(&mut self.waiting);
            let head = Head { video, sound };
            if !self.segment.as_ref().is_some_and(|segment| self.goes_on(segment, &head, picture.at)) {
                self.begun = true;
                self.finish(Some(picture.at)).await;
                self.begin(head, picture.at).await;
            }
        } else {
            // Pictures with other parameter sets need a key frame of theirs.
            self.waiting |= self.segment.as_ref().is_none_or(|segment| segment.head.video != video);
        }
        if let Some(segment) = self.segment.as_mut().filter(|_| !self.waiting) {
            let written = segment.picture(picture).await;
            self.wrote(written).await;
        }
    }

    /// Ends what there is up to now: a file at the next key frame, so that nothing is lost for it; a hole at once, and goes on with another.
    async fn cut(&mut self, cut: Cut) {
        self.cuts.push(cut);
        if self.segment.is_none() {
            self.holes.split(self.parts.clock.now()).await;
            self.was_cut();
        }
    }

    fn was_cut(&mut self) {
        for cut in self.cuts.drain(..) {
            // Whoever waited for it may have gone.
            let _ = cut.send(());
        }
    }

    /// Where the clock was set, what comes next follows what was before by the new time: nothing is missing because of it.
    async fn follow_the_clock(&mut self) {
        if let Some(by) = self.wall.set_by() {
            tracing::warn!(camera = %self.camera, ?by, "this machine's clock was set; its recordings go on by the new time");
            self.ends_at = self.ends_at.saturating_add(by).unwrap_or(self.ends_at);
            self.holes.clock_set(by).await;
        }
    }

    /// Looks at the time.
    async fn look(&mut self) {
        let now = nanos(monotonic().saturating_duration_since(self.origin));
        if let Some(segment) = &mut self.segment {
            if segment.waiting_since().is_some_and(|since| monotonic().saturating_duration_since(since) >= WAIT) {
                let written = segment.flush().await;
                self.wrote(written).await;
            } else if now - segment.newest > SILENCE {
                self.finish(None).await;
            }
        }
        if self.segment.is_none() {
            self.follow_the_clock().await;
        }
        // A file that has begun ends the hole as soon as it is safe.
        if self.segment.is_none()
            && let Some(cause) = self.holes.cause()
        {
            self.holes.last(self.parts.clock.now(), self.cause(cause)).await;
        }
    }

    /// Why there is nothing now; `known` is why it began.
    fn cause(&self, known: GapCause) -> GapCause {
        use GapCause::{CameraOffline, GatewayStopped, NoVideo, Ordered, PicturesLost, TooSlow, WrongCodec, WrongPassword};
        match (self.plan.recorded, self.trouble, self.health) {
            (false, ..) => Ordered,
            (true, Some(trouble), _) => trouble,
            (true, None, Some(Health::NoVideo)) => NoVideo,
            (true, None, Some(Health::WrongPassword)) => WrongPassword,
            (true, None, Some(Health::WrongCodec)) => WrongCodec,
            (true, None, Some(Health::Unreachable)) => CameraOffline,
            (true, None, Some(Health::Online)) if self.slow => TooSlow,
            // Nothing is known of the camera yet.
            (true, None, _) if matches!(known, GatewayStopped | Ordered) => known,
            // What was wrong with it is over, and the first key frame still to come.
            (true, None, Some(Health::Online)) if matches!(known, CameraOffline | NoVideo | WrongPassword | WrongCodec) => known,
            (true, None, Some(Health::Online)) => PicturesLost,
            (true, None, Some(Health::Idle | Health::Connecting) | None) => known,
        }
    }
}
