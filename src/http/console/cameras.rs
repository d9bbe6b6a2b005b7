//! The cameras of a kindergarten: its director adds, changes and removes them, an inspector looks at the list.
//!
//! Addresses and passwords go in and never come out.

pub(super) mod find;
pub(super) mod health;
pub(super) mod masks;
pub(super) mod still;
pub(super) mod test;

pub use find::Finder;

use super::{person::Person, recording_rules::GivenRule, today::Wanted};
use crate::{
    app::App,
    console::cameras::{self, BadSource, Means, NotDone, SourceWish, Wish},
    db::{self, DbError},
    http::{
        Fault, Problem, Shared,
        caller::{Body, Params},
        openapi::WithLogin,
    },
    id::{CameraId, GroupId, KindergartenId},
    media::{CameraSource, Reach, Transport},
    model::{Area, Camera, Site},
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

#[allow(clippy::struct_field_names, reason = "the cameras among the rest")]
/// A kindergarten's cameras, and the groups whose rooms they can show.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Cameras {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// Its groups.
    groups: Vec<CameraGroup>,
    /// What is recorded of a camera without a rule of its own.
    recording: GivenRule,
    /// Its cameras, the oldest first.
    cameras: Vec<ListedCamera>,
}

/// A group whose room a camera can show.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CameraGroup {
    /// The group.
    id: GroupId,
    /// Its name.
    name: String,
}

/// A camera, without where it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ListedCamera {
    /// The camera.
    id: CameraId,
    /// Its name.
    name: String,
    /// The group whose room it shows; none for what all groups share.
    group: Option<GroupId>,
    /// Whether sound goes with the picture.
    sound: bool,
    /// What nobody sees of its picture: each the left, top, width and height of a rectangle, in thousandths of the picture.
    #[schema(value_type = Vec<[u16; 4]>)]
    masks: Vec<Area>,
    /// What is recorded of it; none where the common rule holds.
    recording: Option<GivenRule>,
    /// How it is.
    state: ListedState,
    /// What is wrong with it although its pictures arrive.
    defects: Vec<ShownDefect>,
    /// What is set of its source; none for those who only look.
    source: Option<ListedSource>,
}

/// How a camera is, and since when.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ListedState {
    /// `idle` (nobody watches), `connecting`, `online`, `no_video`, `wrong_password`, `wrong_codec`, `unreachable`.
    #[schema(example = "online")]
    code: &'static str,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

/// Something that is wrong with a camera although its pictures arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(in crate::http) struct ShownDefect {
    /// `black` (hardly any light), `covered` (nothing to be seen), `frozen` (always the same picture), `wrong_clock` (more than 30 s off).
    #[schema(example = "covered")]
    code: &'static str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

impl ShownDefect {
    /// What is wrong with `camera` now.
    pub(in crate::http) fn all(app: &App, camera: CameraId) -> Vec<Self> {
        let defects = app.defects.of(camera).into_iter();
        defects.map(|(defect, since)| Self { code: defect.code(), since }).collect()
    }
}

/// What is set of a source, and not to what.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ListedSource {
    /// Whether it has a sub stream.
    sub: bool,
    /// Whether it has a user name and password.
    password: bool,
    /// How its packets travel.
    transport: TransportWord,
}

/// How a camera's packets travel.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum TransportWord {
    /// In the RTSP connection.
    Tcp,
    /// In packets of their own.
    Udp,
}

/// Where a camera's streams come from. What is left out, or empty, stays as it is.
#[derive(Default, Deserialize, utoipa::ToSchema)]
pub(super) struct GivenSource {
    /// The address of the main stream, needed for a new camera. Where it is given, `sub` replaces the sub stream, or takes it away.
    #[schema(example = "rtsp://10.0.0.7/Streaming/Channels/101", max_length = 1000)]
    main: Option<String>,
    /// The address of the sub stream.
    #[schema(max_length = 1000)]
    sub: Option<String>,
    /// The user name.
    #[schema(max_length = 200)]
    username: Option<String>,
    /// The password; it is needed again when another device or user is given.
    #[schema(max_length = 200, format = "password")]
    password: Option<String>,
    /// How packets travel.
    transport: Option<TransportWord>,
}

/// A camera to add.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct NewCamera {
    /// The kindergarten.
    kindergarten: KindergartenId,
    #[serde(flatten)]
    camera: GivenCamera,
}

/// How a camera is to be.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct GivenCamera {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The group whose room it shows; none for what all groups share.
    group: Option<GroupId>,
    /// Whether sound goes with the picture.
    sound: bool,
    #[serde(flatten)]
    source: GivenSource,
}

/// The cameras of a kindergarten, with how each is: for its director and for an inspector, whose look is on record.
#[utoipa::path(
    get, path = "/api/v1/cameras", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, body = Cameras),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    State(app): State<Shared>,
    person: Person,
    Params(Wanted { kindergarten }): Params<Wanted>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    // What is set of a source is for who may change it.
    let sources = if person.may_change(kindergarten) {
        db::cameras::sources_of(&app.db, &app.secrets, kindergarten).await?
    } else {
        Vec::new()
    };
    let site = insight.site();
    let listed = |camera: &Camera| {
        let source = sources.iter().find(|source| source.camera == camera.id);
        listed(&app, site, camera, source)
    };
    let recording = site.recording_rules.common().into();
    let cameras = Cameras { kindergarten, groups: groups(site), recording, cameras: site.cameras.iter().map(listed).collect() };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(cameras)))
}

