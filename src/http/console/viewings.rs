//! Who watches and watched: a page at a time, those that run first, each with what stands out about it.

pub(super) mod ending;
pub(super) mod export;
pub(super) mod marks;
pub(super) mod refusals;

use super::{period::Period, person::Person};
use crate::{
    auth::device::Device,
    console::{
        network,
        unusual::{Mark, Unusual},
    },
    db::{
        DbError, Queries, interruptions,
        viewings::list::{self, Filter, Listed},
    },
    http::{Problem, Shared, caller::Params, openapi::WithLogin},
    id::{AccountId, CameraId, KindergartenId, ViewingId},
    model::{Interruption, Role, Site},
    policy::Insight,
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How many are told at once.
const PAGE: u32 = 50;
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// How many that run are told: more than any kindergarten has.
const RUNNING: u32 = 1_000;

/// Which viewings, or refusals.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// The kindergarten.
    pub(super) kindergarten: KindergartenId,
    /// Whose; everybody's when nothing is said.
    pub(super) account: Option<AccountId>,
    /// Of which camera; of every one when nothing is said.
    pub(super) camera: Option<CameraId>,
    /// Those of the minute that begins here, rather than of days.
    #[param(value_type = Option<String>, format = DateTime)]
    pub(super) minute: Option<Timestamp>,
}

impl Search {
    /// What the database is asked for, in `period`.
    pub(super) fn filter(self, site: &Site, period: Period) -> Result<Filter, Problem> {
        let Self { kindergarten, account, camera, minute } = self;
        let (from, until) = match minute {
            Some(minute) => (minute, minute.saturating_add(MINUTE).unwrap_or(Timestamp::MAX)),
            None => period.moments(site)?,
        };
        Ok(Filter { kindergarten, account, camera, from, until })
    }
}

/// Where the page before ended.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// `next` of the page before; the newest come first when nothing is said.
    after: Option<ViewingId>,
}

/// A page of viewings.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ViewingPage {
    /// Those that run, the newest first; on the first page only.
    running: Vec<Viewing>,
    /// Those that are over, the newest first.
    viewings: Vec<Viewing>,
    /// To be sent as `after` for the next page; none when there is none.
    next: Option<ViewingId>,
}

/// One account watched one camera.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Viewing {
    /// The viewing.
    pub(super) id: ViewingId,
    /// Who.
    pub(super) account: AccountId,
    /// The name.
    pub(super) name: String,
    /// The role.
    pub(super) role: Role,
    /// Which camera.
    pub(super) camera: CameraId,
    /// The camera's name.
    pub(super) camera_name: String,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub(super) since: Timestamp,
    /// Until when; none while it runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) until: Option<Timestamp>,
    /// Why it ended: the code that its page was told.
    pub(super) code: Option<String>,
    /// The director's words, where a director ended it.
    pub(super) reason: Option<String>,
    /// Until when the account is kept out now, where the director ended this viewing.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) kept_out_until: Option<Timestamp>,
    /// What it was watched on, as the browser says of itself.
    pub(super) device: Device,
    /// The beginning of the network's address: enough to see whether two are the same. Empty once it was forgotten.
    #[schema(example = "192.0.2.…")]
    pub(super) network: String,
    /// What stands out.
    pub(super) unusual: Vec<Unusual>,
    /// Whether the director can end it.
    pub(super) may_end: bool,
}

