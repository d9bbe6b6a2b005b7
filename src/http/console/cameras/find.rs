//! A director looks for cameras in the network, asks one for its streams, and adds all channels of a recorder.

use super::{Cameras, TransportWord, means};
use crate::{
    app::App,
    console::{
        cameras::{self, NotDone, Recorder, Template},
        text,
    },
    http::{Fault, Problem, Shared, caller::Body, console::person::Person, openapi::WithLogin},
    id::KindergartenId,
    media::Credentials,
    onvif::{self, OnvifError, Target},
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many look through the network at once.
const AT_ONCE: usize = 2;
/// How soon a place to look is free again.
const FULL_FOR: Duration = Duration::from_secs(10);
/// In characters: what a device says of itself.
const LONGEST_WORD: usize = 60;

/// The places for those who look through the network.
pub struct Finder(Semaphore);

impl Default for Finder {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl Finder {
    fn place(&self) -> Result<SemaphorePermit<'_>, Problem> {
        self.0.try_acquire().map_err(|_| Problem::from(Fault::CamerasBusy).retry_after(FULL_FOR))
    }
}

/// Where to look.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct Search {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// An address, or a range of at most 256, to be asked one by one. Without it, everybody in the machine's own network is asked.
    #[schema(example = "192.168.1.0/24")]
    target: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct FoundDevices {
    /// Sorted by address.
    devices: Vec<FoundDevice>,
}

/// A device that answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct FoundDevice {
    /// Its IP address.
    #[schema(value_type = String)]
    host: IpAddr,
    /// The port of its services.
    port: u16,
    /// What it calls itself.
    name: Option<String>,
    /// What it is.
    hardware: Option<String>,
}

/// Which device is asked for its streams, and as whom.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct DeviceWish {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// Its IP address.
    #[schema(value_type = String)]
    host: IpAddr,
    /// The port of its services.
    port: u16,
    /// A user of the device.
    #[schema(max_length = 200)]
    username: String,
    /// The user's password.
    #[schema(max_length = 200, format = "password")]
    password: String,
}

/// The streams that a device offers, for the form that adds it: they are not kept here.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct DeviceStreams {
    /// The address of the large picture; none when the device has no H.264.
    main: Option<String>,
    /// The address of a smaller one.
    sub: Option<String>,
    /// What it sends where there is no H.264.
    #[schema(example = "H.265")]
    other: Option<String>,
    /// How far its clock is ahead of the gateway's; negative when it is behind.
    clock_ahead_ms: Option<i64>,
}

/// The channels of a recorder that are to be cameras.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct RecorderWish {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// What each camera is called, before its number.
    #[schema(min_length = 1, max_length = 90)]
    name: String,
    /// How its addresses are made.
    brand: Brand,
    /// The recorder's host, and its port where that is not 554; for all brands but `own`.
    #[schema(example = "192.168.1.70")]
    host: Option<String>,
    /// The address of a main stream with `{channel}` in it; for `own`.
    #[schema(example = "rtsp://192.168.1.70/live/{channel}/main")]
    main: Option<String>,
    /// That of a sub stream; for `own`.
    sub: Option<String>,
    /// The first channel.
    #[schema(minimum = 1, maximum = 64)]
    first: u16,
    /// The last channel.
    #[schema(minimum = 1, maximum = 64)]
    last: u16,
    /// The recorder's user.
    #[schema(max_length = 200)]
    username: Option<String>,
    /// The user's password.
    #[schema(max_length = 200, format = "password")]
    password: Option<String>,
    /// How packets travel.
    transport: Option<TransportWord>,
}

/// Who made a recorder.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum Brand {
    /// Hikvision, and what is made after it.
    Hikvision,
    /// Dahua, and what is made after it.
    Dahua,
    /// Any other, by its own pattern.
    Own,
}

