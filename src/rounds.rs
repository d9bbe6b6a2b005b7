//! Goes the rounds: looks at cameras that nobody watches, so that a director learns of one that fails before a parent does, and writes
//! down how every camera was.
//!
//! Whether pictures arrive is known all the time. What they look like is known from one key frame now and then, which is decoded.

mod board;
mod defect;
mod examiner;

pub use board::DefectBoard;
pub use defect::{Defect, Since};

use crate::{
    clock::Clock,
    db::{
        Db, DbError, camera_defects,
        camera_health::{self, Stretch},
    },
    id::{CameraId, StretchId},
    media::{CameraState, Health, Media},
    still::Darkroom,
};
use examiner::Examiner;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};
use tokio_util::sync::CancellationToken;

/// How often it is written down how cameras are. What comes and goes in between is no outage.
const TICK: SignedDuration = SignedDuration::from_secs(30);

/// How long what was seen is taken to have gone on unseen: two rounds may be late, or fail.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(25);

/// How long the past is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

/// How often cameras are looked at; `None` never.
#[derive(Debug, Clone, Copy)]
pub struct Looks {
    /// Those that nobody watches, one after the other.
    pub idle: Option<SignedDuration>,
    /// The pictures of those that run.
    pub running: Option<SignedDuration>,
}

/// Who goes the rounds.
pub struct Rounds {
    db: Db,
    media: Media,
    clock: Clock,
    /// From one round to the next; `None` looks at no camera, and writes down what is seen anyway.
    every: Option<SignedDuration>,
    /// The stretches that go on.
    last: HashMap<CameraId, Last>,
    examiner: Examiner,
}

struct Last {
    id: StretchId,
    health: Health,
    seen_at: Timestamp,
}

impl Rounds {
    /// Rounds through the cameras of `media`; what is wrong with pictures is shown on `board`.
    pub fn new(db: Db, media: Media, clock: Clock, looks: Looks, (darkroom, board): (Darkroom, DefectBoard)) -> Self {
        let examiner = Examiner::new(db.clone(), media.clone(), clock.clone(), looks.running, (darkroom, board));
        Self { db, media, clock, every: looks.idle, last: HashMap::new(), examiner }
    }

    /// Until `stop`: every stretch ends where the camera was seen last, however the program ends.
    pub async fn run(mut self, stop: CancellationToken) {
        let after = |from: Timestamp, pause| from.saturating_add(pause).unwrap_or(Timestamp::MAX);
        if let Err(error) = self.examiner.remember().await {
            tracing::error!(%error, "it cannot be read what was wrong with cameras");
        }
        let began = self.clock.now();
        let (mut round, mut forgetting) = (after(began, TICK), began);
        loop {
            let tick = after(self.clock.now(), TICK);
            if stop.run_until_cancelled(self.clock.sleep_until(tick)).await.is_none() {
                return;
            }
            self.write_down().await;
            if stop.run_until_cancelled(self.examine()).await.is_none() {
                return;
            }
            let now = self.clock.now();
            if let Some(every) = self.every
                && round <= now
            {
                round = after(now, every);
                if stop.run_until_cancelled(self.go()).await.is_none() {
                    return;
                }
            }
            if forgetting <= now {
                forgetting = after(now, SignedDuration::from_hours(24));
                self.forget(now).await;
            }
        }
    }

    /// Looks at each camera that nobody watches, one after the other.
    async fn go(&mut self) {
        let idle: Vec<CameraId> =
            self.states().into_iter().filter(|(_, state)| state.health == Health::Idle).map(|(id, _)| id).collect();
        for camera in idle {
            let Some(mut look) = self.media.look(camera).await else { continue };
            self.write_down().await;
            if let Err(error) = self.examiner.look(camera, &mut look).await {
                tracing::error!(%error, %camera, "what is wrong with a camera cannot be written down");
            }
        }
    }

    async fn examine(&mut self) {
        let states = self.states();
        if let Err(error) = self.examiner.examine(&states).await {
            tracing::error!(%error, "what is wrong with cameras cannot be written down");
        }
    }

    async fn write_down(&mut self) {
        let now = self.clock.now();
        let states = self.states();
        self.last.retain(|camera, _| states.contains_key(camera));
        for (camera, state) in states {
            if let Err(error) = self.note(camera, &state, now).await {
                tracing::error!(%error, %camera, "how a camera is cannot be written down");
            }
        }
    }

    /// Nobody knows how a camera is that is idle or connecting.
    async fn note(&mut self, camera: CameraId, state: &CameraState, now: Timestamp) -> Result<(), DbError> {
        if state.health != Health::Online && !state.health.failed() {
            return Ok(());
        }
        match self.last.get_mut(&camera) {
            Some(last) if last.health == state.health && now.duration_since(last.seen_at) <= TOLERANCE => {
                camera_health::go_on(&self.db, last.id, now).await?;
                last.seen_at = now;
            }
            last => {
                let earlier = last.map_or(Timestamp::MIN, |last| last.seen_at);
                let id = StretchId::new(now);
                let stretch =
                    Stretch { code: state.health.code().to_owned(), started_at: state.since.max(earlier).min(now), seen_at: now };
                camera_health::begin(&self.db, id, camera, &stretch).await?;
                self.last.insert(camera, Last { id, health: state.health, seen_at: now });
            }
        }
        Ok(())
    }

    fn states(&self) -> BTreeMap<CameraId, CameraState> {
        self.media.states().borrow().as_ref().clone()
    }

    async fn forget(&self, now: Timestamp) {
        let before = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        for forgotten in [camera_health::forget(&self.db, before).await, camera_defects::forget(&self.db, before).await] {
            if let Err(error) = forgotten {
                tracing::error!(%error, "how cameras were long ago cannot be forgotten");
            }
        }
    }
}
