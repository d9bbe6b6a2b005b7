//! Makes the file of an export, and hands it out while it is made.

use super::{
    manifest::{FORM, Hole, Manifest, Named, Person, Proved, SealProof},
    part::Part,
    source::Source,
};
use crate::{
    audit::{
        Prover, Sealer,
        checkpoint::{self, Checkpoint},
        evidence,
        note::{NoteError, NoteSigner},
        prover::NoProof,
        tree::Hash,
    },
    db::{
        Db, DbError,
        exports::{self, ExportRow},
        gaps, seals,
        segments::{self, SegmentRow},
    },
    id::{KindergartenId, SealId},
    recording::store::{Store, StoreError},
};
use bytes::{Bytes, BytesMut};
use futures::Stream;
use std::{
    collections::BTreeSet,
    io::{self, Write},
    time::Duration,
};
use tokio::{runtime::Handle, sync::mpsc};
use tokio_stream::wrappers::ReceiverStream;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// How long a checkpoint over the newest record is waited for, and how often it is looked: it follows within a second.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(100);
/// What is handed out at once, and how much of it may wait for who fetches it.
const PIECE: usize = 256 * 1024;
const AHEAD: usize = 4;

const README: &str = include_str!("README.txt");

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum NotBundled {
    /// Some of the span is no longer, or not yet, what it was when the export was asked for.
    #[error("the recording is gone, or not sealed")]
    Gone,
    /// No checkpoint covers the newest records.
    #[error("no checkpoint was signed in time")]
    NoCheckpoint,
    /// The log does not prove what it should.
    #[error(transparent)]
    NoProof(#[from] NoProof),
    /// The checkpoint is not one.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A file is encrypted, and its key is not here.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read.
    #[error("a file of a recording cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What a bundle is made with.
#[derive(Clone, Copy)]
pub struct Makers<'a> {
    /// The database.
    pub db: &'a Db,
    /// The files.
    pub store: &'a Store,
    /// Seals what is not sealed yet.
    pub sealer: &'a Sealer,
    /// Proves that records are in the log.
    pub prover: &'a Prover,
    /// Signs.
    pub signer: &'a NoteSigner,
}

/// The file of an export, ready to be handed out.
pub struct Bundle {
    manifest: String,
    note: String,
    parts: Vec<(SegmentRow, Part)>,
    store: Store,
}

impl Bundle {
    /// Makes all of it but the video, so that whatever is wrong is known before the first byte leaves.
    pub async fn make(makers: Makers<'_>, row: &ExportRow) -> Result<Self, NotBundled> {
        makers.sealer.seal().await?;
        let ExportRow { camera_id: camera, kindergarten_id: kindergarten, starts_at: from, ends_at: to, .. } = *row;
        let names = exports::names(makers.db, row).await?.ok_or(NotBundled::Gone)?;
        let parts = parts(makers, row).await?;
        let mut gaps = Vec::new();
        for gap in gaps::between(makers.db, camera, from, to).await? {
            let (ended_at, seal) = gap.ended_at.zip(gap.seal_id).ok_or(NotBundled::Gone)?;
            gaps.push(Hole { id: gap.id, from: gap.starts_at, to: ended_at.0, cause: gap.cause, seal });
        }
        let sealed: BTreeSet<SealId> =
            parts.iter().map(|(_, part)| part.included.seal).chain(gaps.iter().map(|gap| gap.seal)).collect();
        let mut records = vec![row.record.unsigned_abs()];
        for id in &sealed {
            records.push(seals::by_id(makers.db, *id).await?.ok_or(NotBundled::Gone)?.record.unsigned_abs());
        }
        let log = Log::over(makers, kindergarten, &records).await?;
        let mut proofs = Vec::new();
        for (id, record) in sealed.into_iter().zip(&records[1..]) {
            proofs.push(SealProof { id, record: log.proved(*record).await? });
        }
        let manifest = Manifest {
            form: FORM.to_owned(),
            export: row.id,
            record: log.proved(records[0]).await?,
            by: Person { name: names.account, role: names.role },
            reason: row.reason.clone(),
            at: row.made_at,
            kindergarten: Named { id: kindergarten, name: names.kindergarten },
            camera: Named { id: camera, name: names.camera },
            from,
            to,
            segments: parts.iter().map(|(_, part)| part.included.clone()).collect(),
            gaps,
            seals: proofs,
            checkpoint: log.note,
            key: makers.signer.key().to_string(),
        };
        let manifest = serde_json::to_string_pretty(&manifest)? + "\n";
        let note = makers.signer.sign(&signed_text(&manifest));
        Ok(Self { manifest, note, parts, store: makers.store.clone() })
    }

    /// The bytes of the file, made as they are fetched. Where the disk fails on the way, they end with an error, and so the fetching does.
    pub fn stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let (to, from) = mpsc::channel(AHEAD);
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || {
            let failed = to.clone();
            if let Err(error) = self.write(Outlet { to, piece: BytesMut::new() }, &runtime) {
                // Who has gone away is told nothing.
                let _ = failed.blocking_send(Err(error));
            }
        });
        ReceiverStream::new(from)
    }

    fn write(&self, outlet: Outlet, runtime: &Handle) -> io::Result<()> {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
        let mut zip = ZipWriter::new_stream(outlet);
        for (name, text) in [("README.txt", README), ("manifest.json", &self.manifest), ("manifest.note", &self.note)] {
            zip.start_file(name, stored)?;
            zip.write_all(text.as_bytes())?;
        }
        for (row, part) in &self.parts {
            zip.start_file(&*part.included.file, stored)?;
            part.write(&mut Source::new(&self.store, row, runtime.clone()), &mut zip)?;
        }
        zip.finish()?.into_inner().flush()
    }
}

