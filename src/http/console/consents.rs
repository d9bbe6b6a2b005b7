//! Consent to the camera, for directors and inspectors: the texts, what follows from missing consent, and what came on paper.

pub(super) mod export;
pub(super) mod own;

use super::{person::Person, today::Wanted};
use crate::{
    console::consents::{self, NotRecorded, OnPaper, PROPOSAL, Word},
    db::{self, consents::Text},
    http::{
        Fault, Problem, Shared,
        caller::{Body, Params},
        openapi::WithLogin,
    },
    id::KindergartenId,
    model::{ConsentRule, Language},
    policy::Refusal,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// How a kindergarten asks for consent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ListedConsents {
    /// What follows from missing consent.
    rule: ConsentRule,
    /// The versions of the text, the newest first.
    texts: Vec<ListedText>,
    /// A text to begin with, while none is published.
    proposal: Option<ProposedText>,
}

/// A version of the text. It stays as it was published.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ListedText {
    /// Its number, from 1.
    version: u32,
    /// In Kazakh.
    kk: String,
    /// In Russian.
    ru: String,
    /// In English, where there is one.
    en: Option<String>,
    /// The first day on which answers to earlier versions are no longer good; none when they stay good.
    #[schema(value_type = Option<String>, format = Date)]
    asks_again_from: Option<Date>,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
}

impl From<Text> for ListedText {
    fn from(text: Text) -> Self {
        let Text { version, kk, ru, en, asks_again_from, at } = text;
        Self { version, kk, ru, en, asks_again_from, published_at: at }
    }
}

/// A text to begin with.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ProposedText {
    /// In Kazakh.
    kk: &'static str,
    /// In Russian.
    ru: &'static str,
    /// In English.
    en: &'static str,
}

/// The texts on which families are asked, and what follows from missing consent. An inspector's look is on record.
#[utoipa::path(
    get, path = "/api/v1/consents", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, body = ListedConsents),
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
    let texts: Vec<ListedText> = db::consents::texts(&app.db, kindergarten).await?.into_iter().map(ListedText::from).collect();
    let proposal = texts.is_empty().then_some(ProposedText { kk: PROPOSAL.kk, ru: PROPOSAL.ru, en: PROPOSAL.en });
    let listed = ListedConsents { rule: insight.site().consents.rule, texts, proposal };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(listed)))
}

/// A text to be published.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewText {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// In Kazakh.
    #[schema(min_length = 1, max_length = 6_000)]
    kk: String,
    /// In Russian.
    #[schema(min_length = 1, max_length = 6_000)]
    ru: String,
    /// In English, if wanted.
    #[schema(max_length = 6_000)]
    en: Option<String>,
    /// From which day on, within a year, families that answered to an earlier text are asked again; without it, their answers stay good.
    #[schema(value_type = Option<String>, format = Date)]
    asks_again_from: Option<Date>,
}

/// The text that was published.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PublishedText {
    /// Its number.
    version: u32,
}

/// Publishes the next version of the text. It is never changed nor removed.
#[utoipa::path(
    post, path = "/api/v1/consents/texts", tag = "console", request_body = NewText, security(("log-in" = [])),
    responses(
        (status = 201, description = "Published", body = PublishedText),
        (status = 400, description = "`bad_request`, `bad_field` (`kk`, `ru`, `en`, `asks_again_from`)", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn publish(
    State(app): State<Shared>,
    person: Person,
    Body(NewText { kindergarten, kk, ru, en, asks_again_from }): Body<NewText>,
) -> Result<(StatusCode, Json<PublishedText>), Problem> {
    let mandate = person.mandate(Some(kindergarten))?;
    let text = consents::NewText { kk, ru, en, asks_again_from };
    let version = consents::publish(&app.db, mandate, text, person.now).await?;
    Ok((StatusCode::CREATED, Json(PublishedText { version })))
}

/// What follows from missing consent.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRule {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// `recorded`: nothing. `own`: who has not agreed for a child does not look through it. `group`: nor does anybody look into a room while
    /// a child is there whose family has not agreed.
    rule: ConsentRule,
}

/// Says what follows from missing consent, from now on. Streams that are no longer allowed end within a second.
#[utoipa::path(
    put, path = "/api/v1/consents/rule", tag = "console", request_body = NewRule, security(("log-in" = [])),
    responses(
        (status = 204, description = "It holds"),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`no_consent_text`: nobody could agree yet", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn set_rule(
    State(app): State<Shared>,
    person: Person,
    Body(NewRule { kindergarten, rule }): Body<NewRule>,
) -> Result<StatusCode, Problem> {
    let mandate = person.mandate(Some(kindergarten))?;
    consents::set_rule(&app.db, mandate, rule, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A yes or no that a family signed on paper.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPaper {
    /// Yes or no.
    agrees: bool,
    /// To which version of the text.
    version: u32,
    /// In which language it was read.
    language: Language,
    /// The day on which it was signed: today or before.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// Its number, or where it is kept, on one line.
    #[schema(min_length = 1, max_length = 200)]
    document: String,
}

/// Writes down what a family signed on paper, in place of what it answered before.
#[utoipa::path(
    put, path = "/api/v1/children/{child}/consent/paper", tag = "console", request_body = NewPaper, security(("log-in" = [])),
    params(("child" = String, Path, description = "The child's id")),
    responses(
        (status = 204, description = "It is the family's answer"),
        (status = 400, description = "`bad_request`, `bad_field` (`day`, `document`, `version`, `language`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`no_consent_text`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: another kindergarten's child, or none", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn on_paper(
    State(app): State<Shared>,
    person: Person,
    Path(child): Path<String>,
    Body(NewPaper { agrees, version, language, day, document }): Body<NewPaper>,
) -> Result<StatusCode, Problem> {
    let child = child.parse().map_err(|_| Refusal::NotYours)?;
    let mandate = person.mandate(person.home(|site| site.child(child).is_some()))?;
    let paper = OnPaper { word: Word { agrees, version, language }, day, document };
    consents::on_paper(&app.db, mandate, child, paper, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<NotRecorded> for Problem {
    fn from(error: NotRecorded) -> Self {
        match error {
            NotRecorded::NotTheirs => Refusal::NotYours.into(),
            NotRecorded::Field(field) => Self::bad_field(field),
            NotRecorded::NoText => Fault::NoConsentText.into(),
            NotRecorded::TextChanged => Fault::ConsentTextChanged.into(),
            NotRecorded::OtherSaidNo => Fault::ConsentRefused.into(),
            NotRecorded::Db(error) => error.into(),
        }
    }
}