/// Looks for cameras in the network for some seconds. That somebody looked is on record.
#[utoipa::path(
    post, path = "/api/v1/cameras/find", tag = "console", request_body = Search, security(("log-in" = [])),
    responses(
        (status = 200, body = FoundDevices),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`cameras_busy`, `no_network`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn find(
    State(app): State<Shared>,
    person: Person,
    Body(search): Body<Search>,
) -> Result<Json<FoundDevices>, Problem> {
    let mandate = person.mandate(Some(search.kindergarten))?;
    let reach = means(&app).reach;
    let target = search.target.as_deref().map(str::trim).filter(|target| !target.is_empty());
    let target: Option<Target> = target.map(str::parse).transpose().map_err(|_| Problem::bad_field("target"))?;
    let addresses = target.as_ref().map(Target::addresses).unwrap_or_default();
    if !addresses.iter().all(|address| reach.takes(address.ip())) {
        return Err(Problem::bad_field("target"));
    }
    let _place = app.finder.place()?;
    cameras::looked(&app.db, mandate, "camera_find", person.now).await?;
    let devices = onvif::find(addresses, reach).await.map_err(|_| Fault::NoNetwork)?;
    let word = |word: Option<String>| word.and_then(|word| text::line(&word, LONGEST_WORD));
    let shown = |device: onvif::Device| FoundDevice {
        host: device.address.ip(),
        port: device.address.port(),
        name: word(device.name),
        hardware: word(device.hardware),
    };
    Ok(Json(FoundDevices { devices: devices.into_iter().map(shown).collect() }))
}

/// Asks a device for the addresses of its main and its sub stream; H.264 goes before all else. That somebody asked is on record.
#[utoipa::path(
    post, path = "/api/v1/cameras/streams", tag = "console", request_body = DeviceWish, security(("log-in" = [])),
    responses(
        (status = 200, body = DeviceStreams),
        (status = 400, description = "`bad_request`, `bad_field`, `device_silent`, `device_password`, `device_strange`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`cameras_busy`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn streams(
    State(app): State<Shared>,
    person: Person,
    Body(wish): Body<DeviceWish>,
) -> Result<Json<DeviceStreams>, Problem> {
    let mandate = person.mandate(Some(wish.kindergarten))?;
    if !means(&app).reach.takes(wish.host) || wish.port == 0 {
        return Err(Problem::bad_field("host"));
    }
    for (field, value) in [("username", &wish.username), ("password", &wish.password)] {
        if value.chars().count() > 200 || value.chars().any(char::is_control) {
            return Err(Problem::bad_field(field));
        }
    }
    let _place = app.finder.place()?;
    cameras::looked(&app.db, mandate, "camera_streams", person.now).await?;
    let DeviceWish { host, port, username, password, .. } = wish;
    let credentials = (!username.is_empty()).then_some(Credentials { username, password });
    let streams = onvif::streams(SocketAddr::new(host, port), credentials.as_ref(), &app.clock).await?;
    Ok(Json(DeviceStreams {
        main: streams.main.map(String::from),
        sub: streams.sub.map(String::from),
        other: streams.other,
        clock_ahead_ms: streams.clock_ahead.and_then(|ahead| ahead.as_millis().try_into().ok()),
    }))
}

/// Adds the channels of a recorder, all or none, as cameras that all groups share until they are placed.
#[utoipa::path(
    post, path = "/api/v1/cameras/recorder", tag = "console", request_body = RecorderWish, security(("log-in" = [])),
    responses(
        (status = 201, description = "Added; the answer has them alone", body = Cameras),
        (status = 400, description = "`bad_request`, `bad_field`, `too_many_cameras`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn recorder(
    State(app): State<Shared>,
    person: Person,
    Body(wish): Body<RecorderWish>,
) -> Result<(StatusCode, Json<Cameras>), Problem> {
    let mandate = person.mandate(Some(wish.kindergarten))?;
    let wishes = Recorder::from(wish).cameras().map_err(NotDone::from)?;
    let added = cameras::add(&app.db, means(&app), mandate, wishes, person.now).await?;
    Ok((StatusCode::CREATED, Json(only(&app, mandate.site(), &added))))
}

fn only(app: &App, site: &crate::model::Site, added: &[crate::model::Camera]) -> Cameras {
    Cameras {
        kindergarten: site.kindergarten.id,
        groups: super::groups(site),
        recording: site.recording_rules.common().into(),
        cameras: added.iter().map(|camera| super::listed(app, site, camera, None)).collect(),
    }
}

impl From<RecorderWish> for Recorder {
    fn from(wish: RecorderWish) -> Self {
        let host = wish.host.unwrap_or_default();
        let template = match wish.brand {
            Brand::Hikvision => Template::Hikvision { host },
            Brand::Dahua => Template::Dahua { host },
            Brand::Own => Template::Own { main: wish.main.unwrap_or_default(), sub: wish.sub },
        };
        Self {
            name: wish.name,
            template,
            first: wish.first,
            last: wish.last,
            username: wish.username,
            password: wish.password,
            transport: wish.transport.map(Into::into),
        }
    }
}

impl From<OnvifError> for Problem {
    fn from(error: OnvifError) -> Self {
        match error {
            OnvifError::Unreachable => Fault::DeviceSilent,
            OnvifError::WrongPassword => Fault::DevicePassword,
            OnvifError::NotUnderstood => Fault::DeviceStrange,
        }
        .into()
    }
}