/// What the note over a manifest says.
pub(super) fn signed_text(manifest: &str) -> String {
    format!("{FORM}\n{}\n", Hash::of(&[manifest.as_bytes()]))
}

/// The parts of the segments of the span.
async fn parts(makers: Makers<'_>, row: &ExportRow) -> Result<Vec<(SegmentRow, Part)>, NotBundled> {
    let (from, to) = (row.starts_at, row.ends_at);
    let segments = segments::between(makers.db, row.camera_id, from, to).await?;
    let (store, runtime) = (makers.store.clone(), Handle::current());
    let made = tokio::task::spawn_blocking(move || {
        let mut parts = Vec::new();
        for row in segments {
            let seal = row.seal_id.ok_or(NotBundled::Gone)?;
            store.key_of(&row)?;
            let part = Part::of(&row, seal, &mut Source::new(&store, &row, runtime.clone()), from, to)?;
            parts.extend(part.map(|part| (row, part)));
        }
        Ok::<_, NotBundled>(parts)
    });
    made.await.map_err(io::Error::other)?
}

/// The log up to a checkpoint.
struct Log<'a> {
    makers: Makers<'a>,
    kindergarten: KindergartenId,
    note: String,
    size: u64,
}

impl<'a> Log<'a> {
    /// Up to the newest checkpoint, once it covers `records`.
    async fn over(makers: Makers<'a>, kindergarten: KindergartenId, records: &[u64]) -> Result<Self, NotBundled> {
        let newest = records.iter().max().copied().unwrap_or_default();
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                if let Some((note, _)) = checkpoint::newest(makers.db).await? {
                    let keys = checkpoint::keys(makers.db).await.map_err(|_| NotBundled::NoCheckpoint)?;
                    let size = Checkpoint::open(&note, &keys)?.size;
                    if size > newest {
                        return Ok::<_, NotBundled>(Self { makers, kindergarten, note, size });
                    }
                }
                tokio::time::sleep(LOOK).await;
            }
        });
        waited.await.unwrap_or(Err(NotBundled::NoCheckpoint))
    }

    async fn proved(&self, position: u64) -> Result<Proved, NotBundled> {
        let path = self.makers.prover.inclusion(position, self.size).await?;
        let stored = evidence::of(self.makers.db, self.kindergarten, position).await?;
        stored.and_then(|stored| Proved::of(stored, &path)).ok_or(NotBundled::NoProof(NoProof::Damaged(position)))
    }
}

/// Collects what is written into pieces, and waits where they are not fetched.
struct Outlet {
    to: mpsc::Sender<io::Result<Bytes>>,
    piece: BytesMut,
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.to.blocking_send(Ok(self.piece.split().freeze())).map_err(gone)
    }
}
