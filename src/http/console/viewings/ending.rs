//! A director ends a running viewing, and lets the person in again.

use crate::{
    console::viewings::{self, NotEnded},
    db,
    http::{Fault, Problem, Shared, caller::Body, console::person::Person, openapi::WithLogin},
    id::{AccountId, ViewingId},
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a viewing is ended.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct Ending {
    /// When the person may watch again: within a day.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Why, on one line: the person reads it.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Who is kept out, and until when.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct KeptOut {
    /// The account.
    account: AccountId,
    /// The viewing that was ended.
    viewing: ViewingId,
    /// The first moment at which it may watch again.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Why.
    reason: String,
}

/// Ends a parent's running viewing, and whatever else the parent watches here, within a second; until then nothing opens for the
/// account in this kindergarten.
#[utoipa::path(
    post, path = "/api/v1/viewings/{viewing}/end", tag = "console", request_body = Ending, security(("log-in" = [])),
    params(("viewing" = String, Path, description = "The viewing's id")),
    responses(
        (status = 201, description = "Ended", body = KeptOut),
        (status = 400, description = "`bad_request`, `bad_reason`, `bad_field`: `until` is past, or further away than a day", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's viewing, or none; `not_allowed`: not a parent's", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`no_such_session`: it is over", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn end(
    State(app): State<Shared>,
    person: Person,
    Path(viewing): Path<String>,
    Body(Ending { until, reason }): Body<Ending>,
) -> Result<(StatusCode, Json<KeptOut>), Problem> {
    let viewing: ViewingId = viewing.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(db::viewings::kindergarten(&app.db, viewing).await?)?;
    let ended = viewings::end(&app.db, mandate, viewing, viewings::Ending { until, reason }, person.now).await?;
    let kept_out = KeptOut { account: ended.account, viewing, until: ended.until, reason: ended.reason };
    Ok((StatusCode::CREATED, Json(kept_out)))
}

/// Lets the person in again before the time that was set when the viewing was ended.
#[utoipa::path(
    delete, path = "/api/v1/viewings/{viewing}/end", tag = "console", security(("log-in" = [])),
    params(("viewing" = String, Path, description = "The viewing's id")),
    responses(
        (status = 204, description = "Nothing keeps the person out any more"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's viewing, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn let_in(
    State(app): State<Shared>,
    person: Person,
    Path(viewing): Path<String>,
) -> Result<StatusCode, Problem> {
    let viewing: ViewingId = viewing.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(db::viewings::kindergarten(&app.db, viewing).await?)?;
    viewings::let_in(&app.db, mandate, viewing, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<NotEnded> for Problem {
    fn from(error: NotEnded) -> Self {
        match error {
            NotEnded::NotTheirs => Refusal::NotYours.into(),
            NotEnded::Over => Fault::NoSuchSession.into(),
            NotEnded::NotAParent => Fault::NotAllowed.into(),
            NotEnded::Reason => Fault::BadReason.into(),
            NotEnded::Until => Self::bad_field("until"),
            NotEnded::Db(error) => error.into(),
        }
    }
}