/// Adds a camera.
#[utoipa::path(
    post, path = "/api/v1/cameras", tag = "console", request_body = NewCamera, security(("log-in" = [])),
    responses(
        (status = 201, description = "Added", body = ListedCamera),
        (status = 400, description = "`bad_request`, `bad_field`, `too_many_cameras`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn add(
    State(app): State<Shared>,
    person: Person,
    Body(NewCamera { kindergarten, camera }): Body<NewCamera>,
) -> Result<(StatusCode, Json<ListedCamera>), Problem> {
    let mandate = person.mandate(Some(kindergarten))?;
    let added = cameras::add(&app.db, means(&app), mandate, vec![camera.into()], person.now).await?;
    let camera = added.first().ok_or(Fault::Internal)?;
    Ok((StatusCode::CREATED, Json(shown(&app, mandate.site(), camera).await?)))
}

/// Changes a camera. Streams that are no longer allowed, or come from elsewhere now, are cut within a second.
#[utoipa::path(
    put, path = "/api/v1/cameras/{camera}", tag = "console", request_body = GivenCamera, security(("log-in" = [])),
    params(("camera" = String, Path, description = "The camera's id")),
    responses(
        (status = 200, description = "Changed", body = ListedCamera),
        (status = 400, description = "`bad_request`, `bad_field`, `password_needed`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's camera, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn change(
    State(app): State<Shared>,
    person: Person,
    Path(camera): Path<String>,
    Body(wish): Body<GivenCamera>,
) -> Result<Json<ListedCamera>, Problem> {
    let camera: CameraId = camera.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(db::cameras::kindergarten(&app.db, camera).await?)?;
    let camera = cameras::change(&app.db, means(&app), mandate, camera, wish.into(), person.now).await?;
    Ok(Json(shown(&app, mandate.site(), &camera).await?))
}

/// Removes a camera; its streams are cut within a second. One that is gone stays gone.
#[utoipa::path(
    delete, path = "/api/v1/cameras/{camera}", tag = "console", security(("log-in" = [])),
    params(("camera" = String, Path, description = "The camera's id")),
    responses(
        (status = 204, description = "Gone"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's camera, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn remove(State(app): State<Shared>, person: Person, Path(camera): Path<String>) -> Result<StatusCode, Problem> {
    let camera: CameraId = camera.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(db::cameras::kindergarten(&app.db, camera).await?)?;
    cameras::remove(&app.db, mandate, camera, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the console needs of `app` to take addresses.
pub(super) fn means(app: &App) -> Means<'_> {
    Means { secrets: &app.secrets, reach: Reach { loopback: app.config.cameras.allow_loopback } }
}

async fn shown(app: &App, site: &Site, camera: &Camera) -> Result<ListedCamera, DbError> {
    let source = db::cameras::source(&app.db, &app.secrets, camera.id).await?;
    Ok(listed(app, site, camera, source.as_ref()))
}

fn listed(app: &App, site: &Site, camera: &Camera, source: Option<&CameraSource>) -> ListedCamera {
    let state = app.media.states().borrow().get(&camera.id).cloned();
    let source = source.map(|source| ListedSource {
        sub: source.sub.is_some(),
        password: source.credentials.is_some(),
        transport: source.transport.into(),
    });
    ListedCamera {
        id: camera.id,
        name: camera.name.clone(),
        group: camera.group,
        sound: camera.sound,
        masks: site.masks(camera.id),
        recording: site.recording_rules.own.get(&camera.id).copied().map(GivenRule::from),
        // One that was added this moment is not known there yet.
        state: ListedState {
            code: state.as_ref().map_or("idle", |state| state.health.code()),
            since: state.map(|state| state.since),
        },
        defects: ShownDefect::all(app, camera.id),
        source,
    }
}

fn groups(site: &Site) -> Vec<CameraGroup> {
    site.groups.iter().map(|group| CameraGroup { id: group.id, name: group.name.clone() }).collect()
}

impl From<GivenCamera> for Wish {
    fn from(GivenCamera { name, group, sound, source }: GivenCamera) -> Self {
        Self { name, group, sound, source: source.into() }
    }
}

impl From<GivenSource> for SourceWish {
    fn from(GivenSource { main, sub, username, password, transport }: GivenSource) -> Self {
        Self { main, sub, username, password, transport: transport.map(Transport::from) }
    }
}

impl From<TransportWord> for Transport {
    fn from(word: TransportWord) -> Self {
        match word {
            TransportWord::Tcp => Self::Tcp,
            TransportWord::Udp => Self::Udp,
        }
    }
}

impl From<Transport> for TransportWord {
    fn from(transport: Transport) -> Self {
        match transport {
            Transport::Tcp => Self::Tcp,
            Transport::Udp => Self::Udp,
        }
    }
}

impl From<NotDone> for Problem {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::NotTheirs => Refusal::NotYours.into(),
            NotDone::Name => Self::bad_field("name"),
            NotDone::Source(BadSource::Field(field)) => Self::bad_field(field),
            NotDone::Source(BadSource::PasswordNeeded) => Fault::PasswordNeeded.into(),
            NotDone::TooMany => Fault::TooManyCameras.into(),
            NotDone::Db(error) => error.into(),
        }
    }
}
