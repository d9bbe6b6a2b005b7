//! The task of a feed.

use super::{
    Intake,
    board::Board,
    inspect::{Finding, Inspector},
    tap::{Tap, TapEnd},
    writer::{Event, Events, FeedWriter},
};
use crate::{
    clock::{Clock, monotonic},
    media::{
        CameraSource, CameraState, Ending, Frame, FrameKind, Health, KeyFrame, ParameterSets, Quality, SoundCodec, VideoCodec,
        metrics::Metrics,
        rtp::{MAX_PAYLOAD, Picture, SOUND_CLOCK, SoundFrame, Timeline, VIDEO_CLOCK, packetise},
        shard::{FeedId, Message, ShardLink},
    },
};
use bytes::Bytes;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

/// How long the camera runs on after the last viewer: one who reloads the page finds it warm.
const LINGER: Duration = Duration::from_secs(10);
/// After so long without a picture the camera sends none.
const SILENCE: Duration = Duration::from_secs(5);
/// How often a running feed looks at the time.
const LOOK: Duration = Duration::from_millis(200);
/// Before an intake that has ended by itself is started again.
const AGAIN: Duration = Duration::from_secs(2);

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

/// Somebody wants a feed to run, for as long as this lives.
pub(in crate::media) struct Interest(watch::Sender<usize>);

impl Interest {
    pub(super) fn new(wanted: &watch::Sender<usize>) -> Self {
        wanted.send_modify(|wanted| *wanted += 1);
        Self(wanted.clone())
    }
}

impl Drop for Interest {
    fn drop(&mut self) {
        self.0.send_modify(|wanted| *wanted = wanted.saturating_sub(1));
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
    wanted: watch::Sender<usize>,
    taps: mpsc::UnboundedSender<TapEnd>,
    task: JoinHandle<()>,
    shards: Vec<ShardLink>,
    board: Board,
    quality: Quality,
}

impl FeedHandle {
    /// Starts a feed; its camera is left alone until somebody wants it.
    pub(in crate::media) fn start(plan: FeedPlan) -> Self {
        let (id, source, quality) = (plan.id, plan.source.clone(), plan.quality);
        let (shards, board) = (plan.shards.clone(), plan.board.clone());
        let state = CameraState { health: Health::Idle, since: plan.clock.now() };
        let (facts, seen) = watch::channel(Facts { state, arriving: None, parameters: None, sound: None, key: None });
        let (wanted, wish) = watch::channel(0);
        let (taps, tapping) = mpsc::unbounded_channel();
        let task = tokio::spawn(Feed::new(plan, facts, wish, tapping).run());
        Self { id, source, facts: seen, wanted, taps, task, shards, board, quality }
    }

    /// Wants it to run.
    pub(in crate::media) fn interest(&self) -> Interest {
        Interest::new(&self.wanted)
    }

