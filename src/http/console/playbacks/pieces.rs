//! What a player fetches of a playback: playlists of an hour, and ranges of the files that they name.

use super::showing::Showing;
use crate::{
    clock::monotonic,
    db::segments,
    http::{Fault, Problem, Shared, caller::Params, openapi::WithLogin, range::Wanted},
    id::SegmentId,
    model::Window,
    recording::{
        pieces,
        playlist::{PlayedFile, media_playlist},
        store::StoreError,
    },
};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::{io, pin::pin, time::Duration};

/// How much a playlist names.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// So many files are looked into at once.
const AT_ONCE: usize = 6;
/// While a long answer is on its way, it is asked again so often whether it may go on.
const AGAIN: Duration = Duration::from_millis(500);

/// From when on.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct Since {
    /// A moment of the playback's span.
    #[param(value_type = String, format = DateTime)]
    from: Timestamp,
}

/// What was recorded in the hour from a moment on, as an HLS playlist (RFC 8216); what lasts still is in it as far as it is safe on the disk.
#[utoipa::path(
    get, path = "/api/v1/playbacks/{playback}/playlist.m3u8", tag = "recordings", security(("log-in" = [])),
    params(("playback" = String, Path, description = "The playback's id"), Since),
    responses(
        (status = 200, body = String, content_type = "application/vnd.apple.mpegurl"),
        (status = 400, description = "`bad_request`, `bad_field`: the playback has no such moment", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`recording_gone`: nothing was recorded then, or it is not kept any more", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`recording_locked`: it is encrypted, and its key is not here", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`playback_over`, or the policy's code, asked anew: `not_yours`, `live_only`, `account_blocked` …", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn playlist(
    State(app): State<Shared>,
    showing: Showing,
    Params(Since { from }): Params<Since>,
) -> Result<impl IntoResponse, Problem> {
    let span = Window { start: showing.row.starts_at, end: showing.row.ends_at };
    if !span.contains(from) {
        return Err(Problem::bad_field("from"));
    }
    let window = Window { start: from, end: span.end.min(from.saturating_add(HOUR).unwrap_or(span.end)) };
    let rows = segments::between(&app.db, showing.row.camera, window.start, window.end).await?;
    let locked = rows.iter().any(|row| app.store.is_locked(row));
    let read = async |row| {
        let file = pieces::of(&app.store, &row).await;
        // One that cannot be read must not take the others along.
        file.inspect_err(|error| tracing::warn!(%error, segment = %row.id, "a segment cannot be played")).ok()
    };
    let files: Vec<PlayedFile> = stream::iter(rows).map(read).buffered(AT_ONCE).filter_map(std::future::ready).collect().await;
    let playlist = media_playlist(&files, window).ok_or(if locked { Fault::RecordingLocked } else { Fault::RecordingGone })?;
    Ok(([(header::CONTENT_TYPE, "application/vnd.apple.mpegurl"), (header::CACHE_CONTROL, "no-store")], playlist))
}

/// What an address of a piece names beside its playback.
#[derive(Deserialize)]
pub(in crate::http::console) struct Named {
    segment: String,
}

/// The bytes of a file of the playback, or a range of them (RFC 9110 §14). A long answer ends as soon as it may not go on.
#[utoipa::path(
    get, path = "/api/v1/playbacks/{playback}/segments/{segment}", tag = "recordings", security(("log-in" = [])),
    params(
        ("playback" = String, Path, description = "The playback's id"),
        ("segment" = String, Path, description = "A segment of its playlists"),
        ("range" = Option<String>, Header, description = "One range of bytes"),
    ),
    responses(
        (status = 200, description = "The file", content_type = "video/mp4", body = Vec<u8>),
        (status = 206, description = "The range", content_type = "video/mp4", body = Vec<u8>),
        (status = 404, description = "`recording_gone`: not a segment of the playback, or not kept any more", body = Problem, content_type = "application/problem+json"),
        (status = 416, description = "`no_such_range`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`recording_locked`: it is encrypted, and its key is not here", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`playback_over`, or the policy's code, asked anew: `not_yours`, `live_only`, `account_blocked` …", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn segment(
    State(app): State<Shared>,
    showing: Showing,
    Path(Named { segment }): Path<Named>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id: SegmentId = segment.parse().map_err(|_| Fault::RecordingGone)?;
    let (camera, from, to) = (showing.row.camera, showing.row.starts_at, showing.row.ends_at);
    let segment = segments::of_camera(&app.db, camera, id).await?;
    let segment = segment.filter(|segment| segment.starts_at < to && segment.ends_at > from).ok_or(Fault::RecordingGone)?;
    let size = u64::try_from(segment.bytes).unwrap_or_default();
    let wanted = Wanted::of(&headers, size);
    let Some(range) = wanted.range(size) else { return Ok(Wanted::nowhere(size)) };
    let bytes = app.store.stream(&segment, range).await?;
    Ok(wanted.answer(size, "video/mp4", Body::from_stream(while_allowed(app, showing, bytes))))
}

/// `bytes`, for as long as the playback may go on.
fn while_allowed(
    app: Shared,
    showing: Showing,
    bytes: impl Stream<Item = Result<Bytes, StoreError>> + Send + 'static,
) -> impl Stream<Item = Result<Bytes, io::Error>> + Send {
    stream::try_unfold((app, showing, Box::pin(bytes), monotonic()), |(app, showing, mut bytes, mut asked)| async move {
        if asked.elapsed() >= AGAIN {
            if !showing.goes_on(&app).await.unwrap_or(false) {
                return Err(io::Error::other("no longer allowed"));
            }
            asked = monotonic();
        }
        let piece = pin!(bytes.next()).await.transpose();
        let piece = piece
            .inspect_err(|error| tracing::error!(%error, "what was being shown of a recording ends"))
            .map_err(io::Error::other)?;
        Ok(piece.map(|piece| (piece, (app, showing, bytes, asked))))
    })
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Fault::RecordingGone.into(),
            StoreError::NoKey(_) => {
                tracing::error!(%error, "a recording cannot be shown");
                Fault::RecordingLocked.into()
            }
            error => Self::internal(&error),
        }
    }
}
