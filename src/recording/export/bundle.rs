//! Makes the file of an export, and hands it out while it is made.

use super::{
    covered,
    log::Log,
    manifest::{FORM, Hole, Manifest, Named, Person, SealProof},
    masked::Masker,
    part::Part,
    source::Source,
};
use crate::{
    audit::{
        Prover, Sealer,
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
    id::SealId,
    recording::store::{Store, StoreError},
};
use bytes::{Bytes, BytesMut};
use futures::Stream;
use std::{
    collections::BTreeSet,
    io::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, mpsc},
};
use tokio_stream::wrappers::ReceiverStream;
use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

/// What is handed out at once, and how much of it may wait for who fetches it.
const PIECE: usize = 256 * 1024;
const AHEAD: usize = 4;

/// How far the thread that burns masks in steps back: as far as it can, so that those who watch go on (`nice`, POSIX.1-2024).
const STEP_BACK: i32 = 19;

const README: &str = include_str!("README.txt");
const MASKED_README: &str = include_str!("README-masked.txt");

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
    /// Masks are being burnt into another.
    #[error("masks are being burnt into another export")]
    Busy,
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
    pub signer: &'a Arc<NoteSigner>,
    /// Where masks are burnt in.
    pub masker: &'a Masker,
}

/// The file of an export, ready to be handed out.
pub struct Bundle {
    /// Whole but for the segments.
    manifest: Manifest,
    signer: Arc<NoteSigner>,
    parts: Vec<(SegmentRow, Part)>,
    store: Store,
    /// The place where masks are burnt in, where they are.
    _place: Option<OwnedSemaphorePermit>,
}

impl Bundle {
    /// Makes all of it but the video, so that whatever is wrong is known before the first byte leaves.
    pub async fn make(makers: Makers<'_>, row: &ExportRow) -> Result<Self, NotBundled> {
        makers.sealer.seal().await?;
        let ExportRow { camera_id: camera, kindergarten_id: kindergarten, starts_at: from, ends_at: to, .. } = *row;
        let names = exports::names(makers.db, row).await?.ok_or(NotBundled::Gone)?;
        let (place, areas) = if row.masked {
            let place = makers.masker.take().ok_or(NotBundled::Busy)?;
            (Some(place), covered(makers.db, camera, from, to, row.made_at).await?)
        } else {
            (None, Vec::new())
        };
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
            masked: row.masked,
            areas,
            segments: Vec::new(),
            gaps,
            seals: proofs,
            checkpoint: log.note,
            key: makers.signer.key().to_string(),
        };
        Ok(Self { manifest, signer: makers.signer.clone(), parts, store: makers.store.clone(), _place: place })
    }

    /// The bytes of the file, made as they are fetched. Where anything fails on the way, they end with an error, and so the fetching does.
    pub fn stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let (to, from) = mpsc::channel(AHEAD);
        let (runtime, failed) = (Handle::current(), to.clone());
        if self.manifest.masked {
            let make = move || {
                // One that cannot step back is late for nobody but others.
                let _ = rustix::process::nice(STEP_BACK);
                self.hand_out(to, &runtime);
            };
            if let Err(error) = thread::Builder::new().name("masks".to_owned()).spawn(make) {
                let _ = failed.try_send(Err(error));
            }
        } else {
            tokio::task::spawn_blocking(move || self.hand_out(to, &runtime));
        }
        ReceiverStream::new(from)
    }

    /// Whatever becomes of it, whoever fetches it is told: a file that ends early must not look whole.
    fn hand_out(self, to: mpsc::Sender<io::Result<Bytes>>, runtime: &Handle) {
        let failed = to.clone();
        let written = catch_unwind(AssertUnwindSafe(|| self.write(to, runtime)));
        let error = match written {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error,
            Err(_) => io::Error::other("what makes the file panicked"),
        };
        // Who has gone away is told nothing.
        if failed.blocking_send(Err(io::Error::other(error.to_string()))).is_ok() {
            tracing::warn!(%error, "an export failed on its way");
        }
    }

    fn write(mut self, to: mpsc::Sender<io::Result<Bytes>>, runtime: &Handle) -> io::Result<()> {
        let fetched = to.clone();
        let mut zip = ZipWriter::new_stream(Outlet { to, piece: BytesMut::new() });
        if self.manifest.masked {
            // What is made has to be there before its hash can be signed.
            put(&mut zip, "README.txt", MASKED_README)?;
            for (row, part) in &mut self.parts {
                zip.start_file(&*part.included.file, stored())?;
                let (mut source, areas) = (Source::new(&self.store, row, runtime.clone()), &self.manifest.areas);
                part.write_masked(&mut source, areas, &mut zip, &|| !fetched.is_closed()).map_err(io::Error::other)?;
            }
            self.sign(&mut zip)?;
        } else {
            put(&mut zip, "README.txt", README)?;
            self.sign(&mut zip)?;
            for (row, part) in &self.parts {
                zip.start_file(&*part.included.file, stored())?;
                part.write(&mut Source::new(&self.store, row, runtime.clone()), &mut zip)?;
            }
        }
        zip.finish()?.into_inner().flush()
    }

    /// Writes the manifest, and the signature over it.
    fn sign<W: Write>(&mut self, zip: &mut ZipWriter<StreamWriter<W>>) -> io::Result<()> {
        self.manifest.segments = self.parts.iter().map(|(_, part)| part.included.clone()).collect();
        let manifest = serde_json::to_string_pretty(&self.manifest)? + "\n";
        put(zip, "manifest.json", &manifest)?;
        put(zip, "manifest.note", &self.signer.sign(&signed_text(&manifest)))
    }
}

/// Nothing is compressed: video does not get smaller.
fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true)
}

fn put<W: Write>(zip: &mut ZipWriter<StreamWriter<W>>, name: &str, text: &str) -> io::Result<()> {
    zip.start_file(name, stored())?;
    zip.write_all(text.as_bytes())
}

/// What the note over a manifest says.
pub(super) fn signed_text(manifest: &str) -> String {
    format!("{FORM}\n{}\n", Hash::of(&[manifest.as_bytes()]))
}

/// The parts of the segments of the span.
async fn parts(makers: Makers<'_>, row: &ExportRow) -> Result<Vec<(SegmentRow, Part)>, NotBundled> {
    let (span, masked) = ([row.starts_at, row.ends_at], row.masked);
    let segments = segments::between(makers.db, row.camera_id, row.starts_at, row.ends_at).await?;
    let (store, runtime) = (makers.store.clone(), Handle::current());
    let made = tokio::task::spawn_blocking(move || {
        let mut parts = Vec::new();
        for row in segments {
            let seal = row.seal_id.ok_or(NotBundled::Gone)?;
            store.key_of(&row)?;
            let part = Part::of(&row, seal, &mut Source::new(&store, &row, runtime.clone()), span, masked)?;
            parts.extend(part.map(|part| (row, part)));
        }
        Ok::<_, NotBundled>(parts)
    });
    made.await.map_err(io::Error::other)?
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
