//! A director tests a camera before it is added, or afterwards: what its stream is like, and what to change on the camera.

use super::{GivenSource, TransportWord, means};
use crate::{
    console::cameras,
    http::{Fault, Problem, Shared, caller::Body, console::person::Person, openapi::WithLogin},
    id::{CameraId, KindergartenId},
    media::{
        Quality,
        probe::{Finding, Probe, ProberBusy},
    },
};
use axum::{Json, extract::State};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How soon a place to test is free again.
const FULL_FOR: Duration = Duration::from_secs(10);

/// Which camera is to be tested: one that is there, with what is to be changed of it, or a new one.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::http::console) struct TestWish {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The camera whose address and password stand in for what is left empty.
    camera: Option<CameraId>,
    /// Which stream.
    stream: Stream,
    #[serde(flatten)]
    source: GivenSource,
}

/// One of a camera's streams.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum Stream {
    /// The large picture.
    Main,
    /// The small picture.
    Sub,
}

/// What a camera's stream is like, measured for some ten seconds. What could not be learnt is left empty.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Tested {
    /// The video codec.
    #[schema(example = "H.264")]
    codec: Option<String>,
    /// The profile of the codec.
    #[schema(example = "Main")]
    profile: Option<&'static str>,
    /// In pixels.
    width: Option<u16>,
    /// In pixels.
    height: Option<u16>,
    /// Pictures a second.
    frame_rate: Option<f64>,
    /// From one key frame to the next.
    key_frame_interval_ms: Option<u64>,
    /// Bits a second.
    bit_rate: Option<u64>,
    /// Whether there are B-frames; told of H.264 only.
    b_frames: bool,
    /// The sound codecs.
    sound: Vec<String>,
    /// How far its clock is ahead of the gateway's; negative when it is behind.
    clock_ahead_ms: Option<i64>,
    /// The transport that works.
    transport: Option<TransportWord>,
    /// What it shows, as a small JPEG file in base64; what nobody is to see of it is black. None where there is no picture, or it cannot be
    /// decoded here.
    #[schema(value_type = Option<String>, content_encoding = "base64", content_media_type = "image/jpeg")]
    picture: Option<String>,
    /// What is wrong, the worst first.
    findings: Vec<Found>,
}

/// Something that is wrong with a camera.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Found {
    /// What: a stable code, for which the pages have a sentence that says what to change on the camera.
    #[schema(example = "b_frames")]
    code: &'static str,
    /// What was found, where the sentence names it: a codec, a number, a transport.
    value: Option<String>,
}

/// Looks at one stream of a camera for some ten seconds, and 25 at most. Nothing is changed; that somebody looked is on record.
#[utoipa::path(
    post, path = "/api/v1/cameras/test", tag = "console", request_body = TestWish, security(("log-in" = [])),
    responses(
        (status = 200, body = Tested),
        (status = 400, description = "`bad_request`, `bad_field`, `password_needed`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`cameras_busy`: as many cameras are looked at already as may be", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn test(
    State(app): State<Shared>,
    person: Person,
    Body(wish): Body<TestWish>,
) -> Result<Json<Tested>, Problem> {
    let mandate = person.mandate(Some(wish.kindergarten))?;
    let source = cameras::tested(&app.db, means(&app), mandate, (wish.camera, wish.source.into()), person.now).await?;
    let quality = match wish.stream {
        Stream::Main => Quality::Main,
        Stream::Sub if source.sub.is_none() => return Err(Problem::bad_field("sub")),
        Stream::Sub => Quality::Sub,
    };
    let masks = wish.camera.map(|camera| mandate.site().masks(camera)).unwrap_or_default();
    let mut probe = app.prober.probe(&source, quality).await?;
    let picture = match probe.picture.take() {
        Some(frame) => app.darkroom.still(frame, masks).await.ok(),
        None => None,
    };
    Ok(Json(Tested { picture: picture.map(|jpeg| BASE64.encode(jpeg)), ..probe.into() }))
}

impl From<Probe> for Tested {
    fn from(probe: Probe) -> Self {
        let (width, height) = probe.resolution.unzip();
        Self {
            codec: probe.codec,
            profile: probe.profile,
            width,
            height,
            frame_rate: probe.frame_rate,
            key_frame_interval_ms: probe.key_frame_interval.and_then(|interval| interval.as_millis().try_into().ok()),
            bit_rate: probe.bit_rate,
            b_frames: probe.b_frames,
            sound: probe.sound,
            clock_ahead_ms: probe.clock_ahead.and_then(|ahead| ahead.as_millis().try_into().ok()),
            transport: probe.transport.map(TransportWord::from),
            picture: None,
            findings: probe.findings.into_iter().map(Found::from).collect(),
        }
    }
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        Self { code: finding.code.code(), value: finding.value }
    }
}

impl From<ProberBusy> for Problem {
    fn from(ProberBusy: ProberBusy) -> Self {
        Self::from(Fault::CamerasBusy).retry_after(FULL_FOR)
    }
}
