//! A span of a camera's recording is taken out of the gateway, with its proof.

use super::person::Person;
use crate::{
    console::text,
    db::exports,
    http::{Fault, Problem, Shared, caller::Body, openapi::WithLogin},
    id::{CameraId, ExportId},
    recording::export::{self, Bundle, GOOD_FOR, Makers, NotBundled, NotExported, Origin, Wanted, masked::NotMasked},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// In characters.
const LONGEST_REASON: usize = 200;

/// When to ask again while masks are burnt into another: most take a minute or two.
const BUSY_FOR: Duration = Duration::from_mins(1);

/// What somebody wants to take out.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// The camera.
    camera: CameraId,
    /// The first moment.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The first moment after it: a day later at most, and over.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Why, on one line.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// Whether the camera's privacy masks are burnt in: all that held at any moment of the span, or hold now. The pictures are coded anew then,
    /// and are no longer byte for byte what was recorded; 15 minutes at most.
    #[serde(default)]
    masked: bool,
}

/// An export that can be fetched.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Export {
    /// Its id.
    id: ExportId,
    /// Until when `GET /api/v1/exports/{export}` gives the file.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Asks for a span of a camera's recording as a file. That it was asked for, by whom and why, is on record.
#[utoipa::path(
    post, path = "/api/v1/exports", tag = "recordings", request_body = Wish, security(("log-in" = [])),
    responses(
        (status = 201, description = "Can be fetched", body = Export),
        (status = 400, description = "`bad_request`, `bad_reason`, `bad_field`: the span, `masked_too_long`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`nothing_recorded`, `still_recording`: what is being written has no end yet, and no key frame came to end it with; `no_masks`, `masks_not_possible`: the pictures cannot be decoded here, since they are not H.264, or too large, or interlaced, or have B-frames", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`masking_busy`: masks are burnt into another; `Retry-After` says when to ask again; `recording_locked`: it is encrypted, and its key is not here", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, or the policy's code: `not_yours` (another's camera, or none), `live_only`, `role_sees_no_video`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn order(
    State(app): State<Shared>,
    person: Person,
    Body(Wish { camera, from, to, reason, masked }): Body<Wish>,
) -> Result<impl IntoResponse, Problem> {
    let reason = text::line(&reason, LONGEST_REASON);
    // Whether they may is said first, whatever they say.
    let replay = person.replay(camera, reason.as_deref().unwrap_or("?"))?;
    if reason.is_none() {
        return Err(Fault::BadReason.into());
    }
    let origin = Origin { db: &app.db, recorder: app.recorder.as_ref(), store: &app.store, masker: &app.masker };
    let row = export::order(origin, &replay, Wanted { from, to, masked }, person.now).await?;
    let until = row.made_at.saturating_add(GOOD_FOR).unwrap_or(Timestamp::MAX);
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(Export { id: row.id, until })))
}

/// The file of an export, for an hour and for who asked for it: a ZIP with the video, a signed manifest, and the proofs that
/// `tereze verify` checks without the gateway. Where masks are burnt in, it comes as fast as its pictures are coded.
#[utoipa::path(
    get, path = "/api/v1/exports/{export}", tag = "recordings", security(("log-in" = [])),
    params(("export" = String, Path, description = "The export's id")),
    responses(
        (status = 200, description = "The file", content_type = "application/zip"),
        (status = 409, description = "`still_recording`, `nothing_recorded`: the recording is gone", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`recording_locked`: it is encrypted, and its key is not here; `masking_busy`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`: another's export, an old one, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn fetch(
    State(app): State<Shared>,
    person: Person,
    Path(export): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let id: ExportId = export.parse().map_err(|_| person.not_theirs())?;
    let row = exports::by_id(&app.db, id).await?;
    let row = row.filter(|row| row.account_id == person.account().id && person.now.duration_since(row.made_at) < GOOD_FOR);
    let row = row.ok_or_else(|| person.not_theirs())?;
    person.replay(row.camera_id, &row.reason)?;
    let makers = Makers {
        db: &app.db,
        store: &app.store,
        sealer: &app.sealer,
        prover: &app.prover,
        signer: &app.signer,
        masker: &app.masker,
    };
    let bundle = Bundle::make(makers, &row).await?;
    let name = row.starts_at.strftime("recording-%Y-%m-%d-%H%M%S");
    let name = if row.masked { format!("{name}-covered.zip") } else { format!("{name}.zip") };
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, axum::body::Body::from_stream(bundle.stream())))
}

/// Masks are being burnt into another export.
fn busy() -> Problem {
    Problem::from(Fault::MaskingBusy).retry_after(BUSY_FOR)
}

impl From<NotExported> for Problem {
    fn from(error: NotExported) -> Self {
        match error {
            NotExported::Span => Self::bad_field("to"),
            NotExported::Nothing => Fault::NothingRecorded.into(),
            NotExported::Unfinished => Fault::StillRecording.into(),
            NotExported::TooLongToMask => Fault::MaskedTooLong.into(),
            NotExported::NoMasks => Fault::NoMasks.into(),
            NotExported::Busy => busy(),
            // The disk is none of the pictures' faults.
            NotExported::NotMasked(NotMasked::Io(error)) => Self::internal(&error),
            NotExported::NotMasked(error) => {
                tracing::warn!(%error, "masks cannot be burnt into a recording");
                Fault::MasksNotPossible.into()
            }
            NotExported::Store(error) => error.into(),
            NotExported::Db(error) => error.into(),
        }
    }
}

impl From<NotBundled> for Problem {
    fn from(error: NotBundled) -> Self {
        match error {
            NotBundled::Gone => Fault::NothingRecorded.into(),
            NotBundled::Busy => busy(),
            NotBundled::Store(error) => error.into(),
            NotBundled::Db(error) => error.into(),
            error => Self::internal(&error),
        }
    }
}
