//! A span of a camera's recording, taken out of the gateway with the proof that it is as it was recorded.
//!
//! # The bundle
//! A ZIP file, nothing in it compressed:
//!
//! ```text
//! README.txt        what this is, and how it is checked
//! manifest.json     what is in it, and the proofs
//! manifest.note     a signed note (https://c2sp.org/signed-note) over the SHA-256 of manifest.json
//! video/….mp4       for each segment: its head and the fragments of the span, byte for byte as they were recorded
//! ```
//!
//! Where the camera's privacy masks are burnt in, the video was coded anew ([`masked`]). The manifest then has the SHA-256 of what was made,
//! so it comes after the video, and of what was recorded it has the hashes alone: whoever holds the recording later can compare.
//!
//! # The proof
//! Each piece of a file, its head and its fragments, is hashed as a leaf; of the pieces that are left out the manifest has the hashes. The
//! tree over them has the root that the segment's own leaf holds, with its camera and times. That leaf is in the audit record of a seal, the
//! record is in the log, and the log's root is in a signed checkpoint. Who took it out, and why, is in a record of that log as well.

mod bundle;
pub mod check;
mod log;
mod manifest;
pub mod masked;
mod part;
mod source;

pub use bundle::{Bundle, Makers, NotBundled};
pub use manifest::{Included, Manifest, Masked, Piece};

use crate::{
    audit::{self, Action, Record},
    db::{
        Db, DbError,
        exports::{self, ExportRow},
        gaps, masks, segments,
    },
    id::{CameraId, ExportId},
    model::Area,
    policy::Replay,
    recording::{
        Recorder,
        store::{Store, StoreError},
    },
    still::Undecodable,
};
use jiff::{SignedDuration, Timestamp};
use masked::{Masker, NotMasked};
use serde_json::json;
use source::Source;
use tokio::runtime::Handle;

/// What one export takes out at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// What is taken out begins with the key frame before the span and ends with a whole fragment: so much may be seen before and after it.
const AROUND: SignedDuration = SignedDuration::from_mins(1);
/// How often the end of what is being written is asked for: where pictures are late, the first may lie before that of the span.
const CUTS: usize = 3;
/// How long the file can be fetched after it was asked for.
pub const GOOD_FOR: SignedDuration = SignedDuration::from_hours(1);

/// Where it is taken from.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    /// The database.
    pub db: &'a Db,
    /// What still writes, where this gateway records.
    pub recorder: Option<&'a Recorder>,
    /// The files.
    pub store: &'a Store,
    /// Where masks are burnt in.
    pub masker: &'a Masker,
}

/// What is wanted of a camera's recording.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after.
    pub to: Timestamp,
    /// Whether the camera's privacy masks are to be burnt in.
    pub masked: bool,
}