/// Who watches and watched, for the director and an assigned inspector: those that run first, then the newest.
#[utoipa::path(
    get, path = "/api/v1/viewings", tag = "console", params(Search, Period, After), security(("log-in" = [])),
    responses(
        (status = 200, body = ViewingPage),
        (status = 400, description = "`bad_request`, `bad_field`: `to` is before `from`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn viewings(
    State(app): State<Shared>,
    person: Person,
    Params(search): Params<Search>,
    Params(period): Params<Period>,
    Params(After { after }): Params<After>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(search.kindergarten)).await?;
    let filter = search.filter(insight.site(), period)?;
    let running = if after.is_none() { list::running(&app.db, filter, RUNNING).await? } else { Vec::new() };
    let mut over = list::over(&app.db, filter, after, PAGE + 1).await?;
    let more = over.len() > PAGE as usize;
    over.truncate(PAGE as usize);
    let next = over.last().map(|viewing| viewing.id).filter(|_| more);
    let told = Telling::of(&app.db, insight, filter, running.iter().chain(&over), person.now).await?;
    let page = ViewingPage {
        running: running.into_iter().map(|viewing| told.viewing(viewing)).collect(),
        viewings: over.into_iter().map(|viewing| told.viewing(viewing)).collect(),
        next,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

/// What is told of viewings beside what their rows say.
pub(super) struct Telling {
    interruptions: Vec<Interruption>,
    marks: Vec<Mark>,
    may_end: bool,
    now: Timestamp,
}

impl Telling {
    /// What is told of `viewings`, which the filter let through.
    pub(super) async fn of<'v>(
        db: &impl Queries,
        insight: Insight<'_>,
        filter: Filter,
        viewings: impl Iterator<Item = &'v Listed> + Clone,
        now: Timestamp,
    ) -> Result<Self, DbError> {
        let oldest = viewings.clone().map(|viewing| viewing.started_at).min().unwrap_or(now);
        let newest = viewings.map(|viewing| viewing.ended_at().unwrap_or(now)).max().unwrap_or(now);
        let interruptions = interruptions::since(db, filter.kindergarten, oldest).await?;
        let around = Filter { from: oldest, until: newest.max(oldest), camera: None, ..filter };
        let marks = marks::of_viewings(db, around, now).await?;
        Ok(Self { interruptions, marks, may_end: insight.account().role == Role::Director, now })
    }

    /// One viewing, told.
    pub(super) fn viewing(&self, viewing: Listed) -> Viewing {
        let until = viewing.ended_at();
        let mut unusual: Vec<Unusual> =
            self.marks.iter().filter(|mark| mark.viewings.contains(&viewing.id)).map(|mark| mark.kind).collect();
        unusual.dedup();
        let ended_by = self.ending(&viewing);
        let pressed = self.interruptions.iter().find(|interruption| interruption.viewing == viewing.id);
        Viewing {
            id: viewing.id,
            account: viewing.account,
            since: viewing.started_at,
            until,
            reason: ended_by.map(|interruption| interruption.reason.clone()),
            kept_out_until: pressed.map(|interruption| interruption.until).filter(|until| *until > self.now),
            device: Device::of(viewing.agent.as_deref().unwrap_or_default()),
            network: network::shortened(&viewing.address),
            unusual,
            may_end: self.may_end && until.is_none() && viewing.role == Role::Parent,
            name: viewing.name,
            role: viewing.role,
            camera: viewing.camera,
            camera_name: viewing.camera_name,
            code: viewing.end_code,
        }
    }

    /// The interruption that ended `viewing`, if one did: what the account watched besides ended with it.
    fn ending(&self, viewing: &Listed) -> Option<&Interruption> {
        let ended_at = viewing.ended_at().filter(|_| viewing.end_code.as_deref() == Some("ended_by_director"))?;
        let mut before = self.interruptions.iter().filter(|interruption| interruption.from <= ended_at);
        before.rfind(|interruption| interruption.account == viewing.account)
    }
}

/// Which kindergarten.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Of {
    /// The kindergarten.
    kindergarten: KindergartenId,
}

/// Everybody who can be searched for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Viewers {
    /// By their names.
    people: Vec<Viewer>,
    /// The cameras that there are and were, by their names.
    cameras: Vec<ViewedCamera>,
}

/// Somebody who can be searched for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Viewer {
    /// The account.
    id: AccountId,
    /// The name.
    name: String,
    /// The role.
    role: Role,
}

/// A camera that can be searched for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ViewedCamera {
    /// The camera.
    id: CameraId,
    /// Its name.
    name: String,
    /// Whether it has been removed.
    removed: bool,
}

/// Whom and what viewings can be searched by: everybody who ever had to do with the kindergarten, every camera that it ever had.
#[utoipa::path(
    get, path = "/api/v1/viewings/people", tag = "console", params(Of), security(("log-in" = [])),
    responses(
        (status = 200, body = Viewers),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn people(
    State(app): State<Shared>,
    person: Person,
    Params(Of { kindergarten }): Params<Of>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    let people = list::people(&app.db, insight.kindergarten()).await?.into_iter();
    let cameras = list::cameras(&app.db, insight.kindergarten()).await?.into_iter();
    let viewers = Viewers {
        people: people.map(|list::Somebody { id, name, role }| Viewer { id, name, role }).collect(),
        cameras: cameras.map(|list::CameraName { id, name, removed }| ViewedCamera { id, name, removed }).collect(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(viewers)))
}
