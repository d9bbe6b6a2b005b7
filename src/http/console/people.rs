//! The people of a kindergarten: its guardians with their children, and its staff.

pub(super) mod access;
pub(super) mod guardianships;
pub(super) mod guests;
pub(super) mod invitations;
pub(super) mod staff;

use super::{person::Person, today::Wanted};
use crate::{
    console::people::NotDone,
    db,
    http::{Fault, Problem, Shared, caller::Params, openapi::WithLogin},
    id::{AccountId, ChildId, GroupId, GuardianshipId, KindergartenId},
    model::{Language, Role, Site},
    policy::{Insight, Refusal},
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use db::{
    DbError,
    guardianships::Kept,
    invitations::{Invitation, Way},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

/// Who is tied to the kindergarten: for its director, and for the inspector assigned to it.
#[utoipa::path(
    get, path = "/api/v1/people", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, body = Everybody),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`: whoever does not oversee this kindergarten learns nothing of it", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn people(
    State(app): State<Shared>,
    person: Person,
    Params(wanted): Params<Wanted>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(wanted.kindergarten)).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(of(&app, insight, person.now).await?)))
}

/// Everybody whom a kindergarten's director looks after.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Everybody {
    /// Its groups.
    groups: Vec<PeopleGroup>,
    /// Its children.
    children: Vec<PeopleChild>,
    /// Guardians and staff members, by name.
    people: Vec<OnePerson>,
}

/// A group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PeopleGroup {
    /// The group.
    id: GroupId,
    /// Its name.
    name: String,
}

/// A child.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PeopleChild {
    /// The child.
    id: ChildId,
    /// Its name.
    name: String,
    /// The group in which it is today.
    group: Option<GroupId>,
}

/// A guardian or a staff member.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OnePerson {
    /// The account.
    account: AccountId,
    /// The name.
    name: String,
    /// A phone number or an e-mail address.
    login: String,
    /// `parent` or `staff`.
    role: Role,
    /// The language of the pages.
    language: Language,
    /// Whether a password is set, so that the person can log in.
    has_password: bool,
    /// Whether another kindergarten has a part in the account: then it cannot be blocked here, and a link can only be sent.
    shared: bool,
    /// Why and since when the account is blocked.
    block: Option<Block>,
    /// When the person last logged in.
    #[schema(value_type = Option<String>, format = DateTime)]
    logged_in_at: Option<Timestamp>,
    /// How a link can reach the person.
    ways: Vec<Way>,
    /// The link that was made and not used.
    invitation: Option<Standing>,
    /// The group in whose room a staff member works.
    room: Option<GroupId>,
    /// The children of a guardian.
    guardianships: Vec<Tie>,
}

/// That an account is blocked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Block {
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Why.
    reason: String,
}

/// A link that was made and not used. What it is, nobody can be told again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Standing {
    /// Whether it replaces a password that there was.
    reset: bool,
    /// How it reaches the person.
    way: Way,
    /// The first moment at which it no longer works; it may be past.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// A guardianship.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct Tie {
    /// The guardianship.
    id: GuardianshipId,
    /// The guardian.
    account: AccountId,
    /// The child.
    child: ChildId,
    /// The first day.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// Whether an order closes it.
    restricted: bool,
    /// The order's document.
    reference: Option<String>,
}

impl From<Kept> for Tie {
    fn from(Kept { tie, reference }: Kept) -> Self {
        let (id, account, child) = (tie.id, tie.account, tie.child);
        Self { id, account, child, from: tie.from, to: tie.to, restricted: tie.restricted, reference }
    }
}

async fn of(app: &Shared, insight: Insight<'_>, now: Timestamp) -> Result<Everybody, DbError> {
    let (site, kindergarten) = (insight.site(), insight.kindergarten());
    let mut ties: Vec<Tie> = guardianships_of(app, kindergarten).await?;
    // A child that has left is not shown, and so its ties are not.
    ties.retain(|tie| site.child(tie.child).is_some());
    let invitations = db::invitations::standing(&app.db, kindergarten).await?;
    let logged_in = db::people::last_log_ins(&app.db, kindergarten).await?;
    let one = |person: db::people::Person| {
        let invitation = invitations.iter().find(|invitation| invitation.account == person.id);
        OnePerson {
            account: person.id,
            room: site.postings.iter().find(|posting| posting.account == person.id).map(|posting| posting.group),
            ways: app.messages.ways(&person.login).into_iter().filter(|way| !person.elsewhere || *way != Way::Print).collect(),
            block: person.blocked_since.map(|since| Block { since: since.0, reason: person.block_reason.unwrap_or_default() }),
            logged_in_at: logged_in.get(&person.id).copied(),
            invitation: invitation.map(|&Invitation { reset, way, expires_at, .. }| Standing { reset, way, expires_at }),
            guardianships: ties.iter().filter(|tie| tie.account == person.id).cloned().collect(),
            name: person.name,
            login: person.login,
            role: person.role,
            language: person.language,
            has_password: person.has_password,
            shared: person.elsewhere,
        }
    };
    Ok(Everybody {
        groups: site.groups.iter().map(|group| PeopleGroup { id: group.id, name: group.name.clone() }).collect(),
        children: children(site, now),
        people: db::people::all(&app.db, kindergarten).await?.into_iter().map(one).collect(),
    })
}

async fn guardianships_of(app: &Shared, kindergarten: KindergartenId) -> Result<Vec<Tie>, DbError> {
    Ok(db::guardianships::all(&app.db, kindergarten).await?.into_iter().map(Tie::from).collect())
}

fn children(site: &Site, now: Timestamp) -> Vec<PeopleChild> {
    let today = site.kindergarten.zone.to_datetime(now).date();
    let stays = |child| site.enrolments.iter().filter(move |stay| stay.child == child);
    let group = |child| stays(child).find(|stay| stay.from <= today && stay.to.is_none_or(|to| today <= to)).map(|stay| stay.group);
    site.children.iter().map(|child| PeopleChild { id: child.id, name: child.name.clone(), group: group(child.id) }).collect()
}

impl From<NotDone> for Problem {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::NotTheirs => Refusal::NotYours.into(),
            NotDone::Field(field) => Self::bad_field(field),
            NotDone::LoginTaken => Fault::LoginTaken.into(),
            NotDone::LoginInUse => Fault::LoginInUse.into(),
            NotDone::Already => Fault::AlreadyGuardian.into(),
            NotDone::TooManyWaiting => Fault::TooManyWaiting.into(),
            NotDone::Shared => Fault::SharedAccount.into(),
            NotDone::Blocked => Fault::PersonBlocked.into(),
            NotDone::Db(error) => error.into(),
        }
    }
}
