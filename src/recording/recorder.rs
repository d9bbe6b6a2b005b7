//! Records every camera that is to be recorded, as the facts say it.

use super::{
    Index, Metrics, Parts,
    camera::{CameraRecorder, Cut, Plan},
    repair,
    store::Store,
    worker::Worker,
};
use crate::{
    clock::Clock,
    db::{
        Db, DbError, gaps,
        recording_rules::{self, Ruled},
        segments,
    },
    id::CameraId,
    media::{Media, Quality},
    model::{GapCause, RecordedQuality},
};
use jiff::Timestamp;
use prometheus_client::registry::Registry;
use std::{
    collections::{HashMap, HashSet},
    fs::DirBuilder,
    os::unix::fs::DirBuilderExt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Notify, mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// How long a segment is, but for what is left until the next key frame.
pub const LENGTH: Duration = Duration::from_mins(5);
/// How long what is at hand may take to be ended when the program stops.
const GOODBYE: Duration = Duration::from_secs(10);

/// How long the next key frame is waited for: few cameras send them more than ten seconds apart.
const NEXT_KEY: Duration = Duration::from_secs(12);
/// How many may wait for it at once.
const CUTS: usize = 16;

/// What the recorder is made of.
pub struct RecorderParts {
    /// The database.
    pub db: Db,
    /// Where the frames come from.
    pub media: Media,
    /// Where the files go.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// How long a segment is: [`LENGTH`].
    pub length: Duration,
    /// Told whenever the disk is full.
    pub full: Arc<Notify>,
}

/// Records until it is stopped.
pub struct Recorder {
    parts: Arc<Parts>,
    cameras: Mutex<HashMap<CameraId, Recording>>,
    stop: CancellationToken,
    index: Mutex<Option<JoinHandle<()>>>,
}

struct Recording {
    plan: watch::Sender<Plan>,
    cuts: mpsc::Sender<Cut>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Recorder {
    /// Repairs what the last run left, and is ready then. A folder that cannot be made or reached is said, and tried again: the rest of the
    /// program goes on.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn start(parts: RecorderParts, registry: &mut Registry) -> Result<Self, DbError> {
        let RecorderParts { db, media, store, clock, length, full } = parts;
        let folder = store.folder().to_owned();
        let worker = Worker::new();
        let made = worker.does(move || DirBuilder::new().recursive(true).mode(0o700).create(folder));
        if let Err(error) = made.await {
            tracing::error!(%error, folder = %store.folder().display(), "the folder of the recordings cannot be made");
        }
        let length = i64::try_from(length.as_nanos()).unwrap_or(i64::MAX);
        let (index, metrics) = (Index::default(), Metrics::new(registry));
        let parts = Arc::new(Parts { db, media, store, clock, length, full, index, metrics });
        repair::all(&parts).await?;
        let stop = CancellationToken::new();
        let (writing, stopped) = (parts.clone(), stop.clone());
        let index = Mutex::new(Some(tokio::spawn(async move { writing.index.run(&writing.db, stopped).await })));
        Ok(Self { parts, cameras: Mutex::default(), stop, index })
    }

    /// Records what the facts say now. A camera that is recorded already goes on in its file.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn facts_changed(&self) -> Result<(), DbError> {
        let ruled = recording_rules::all(&self.parts.db).await?;
        let present: HashSet<CameraId> = ruled.iter().filter(|ruled| ruled.present).map(|ruled| ruled.camera).collect();
        for ruled in ruled.iter().filter(|ruled| ruled.present) {
            let known = self.cameras().get(&ruled.camera).map(|recording| recording.plan.clone());
            match known {
                Some(plan) => {
                    plan.send_if_modified(|before| std::mem::replace(before, plan_of(ruled)) != plan_of(ruled));
                }
                None => self.add(ruled.camera, plan_of(ruled)).await?,
            }
        }
        self.cameras().retain(|camera, recording| {
            let stays = present.contains(camera);
            if !stays {
                recording.stop.cancel();
            }
            stays
        });
        Ok(())
    }

    async fn add(&self, camera: CameraId, plan: Plan) -> Result<(), DbError> {
        // What ends in the future was recorded while the clock was ahead: it is now that something is to follow.
        let ended = ended(&self.parts.db, camera).await?.map(|ended| (ended.min(self.parts.clock.now()), GapCause::GatewayStopped));
        let ((plan, plans), (cuts, wanted)) = (watch::channel(plan), mpsc::channel(CUTS));
        let stop = self.stop.child_token();
        let recorded = CameraRecorder::new(self.parts.clone(), camera, *plans.borrow(), ended);
        let task = tokio::spawn(recorded.run(plans, wanted, stop.clone()));
        self.cameras().insert(camera, Recording { plan, cuts, stop, task });
        Ok(())
    }

    /// Ends what is being written of `camera` before its time, at the next key frame, so that all of it up to now can be proved; `false` where
    /// nothing of it is written here, or no key frame comes in time.
    pub async fn cut(&self, camera: CameraId) -> bool {
        let Some(cuts) = self.cameras().get(&camera).map(|recording| recording.cuts.clone()) else { return false };
        let (cut, done) = oneshot::channel();
        cuts.try_send(cut).is_ok() && timeout(NEXT_KEY, done).await.is_ok_and(|done| done.is_ok())
    }

    /// Ends every file.
    pub async fn stop(&self) {
        let recordings: Vec<_> = self.cameras().drain().map(|(_, recording)| recording).collect();
        recordings.iter().for_each(|recording| recording.stop.cancel());
        let ended = async {
            for recording in recordings {
                let _ = recording.task.await;
            }
        };
        if timeout(GOODBYE, ended).await.is_err() {
            tracing::warn!("a recording was not ended in time; the next start repairs it");
        }
        self.stop.cancel();
        let index = self.index.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(index) = index {
            let _ = index.await;
        }
    }

    fn cameras(&self) -> MutexGuard<'_, HashMap<CameraId, Recording>> {
        self.cameras.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn plan_of(ruled: &Ruled) -> Plan {
    let quality = match ruled.rule.quality {
        RecordedQuality::Main => Quality::Main,
        RecordedQuality::Sub => Quality::Sub,
    };
    Plan { recorded: ruled.is_recorded(), quality, sound: ruled.sound }
}

/// When what is known of a camera's recording ends.
async fn ended(db: &Db, camera: CameraId) -> Result<Option<Timestamp>, DbError> {
    Ok(segments::last_end(db, camera).await?.max(gaps::last_end(db, camera).await?))
}
