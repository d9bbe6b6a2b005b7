//! Why somebody may watch or may not, now or at any moment that was.

use super::{
    Fault, Problem, Shared,
    caller::{LoggedIn, Params},
    openapi::WithLogin,
};
use crate::{
    audit::{self, Action, Record},
    db::{self, DbError},
    facts::Known,
    id::{AccountId, CameraId},
    model::{Role, Site},
    policy::{self, Facts, Purpose, TokenSubject},
};
use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// What is to be explained.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// Whose right to watch.
    account: AccountId,
    /// Which camera.
    camera: CameraId,
    /// At which moment; now when nothing is said.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// How a decision comes about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Explanation {
    /// The moment.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    verdict: Verdict,
    /// The rule that decided: the last one asked.
    decided_by: Option<&'static str>,
    /// The rules in the order in which they were asked.
    steps: Vec<Step>,
}

/// What the policy says.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Verdict {
    allowed: bool,
    /// `allowed`, or the refusal's code.
    code: &'static str,
    /// Allowed: the first moment at which it ends, when the facts say so. Paused: when the pause ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// When viewing opens next.
    #[schema(value_type = Option<String>, format = DateTime)]
    opens_at: Option<Timestamp>,
    /// The director's words.
    reason: Option<String>,
}

/// One rule that was asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Step {
    rule: &'static str,
    passed: bool,
    /// What it looked at.
    facts: BTreeMap<&'static str, String>,
}

/// Explains a decision: to a director of the own kindergarten, an inspector of an assigned one, an operator of any; and to everybody
/// of themselves.
#[utoipa::path(
    get, path = "/api/v1/explain", tag = "policy", params(Question), security(("log-in" = [])),
    responses(
        (status = 200, body = Explanation),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_allowed`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn explain(
    State(app): State<Shared>,
    LoggedIn(caller): LoggedIn,
    Params(question): Params<Question>,
) -> Result<Json<Explanation>, Problem> {
    let now = app.clock.now();
    let at = question.at.unwrap_or(now);
    let known = app.facts.of(caller.account.id, now).await?.ok_or(Fault::NotLoggedIn)?;
    let site = db::site::of_camera(&app.db, question.camera, at).await?;
    if question.account != caller.account.id && !answers_for(&known, site.as_ref(), now) {
        return Err(Fault::NotAllowed.into());
    }
    let account = db::accounts::by_id(&app.db, question.account, at).await?.ok_or(Fault::NotAllowed)?;
    // Who watched at a moment that is gone is not a fact that the policy had kept.
    let viewers = match question.at {
        Some(_) => 0,
        None => app.sessions.watching().borrow().others(question.camera, question.account),
    };
    let facts = Facts { account: &account, site: site.as_ref(), camera: Some(question.camera), purpose: Purpose::Live, viewers };
    let explanation = policy::explain(&facts, at);
    // A stranger's kindergarten keeps no record of people asking about themselves.
    if question.account != caller.account.id {
        record(&app, &caller.account.id, question, site.as_ref(), now).await?;
    }
    Ok(Json(Explanation::of(explanation, at)))
}

/// Whether the account of `known` answers for the kindergarten of `site`, or inspects it.
fn answers_for(known: &Known, site: Option<&Site>, now: Timestamp) -> bool {
    if known.account.role == Role::Operator {
        return true;
    }
    let Some(site) = site else { return false };
    let overseen = policy::token_grants(&known.account, known.sites.iter().map(AsRef::as_ref), now);
    overseen.iter().any(|grant| grant.subject == TokenSubject::Kindergarten(site.kindergarten.id))
}

async fn record(app: &Shared, actor: &AccountId, question: Question, site: Option<&Site>, now: Timestamp) -> Result<(), DbError> {
    let tx = app.db.begin().await?;
    let record = Record {
        at: now,
        actor: Some(*actor),
        kindergarten: site.map(|site| site.kindergarten.id),
        action: Action::Explained,
        subject: format!("account:{}", question.account),
        details: json!({ "camera": question.camera, "at": question.at }),
    };
    audit::append(&tx, record).await?;
    tx.commit().await
}

impl Explanation {
    fn of(explanation: policy::Explanation, at: Timestamp) -> Self {
        let verdict = match explanation.verdict {
            Ok(until) => {
                let until = Some(until).filter(|until| *until < Timestamp::MAX);
                Verdict { allowed: true, code: "allowed", until, opens_at: None, reason: None }
            }
            Err(refusal) => {
                let problem = Problem::from(refusal);
                let Problem { code, until, opens_at, reason, .. } = problem;
                Verdict { allowed: false, code, until, opens_at, reason }
            }
        };
        let steps = explanation.steps.into_iter();
        let steps: Vec<Step> =
            steps.map(|step| Step { rule: step.rule, passed: step.passed, facts: step.facts.into_iter().collect() }).collect();
        Self { at, verdict, decided_by: steps.last().map(|step| step.rule), steps }
    }
}
