//! What parents reported, for the director who answers and the inspector who reads.

pub(super) mod export;
pub(super) mod own;

use super::{period::Period, person::Person};
use crate::{
    console::appeals::{self, NotWritten},
    db::appeals::{Appeal, Filter, Step, list as stored},
    http::{
        Fault, Problem, Shared,
        caller::{Body, Params},
        openapi::WithLogin,
    },
    id::{AccountId, AppealId, CameraId, ChildId, GroupId, KindergartenId},
    model::{AppealAct, AppealKind, AppealState, Role, Site},
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many are told at once.
const PAGE: u32 = 50;

/// Which appeals.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// Only those that stand so: `waiting`, `answered`, `fixed` or `closed`.
    #[param(inline)]
    state: Option<AppealState>,
}

impl Search {
    fn filter(self, site: &Site, period: Period) -> Result<Filter, Problem> {
        let (from, until) = period.moments(site)?;
        let Self { kindergarten, state } = self;
        Ok(Filter { kindergarten, state, from, until })
    }
}

/// Where the page before ended.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Before {
    /// `next` of the page before; the newest come first when nothing is said.
    before: Option<AppealId>,
}

/// A page of appeals.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AppealPage {
    /// The newest first.
    appeals: Vec<ToldAppeal>,
    /// To be sent as `before` for the next page; none when there is none.
    next: Option<AppealId>,
}

/// A problem that a parent reported, with everything that was said and done about it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ToldAppeal {
    /// The appeal.
    id: AppealId,
    /// The parent.
    account: AccountId,
    /// The parent's name.
    name: String,
    /// The child that it concerns.
    child: ChildId,
    /// The child's name.
    child_name: String,
    /// The group in which the child was on that day.
    group: Option<GroupId>,
    /// The group's name.
    group_name: Option<String>,
    /// The camera; none where it is about none.
    camera: Option<CameraId>,
    /// The camera's name.
    camera_name: Option<String>,
    /// The minute that it is about.
    #[schema(value_type = String, format = DateTime)]
    minute: Timestamp,
    /// Of what it complains.
    kind: AppealKind,
    /// How it stands.
    state: AppealState,
    /// Since when it stands so.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// What was said and done, in order: the report first.
    steps: Vec<ToldStep>,
}

/// What somebody said and did about an appeal.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ToldStep {
    /// What.
    act: AppealAct,
    /// The name of who did it.
    by: String,
    /// The role.
    role: Role,
    /// In which words.
    words: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<Appeal> for ToldAppeal {
    fn from(appeal: Appeal) -> Self {
        let (state, since) = (appeal.state(), appeal.since());
        let Appeal { subject, name, child_name, group_name, camera_name, steps } = appeal;
        let told = |(Step { act, words, at, .. }, by, role)| ToldStep { act, by, role, words, at };
        Self {
            id: subject.id,
            account: subject.account,
            child: subject.child,
            group: subject.group,
            camera: subject.camera,
            minute: subject.happened_at,
            kind: subject.kind,
            steps: steps.into_iter().map(told).collect(),
            name,
            child_name,
            group_name,
            camera_name,
            state,
            since,
        }
    }
}

/// What parents reported, for the director and an assigned inspector: the newest first, each with all that was said and done.
#[utoipa::path(
    get, path = "/api/v1/appeals", tag = "console", params(Search, Period, Before), security(("log-in" = [])),
    responses(
        (status = 200, body = AppealPage),
        (status = 400, description = "`bad_request`, `bad_field`: `to` is before `from`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    State(app): State<Shared>,
    person: Person,
    Params(search): Params<Search>,
    Params(period): Params<Period>,
    Params(Before { before }): Params<Before>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(search.kindergarten)).await?;
    let filter = search.filter(insight.site(), period)?;
    let mut appeals = stored(&app.db, filter, before, PAGE + 1).await?;
    let more = appeals.len() > PAGE as usize;
    appeals.truncate(PAGE as usize);
    let next = appeals.last().map(|appeal| appeal.subject.id).filter(|_| more);
    let page = AppealPage { appeals: appeals.into_iter().map(ToldAppeal::from).collect(), next };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

/// The director's word.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAnswer {
    /// As what it stands from now on: `answered` while it goes on, `fixed`, or `closed` where there is nothing to fix.
    #[schema(inline)]
    outcome: AppealState,
    /// In the director's words, on one line. The parent reads them.
    #[schema(min_length = 1, max_length = 1000)]
    words: String,
}

/// Answers what a parent reported, or says that it is fixed. The parent's page tells it at once.
#[utoipa::path(
    post, path = "/api/v1/appeals/{appeal}/answers", tag = "console", request_body = NewAnswer, security(("log-in" = [])),
    params(("appeal" = String, Path, description = "The appeal's id")),
    responses(
        (status = 201, description = "Answered", body = ToldAppeal),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's, or none at all", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn answer(
    State(app): State<Shared>,
    person: Person,
    Path(appeal): Path<String>,
    Body(NewAnswer { outcome, words }): Body<NewAnswer>,
) -> Result<impl IntoResponse, Problem> {
    let mandate = person.own_mandate()?;
    let id = appeal.parse().map_err(|_| Refusal::NotYours)?;
    let act = match outcome {
        AppealState::Answered => AppealAct::Answered,
        AppealState::Fixed => AppealAct::Fixed,
        AppealState::Closed => AppealAct::Closed,
        AppealState::Waiting => return Err(Problem::bad_field("outcome")),
    };
    let appeal = appeals::answer(&app.db, mandate, id, appeals::Answer { act, words }, person.now).await?;
    Ok((StatusCode::CREATED, Json(ToldAppeal::from(appeal))))
}

impl From<NotWritten> for Problem {
    fn from(error: NotWritten) -> Self {
        match error {
            NotWritten::NotTheirs => Refusal::NotYours.into(),
            NotWritten::Field(field) => Self::bad_field(field),
            NotWritten::TooManyOpen => Fault::TooManyOpen.into(),
            NotWritten::TooOften(wait) => Self::from(Fault::TooOften).retry_after(wait),
            NotWritten::Db(error) => error.into(),
        }
    }
}
