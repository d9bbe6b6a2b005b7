//! Keeps recordings as long as the rules say: lets go of what is over, leaves the reserve free, and tells before anything has to go early.
//!
//! A file goes in this order: its row says so, with the audit record where it goes before its days are over, in one transaction; then the
//! file is removed; and when everything of its seal is gone and old enough, the rows. Whatever cuts that short is made up for later.

mod clock;
mod metrics;
mod outlook;
mod seals;

use super::{
    calendar::{Calendar, Doubt},
    disk::Disk,
    forecast::Forecast,
    retention::{self, Goes, Piece, Shelf, Span, Why},
    store::{Located, Store},
    worker::Worker,
};
use crate::{
    audit::{self, Action, Record},
    clock::Clock,
    db::{
        Db, DbError,
        kept::{self, KeptRow},
        recording_rules::{self, Ruled},
    },
    id::CameraId,
    model::SegmentPlace,
};
use jiff::{SignedDuration, Timestamp};
use metrics::Metrics;
use prometheus_client::registry::Registry;
use serde_json::json;
use std::{
    collections::{BTreeMap, HashMap},
    mem,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// How often it is looked whether the disk has room.
const LOOK: SignedDuration = SignedDuration::from_mins(1);
/// How often everything is gone through.
const ROUND: SignedDuration = SignedDuration::from_hours(1);
/// How many of a camera's oldest files are looked at together.
const TOGETHER: u32 = 64;
/// What a recorder that meets a full disk is given at least.
const ROOM: u64 = 64 << 20;
/// Files that were let go of longer ago are not left over.
const LATELY: SignedDuration = SignedDuration::from_hours(24);

/// What the keeper works with.
#[derive(Debug)]
pub struct Parts {
    /// The rows.
    pub db: Db,
    /// The files.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// What tells how much room there is.
    pub disk: Disk,
    /// How many bytes are to be left free.
    pub reserve: u64,
    /// Whether anything is recorded: what was recorded is kept and let go of all the same.
    pub records: bool,
    /// Rung by a recorder that meets a full disk.
    pub full: Arc<Notify>,
}

/// Who keeps the recordings.
pub struct Keeper {
    parts: Parts,
    forecast: watch::Sender<Arc<Forecast>>,
    metrics: Metrics,
    /// Files whose rows are gone from, and that could not be removed yet.
    leftovers: Mutex<Vec<Located>>,
    /// Two runs at once would let go of twice as much as is needed.
    alone: tokio::sync::Mutex<()>,
    /// The rules that were acted on last.
    rules: Mutex<Vec<Ruled>>,
    /// Whether the clock can be believed; known from the first look on.
    calendar: tokio::sync::Mutex<Option<Calendar>>,
    doubt: watch::Sender<Option<Doubt>>,
    /// Who waits for the disk.
    worker: Worker,
}

impl Keeper {
    /// A keeper whose metrics are in `registry`.
    pub fn new(parts: Parts, registry: &mut Registry) -> Arc<Self> {
        let (forecast, metrics) = (watch::Sender::default(), Metrics::new(registry));
        Arc::new(Self {
            parts,
            forecast,
            metrics,
            leftovers: Mutex::default(),
            alone: tokio::sync::Mutex::default(),
            rules: Mutex::default(),
            calendar: tokio::sync::Mutex::default(),
            doubt: watch::Sender::default(),
            worker: Worker::new(),
        })
    }

    /// What will happen if cameras go on as they do; it changes at most once an hour, with the rules, and with the [doubt](Self::doubt).
    pub fn forecast(&self) -> watch::Receiver<Arc<Forecast>> {
        self.forecast.subscribe()
    }

    /// Why nothing goes because its days are over, where the clock is not believed.
    pub fn doubt(&self) -> watch::Receiver<Option<Doubt>> {
        self.doubt.subscribe()
    }

    /// What a recorder rings that meets a full disk.
    pub fn full(&self) -> Arc<Notify> {
        self.parts.full.clone()
    }

    /// Keeps until `stop`; `changes` moves with every change of facts.
    pub async fn run(self: Arc<Self>, mut changes: watch::Receiver<i64>, stop: CancellationToken) {
        if let Err(error) = self.remember().await {
            tracing::error!(%error, "it cannot be read which files of recordings are left over");
        }
        let mut round = Timestamp::MIN;
        loop {
            let now = self.parts.clock.now();
            let here = self.is_here().await;
            let whole = here && now >= round;
            if whole {
                round = now.saturating_add(ROUND).unwrap_or(Timestamp::MAX);
            }
            // What a stop cuts short is made up for: nothing is written down by half.
            let work = async {
                match whole {
                    true => self.round().await,
                    false if here => self.make_room(0).await,
                    false => Ok(()),
                }
            };
            match stop.run_until_cancelled(work).await {
                None => return,
                Some(Err(error)) => tracing::error!(%error, "recordings cannot be let go of"),
                Some(Ok(())) => {}
            }
            tokio::select! {
                () = self.parts.clock.sleep_until(now.saturating_add(LOOK).unwrap_or(Timestamp::MAX)) => {}
                () = self.parts.full.notified() => if let Err(error) = self.make_room(ROOM).await {
                    tracing::error!(%error, "no room can be made for recordings");
                },
                changed = changes.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    // Another rule acts, and what it will lead to is told, at once.
                    if self.rules_changed().await {
                        round = Timestamp::MIN;
                    }
                }
                () = stop.cancelled() => return,
            }
        }
    }

    /// Whether the files are on this machine: of several gateways with one database, one has them, and lets go of them.
    async fn is_here(&self) -> bool {
        let folder = self.parts.store.folder().to_owned();
        self.parts.records || self.worker.does(move || Ok(folder.is_dir())).await.unwrap_or(false)
    }

    /// Goes through everything: days, bytes, room, what is left over, seals, and the forecast.
    pub async fn round(&self) -> Result<(), DbError> {
        {
            let _alone = self.alone.lock().await;
            self.let_go(None, 0).await?;
        }
        self.make_room(0).await?;
        {
            let _alone = self.alone.lock().await;
            self.sweep().await;
            if self.look_at_the_clock().await?.is_none() {
                self.expire_seals().await?;
            }
        }
        self.foresee().await
    }

    /// Lets go of the oldest where the disk has less room than is to be left, or than `least`.
    async fn make_room(&self, least: u64) -> Result<(), DbError> {
        self.look_at_the_clock().await?;
        let _alone = self.alone.lock().await;
        match self.lacking(least).await {
            0 => Ok(()),
            // What lies in the object storage makes no room here.
            lacking => self.let_go(Some(SegmentPlace::Folder), lacking).await,
        }
    }

    /// How many bytes the disk has less than the reserve, or than `least` where that is more; 0 where it cannot be asked.
    async fn lacking(&self, least: u64) -> u64 {
        if !self.parts.records {
            return 0;
        }
        self.free().await.map_or(0, |free| self.parts.reserve.max(least).saturating_sub(free))
    }

    async fn free(&self) -> Option<u64> {
        let (disk, folder) = (self.parts.disk.clone(), self.parts.store.folder().to_owned());
        let free = self.worker.does(move || disk.free(&folder)).await;
        self.metrics.free(free.as_ref().ok().copied());
        free.ok()
    }

    /// Lets go of whatever is to go of what lies in `place`, or anywhere, a handful of each camera at a time.
    async fn let_go(&self, place: Option<SegmentPlace>, mut lacking: u64) -> Result<(), DbError> {
        // By a clock that is not believed no day is over; what the bytes and the disk ask for is as true as ever.
        let now = if self.look_at_the_clock().await?.is_some() { Timestamp::MIN } else { self.parts.clock.now() };
        loop {
            let (cameras, shelves) = self.shelves(place).await?;
            let going = retention::plan(&shelves, now, lacking);
            if going.is_empty() {
                return Ok(());
            }
            let gone = self.write_down(&cameras, going).await?;
            lacking = lacking.saturating_sub(gone.iter().map(Goes::room).sum());
            for goes in &gone {
                self.metrics.removed(goes.why, goes.piece.bytes);
                self.remove(located(cameras[goes.shelf].camera, &goes.piece)).await;
            }
            // What cannot be let go of now would be planned for ever.
            if gone.is_empty() {
                return Ok(());
            }
        }
    }

    async fn shelves(&self, place: Option<SegmentPlace>) -> Result<(Vec<Ruled>, Vec<Shelf>), DbError> {
        let db = &self.parts.db;
        let mut held: HashMap<CameraId, Vec<Span>> = HashMap::new();
        for row in kept::held(db).await? {
            held.entry(row.camera_id).or_default().push(Span { starts_at: row.starts_at, ends_at: row.ends_at });
        }
        let cameras = recording_rules::all(db).await?;
        let mut shelves = Vec::with_capacity(cameras.len());
        for Ruled { camera, rule, .. } in &cameras {
            let oldest: Vec<Piece> = kept::oldest(db, *camera, place, TOGETHER).await?.into_iter().map(Piece::from).collect();
            let more = oldest.len() >= TOGETHER as usize;
            // Adding them up reads all of a camera's rows: only where it matters.
            let bytes = if rule.bytes.is_some() { kept::bytes(db, *camera).await? } else { 0 };
            shelves.push(Shelf { rule: *rule, bytes, oldest, more, held: held.remove(camera).unwrap_or_default() });
        }
        Ok((cameras, shelves))
    }

    /// Writes down that pieces go, and puts on record those that go before their days are over. Returns those that do go: one may have been
    /// held since the plan was made.
    async fn write_down(&self, cameras: &[Ruled], going: Vec<Goes>) -> Result<Vec<Goes>, DbError> {
        let now = self.parts.clock.now();
        let tx = self.parts.db.begin().await?;
        let mut gone = Vec::with_capacity(going.len());
        for goes in going {
            if kept::let_go(&tx, goes.piece.id, now).await? {
                gone.push(goes);
            }
        }
        let mut early: BTreeMap<(usize, Why), Vec<&Piece>> = BTreeMap::new();
        for goes in gone.iter().filter(|goes| goes.why != Why::Days) {
            early.entry((goes.shelf, goes.why)).or_default().push(&goes.piece);
        }
        let records =
            early.into_iter().map(|((shelf, why), pieces)| removed(&cameras[shelf], why, &pieces, now)).collect::<Vec<_>>();
        if !records.is_empty() {
            audit::append_all(&tx, records).await?;
        }
        tx.commit().await?;
        Ok(gone)
    }

    /// Removes a file; what cannot be removed is tried again.
    async fn remove(&self, file: Located) {
        if let Err(error) = self.parts.store.remove(file).await {
            tracing::warn!(%error, segment = %file.id, "the file of a recording cannot be removed yet");
            self.leftovers.lock().unwrap_or_else(PoisonError::into_inner).push(file);
        }
    }

    /// Remembers what an earlier run may not have removed any more.
    async fn remember(&self) -> Result<(), DbError> {
        let since = self.parts.clock.now().saturating_sub(LATELY).unwrap_or(Timestamp::MIN);
        let left = kept::let_go_since(&self.parts.db, since).await?;
        self.leftovers.lock().unwrap_or_else(PoisonError::into_inner).extend(left.iter().map(Located::from));
        Ok(())
    }

    async fn sweep(&self) {
        let left = mem::take(&mut *self.leftovers.lock().unwrap_or_else(PoisonError::into_inner));
        for file in left {
            self.remove(file).await;
        }
    }

    /// Whether the rules are others than when they were acted on last; what cannot be read is looked at with the next round.
    async fn rules_changed(&self) -> bool {
        let Ok(rules) = recording_rules::all(&self.parts.db).await else { return false };
        let mut acted_on = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = *acted_on != rules;
        *acted_on = rules;
        changed
    }
}

