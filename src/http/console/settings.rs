//! What holds for the whole kindergarten.

use super::{person::Person, today::Wanted};
use crate::{
    console::settings::{self, NotSet},
    http::{
        Problem, Shared,
        caller::{Body, Params},
        openapi::WithLogin,
    },
    id::{CameraId, GroupId, KindergartenId},
    model::{Camera, Language, Limits, Site, Watermark},
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};

/// The settings of a kindergarten.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Settings {
    /// Its name.
    name: String,
    /// The languages in which it speaks with its people; new accounts begin with the first.
    languages: Vec<Language>,
    /// The time zone of its hours (IANA name).
    #[schema(example = "Asia/Almaty")]
    zone: String,
    /// Viewers that one camera takes; the next is asked to come back later.
    viewers_per_camera: u32,
    /// Streams that one account may have running; a newer one takes over from the oldest.
    streams_per_account: u32,
    /// What every picture carries of the viewer, with the time.
    watermark: Watermark,
    /// Its cameras, and whether sound goes with their pictures: that is set with the camera.
    cameras: Vec<CameraSound>,
}

/// A camera, and whether sound goes with its picture.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CameraSound {
    /// The camera.
    id: CameraId,
    /// Its name.
    name: String,
    /// The group whose room it shows, or none for the yard and the like.
    group: Option<GroupId>,
    /// Whether sound goes with its picture.
    sound: bool,
}

/// Settings, all of them.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetSettings {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// Its name, on one line.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Its languages, each once; new accounts begin with the first.
    #[schema(min_items = 1)]
    languages: Vec<Language>,
    /// Its time zone (IANA name).
    zone: String,
    /// Viewers that one camera takes.
    #[schema(minimum = 1, maximum = 10_000)]
    viewers_per_camera: u32,
    /// Streams that one account may have running.
    #[schema(minimum = 1, maximum = 16)]
    streams_per_account: u32,
    /// What every picture carries.
    watermark: Watermark,
}

/// The settings of a kindergarten, for those who answer for it or inspect it.
#[utoipa::path(
    get, path = "/api/v1/settings", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, body = Settings),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn settings(person: Person, Params(Wanted { kindergarten }): Params<Wanted>) -> Result<Json<Settings>, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    Ok(Json(Settings::of(insight.site())))
}

/// Sets all of them. Streams that are no longer allowed end within a second.
#[utoipa::path(
    put, path = "/api/v1/settings", tag = "console", request_body = SetSettings, security(("log-in" = [])),
    responses(
        (status = 204, description = "Set"),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn set(State(app): State<Shared>, person: Person, Body(wanted): Body<SetSettings>) -> Result<StatusCode, Problem> {
    let mandate = person.mandate(Some(wanted.kindergarten))?;
    let SetSettings { name, languages, zone, viewers_per_camera, streams_per_account, watermark, .. } = wanted;
    let limits = Limits { streams_per_account, viewers_per_camera };
    let wanted = settings::Settings { name, languages, zone, limits, watermark };
    settings::set(&app.db, mandate, wanted, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Settings {
    fn of(site: &Site) -> Self {
        let kindergarten = &site.kindergarten;
        let camera =
            |camera: &Camera| CameraSound { id: camera.id, name: camera.name.clone(), group: camera.group, sound: camera.sound };
        Self {
            name: kindergarten.name.clone(),
            languages: kindergarten.languages.clone(),
            zone: kindergarten.zone.iana_name().unwrap_or("UTC").to_owned(),
            viewers_per_camera: kindergarten.limits.viewers_per_camera,
            streams_per_account: kindergarten.limits.streams_per_account,
            watermark: kindergarten.watermark,
            cameras: site.cameras.iter().map(camera).collect(),
        }
    }
}

impl From<NotSet> for Problem {
    fn from(error: NotSet) -> Self {
        match error {
            NotSet::Field(field) => Self::bad_field(field),
            NotSet::Db(error) => error.into(),
        }
    }
}
