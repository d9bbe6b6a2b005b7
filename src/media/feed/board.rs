//! How every camera is: the feeds write it, screens read it.

use crate::{
    clock::Clock,
    id::CameraId,
    media::{CameraClock, CameraState, Health, Quality, metrics::Metrics},
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::watch;

type States = Arc<BTreeMap<CameraId, CameraState>>;

/// The state of every camera, put together from those of its feeds.
#[derive(Clone)]
pub(in crate::media) struct Board {
    clock: Clock,
    metrics: Metrics,
    states: watch::Sender<States>,
    feeds: watch::Sender<BTreeMap<(CameraId, Quality), Health>>,
    clocks: watch::Sender<BTreeMap<CameraId, CameraClock>>,
}

impl Board {
    pub(in crate::media) fn new(clock: Clock, metrics: Metrics) -> Self {
        Self { clock, metrics, states: watch::Sender::default(), feeds: watch::Sender::default(), clocks: watch::Sender::default() }
    }

    /// How every camera is, and since when.
    pub(in crate::media) fn states(&self) -> watch::Receiver<States> {
        self.states.subscribe()
    }

    /// Shows these cameras and no others.
    pub(in crate::media) fn show(&self, cameras: &[CameraId]) {
        self.clocks.send_modify(|clocks| clocks.retain(|camera, _| cameras.contains(camera)));
        self.states.send_if_modified(|states| {
            let same = cameras.len() == states.len() && cameras.iter().all(|camera| states.contains_key(camera));
            if !same {
                let idle = CameraState { health: Health::Idle, since: self.clock.now() };
                let state = |camera: &CameraId| (*camera, states.get(camera).cloned().unwrap_or(idle.clone()));
                *states = Arc::new(cameras.iter().map(state).collect());
            }
            !same
        });
    }

    /// Takes what time it is by the clock of `camera`.
    pub(in crate::media) fn compare(&self, camera: CameraId, time: Timestamp) {
        let now = self.clock.now();
        let clock = CameraClock { ahead: time.duration_since(now), seen_at: now };
        self.clocks.send_modify(|clocks| {
            clocks.insert(camera, clock);
        });
    }

    /// What `camera` said of its clock last.
    pub(in crate::media) fn clock_of(&self, camera: CameraId) -> Option<CameraClock> {
        self.clocks.borrow().get(&camera).copied()
    }

    /// A feed is so now; `None` when it is not there any more.
    pub(in crate::media) fn set(&self, camera: CameraId, quality: Quality, health: Option<Health>) {
        let mut best = Health::Idle;
        self.feeds.send_modify(|feeds| {
            let feed = (camera, quality);
            let before = match health {
                Some(health) => feeds.insert(feed, health),
                None => feeds.remove(&feed),
            };
            self.metrics.feed(before, health);
            let of_camera = [Quality::Main, Quality::Sub].into_iter().filter_map(|quality| feeds.get(&(camera, quality)).copied());
            best = of_camera.max_by_key(|health| rank(*health)).unwrap_or(Health::Idle);
        });
        self.states.send_if_modified(|states| {
            let Some(state) = states.get(&camera).filter(|state| state.health != best) else { return false };
            // A new attempt does not make a failed camera better.
            if best == Health::Connecting && state.health.failed() {
                return false;
            }
            Arc::make_mut(states).insert(camera, CameraState { health: best, since: self.clock.now() });
            true
        });
    }
}

/// One stream that works shows that the camera works; one that fails says more than one that nobody asked for.
fn rank(health: Health) -> u8 {
    match health {
        Health::Idle => 0,
        Health::Connecting => 1,
        Health::Unreachable => 2,
        Health::NoVideo => 3,
        Health::WrongPassword => 4,
        Health::WrongCodec => 5,
        Health::Online => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use prometheus_client::registry::Registry;

    #[test]
    fn a_failed_camera_stays_failed_since_then_until_it_works() {
        let clock = Clock::held("2026-11-22T09:00:00Z".parse().unwrap());
        let board = Board::new(clock.clone(), Metrics::new(&mut Registry::default()));
        let camera = CameraId::new(clock.now());
        board.show(&[camera]);
        let state = || board.states().borrow().get(&camera).cloned().unwrap();
        let failed_at = clock.now();
        board.set(camera, Quality::Main, Some(Health::Unreachable));
        clock.advance(SignedDuration::from_secs(5));
        board.set(camera, Quality::Main, Some(Health::Connecting));
        assert_eq!(state(), CameraState { health: Health::Unreachable, since: failed_at });
        board.set(camera, Quality::Sub, Some(Health::Online));
        assert_eq!(state(), CameraState { health: Health::Online, since: clock.now() });
        board.set(camera, Quality::Sub, None);
        board.set(camera, Quality::Main, Some(Health::Idle));
        assert_eq!(state().health, Health::Idle);
        board.show(&[]);
        assert!(board.states().borrow().is_empty());
    }
}
