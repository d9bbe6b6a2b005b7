//! The keys of panic buttons: made, shown once, and taken away by the director.

use super::person::Person;
use crate::{
    console::alarms::{self, NotMade},
    db::alarm_keys::{self, AlarmKeyRow},
    http::{
        Fault, Problem, Shared,
        caller::{Body, Params},
        openapi::WithLogin,
    },
    id::{AlarmKeyId, GroupId, KindergartenId},
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
use std::fmt;

/// Of which kindergarten.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// The kindergarten.
    kindergarten: KindergartenId,
}

/// A key to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKey {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// The group whose cameras its alarms keep; those of the whole kindergarten when there is none.
    group: Option<GroupId>,
    /// Where the button is.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// The keys of a kindergarten.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlarmKeys {
    /// The oldest first.
    keys: Vec<AlarmKey>,
}

/// A key, without what it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AlarmKey {
    /// The key.
    id: AlarmKeyId,
    /// Where the button is.
    name: String,
    /// The group whose cameras its alarms keep.
    group: Option<GroupId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// A key that was made.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct MadeKey {
    /// The key.
    id: AlarmKeyId,
    /// What the controller is to send. It is told now and never again.
    key: String,
}

/// Shows nothing of it.
impl fmt::Debug for MadeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MadeKey({}, ..)", self.id)
    }
}

/// The keys of the panic buttons, without what they are.
#[utoipa::path(
    get, path = "/api/v1/alarm-keys", tag = "recordings", params(Search), security(("log-in" = [])),
    responses(
        (status = 200, body = AlarmKeys),
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
    let keys = alarm_keys::list(&app.db, kindergarten).await?.into_iter().map(AlarmKey::from).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(AlarmKeys { keys })))
}

/// Makes a key for a panic button's controller. What it is, is told once.
#[utoipa::path(
    post, path = "/api/v1/alarm-keys", tag = "recordings", request_body = NewKey, security(("log-in" = [])),
    responses(
        (status = 201, description = "Made", body = MadeKey),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too_many_keys`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn make(
    State(app): State<Shared>,
    person: Person,
    Body(NewKey { kindergarten, group, name }): Body<NewKey>,
) -> Result<impl IntoResponse, Problem> {
    let mandate = person.mandate(Some(kindergarten))?;
    let (row, secret) = alarms::make_key(&app.db, mandate, group, &name, person.now).await?;
    let made = MadeKey { id: row.id, key: secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)))
}

/// Takes a key away: its button rings no alarm any more. One that is gone stays so.
#[utoipa::path(
    delete, path = "/api/v1/alarm-keys/{key}", tag = "recordings", security(("log-in" = [])),
    params(("key" = String, Path, description = "The key's id")),
    responses(
        (status = 204, description = "Gone"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's key, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn remove(State(app): State<Shared>, person: Person, Path(key): Path<String>) -> Result<StatusCode, Problem> {
    let key: AlarmKeyId = key.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(alarm_keys::kindergarten(&app.db, key).await?)?;
    alarms::remove_key(&app.db, mandate, key, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<AlarmKeyRow> for AlarmKey {
    fn from(row: AlarmKeyRow) -> Self {
        Self { id: row.id, name: row.name, group: row.group_id, since: row.created_at }
    }
}

impl From<NotMade> for Problem {
    fn from(error: NotMade) -> Self {
        match error {
            NotMade::NotTheirs => Refusal::NotYours.into(),
            NotMade::Name => Self::bad_field("name"),
            NotMade::TooMany => Fault::TooManyKeys.into(),
            NotMade::Db(error) => error.into(),
        }
    }
}
