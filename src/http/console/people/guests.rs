//! A parent asks that somebody else may look for some days, and the director says yes or no.

use super::super::person::Person;
use crate::{
    console::people::guests::{self, Decision, Guest},
    db::guests::{GuestRequest, Outcome},
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::{AccountId, ChildId, GuestRequestId},
    policy::{self, Refusal},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Who is to be a guest of a child, and when.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewGuest {
    /// The child.
    child: ChildId,
    /// The guest's name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The guest's phone number or e-mail address.
    #[schema(example = "+7 701 123 45 67")]
    login: String,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day, within three months.
    #[schema(value_type = String, format = Date)]
    to: Date,
}

/// A wish for a guest, as the parent sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct AskedGuest {
    /// The wish.
    id: GuestRequestId,
    /// The child.
    child: ChildId,
    /// The guest's name.
    name: String,
    /// The guest's phone number or e-mail address.
    login: String,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    /// `approved`, `refused`, `withdrawn`, or `lapsed` when its last day has passed without a word; none while it waits for the director.
    outcome: Option<Outcome>,
    /// The director's words.
    word: Option<String>,
}

impl AskedGuest {
    /// The wish as it stands on `today`.
    fn of(request: GuestRequest, today: Date) -> Self {
        let outcome = request.outcome_by(today);
        let GuestRequest { id, child, name, login, from, to, asked_at, word, .. } = request;
        Self { id, child, name, login, from, to, asked_at, outcome, word }
    }
}

/// Asks the director that somebody else, such as a grandmother, may look at the child's group for some days.
#[utoipa::path(
    post, path = "/api/v1/guests", tag = "me", request_body = NewGuest, security(("log-in" = [])),
    responses(
        (status = 201, description = "Asked", body = AskedGuest),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too_many_waiting`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not the child of a lasting guardian, `restricted`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn ask(
    State(app): State<Shared>,
    person: Person,
    Body(NewGuest { child, name, login, from, to }): Body<NewGuest>,
) -> Result<(StatusCode, Json<AskedGuest>), Problem> {
    let site = person.known.sites.iter().find(|site| site.child(child).is_some());
    let host = policy::host(person.account(), site.map(AsRef::as_ref), child, person.now)?;
    let request = guests::ask(&app.db, host, Guest { name, login, from, to }, person.now).await?;
    Ok((StatusCode::CREATED, Json(AskedGuest::of(request, host.site().date(person.now)))))
}

/// The guests that the caller asked for in the last months, the newest first.
#[utoipa::path(
    get, path = "/api/v1/guests", tag = "me", security(("log-in" = [])),
    responses((status = 200, body = Vec<AskedGuest>), WithLogin)
)]
pub(in crate::http::console) async fn own(State(app): State<Shared>, person: Person) -> Result<impl IntoResponse, Problem> {
    let requests = guests::own(&app.db, person.account().id, person.now).await?;
    let today = |kindergarten| {
        let site = person.known.sites.iter().find(|site| site.kindergarten.id == kindergarten);
        // Of one that the caller has nothing to do with any more, the date is that of the first: clocks differ by hours, wishes by days.
        site.or(person.known.sites.first()).map_or(Date::MIN, |site| site.date(person.now))
    };
    let asked = |request: GuestRequest| {
        let today = today(request.kindergarten);
        AskedGuest::of(request, today)
    };
    let requests: Vec<AskedGuest> = requests.into_iter().map(asked).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(requests)))
}

/// Takes back what the caller asked for, while it waits.
#[utoipa::path(
    delete, path = "/api/v1/guests/{guest}", tag = "me", security(("log-in" = [])),
    params(("guest" = String, Path, description = "The wish's id")),
    responses(
        (status = 204, description = "It does not wait"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another's wish", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn withdraw(
    State(app): State<Shared>,
    person: Person,
    Path(guest): Path<String>,
) -> Result<StatusCode, Problem> {
    let guest = guest.parse().map_err(|_| Refusal::NotYours)?;
    guests::withdraw(&app.db, person.account().id, guest, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The director's word on a wish.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewDecision {
    /// Yes or no.
    approve: bool,
    /// In the director's words, on one line; a no has some. The parent reads it.
    #[schema(max_length = 200)]
    word: Option<String>,
}

/// What came of a decision.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Decided {
    /// The guest's account, after a yes: to be invited, where it has no password yet.
    account: Option<AccountId>,
}

/// Says yes or no to a guest. With a yes the guest may look on those days.
#[utoipa::path(
    put, path = "/api/v1/guests/{guest}/decision", tag = "console", request_body = NewDecision, security(("log-in" = [])),
    params(("guest" = String, Path, description = "The wish's id")),
    responses(
        (status = 200, body = Decided),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`already_guardian`, `login_taken`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's wish, or one that does not wait", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn decide(
    State(app): State<Shared>,
    person: Person,
    Path(guest): Path<String>,
    Body(NewDecision { approve, word }): Body<NewDecision>,
) -> Result<Json<Decided>, Problem> {
    let mandate = person.own_mandate()?;
    let guest = guest.parse().map_err(|_| Refusal::NotYours)?;
    let account = guests::decide(&app.db, mandate, guest, Decision { approve, word }, person.now).await?;
    Ok(Json(Decided { account }))
}
