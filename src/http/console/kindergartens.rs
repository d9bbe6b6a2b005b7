//! An operator adds kindergartens, and says who manages and who inspects them.

pub(super) mod inspections;

use super::{link::MadeLink, person::Person};
use crate::{
    console::kindergartens::{self, Appointee, Founding, NotDone},
    db::{
        self,
        kindergartens::{Director, Inspection, Listed},
    },
    http::{Fault, Problem, Shared, caller::Body, openapi::WithLogin},
    id::{AccountId, KindergartenId},
    model::{Language, Ownership},
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use inspections::Assignment;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A kindergarten, as an operator looks after it: nothing of what happens in it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OwnKindergarten {
    /// Its id.
    id: KindergartenId,
    /// Its name.
    name: String,
    /// Its business identification number.
    bin: Option<String>,
    /// Where it lies.
    district: Option<String>,
    /// Who owns it.
    ownership: Option<Ownership>,
    /// The zone of its hours (IANA name).
    zone: String,
    /// Who manages it.
    directors: Vec<Appointed>,
    /// Who inspects it, inspected it, or will.
    inspections: Vec<Assignment>,
}

/// A director.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Appointed {
    /// The account.
    account: AccountId,
    /// The name.
    name: String,
    /// Phone number or e-mail address.
    login: String,
    /// Whether a password was chosen.
    has_password: bool,
    /// Until when a link waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    link_until: Option<Timestamp>,
}

/// Every kindergarten of this gateway, for its operator.
#[utoipa::path(
    get, path = "/api/v1/kindergartens", tag = "operator", security(("log-in" = [])),
    responses(
        (status = 200, body = [OwnKindergarten]),
        WithLogin,
        (status = 403, description = "`not_yours`: not an operator", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(State(app): State<Shared>, person: Person) -> Result<impl IntoResponse, Problem> {
    person.charter()?;
    let (all, directors) = (db::kindergartens::all(&app.db).await?, db::kindergartens::directors(&app.db).await?);
    let inspections = db::kindergartens::inspections(&app.db).await?;
    let list: Vec<OwnKindergarten> = all.into_iter().map(|it| OwnKindergarten::of(it, &directors, &inspections)).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(list)))
}

impl OwnKindergarten {
    fn of(it: Listed, directors: &[Director], inspections: &[Inspection]) -> Self {
        let directors = directors.iter().filter(|director| director.kindergarten_id == it.id);
        let inspections = inspections.iter().filter(|inspection| inspection.kindergarten_id == it.id);
        Self {
            directors: directors.map(Appointed::of).collect(),
            inspections: inspections.map(Assignment::of).collect(),
            id: it.id,
            name: it.name,
            bin: it.bin,
            district: it.district,
            ownership: it.ownership,
            zone: it.zone,
        }
    }
}

impl Appointed {
    fn of(it: &Director) -> Self {
        let Director { id, name, login, has_password, link_until, .. } = it.clone();
        Self { account: id, name, login, has_password, link_until: link_until.map(|at| at.0) }
    }
}

/// Somebody who is to be a director or an inspector.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPerson {
    /// The name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Phone number or e-mail address.
    #[schema(example = "+7 701 123 45 67")]
    login: String,
    /// The language of the pages.
    #[serde(default = "kazakh")]
    language: Language,
}

const fn kazakh() -> Language {
    Language::Kazakh
}

impl From<NewPerson> for Appointee {
    fn from(NewPerson { name, login, language }: NewPerson) -> Self {
        Self { name, login, language }
    }
}

/// A kindergarten that is to be.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKindergarten {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Its business identification number: twelve digits.
    bin: Option<String>,
    /// Where it lies.
    district: Option<String>,
    /// Who owns it.
    ownership: Option<Ownership>,
    /// The zone of its hours (IANA name).
    #[serde(default = "almaty")]
    #[schema(example = "Asia/Almaty")]
    zone: String,
    /// Who is to manage it.
    director: NewPerson,
}

