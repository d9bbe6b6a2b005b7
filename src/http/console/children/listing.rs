//! The groups of a kindergarten and its children, those to come and those who have left included: for its director and its inspectors.

use crate::{
    db::{self, consents::Written},
    http::{
        Problem, Shared,
        caller::Params,
        console::{mergers::ListedMerger, person::Person, today::Wanted},
        openapi::WithLogin,
    },
    id::{ChildId, GroupId},
    model::{ConsentRule, ConsentStanding, Enrolment, Language, Site},
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use std::collections::HashMap;

/// Who is in which group. An inspector's look is on record.
#[utoipa::path(
    get, path = "/api/v1/children", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, body = Listing),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn list(
    State(app): State<Shared>,
    person: Person,
    Params(Wanted { kindergarten }): Params<Wanted>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(kindergarten)).await?;
    let written = db::consents::written(&app.db, kindergarten, true).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(of(insight.site(), written, person.now))))
}

/// The groups and children of a kindergarten.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct Listing {
    /// The date by the kindergarten's clock.
    #[schema(value_type = String, format = Date)]
    today: Date,
    /// Its groups.
    groups: Vec<ListedGroup>,
    /// Which groups are together on a day that is not over.
    mergers: Vec<ListedMerger>,
    /// What follows from missing consent to the camera.
    consent_rule: ConsentRule,
    /// The number of the newest text on which families are asked; none while nobody has published one.
    consent_version: Option<u32>,
    /// Its children.
    pub(in crate::http::console) children: Vec<ListedChild>,
}

/// A group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ListedGroup {
    /// The group.
    id: GroupId,
    /// Its name.
    name: String,
    /// How many cameras show its room.
    cameras: usize,
}

/// A child.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct ListedChild {
    /// The child.
    pub(in crate::http::console) id: ChildId,
    /// Its name.
    pub(in crate::http::console) name: String,
    /// Where it was, is and will be; the earliest first.
    pub(in crate::http::console) stays: Vec<ListedStay>,
    /// When it stays away, as far as that is not over; the earliest first.
    pub(in crate::http::console) absences: Vec<ListedAbsence>,
    /// How many guardians it has.
    guardians: usize,
    /// How it stands with the family's consent to the camera today.
    consent: ListedConsent,
}

/// A family's consent to the camera.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ListedConsent {
    /// How it stands today.
    standing: ConsentStanding,
    /// The answer in force; none where nobody has answered.
    answer: Option<ListedAnswer>,
}

/// What a family answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ListedAnswer {
    /// To which version of the text.
    version: i64,
    /// In which language it was read.
    language: Language,
    /// On which day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// The name of the guardian who answered on the page, or of who wrote down what came on paper.
    by: Option<String>,
    /// The document, for what came on paper.
    document: Option<String>,
}

impl From<Written> for ListedAnswer {
    fn from(answer: Written) -> Self {
        let (version, day) = (answer.version(), answer.day());
        let Written { language, by, document, .. } = answer;
        Self { version, language, day, by, document }
    }
}

/// A stay in a group.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct ListedStay {
    /// The group.
    pub(in crate::http::console) group: GroupId,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub(in crate::http::console) from: Date,
    /// The last day, or open.
    #[schema(value_type = Option<String>, format = Date)]
    pub(in crate::http::console) to: Option<Date>,
}

/// Days on which a child stays away.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct ListedAbsence {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub(in crate::http::console) from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub(in crate::http::console) to: Date,
}

/// The groups and children of `site` at `now`, with the answers that are `written`.
pub(in crate::http::console) fn of(site: &Site, written: Vec<Written>, now: Timestamp) -> Listing {
    let today = site.date(now);
    // One pass over each kind of fact: a kindergarten has hundreds of children, and this is asked for often.
    let mut stays: HashMap<ChildId, Vec<&Enrolment>> = HashMap::new();
    site.enrolments.iter().for_each(|stay| stays.entry(stay.child).or_default().push(stay));
    let mut absences: HashMap<ChildId, Vec<ListedAbsence>> = HashMap::new();
    for absence in site.absences.iter().filter(|absence| today <= absence.to) {
        absences.entry(absence.child).or_default().push(ListedAbsence { from: absence.from, to: absence.to });
    }
    let mut guardians: HashMap<ChildId, usize> = HashMap::new();
    for tie in site.guardianships.iter().filter(|tie| tie.to.is_none_or(|to| today <= to)) {
        *guardians.entry(tie.child).or_default() += 1;
    }
    let mut written: HashMap<ChildId, Written> = written.into_iter().map(|answer| (answer.child, answer)).collect();
    let mut child = |id: ChildId, name: &str| {
        let mut stays = stays.remove(&id).unwrap_or_default();
        stays.sort_by_key(|stay| stay.from);
        let mut absences = absences.remove(&id).unwrap_or_default();
        absences.sort_by_key(|absence| absence.from);
        let stays = stays.into_iter().map(|stay| ListedStay { group: stay.group, from: stay.from, to: stay.to }).collect();
        let consent =
            ListedConsent { standing: site.consents.standing(id, today), answer: written.remove(&id).map(ListedAnswer::from) };
        let guardians = guardians.remove(&id).unwrap_or_default();
        ListedChild { id, name: name.to_owned(), stays, absences, guardians, consent }
    };
    let groups = site.groups.iter().map(|group| ListedGroup {
        id: group.id,
        name: group.name.clone(),
        cameras: site.cameras.iter().filter(|camera| camera.group == Some(group.id)).count(),
    });
    let mergers = site.mergers.iter().filter(|merger| today <= merger.date).map(ListedMerger::from).collect();
    let children = site.children.iter().map(|it| child(it.id, &it.name)).collect();
    let (consent_rule, consent_version) = (site.consents.rule, site.consents.newest());
    Listing { today, groups: groups.collect(), mergers, consent_rule, consent_version, children }
}
