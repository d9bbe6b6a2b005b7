//! What is recorded of which camera, and for how long it is kept: for the director to set, and an inspector to look at.

use super::{person::Person, today::Wanted};
use crate::{
    console::recording_rules::{self, NotSet},
    http::{
        Problem, Shared,
        caller::{Body, Params},
        openapi::WithLogin,
    },
    id::{CameraId, GroupId, KindergartenId},
    model::{Camera, RecordedQuality, RecordingRule, Site},
    policy::Refusal,
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};

/// What is recorded of a kindergarten.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RecordingRules {
    /// Whether this machine records at all: its operator says so.
    enabled: bool,
    /// What holds for every camera without a rule of its own.
    common: GivenRule,
    /// Its cameras, the oldest first.
    cameras: Vec<RecordedCamera>,
}

/// What is recorded of a camera.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RecordedCamera {
    /// The camera.
    id: CameraId,
    /// Its name.
    name: String,
    /// The group whose room it shows; none for what all groups share.
    group: Option<GroupId>,
    /// Its own rule; none where the common one holds.
    own: Option<GivenRule>,
}

/// What is recorded, and for how long it is kept.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenRule {
    /// Whether anything is.
    recorded: bool,
    /// Which stream; a camera without a sub stream is recorded from its main one.
    quality: RecordedQuality,
    /// For how many days it is kept, counted from each picture.
    #[schema(minimum = 30, maximum = 366)]
    days: u32,
    /// How many bytes of a camera are kept at most, the newest; none for no limit.
    #[schema(minimum = 1_000_000_000_u64, maximum = 1_000_000_000_000_000_u64)]
    bytes: Option<u64>,
}

/// A rule that is to hold.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetRecordingRule {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The camera; none for every camera without a rule of its own.
    camera: Option<CameraId>,
    /// The rule; none takes back the one that was set, and the common one, or the built-in one, holds again.
    rule: Option<GivenRule>,
}

/// What is recorded of a kindergarten's cameras, and for how long it is kept: for its director and for an inspector.
#[utoipa::path(
    get, path = "/api/v1/recording-rules", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, body = RecordingRules),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn rules(
    State(app): State<Shared>,
    person: Person,
    Params(Wanted { kindergarten }): Params<Wanted>,
) -> Result<Json<RecordingRules>, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    Ok(Json(RecordingRules::of(insight.site(), app.config.recordings.enabled)))
}

/// Sets what is recorded of a camera, or of every camera without a rule of its own, and for how long it is kept. It holds at once, and
/// for what was recorded before as well.
#[utoipa::path(
    put, path = "/api/v1/recording-rules", tag = "console", request_body = SetRecordingRule, security(("log-in" = [])),
    responses(
        (status = 204, description = "Set"),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's camera, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn set(
    State(app): State<Shared>,
    person: Person,
    Body(wanted): Body<SetRecordingRule>,
) -> Result<StatusCode, Problem> {
    let mandate = person.mandate(Some(wanted.kindergarten))?;
    recording_rules::set(&app.db, mandate, wanted.camera, wanted.rule.map(RecordingRule::from), person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl RecordingRules {
    fn of(site: &Site, enabled: bool) -> Self {
        let rules = &site.recording_rules;
        let ruled = |camera: &Camera| RecordedCamera {
            id: camera.id,
            name: camera.name.clone(),
            group: camera.group,
            own: rules.own.get(&camera.id).copied().map(GivenRule::from),
        };
        Self { enabled, common: rules.common().into(), cameras: site.cameras.iter().map(ruled).collect() }
    }
}

impl From<RecordingRule> for GivenRule {
    fn from(RecordingRule { recorded, quality, days, bytes }: RecordingRule) -> Self {
        Self { recorded, quality, days, bytes }
    }
}

impl From<GivenRule> for RecordingRule {
    fn from(GivenRule { recorded, quality, days, bytes }: GivenRule) -> Self {
        Self { recorded, quality, days, bytes }
    }
}

impl From<NotSet> for Problem {
    fn from(error: NotSet) -> Self {
        match error {
            NotSet::NotTheirs => Refusal::NotYours.into(),
            NotSet::Field(field) => Self::bad_field(field),
            NotSet::Db(error) => error.into(),
        }
    }
}