    /// Wants it to run, and every frame of it.
    pub(in crate::media) fn tap(&self) -> Tap {
        let (tap, end) = Tap::new(self.facts(), self.interest());
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

/// The state of the task.
struct Feed {
    plan: FeedPlan,
    facts: watch::Sender<Facts>,
    wanted: watch::Receiver<usize>,
    tapping: mpsc::UnboundedReceiver<TapEnd>,
    taps: Vec<TapEnd>,
    pictures: Timeline,
    sounds: Timeline,
    number: u64,
    packet: u64,
    inspector: Inspector,
    /// Whether pictures are useless until the next key frame.
    broken: bool,
    /// When the last picture came, or the camera was started.
    heard: Instant,
    /// Since when nobody wants it.
    unwanted: Option<Instant>,
}

/// Ends the camera's task when the feed lets go of it.
struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Feed {
    fn new(
        plan: FeedPlan,
        facts: watch::Sender<Facts>,
        wanted: watch::Receiver<usize>,
        tapping: mpsc::UnboundedReceiver<TapEnd>,
    ) -> Self {
        let now = monotonic();
        let (pictures, sounds) = (Timeline::new(VIDEO_CLOCK, now), Timeline::new(SOUND_CLOCK, now));
        let (number, packet, inspector) = (0, 0, Inspector::default());
        Self {
            plan,
            facts,
            wanted,
            tapping,
            taps: Vec::new(),
            pictures,
            sounds,
            number,
            packet,
            inspector,
            broken: true,
            heard: now,
            unwanted: None,
        }
    }

    async fn run(mut self) {
        self.health(Health::Idle);
        while self.wanted.wait_for(|wanted| *wanted > 0).await.is_ok() {
            self.serve().await;
            // What was kept is old by the time somebody comes again.
            self.plan.shards.iter().for_each(|shard| shard.send(Message::Stale(self.plan.id)));
            self.facts.send_modify(|facts| {
                (facts.arriving, facts.parameters, facts.sound, facts.key) = (None, None, None, None);
            });
            self.health(Health::Idle);
        }
    }

    /// Runs the camera while it is wanted.
    async fn serve(&mut self) {
        let (mut running, mut events) = self.connect();
        let mut look = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                event = events.queue.recv() => if let Some(event) = event {
                    self.event(event, &events);
                } else {
                    tokio::time::sleep(AGAIN).await;
                    drop(running);
                    (running, events) = self.connect();
                },
                Some(tap) = self.tapping.recv() => self.taps.push(tap),
                _ = look.tick() => if !self.goes_on(monotonic()) {
                    return;
                },
            }
        }
    }

    fn connect(&mut self) -> (Running, Events) {
        let (writer, events) = FeedWriter::new();
        let intake = (self.plan.intake)(self.plan.source.clone(), self.plan.quality, writer, self.plan.clock.clone());
        self.heard = monotonic();
        self.broken = true;
        self.health(Health::Connecting);
        (Running(tokio::spawn(intake)), events)
    }

    /// Looks at the time: is there a picture, does anybody want it?
    fn goes_on(&mut self, now: Instant) -> bool {
        let (health, arriving) = (self.facts.borrow().state.health, self.facts.borrow().arriving);
        if arriving.is_some() && now.duration_since(self.heard) > SILENCE {
            self.arrives(None);
            self.health(Health::NoVideo);
        }
        if *self.wanted.borrow() > 0 {
            self.unwanted = None;
            return true;
        }
        let since = *self.unwanted.get_or_insert(now);
        // One that has failed is tried on, so that its state stays true while nobody watches.
        self.told(health).failed() || now.duration_since(since) < LINGER
    }

    fn event(&mut self, event: Event, events: &Events) {
        if events.gap() {
            self.broken = true;
            self.taps.iter_mut().for_each(TapEnd::miss);
        }
        if let Event::Frame(frame) = &event {
            self.taps.retain_mut(|tap| tap.offer(frame));
        }
        match event {
            Event::Health(health) => {
                self.broken |= health != Health::Online;
                // Online is what a picture says.
                if health != Health::Online {
                    self.arrives(None);
                    self.health(health);
                }
            }
            Event::Sound(codec) => self.sound_codec(codec),
            Event::Clock(time) => self.plan.board.compare(self.plan.source.camera, time),
            Event::Frame(Frame { kind: FrameKind::Video { key, parameters }, timestamp, arrived, data }) => {
                self.heard = monotonic();
                self.arrives(Some(parameters.codec()));
                if parameters.codec() == VideoCodec::H265 {
                    return self.not_shown();
                }
                if let Some(finding) = self.inspector.look(timestamp, key, &data) {
                    tracing::warn!(camera = %self.plan.source.camera, "{}", finding.advice());
                    if finding == Finding::BFrames {
                        self.not_shown();
                    }
                }
                self.broken |= self.inspector.b_frames();
                self.broken &= !key || self.inspector.b_frames();
                if !self.broken {
                    self.picture(key, &parameters, (timestamp, arrived), &data);
                    if key {
                        self.facts.send_modify(|facts| facts.key = Some(KeyFrame { parameters, arrived, data }));
                    }
                }
            }
            Event::Frame(Frame { kind: FrameKind::Sound { codec }, timestamp, arrived, data }) => {
                self.sound_codec(Some(codec));
                self.sound(timestamp, arrived, &data);
            }
        }
    }

