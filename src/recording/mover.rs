//! Moves whole segments from the folder on to the object storage: the folder is what recorders write to, and carries what the storage does
//! not take yet. A storage that fails or is slow delays that, and loses nothing.

use super::{
    objects::{Objects, ObjectsError},
    store::{Located, Store},
};
use crate::{
    db::{
        Db, DbError, kept,
        recording_rules::{self, Ruled},
    },
    id::{CameraId, SegmentId},
};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use prometheus_client::{metrics::gauge::Gauge, registry::Registry};
use std::{
    collections::HashMap,
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How often it is looked what is whole.
const LOOK: Duration = Duration::from_secs(10);
/// The longest pause after failures.
const LONGEST: Duration = Duration::from_mins(5);
/// How many of a camera's files are looked at together.
const TOGETHER: u32 = 16;
/// How many files are on their way at once.
const AT_ONCE: usize = 4;

/// Why a file stays where it is.
#[derive(Debug, thiserror::Error)]
enum NotMoved {
    /// The storage did not take it.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// It cannot be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Who moves them.
pub struct Mover {
    db: Db,
    store: Store,
    objects: Objects,
    /// Up to where everything of a camera has been moved.
    done: HashMap<CameraId, Timestamp>,
    /// Files that wait.
    waiting: Gauge,
    every: Duration,
}

impl Mover {
    /// Moves what lies in the folder of `store` on to `objects`.
    pub fn new(db: Db, store: Store, objects: Objects, registry: &mut Registry) -> Self {
        let waiting = Gauge::default();
        registry.register("tereze_recordings_waiting", "Whole files that wait to be moved to the object storage", waiting.clone());
        Self { db, store, objects, done: HashMap::new(), waiting, every: LOOK }
    }

    /// One that looks so often what is whole.
    #[must_use]
    pub fn looking_every(self, every: Duration) -> Self {
        Self { every, ..self }
    }

    /// Moves until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        if let Err(error) = self.tidy().await {
            tracing::error!(%error, "it cannot be read which recordings were moved on");
        }
        let mut pause = self.every;
        let mut failing = false;
        while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
            let Some(moved) = stop.run_until_cancelled(self.look()).await else { return };
            match moved {
                Ok(()) => {
                    if failing {
                        tracing::info!("recordings are moved to the object storage again");
                    }
                    (pause, failing) = (self.every, false);
                }
                Err(error) => {
                    if !failing {
                        tracing::warn!(%error, "recordings wait in the folder: they cannot be moved to the object storage");
                    }
                    (pause, failing) = ((pause * 2).min(LONGEST), true);
                }
            }
        }
    }

    /// Moves whatever is whole; the first failure ends it.
    async fn look(&mut self) -> Result<(), NotMoved> {
        // Of several gateways with one database, one has the files.
        while tokio::fs::metadata(self.store.folder()).await.is_ok_and(|folder| folder.is_dir()) {
            let mut files = Vec::new();
            for Ruled { camera, .. } in recording_rules::all(&self.db).await? {
                let since = self.done.get(&camera).copied().unwrap_or(Timestamp::MIN);
                files.extend(kept::movable(&self.db, camera, since, TOGETHER).await?);
            }
            self.waiting.set(i64::try_from(files.len()).unwrap_or(i64::MAX));
            if files.is_empty() {
                return Ok(());
            }
            let (this, located) = (&*self, files.iter().map(Located::from).collect::<Vec<_>>());
            let mut moves = stream::iter(located).map(|file| this.carry(file)).buffered(AT_ONCE);
            while let Some(moved) = moves.next().await {
                moved?;
            }
            drop(moves);
            for file in files {
                let done = self.done.entry(file.camera_id).or_insert(file.starts_at);
                *done = file.starts_at.max(*done);
            }
        }
        Ok(())
    }

    /// Carries one file over. In this order, whatever cuts it short leaves the file where its row says, or in both places.
    async fn carry(&self, file: Located) -> Result<(), NotMoved> {
        match self.objects.put(&file.name(), &self.store.path(file.camera, file.id, file.starts_at)).await {
            Ok(()) => {}
            // Retention was faster.
            Err(ObjectsError::File(error))
                if error.kind() == ErrorKind::NotFound && kept::is_elsewhere(&self.db, file.id).await? =>
            {
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        if kept::moved(&self.db, file.id).await? {
            self.clear(file).await;
        } else if let Err(error) = self.objects.remove(&file.name()).await {
            // It was let go of while it was on its way: the copy there is nobody's.
            tracing::warn!(%error, segment = %file.id, "a recording that was let go of is left over in the object storage");
        }
        Ok(())
    }

    /// Removes what the storage has now.
    async fn clear(&self, file: Located) {
        if let Err(error) = self.store.remove_from_folder(file).await {
            tracing::warn!(%error, segment = %file.id, "a recording that was moved on is left over in the folder");
        }
    }

    /// Removes what a run that was cut short has left in the folder beside the copy in the storage.
    async fn tidy(&self) -> Result<(), DbError> {
        let folder = self.store.folder().to_owned();
        let there = tokio::task::spawn_blocking(move || files(&folder)).await.unwrap_or_default();
        for (id, path) in there {
            if kept::is_elsewhere(&self.db, id).await?
                && let Err(error) = tokio::fs::remove_file(&path).await
            {
                tracing::warn!(%error, segment = %id, "a recording that was moved on is left over in the folder");
            }
        }
        Ok(())
    }
}

/// The files of segments below `folder`, whatever their cameras and days.
fn files(folder: &Path) -> Vec<(SegmentId, PathBuf)> {
    let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let all = inside(folder.to_owned()).flat_map(inside).flat_map(inside);
    all.filter_map(|path| Some((path.file_stem()?.to_str()?.parse().ok()?, path))).collect()
}
