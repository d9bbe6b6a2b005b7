//! Looks at pictures and clocks, and writes down what is wrong with them.

use super::{
    TOLERANCE,
    board::DefectBoard,
    defect::{Defect, Memory, Since},
};
use crate::{
    clock::Clock,
    db::{
        Db, DbError,
        camera_defects::{self, DefectRow},
    },
    id::{CameraId, DefectId},
    media::{CameraState, Health, Look, Media},
    still::{Appearance, Darkroom},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

/// How long a key frame is waited for, and the one after it: with 'smart' codecs they are far apart.
const PATIENCE: Duration = Duration::from_secs(8);

/// Who looks at pictures.
pub(super) struct Examiner {
    db: Db,
    media: Media,
    clock: Clock,
    darkroom: Darkroom,
    board: DefectBoard,
    /// From one look at a camera that runs to the next.
    every: Option<SignedDuration>,
    cameras: HashMap<CameraId, Known>,
    /// What is wrong now, as it is written down.
    open: BTreeMap<(CameraId, Defect), Open>,
}

#[derive(Default)]
struct Known {
    memory: Memory,
    looked_at: Option<Timestamp>,
    clock_of: Option<Timestamp>,
}

struct Open {
    id: DefectId,
    since: Timestamp,
    seen_at: Timestamp,
}

impl Examiner {
    pub(super) fn new(
        db: Db,
        media: Media,
        clock: Clock,
        every: Option<SignedDuration>,
        (darkroom, board): (Darkroom, DefectBoard),
    ) -> Self {
        Self { db, media, clock, darkroom, board, every, cameras: HashMap::new(), open: BTreeMap::new() }
    }

    /// Goes on with what a run before this one saw not long ago.
    pub(super) async fn remember(&mut self) -> Result<(), DbError> {
        let since = self.clock.now().saturating_sub(TOLERANCE).unwrap_or(Timestamp::MIN);
        for DefectRow { id, camera_id, code, started_at, seen_at, .. } in camera_defects::open(&self.db, since).await? {
            if let Some(defect) = Defect::of_code(&code) {
                self.open.insert((camera_id, defect), Open { id, since: started_at, seen_at });
            }
        }
        self.show();
        Ok(())
    }

    /// Looks at the cameras of `states` that run and were not looked at for a while, and at what all said of their clocks.
    pub(super) async fn examine(&mut self, states: &BTreeMap<CameraId, CameraState>) -> Result<(), DbError> {
        self.cameras.retain(|camera, _| states.contains_key(camera));
        for (camera, state) in states {
            if state.health == Health::Online
                && self.is_due(*camera)
                && let Some(mut look) = self.media.look(*camera).await
            {
                self.look(*camera, &mut look).await?;
            }
            self.compare(*camera).await?;
        }
        self.let_go(states).await?;
        self.show();
        Ok(())
    }

    fn is_due(&self, camera: CameraId) -> bool {
        let Some(every) = self.every else { return false };
        let looked_at = self.cameras.get(&camera).and_then(|known| known.looked_at);
        looked_at.is_none_or(|at| self.clock.now().duration_since(at) >= every)
    }

    /// Looks at one camera's picture. One that does not come, or that the decoder does not take, says nothing.
    pub(super) async fn look(&mut self, camera: CameraId, look: &mut Look) -> Result<(), DbError> {
        self.cameras.entry(camera).or_default().looked_at = Some(self.clock.now());
        let Some(frame) = look.key_frame(None, PATIENCE).await else { return Ok(()) };
        let arrived = frame.arrived;
        let Ok(seen) = self.darkroom.look(frame).await else { return Ok(()) };
        let repeated = self.cameras.get(&camera).is_some_and(|known| known.memory.repeats(&seen));
        let moved = if repeated {
            let Some(frame) = look.key_frame(Some(arrived), PATIENCE).await else { return Ok(()) };
            let Ok(next) = self.darkroom.look(frame).await else { return Ok(()) };
            (next.is_same(&seen) != Some(true)).then_some(next)
        } else {
            None
        };
        let now = self.clock.now();
        let found = self.judge(camera, seen, moved, now);
        self.note(camera, Defect::is_seen, found, now).await
    }

    fn judge(&mut self, camera: CameraId, seen: Appearance, moved: Option<Appearance>, now: Timestamp) -> Option<Since> {
        let memory = &mut self.cameras.entry(camera).or_default().memory;
        if let Some(moved) = moved {
            memory.see_move(moved, now);
            return None;
        }
        memory.see(seen, now)
    }

    /// Takes what a camera has said of its clock since it was asked last.
    async fn compare(&mut self, camera: CameraId) -> Result<(), DbError> {
        let Some(clock) = self.media.clock(camera) else { return Ok(()) };
        let known = self.cameras.entry(camera).or_default();
        if known.clock_of.replace(clock.seen_at) == Some(clock.seen_at) {
            return Ok(());
        }
        let found = known.memory.compare(clock);
        self.note(camera, |defect| !defect.is_seen(), found, clock.seen_at).await
    }

    /// Writes down that of all that a look can find, `found` is so, and no more.
    async fn note(
        &mut self,
        camera: CameraId,
        looked_for: impl Fn(Defect) -> bool,
        found: Option<Since>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let is = found.map(|(defect, _)| defect);
        for defect in Defect::ALL.into_iter().filter(|defect| looked_for(*defect) && Some(*defect) != is) {
            if let Some(open) = self.open.remove(&(camera, defect)) {
                camera_defects::end(&self.db, open.id, now).await?;
            }
        }
        let Some((defect, since)) = found else { return Ok(()) };
        if let Some(open) = self.open.get_mut(&(camera, defect)) {
            camera_defects::go_on(&self.db, open.id, now).await?;
            open.seen_at = now;
            return Ok(());
        }
        let id = DefectId::new(now);
        let code = defect.code().to_owned();
        let row = DefectRow { id, camera_id: camera, code, started_at: since, seen_at: now, ended_at: None };
        camera_defects::begin(&self.db, &row).await?;
        self.open.insert((camera, defect), Open { id, since, seen_at: now });
        Ok(())
    }

    /// Nobody knows what the picture of a camera is like that has failed, or was not looked at for long.
    async fn let_go(&mut self, states: &BTreeMap<CameraId, CameraState>) -> Result<(), DbError> {
        let now = self.clock.now();
        let unknown = |(camera, _): &(CameraId, Defect), open: &Open| {
            now.duration_since(open.seen_at) > TOLERANCE || states.get(camera).is_none_or(|state| state.health.failed())
        };
        let gone: Vec<_> = self.open.iter().filter(|(of, open)| unknown(of, open)).map(|(of, _)| *of).collect();
        for of in gone {
            if let Some(open) = self.open.remove(&of) {
                camera_defects::end(&self.db, open.id, open.seen_at).await?;
            }
        }
        Ok(())
    }

    fn show(&self) {
        let mut shown: BTreeMap<CameraId, Vec<Since>> = BTreeMap::new();
        for ((camera, defect), open) in &self.open {
            shown.entry(*camera).or_default().push((*defect, open.since));
        }
        self.board.show(shown);
    }
}
