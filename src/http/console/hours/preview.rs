//! What a parent of a group will see on a day, by the policy's own words.

use crate::{
    http::{Problem, caller::Params, console::person::Person, openapi::WithLogin},
    id::{CameraId, GroupId, KindergartenId},
    model::{Pause, Scope, Site},
    policy::{self, Refusal, Stretch, Why},
};
use axum::Json;
use jiff::{Timestamp, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// How far ahead a day can be looked at.
const FARTHEST_DAYS: i32 = 2 * 366;

/// Which day of which group.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct WantedDay {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The group.
    group: GroupId,
    /// The day, from today to two years ahead.
    #[param(value_type = String, format = Date)]
    date: Date,
}

/// A day as the parents of a group will find it, if nothing is changed until then.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Day {
    /// The name of the group in whose room its children are that day, where that is another: the hours are then that room's.
    host: Option<String>,
    /// From midnight to midnight, without a gap.
    stretches: Vec<DayStretch>,
    /// The pauses of single cameras: they stay closed while the group is open.
    cameras: Vec<CameraPause>,
}

/// A part of a day that is all alike.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DayStretch {
    /// The first moment inside.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// The first moment after.
    #[schema(value_type = String, format = DateTime)]
    end: Timestamp,
    /// `open`; or why not: `outside_hours` (of the week), `exception` (this date has other hours), `paused`, `group_consent` (not every family has
    /// agreed to the camera).
    #[schema(example = "open")]
    code: &'static str,
    /// The director's words for the exception or the pause.
    reason: Option<String>,
}

/// A camera that is closed for a while.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CameraPause {
    /// The camera.
    camera: CameraId,
    /// Its name.
    name: String,
    /// The first moment.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The first moment after.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Why.
    reason: String,
}

/// What a parent of a group will see on a day, as the policy will decide if nothing is changed until then.
#[utoipa::path(
    get, path = "/api/v1/hours/day", tag = "console", params(WantedDay), security(("log-in" = [])),
    responses(
        (status = 200, body = Day),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn day(
    person: Person,
    Params(WantedDay { kindergarten, group, date }): Params<WantedDay>,
) -> Result<Json<Day>, Problem> {
    let site = person.insight(Some(kindergarten)).await?.site();
    if site.group(group).is_none() {
        return Err(Refusal::NotYours.into());
    }
    let today = site.kindergarten.zone.to_datetime(person.now).date();
    if date < today || today.checked_add(FARTHEST_DAYS.days()).is_ok_and(|farthest| date > farthest) {
        return Err(Problem::bad_field("date"));
    }
    let stretches = policy::day(site, group, date);
    let room = policy::room_on(site, group, date);
    let host = site.group(room).filter(|host| host.id != group).map(|host| host.name.clone());
    let cameras = camera_pauses(site, room, &stretches);
    Ok(Json(Day { host, stretches: stretches.iter().map(DayStretch::of).collect(), cameras }))
}

/// The pauses of the group's cameras, and of those that belong to all, that touch the day.
fn camera_pauses(site: &Site, group: GroupId, day: &[Stretch<'_>]) -> Vec<CameraPause> {
    let (Some(first), Some(last)) = (day.first(), day.last()) else { return Vec::new() };
    let touching = site.pauses.iter().filter(|pause| pause.from < last.window.end && first.window.start < pause.until);
    let shown = |pause: &Pause| {
        let Scope::Camera(camera) = pause.scope else { return None };
        let camera = site.camera(camera).filter(|camera| camera.group.is_none_or(|its| its == group))?;
        let (name, reason) = (camera.name.clone(), pause.reason.clone());
        Some(CameraPause { camera: camera.id, name, from: pause.from, until: pause.until, reason })
    };
    touching.filter_map(shown).collect()
}

impl DayStretch {
    fn of(stretch: &Stretch<'_>) -> Self {
        let (code, reason) = match stretch.why {
            Why::Open => ("open", None),
            Why::OutsideHours => ("outside_hours", None),
            Why::Exception(exception) => ("exception", Some(exception.reason.clone())),
            Why::Paused(pause) => ("paused", Some(pause.reason.clone())),
            Why::NotAgreed => ("group_consent", None),
        };
        Self { start: stretch.window.start, end: stretch.window.end, code, reason }
    }
}
