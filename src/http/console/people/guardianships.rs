//! Who is a guardian of which child: added, changed, restricted by an order, and ended.

use super::{super::person::Person, Tie};
use crate::{
    console::people::guardianships::{self, Change, Days, Newcomer, Who},
    db,
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::{AccountId, ChildId, GuardianshipId},
    model::Language,
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::civil::Date;
use serde::Deserialize;

/// Who is to be a guardian of a child: one of the kindergarten's parents by `account`, or anybody by `name` and `login`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewGuardian {
    /// The child.
    child: ChildId,
    /// A parent who is known here.
    account: Option<AccountId>,
    /// The name, where no account is named. A parent whom the login finds keeps the name that there is.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// A phone number or an e-mail address, where no account is named.
    #[schema(example = "+7 701 123 45 67")]
    login: Option<String>,
    /// The language of a new account's pages.
    #[serde(default = "kazakh")]
    language: Language,
    /// The first day; from now on when there is none.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day: a grandmother's right until Friday.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

const fn kazakh() -> Language {
    Language::Kazakh
}

/// Ties a guardian to a child. Whoever is new here has an account then, and no password before an invitation.
#[utoipa::path(
    post, path = "/api/v1/guardianships", tag = "console", request_body = NewGuardian, security(("log-in" = [])),
    responses(
        (status = 201, description = "Tied", body = Tie),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`already_guardian`, `login_taken`: who logs in with it is no parent", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's child or parent, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn add(
    State(app): State<Shared>,
    person: Person,
    Body(new): Body<NewGuardian>,
) -> Result<(StatusCode, Json<Tie>), Problem> {
    let mandate = person.own_mandate()?;
    let who = match (new.account, new.name, new.login) {
        (Some(account), None, None) => Who::Known(account),
        (Some(_), ..) => return Err(Problem::bad_field("account")),
        (None, name, login) => {
            let name = name.ok_or(Problem::bad_field("name"))?;
            Who::Login(Newcomer { name, login: login.ok_or(Problem::bad_field("login"))?, language: new.language })
        }
    };
    let days = Days { from: new.from, to: new.to };
    let kept = guardianships::add(&app.db, mandate, new.child, who, days, person.now).await?;
    Ok((StatusCode::CREATED, Json(kept.into())))
}

/// Ends a guardianship; what the guardian watches by it stops within a second. One that is over stays as it is.
#[utoipa::path(
    delete, path = "/api/v1/guardianships/{guardianship}", tag = "console", security(("log-in" = [])),
    params(("guardianship" = String, Path, description = "The guardianship's id")),
    responses(
        (status = 204, description = "Over"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's guardianship, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn end(
    State(app): State<Shared>,
    person: Person,
    Path(guardianship): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = id(&guardianship)?;
    let mandate = person.mandate(db::guardianships::kindergarten(&app.db, id).await?)?;
    guardianships::end(&app.db, mandate, id, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The days of a guardianship, both included; open where there is none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewDays {
    /// The first day.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// Sets the days of a guardianship: a guest's right is made longer, or becomes a lasting one. The answer is the guardianship that takes
/// the place of the old one.
#[utoipa::path(
    put, path = "/api/v1/guardianships/{guardianship}/days", tag = "console", request_body = NewDays, security(("log-in" = [])),
    params(("guardianship" = String, Path, description = "The guardianship's id")),
    responses(
        (status = 200, body = Tie),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's guardianship, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn days(
    State(app): State<Shared>,
    person: Person,
    Path(guardianship): Path<String>,
    Body(NewDays { from, to }): Body<NewDays>,
) -> Result<Json<Tie>, Problem> {
    change(&app, &person, &guardianship, Change::Days(Days { from, to })).await
}

/// The order that closes a guardian's view.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct Restriction {
    /// The document: which court, which number, of which day. The guardian is never shown it.
    #[schema(min_length = 1, max_length = 200, example = "Сот шешімі № 7512-26")]
    reference: String,
}

/// Closes a guardian's view by an order, from now on. The person is told that viewing is not available, and no reason.
#[utoipa::path(
    put, path = "/api/v1/guardianships/{guardianship}/restriction", tag = "console", request_body = Restriction, security(("log-in" = [])),
    params(("guardianship" = String, Path, description = "The guardianship's id")),
    responses(
        (status = 200, body = Tie),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's guardianship, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn restrict(
    State(app): State<Shared>,
    person: Person,
    Path(guardianship): Path<String>,
    Body(Restriction { reference }): Body<Restriction>,
) -> Result<Json<Tie>, Problem> {
    change(&app, &person, &guardianship, Change::Restrict(reference)).await
}

/// Lifts the restriction.
#[utoipa::path(
    delete, path = "/api/v1/guardianships/{guardianship}/restriction", tag = "console", security(("log-in" = [])),
    params(("guardianship" = String, Path, description = "The guardianship's id")),
    responses(
        (status = 200, body = Tie),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's guardianship, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn lift(
    State(app): State<Shared>,
    person: Person,
    Path(guardianship): Path<String>,
) -> Result<Json<Tie>, Problem> {
    change(&app, &person, &guardianship, Change::Lift).await
}

async fn change(app: &Shared, person: &Person, guardianship: &str, change: Change) -> Result<Json<Tie>, Problem> {
    let mandate = person.own_mandate()?;
    let kept = guardianships::change(&app.db, mandate, id(guardianship)?, change, person.now).await?;
    Ok(Json(kept.into()))
}

fn id(text: &str) -> Result<GuardianshipId, Refusal> {
    text.parse().map_err(|_| Refusal::NotYours)
}
