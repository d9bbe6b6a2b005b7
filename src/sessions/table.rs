//! The running viewings, in the order in which they opened.

use crate::{
    id::{AccountId, CameraId, KindergartenId, LoginId, ViewingId},
    media::Viewer,
    policy::{Grant, TokenScope},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

/// One running viewing.
pub struct Session {
    /// Its row.
    pub viewing: ViewingId,
    /// The address of the running stream, unguessable: `/whep/{camera}/{secret}`.
    pub path: String,
    /// Who watches.
    pub account: AccountId,
    /// What is watched.
    pub camera: CameraId,
    /// Whose the camera is.
    pub kindergarten: KindergartenId,
    /// Since when.
    pub since: Timestamp,
    /// Whether the stream was opened with sound.
    pub sound: bool,
    /// The stream.
    pub viewer: Viewer,
    pub(super) horizon: Mutex<Horizon>,
}

/// What can change while it runs.
#[derive(Debug, Clone)]
pub(super) struct Horizon {
    pub(super) token: TokenScope,
    pub(super) login: Option<LoginId>,
    pub(super) grant: Grant,
    pub(super) restarts: u32,
}

impl Session {
    pub(super) fn horizon(&self) -> Horizon {
        self.horizon.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn change<T>(&self, with: impl FnOnce(&mut Horizon) -> T) -> T {
        with(&mut self.horizon.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The entity tag of the current ICE session, strong (RFC 9725 §4.3.1).
    pub fn etag(&self) -> String {
        format!("\"{}-{}\"", self.viewing, self.horizon().restarts)
    }

    /// The first moment at which it may have to end.
    pub fn until(&self) -> Timestamp {
        self.horizon().grant.until()
    }
}

/// The running viewings by their order of opening.
#[derive(Default)]
pub(super) struct Table {
    opened: u64,
    running: BTreeMap<u64, Arc<Session>>,
}

impl Table {
    pub(super) fn insert(&mut self, session: Arc<Session>) {
        self.opened += 1;
        self.running.insert(self.opened, session);
    }

    /// Takes `viewing` out; `None` when somebody else has already.
    pub(super) fn remove(&mut self, viewing: ViewingId) -> Option<Arc<Session>> {
        let order = self.running.iter().find(|(_, session)| session.viewing == viewing).map(|(order, _)| *order)?;
        self.running.remove(&order)
    }

    /// All, the oldest first.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = &Arc<Session>> {
        self.running.values()
    }

    /// How many other accounts' streams of the same camera were there before this one: the last to come is the first to be one too
    /// many.
    pub(super) fn before(&self, session: &Session) -> u32 {
        let earlier = self.all().take_while(|other| other.viewing != session.viewing);
        let others = earlier.filter(|other| other.camera == session.camera && other.account != session.account);
        u32::try_from(others.count()).unwrap_or(u32::MAX)
    }

    /// The streams of `account` that are too many when `streams` may run: the oldest ones.
    pub(super) fn surplus(&self, account: AccountId, streams: u32) -> Vec<Arc<Session>> {
        let newest_first = self.all().rev().filter(|session| session.account == account);
        newest_first.skip(streams.max(1) as usize).cloned().collect()
    }

    pub(super) fn watching(&self) -> Watching {
        let mut watching = Watching::default();
        for session in self.all() {
            watching.0.entry(session.camera).or_default().push(Watcher { account: session.account, since: session.since });
        }
        watching
    }
}

/// Who watches what, at one moment: an account for each stream, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watching(BTreeMap<CameraId, Vec<Watcher>>);

/// An account that watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watcher {
    /// Who.
    pub account: AccountId,
    /// Since when.
    pub since: Timestamp,
}

impl Watching {
    /// Who watches `camera`.
    pub fn of(&self, camera: CameraId) -> &[Watcher] {
        self.0.get(&camera).map_or(&[], Vec::as_slice)
    }

    /// How many accounts watch any of `cameras`.
    pub fn of_any(&self, cameras: impl IntoIterator<Item = CameraId>) -> u32 {
        let accounts: BTreeSet<_> = cameras.into_iter().flat_map(|camera| self.of(camera)).map(|watcher| watcher.account).collect();
        u32::try_from(accounts.len()).unwrap_or(u32::MAX)
    }

    /// How many streams of `camera` run for others than `account`, which would take over from itself.
    pub fn others(&self, camera: CameraId, account: AccountId) -> u32 {
        let others = self.of(camera).iter().filter(|watcher| watcher.account != account);
        u32::try_from(others.count()).unwrap_or(u32::MAX)
    }

    /// How many streams run.
    pub fn streams(&self) -> u32 {
        u32::try_from(self.0.values().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX)
    }
}