/// Why nothing is taken out.
#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    /// The span is none, too long, or ahead.
    #[error("a span of at most 24 hours that is over")]
    Span,
    /// There is nothing recorded of it.
    #[error("nothing was recorded in the span")]
    Nothing,
    /// Some of it is still being written, and could not be ended in time: what has no end cannot be proved.
    #[error("the end of the span is still being written")]
    Unfinished,
    /// With masks burnt in, it is too long.
    #[error("a span of at most 15 minutes, with masks")]
    TooLongToMask,
    /// No area of the camera's picture is covered.
    #[error("the camera has no masks")]
    NoMasks,
    /// Masks are being burnt into another.
    #[error("masks are being burnt into another export")]
    Busy,
    /// Masks cannot be burnt in.
    #[error(transparent)]
    NotMasked(#[from] NotMasked),
    /// A file is encrypted, and its key is not here.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Writes down that what `replay` opens is taken out, and why. The file is made when it is fetched. What `recorder` is still writing of the
/// span is ended for it, which takes until the camera's next key frame.
pub async fn order(
    origin: Origin<'_>,
    replay: &Replay,
    Wanted { from, to, masked }: Wanted,
    now: Timestamp,
) -> Result<ExportRow, NotExported> {
    let Origin { db, recorder, .. } = origin;
    let [from, to] = [from, to].map(as_kept);
    if to <= from || to > now || to.duration_since(from) > LONGEST {
        return Err(NotExported::Span);
    }
    let areas = if masked { areas(db, replay.camera(), from, to, now).await? } else { Vec::new() };
    let mut cuts = 0;
    while !is_ended(db, replay.camera(), from, to).await? {
        cuts += 1;
        match recorder {
            Some(recorder) if cuts <= CUTS && recorder.cut(replay.camera()).await => {}
            _ => return Err(NotExported::Unfinished),
        }
    }
    if masked {
        try_to_mask(origin, replay.camera(), [from, to], areas.clone()).await?;
    }
    let id = ExportId::new(now);
    let mut details = json!({ "camera": replay.camera(), "from": from, "to": to, "reason": replay.reason() });
    if masked {
        details["masks"] = json!(words(&areas));
    }
    let record = Record {
        at: now,
        actor: Some(replay.account()),
        kindergarten: Some(replay.kindergarten()),
        action: Action::RecordingExported,
        subject: subject(id),
        details,
    };
    let tx = db.begin().await?;
    let record = audit::append(&tx, record).await?;
    let row = ExportRow {
        id,
        account_id: replay.account(),
        kindergarten_id: replay.kindergarten(),
        camera_id: replay.camera(),
        reason: replay.reason().to_owned(),
        starts_at: from,
        ends_at: to,
        made_at: now,
        record: i64::try_from(record).unwrap_or(i64::MAX),
        masked,
    };
    exports::insert(&tx, &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// To the millisecond, as the database keeps it: the record must say what the manifest will.
fn as_kept(moment: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment)
}

/// What is to be covered in all that is taken out of the span.
async fn areas(db: &Db, camera: CameraId, from: Timestamp, to: Timestamp, now: Timestamp) -> Result<Vec<Area>, NotExported> {
    if to.duration_since(from) > masked::LONGEST {
        return Err(NotExported::TooLongToMask);
    }
    let areas = covered(db, camera, from, to, now).await?;
    if areas.is_empty() {
        return Err(NotExported::NoMasks);
    }
    let segments = segments::between(db, camera, from, to).await?;
    segments.iter().try_for_each(masked::may_be_masked)?;
    Ok(areas)
}

/// Tries whether `areas` can be covered in the span, with the first pictures of each file: so it is said to who asks, and not to who fetches.
async fn try_to_mask(origin: Origin<'_>, camera: CameraId, span: [Timestamp; 2], areas: Vec<Area>) -> Result<(), NotExported> {
    let place = origin.masker.take().ok_or(NotExported::Busy)?;
    let segments = segments::between(origin.db, camera, span[0], span[1]).await?;
    let (store, runtime) = (origin.store.clone(), Handle::current());
    let tried = tokio::task::spawn_blocking(move || {
        let _place = place;
        segments.iter().try_for_each(|row| {
            store.key_of(row)?;
            Ok(part::try_to_mask(row, &mut Source::new(&store, row, runtime.clone()), span, &areas)?)
        })
    });
    // A decoder that panics takes the picture as little as one that refuses it.
    tried.await.unwrap_or(Err(NotMasked::Undecodable(Undecodable::Refused).into()))
}

/// The areas that were to be covered in any picture of what was asked for at `now`.
async fn covered(db: &Db, camera: CameraId, from: Timestamp, to: Timestamp, now: Timestamp) -> Result<Vec<Area>, DbError> {
    let (from, to) = (from.saturating_sub(AROUND).unwrap_or(from), to.saturating_add(AROUND).unwrap_or(to));
    masks::held(db, camera, from, to, now).await
}

/// Areas as the record of an export tells them.
fn words(areas: &[Area]) -> Vec<String> {
    areas.iter().map(Area::to_string).collect()
}

/// Whether nothing of the span is still being written.
async fn is_ended(db: &Db, camera: CameraId, from: Timestamp, to: Timestamp) -> Result<bool, NotExported> {
    let segments = segments::between(db, camera, from, to).await?;
    if segments.is_empty() {
        return Err(NotExported::Nothing);
    }
    let open_gap = gaps::between(db, camera, from, to).await?.iter().any(|gap| gap.ended_at.is_none());
    Ok(!open_gap && segments.iter().all(|segment| segment.sha256.is_some()))
}

/// The subject of the record of an export.
fn subject(id: ExportId) -> String {
    format!("export:{id}")
}