/// The record of pieces of one camera that go before their days are over; there is at least one.
fn removed(camera: &Ruled, why: Why, pieces: &[&Piece], at: Timestamp) -> Record {
    let (from, to) = (pieces.iter().map(|piece| piece.starts_at).min(), pieces.iter().map(|piece| piece.ends_at).max());
    let bytes: u64 = pieces.iter().map(|piece| piece.bytes).sum();
    let segments: Vec<_> = pieces.iter().map(|piece| piece.id).collect();
    Record {
        at,
        actor: None,
        kindergarten: Some(camera.kindergarten),
        action: Action::RecordingRemoved,
        subject: format!("camera:{}", camera.camera),
        details: json!({ "why": why.word(), "from": from, "to": to, "bytes": bytes, "segments": segments }),
    }
}

fn located(camera: CameraId, piece: &Piece) -> Located {
    let place = if piece.on_disk { SegmentPlace::Folder } else { SegmentPlace::Objects };
    Located { camera, id: piece.id, starts_at: piece.starts_at, place }
}

impl From<KeptRow> for Piece {
    fn from(row: KeptRow) -> Self {
        let KeptRow { id, starts_at, ends_at, bytes, growing, place } = row;
        Self { id, starts_at, ends_at, bytes: bytes.unsigned_abs(), growing, on_disk: place == SegmentPlace::Folder }
    }
}
