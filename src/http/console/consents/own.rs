//! A guardian reads what the kindergarten asks, agrees or not for the own child, and takes it back.

use super::ListedText;
use crate::{
    console::consents::{self, Word},
    db,
    http::{Problem, Shared, caller::Body, console::person::Person, openapi::WithLogin},
    id::ChildId,
    model::{ConsentAnswer, ConsentRule, ConsentStanding, Language},
    policy::{self, Refusal, Speaker},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a guardian is asked for a child, and what was answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct OwnConsent {
    /// What follows from missing consent.
    rule: ConsentRule,
    /// The newest text, and the one that was answered to, where that is another. None while nobody has published one.
    texts: Vec<ListedText>,
    /// How it stands today.
    standing: ConsentStanding,
    /// The first day on which the answer is no longer good, because a later text asks again.
    #[schema(value_type = Option<String>, format = Date)]
    good_before: Option<Date>,
    /// The answer in force.
    answer: Option<OwnAnswer>,
    /// Whether another guardian has said no: then only they, or the director, can say yes again.
    refused_by_other: bool,
}

/// What was answered for a child.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OwnAnswer {
    /// Yes, no, or no more.
    answer: ConsentAnswer,
    /// To which version.
    version: u32,
    /// In which language it was read.
    language: Language,
    /// On which day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// The name of the guardian who answered on the page; none for what came on paper.
    by: Option<String>,
}

/// What the caller is asked for the own child, and what was answered.
#[utoipa::path(
    get, path = "/api/v1/children/{child}/consent", tag = "me", security(("log-in" = [])),
    params(("child" = String, Path, description = "The child's id")),
    responses(
        (status = 200, body = OwnConsent),
        WithLogin,
        (status = 403, description = "`not_yours`: not the child of a lasting guardian, `restricted`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn look(
    State(app): State<Shared>,
    person: Person,
    Path(child): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let speaker = speaker(&person, &child)?;
    let (site, child) = (speaker.site(), speaker.child());
    let consent = site.consents.of(child);
    let mut texts = db::consents::texts(&app.db, site.kindergarten.id).await?;
    let newest = texts.first().map(|text| text.version);
    texts.retain(|text| Some(text.version) == newest || consent.is_some_and(|consent| consent.version == text.version));
    let people = app.facts.accounts(consent.and_then(|consent| consent.by).into_iter().collect(), person.now).await?;
    let answer = consent.map(|consent| OwnAnswer {
        answer: consent.answer,
        version: consent.version,
        language: consent.language,
        day: consent.day,
        by: consent.by.and_then(|by| people.get(&by)).map(|account| account.name.clone()),
    });
    let refused = consent.and_then(|consent| consents::refused_by(site, consent, person.now));
    let own = OwnConsent {
        rule: site.consents.rule,
        texts: texts.into_iter().map(ListedText::from).collect(),
        standing: site.consents.standing(child, site.date(person.now)),
        good_before: consent.and_then(|consent| site.consents.good_before(consent.version)),
        answer,
        refused_by_other: refused.is_some_and(|by| by != speaker.account()),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(own)))
}

/// A guardian's answer.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewAnswer {
    /// Yes or no. A no after a yes takes that back.
    agrees: bool,
    /// The version that was read; a yes is to the newest.
    version: u32,
    /// The language in which it was read.
    language: Language,
}

/// Agrees or does not agree for the own child, or takes an agreement back. The same answer again changes nothing.
#[utoipa::path(
    put, path = "/api/v1/children/{child}/consent", tag = "me", request_body = NewAnswer, security(("log-in" = [])),
    params(("child" = String, Path, description = "The child's id")),
    responses(
        (status = 204, description = "It is the family's answer"),
        (status = 400, description = "`bad_request`, `bad_field` (`version`, `language`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`no_consent_text`, `consent_text_changed`, `consent_refused`: another guardian said no", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not the child of a lasting guardian, `restricted`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn answer(
    State(app): State<Shared>,
    person: Person,
    Path(child): Path<String>,
    Body(NewAnswer { agrees, version, language }): Body<NewAnswer>,
) -> Result<StatusCode, Problem> {
    let speaker = speaker(&person, &child)?;
    consents::answer(&app.db, speaker, Word { agrees, version, language }, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn speaker<'a>(person: &'a Person, child: &str) -> Result<Speaker<'a>, Problem> {
    let child: ChildId = child.parse().map_err(|_| Refusal::NotYours)?;
    let site = person.known.sites.iter().find(|site| site.child(child).is_some());
    Ok(policy::speaker(person.account(), site.map(AsRef::as_ref), child, person.now)?)
}
