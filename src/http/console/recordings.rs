//! What was recorded on a day: the ground on which somebody chooses what to look at. No picture is in it.

use super::person::Person;
use crate::{
    db::{Db, DbError, gaps, holds, kept, masks, segments},
    http::{Problem, Shared, caller::Params, openapi::WithLogin},
    id::{CameraId, GroupId, KindergartenId},
    model::{Camera, Site, Window},
    recording::timeline,
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Which day of which cameras.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wish {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The group whose cameras; without one, those that are no group's: the yard, the hall.
    group: Option<GroupId>,
    /// The day, by the kindergarten's clock.
    #[param(value_type = String, format = Date)]
    date: Date,
}

/// A day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RecordedDay {
    /// Its first moment.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// The first moment after it.
    #[schema(value_type = String, format = DateTime)]
    end: Timestamp,
    /// The cameras, those that were removed last.
    cameras: Vec<RecordedCamera>,
}

/// What a camera recorded on that day. What is neither recorded nor a gap is to come, or of a time when the camera was not there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RecordedCamera {
    /// The camera.
    id: CameraId,
    /// Its name.
    name: String,
    /// Whether it has been removed.
    removed: bool,
    /// Whether areas of its picture are covered, now or on that day: an export can have them covered too.
    masked: bool,
    /// From when to when there is something without a gap.
    recorded: Vec<Recorded>,
    /// Where there is nothing, and why.
    gaps: Vec<RecordingGap>,
    /// What is kept whatever its age, by an order that is in force.
    holds: Vec<Recorded>,
}

/// A stretch of time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Recorded {
    /// Its first moment.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// The first moment after it.
    #[schema(value_type = String, format = DateTime)]
    end: Timestamp,
}

/// A hole in the recording.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RecordingGap {
    /// Why: a cause that was written down, or `removed`: what was recorded is not kept any more.
    #[schema(example = "camera_offline")]
    cause: &'static str,
    /// The first moment of which there is nothing.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// The first moment of which there is something again; none while it lasts.
    #[schema(value_type = Option<String>, format = DateTime)]
    end: Option<Timestamp>,
}

/// What the cameras of a room recorded on a day, where there are gaps and why, for the director and an assigned inspector.
#[utoipa::path(
    get, path = "/api/v1/recordings", tag = "recordings", params(Wish), security(("log-in" = [])),
    responses(
        (status = 200, body = RecordedDay),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn day(
    State(app): State<Shared>,
    person: Person,
    Params(Wish { kindergarten, group, date }): Params<Wish>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    let day = span(insight.site(), date).ok_or_else(|| Problem::bad_field("date"))?;
    let mut cameras = Vec::new();
    for (camera, removed) in of_room(insight.site(), group) {
        let files = segments::spans(&app.db, camera.id, day.start, day.end, timeline::SEAM).await?;
        let recorded = timeline::stretches(files, day).into_iter().map(|Window { start, end }| Recorded { start, end });
        let held = holds::between(&app.db, camera.id, day.start, day.end).await?.into_iter();
        let holds = held.map(|hold| Recorded { start: hold.starts_at.max(day.start), end: hold.ends_at.min(day.end) });
        cameras.push(RecordedCamera {
            id: camera.id,
            name: camera.name.clone(),
            removed,
            masked: !masks::held(&app.db, camera.id, day.start, day.end, person.now).await?.is_empty(),
            recorded: recorded.collect(),
            gaps: gaps_of(&app.db, camera.id, day).await?,
            holds: holds.collect(),
        });
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(RecordedDay { start: day.start, end: day.end, cameras })))
}

/// Where `camera` has nothing on `day`, the first first: what was never recorded, and what was and has been let go of.
async fn gaps_of(db: &Db, camera: CameraId, day: Window) -> Result<Vec<RecordingGap>, DbError> {
    let never = gaps::between(db, camera, day.start, day.end).await?.into_iter();
    let never =
        never.map(|gap| RecordingGap { cause: gap.cause.word(), start: gap.starts_at, end: gap.ended_at.map(Timestamp::from) });
    let files = kept::let_go_between(db, camera, day.start, day.end).await?.into_iter();
    let let_go = timeline::stretches(files.map(|file| (file.starts_at, file.ends_at)), day).into_iter();
    let let_go = let_go.map(|Window { start, end }| RecordingGap { cause: "removed", start, end: Some(end) });
    let mut gaps: Vec<RecordingGap> = never.chain(let_go).collect();
    gaps.sort_by_key(|gap| gap.start);
    Ok(gaps)
}

/// The day from its first moment to the first one after it.
fn span(site: &Site, date: Date) -> Option<Window> {
    let begins = |date: Date| Some(date.to_zoned(site.kindergarten.zone.clone()).ok()?.timestamp());
    Some(Window { start: begins(date)?, end: begins(date.tomorrow().ok()?)? })
}

/// The cameras of the room by their names, and whether each was removed: those come last. A room that is no more belongs to nobody, as what is no group's does.
fn of_room(site: &Site, group: Option<GroupId>) -> Vec<(&Camera, bool)> {
    let present = site.cameras.iter().map(|camera| (camera, false));
    let all = present.chain(site.former_cameras.iter().map(|camera| (camera, true)));
    let here = |camera: &Camera| camera.group.filter(|group| site.group(*group).is_some()) == group;
    let mut cameras: Vec<_> = all.filter(|(camera, _)| here(camera)).collect();
    cameras.sort_by_key(|(camera, removed)| (*removed, &camera.name));
    cameras
}
