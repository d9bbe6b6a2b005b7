//! Orders to keep what cameras recorded: given by directors and inspectors, listed, and released.

use super::person::Person;
use crate::{
    console::holds::{self, NotHeld, Wish},
    db::holds::{Listed, by_id, list as stored},
    http::{
        Fault, Problem, Shared,
        caller::{Body, Params},
        openapi::WithLogin,
    },
    id::{CameraId, GroupId, HoldId, KindergartenId},
    model::{HoldOrigin, Role},
    policy::{Custody, Refusal},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How many are told: all that can be in force, and then some.
const MOST: u32 = 600;
/// For how long released orders are told.
const TOLD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Of which kindergarten.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// The kindergarten.
    kindergarten: KindergartenId,
}

/// What is to be kept: of cameras, or of all cameras of a group.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Holding {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The cameras; those of `group` where there are none.
    #[serde(default)]
    cameras: Vec<CameraId>,
    /// The group whose cameras are meant.
    group: Option<GroupId>,
    /// The first moment.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The first moment after: at most 7 days later, and not more than a day from now.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Why, on one line.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// The ids of the orders that were given, one for each camera.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Held {
    /// The orders.
    holds: Vec<HoldId>,
}

/// Why something is let go of.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Release {
    /// On one line.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// The orders of a kindergarten.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Holds {
    /// The newest first: those in force, and those that were released in the last 30 days.
    holds: Vec<ToldHold>,
}

/// An order to keep a span of what a camera recorded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ToldHold {
    /// The order.
    id: HoldId,
    /// The camera.
    camera: CameraId,
    /// Its name.
    camera_name: String,
    /// The first moment.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The first moment after.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// What gave it: `person`, `appeal` or `alarm`.
    #[schema(value_type = String)]
    origin: HoldOrigin,
    /// The appeal or the alarm, as `kind:id`.
    subject: Option<String>,
    /// Why; empty for an appeal, whose words are the family's.
    reason: String,
    /// The name of who gave it.
    by: Option<String>,
    /// The role.
    role: Option<Role>,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When it was released.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// By whom.
    released_by: Option<String>,
    /// Why.
    release_reason: Option<String>,
    /// Whether the caller may release it.
    may_release: bool,
}

/// The orders in force, and those that were released in the last 30 days.
#[utoipa::path(
    get, path = "/api/v1/holds", tag = "recordings", params(Search), security(("log-in" = [])),
    responses(
        (status = 200, body = Holds),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    State(app): State<Shared>,
    person: Person,
    Params(Search { kindergarten }): Params<Search>,
) -> Result<impl IntoResponse, Problem> {
    person.insight(Some(kindergarten)).await?;
    let custody = person.custody(Some(kindergarten))?;
    let since = person.now.saturating_sub(TOLD).unwrap_or(Timestamp::MIN);
    let mut told = Vec::new();
    for held in stored(&app.db, kindergarten, since, MOST).await? {
        let may_release = held.hold.until.is_none() && custody.may_release(holds::ground(&app.db, &held).await?);
        told.push(ToldHold::of(held, may_release));
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Holds { holds: told })))
}

/// Keeps what cameras recorded in a span until somebody releases it, whatever the days of keeping say.
#[utoipa::path(
    post, path = "/api/v1/holds", tag = "recordings", request_body = Holding, security(("log-in" = [])),
    responses(
        (status = 201, description = "Kept", body = Held),
        (status = 400, description = "`bad_request`, `bad_reason`, `bad_field`: the span", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too_many_holds`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn hold(
    State(app): State<Shared>,
    person: Person,
    Body(holding): Body<Holding>,
) -> Result<(StatusCode, Json<Held>), Problem> {
    let custody = person.custody(Some(holding.kindergarten))?;
    let cameras = match holding.group {
        None => holding.cameras.into_iter().collect(),
        Some(group) if holding.cameras.is_empty() => {
            let cameras = custody.site().cameras.iter().filter(|camera| camera.group == Some(group));
            cameras.map(|camera| camera.id).collect()
        }
        Some(_) => return Err(Fault::BadRequest.into()),
    };
    let wish = Wish { cameras, from: holding.from, to: holding.to, reason: holding.reason };
    let holds = holds::hold(&app.db, custody, wish, person.now).await?;
    Ok((StatusCode::CREATED, Json(Held { holds })))
}

/// Releases an order: what it kept goes when its days are over. One that is released stays so. A director cannot release what an inspector
/// keeps, nor what a parent's open report does.
#[utoipa::path(
    post, path = "/api/v1/holds/{hold}/release", tag = "recordings", request_body = Release, security(("log-in" = [])),
    params(("hold" = String, Path, description = "The order's id")),
    responses(
        (status = 204, description = "Released"),
        (status = 400, description = "`bad_request`, `bad_reason`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`hold_not_yours`: an inspector, or a parent's open report, keeps it", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's order, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn release(
    State(app): State<Shared>,
    person: Person,
    Path(hold): Path<String>,
    Body(Release { reason }): Body<Release>,
) -> Result<StatusCode, Problem> {
    let hold: HoldId = hold.parse().map_err(|_| Refusal::NotYours)?;
    let kindergarten = by_id(&app.db, hold).await?.map(|held| held.hold.kindergarten_id);
    let custody: Custody<'_> = person.custody(kindergarten)?;
    holds::release(&app.db, custody, hold, &reason, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl ToldHold {
    fn of(held: Listed, may_release: bool) -> Self {
        let Listed { hold, camera_name, held_by_name, held_by_role, released_by_name } = held;
        Self {
            id: hold.id,
            camera: hold.camera_id,
            camera_name,
            from: hold.starts_at,
            to: hold.ends_at,
            origin: hold.origin,
            subject: hold.subject,
            reason: hold.reason,
            by: held_by_name,
            role: held_by_role,
            since: hold.since,
            until: hold.until.map(Timestamp::from),
            released_by: released_by_name,
            release_reason: hold.release_reason,
            may_release,
        }
    }
}

impl From<NotHeld> for Problem {
    fn from(error: NotHeld) -> Self {
        match error {
            NotHeld::NotTheirs => Refusal::NotYours.into(),
            NotHeld::NotYoursToRelease => Fault::HoldNotYours.into(),
            NotHeld::Reason => Fault::BadReason.into(),
            NotHeld::Field(field) => Self::bad_field(field),
            NotHeld::TooMany => Fault::TooManyHolds.into(),
            NotHeld::Db(error) => error.into(),
        }
    }
}
