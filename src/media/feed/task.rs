//! The task of a feed.

use super::{
    handle::{Facts, FeedPlan, Wanted},
    inspect::{Finding, Inspector},
    stage::{Shown, Stage},
    tap::TapEnd,
    writer::{Event, FeedWriter},
};
use crate::{
    clock::{in_step, monotonic},
    media::{CameraState, Ending, Frame, FrameKind, Health, KeyFrame, Quality, SoundCodec, VideoCodec},
};
use std::time::{Duration, Instant};
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

/// The state of the task.
pub(super) struct Feed {
    plan: FeedPlan,
    facts: watch::Sender<Facts>,
    wanted: watch::Receiver<Wanted>,
    tapping: mpsc::UnboundedReceiver<TapEnd>,
    taps: Vec<TapEnd>,
    stage: Stage,
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
    pub(super) fn new(
        plan: FeedPlan,
        facts: watch::Sender<Facts>,
        wanted: watch::Receiver<Wanted>,
        tapping: mpsc::UnboundedReceiver<TapEnd>,
    ) -> Self {
        let now = monotonic();
        Self {
            stage: Stage::new(plan.id, plan.shards.clone(), plan.metrics.clone(), now),
            plan,
            facts,
            wanted,
            tapping,
            taps: Vec::new(),
            inspector: Inspector::default(),
            broken: true,
            heard: now,
            unwanted: None,
        }
    }

    pub(super) async fn run(mut self) {
        self.health(Health::Idle);
        while self.wanted.wait_for(|wanted| wanted.by_anybody()).await.is_ok() {
            self.serve().await;
            // What was kept is old by the time somebody comes again.
            self.stage.clear();
            self.facts.send_modify(|facts| {
                (facts.arriving, facts.parameters, facts.sound, facts.key) = (None, None, None, None);
            });
            self.health(Health::Idle);
        }
    }

    /// Runs the camera while it is wanted.
    async fn serve(&mut self) {
        let (mut running, mut events) = self.connect();
        let mut look = in_step(LOOK);
        loop {
            tokio::select! {
                event = events.recv() => if let Some(event) = event {
                    self.event(event);
                } else {
                    tokio::time::sleep(AGAIN).await;
                    drop(running);
                    (running, events) = self.connect();
                },
                Some(tap) = self.tapping.recv() => self.taps.push(tap),
                Ok(()) = self.wanted.changed() => if self.is_watched() {
                    self.stage.open();
                },
                _ = look.tick() => if !self.goes_on(monotonic()) {
                    return;
                },
            }
        }
    }

    fn connect(&mut self) -> (Running, mpsc::Receiver<Event>) {
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
        if self.wanted.borrow().by_anybody() {
            self.unwanted = None;
            return true;
        }
        let since = *self.unwanted.get_or_insert(now);
        // One that has failed is tried on, so that its state stays true while nobody watches.
        self.told(health).failed() || now.duration_since(since) < LINGER
    }

    fn event(&mut self, event: Event) {
        if let Event::Frame(frame) = &event {
            self.taps.retain_mut(|tap| tap.offer(frame));
        }
        match event {
            Event::Gap => {
                self.broken = true;
                self.taps.iter_mut().for_each(TapEnd::miss);
            }
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
                    self.picture(Shown { key, parameters, timestamp, arrived, data });
                }
            }
            Event::Frame(Frame { kind: FrameKind::Sound { codec }, timestamp, arrived, data }) => {
                self.sound_codec(Some(codec));
                if self.is_watched() {
                    self.stage.sound(timestamp, arrived, &data);
                }
            }
        }
    }

    /// What came can be kept, but not shown live. Who watches is sent away, and may find another stream of the camera.
    fn not_shown(&mut self) {
        self.broken = true;
        if self.facts.borrow().parameters.is_some() {
            self.facts.send_modify(|facts| (facts.parameters, facts.key) = (None, None));
            self.stage.end(Ending::CodecChanged);
        }
        self.health(Health::WrongCodec);
    }

    fn arrives(&self, codec: Option<VideoCodec>) {
        if self.facts.borrow().arriving != codec {
            self.facts.send_modify(|facts| facts.arriving = codec);
        }
    }

    fn picture(&mut self, shown: Shown) {
        let (parameters, watched) = (shown.parameters.clone(), self.is_watched());
        let key = shown.key.then(|| KeyFrame { parameters: parameters.clone(), arrived: shown.arrived, data: shown.data.clone() });
        if !self.stage.picture(shown, watched) {
            return;
        }
        if self.facts.borrow().parameters.as_ref() != Some(&parameters) {
            self.facts.send_modify(|facts| facts.parameters = Some(parameters));
        }
        self.health(Health::Online);
        if key.is_some() {
            self.facts.send_modify(|facts| facts.key = key);
        }
    }

    fn is_watched(&self) -> bool {
        self.wanted.borrow().by_viewers()
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