fn almaty() -> String {
    "Asia/Almaty".to_owned()
}

/// A kindergarten that was added.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct AddedKindergarten {
    /// The kindergarten.
    id: KindergartenId,
    /// By which its director comes in.
    link: MadeLink,
}

/// Adds a kindergarten, empty but for its director, who comes in by the link of the answer.
#[utoipa::path(
    post, path = "/api/v1/kindergartens", tag = "operator", request_body = NewKindergarten, security(("log-in" = [])),
    responses(
        (status = 201, description = "Added", body = AddedKindergarten),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`login_taken`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not an operator", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn found(
    State(app): State<Shared>,
    person: Person,
    Body(new): Body<NewKindergarten>,
) -> Result<impl IntoResponse, Problem> {
    let charter = person.charter()?;
    let NewKindergarten { name, bin, district, ownership, zone, director } = new;
    let founding = Founding { name, bin, district, ownership, zone };
    let (id, made) = kindergartens::found(&app.db, charter, founding, director.into(), person.now).await?;
    Ok(shown_once(AddedKindergarten { id, link: MadeLink::of(&app, &made) }))
}

/// Gives a kindergarten a director more, who comes in by the link of the answer.
#[utoipa::path(
    post, path = "/api/v1/kindergartens/{kindergarten}/directors", tag = "operator", request_body = NewPerson, security(("log-in" = [])),
    params(("kindergarten" = String, Path, description = "The kindergarten's id")),
    responses(
        (status = 201, description = "Appointed", body = MadeLink),
        (status = 400, description = "`bad_request`, `bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`login_taken`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not an operator, or no such kindergarten", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn appoint(
    State(app): State<Shared>,
    person: Person,
    Path(kindergarten): Path<String>,
    Body(new): Body<NewPerson>,
) -> Result<impl IntoResponse, Problem> {
    let charter = person.charter()?;
    let made = kindergartens::appoint(&app.db, charter, id(&kindergarten)?, new.into(), person.now).await?;
    Ok(shown_once(MadeLink::of(&app, &made)))
}

/// Takes a director back: the account is gone at once.
#[utoipa::path(
    delete, path = "/api/v1/kindergartens/{kindergarten}/directors/{account}", tag = "operator", security(("log-in" = [])),
    params(("kindergarten" = String, Path, description = "The kindergarten's id"), ("account" = String, Path, description = "The director's account")),
    responses(
        (status = 204, description = "Gone"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not an operator, or no such director", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn dismiss(
    State(app): State<Shared>,
    person: Person,
    Path((kindergarten, account)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let charter = person.charter()?;
    kindergartens::dismiss(&app.db, charter, id(&kindergarten)?, id(&account)?, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a new link for a director who never came in, or has lost the password.
#[utoipa::path(
    post, path = "/api/v1/kindergartens/{kindergarten}/directors/{account}/link", tag = "operator", security(("log-in" = [])),
    params(("kindergarten" = String, Path, description = "The kindergarten's id"), ("account" = String, Path, description = "The director's account")),
    responses(
        (status = 201, description = "Made", body = MadeLink),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not an operator, or no such director", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn link(
    State(app): State<Shared>,
    person: Person,
    Path((kindergarten, account)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let charter = person.charter()?;
    let made = kindergartens::link(&app.db, charter, id(&kindergarten)?, id(&account)?, person.now).await?;
    Ok(shown_once(MadeLink::of(&app, &made)))
}

/// What holds a link is kept by nobody on the way.
fn shown_once<T: Serialize>(body: T) -> impl IntoResponse {
    (StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(body))
}

fn id<I: std::str::FromStr>(text: &str) -> Result<I, Refusal> {
    text.parse().map_err(|_| Refusal::NotYours)
}

impl From<NotDone> for Problem {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::Unknown => Refusal::NotYours.into(),
            NotDone::Field(field) => Self::bad_field(field),
            NotDone::LoginTaken => Fault::LoginTaken.into(),
            NotDone::Db(error) => error.into(),
        }
    }
}