    /// What came can be kept, but not shown live. Who watches is sent away, and may find another stream of the camera.
    fn not_shown(&mut self) {
        self.broken = true;
        if self.facts.borrow().parameters.is_some() {
            self.facts.send_modify(|facts| (facts.parameters, facts.key) = (None, None));
            self.plan.shards.iter().for_each(|shard| shard.send(Message::Gone(self.plan.id, Ending::CodecChanged)));
        }
        self.health(Health::WrongCodec);
    }

    fn arrives(&self, codec: Option<VideoCodec>) {
        if self.facts.borrow().arriving != codec {
            self.facts.send_modify(|facts| facts.arriving = codec);
        }
    }

    /// Makes packets of a picture and hands them to every shard.
    fn picture(&mut self, key: bool, parameters: &Arc<ParameterSets>, (timestamp, arrived): (u64, Instant), data: &[u8]) {
        let payloads = packetise(data, key.then_some(&**parameters));
        if payloads.is_empty() {
            return;
        }
        let (timestamp, captured) = self.pictures.place(timestamp, arrived);
        let (number, first_packet) = (self.number, self.packet);
        let ready = monotonic();
        let picture = Arc::new(Picture { number, first_packet, timestamp, captured, ready, key, payloads });
        self.number += 1;
        self.packet = picture.end_packet();
        self.offer(|| Message::Picture(self.plan.id, picture.clone()));
        if self.facts.borrow().parameters.as_ref() != Some(parameters) {
            self.facts.send_modify(|facts| facts.parameters = Some(parameters.clone()));
        }
        self.health(Health::Online);
    }

    /// Hands sound to every shard, in packets that are not too long: a byte of G.711 is a tick.
    fn sound(&mut self, timestamp: u64, arrived: Instant, data: &Bytes) {
        let (placed, captured) = self.sounds.place(timestamp, arrived);
        for at in (0..data.len()).step_by(MAX_PAYLOAD) {
            let payload = data.slice(at..data.len().min(at + MAX_PAYLOAD));
            let frame = Arc::new(SoundFrame { timestamp: placed + at as u64, captured, payload });
            self.offer(|| Message::Sound(self.plan.id, frame.clone()));
        }
    }

    fn offer(&self, message: impl Fn() -> Message) {
        let taken = self.plan.shards.iter().filter(|shard| shard.offer(message())).count();
        (taken..self.plan.shards.len()).for_each(|_| self.plan.metrics.dropped());
        self.plan.metrics.waiting(self.plan.shards.iter().map(ShardLink::waiting).sum());
        self.plan.metrics.late(self.plan.shards.iter().map(ShardLink::lateness).max().unwrap_or_default());
    }

    fn sound_codec(&self, codec: Option<SoundCodec>) {
        if self.facts.borrow().sound != codec {
            self.facts.send_modify(|facts| facts.sound = codec);
        }
    }

    fn health(&self, health: Health) {
        let now = self.plan.clock.now();
        let changed = self.facts.send_if_modified(|facts| {
            let changed = facts.state.health != health && !(health == Health::Connecting && facts.state.health.failed());
            if changed {
                facts.state = CameraState { health, since: now };
            }
            changed
        });
        if changed || health == Health::Idle {
            self.plan.board.set(self.plan.source.camera, self.plan.quality, Some(self.told(health)));
        }
    }

    /// What this feed's health says of its camera: a main stream that cannot be shown says nothing of one that is shown by its sub stream.
    fn told(&self, health: Health) -> Health {
        let shown_otherwise = self.plan.quality == Quality::Main && self.plan.source.sub.is_some();
        if health == Health::WrongCodec && shown_otherwise { Health::Idle } else { health }
    }
}
