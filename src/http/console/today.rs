//! How a kindergarten stands at this moment, for its director: which groups are open, what is paused, and who watches. The director's
//! [`me`](crate::http::me) document has the same, and is pushed whenever it changes.

mod alarms;
mod appeals;

use super::{
    cameras::ShownDefect,
    first_steps::{self, FirstStep},
    person::Person,
};
use crate::{
    app::App,
    audit,
    db::{
        DbError, Queries,
        guests::{self, GuestRequest},
    },
    http::{Problem, Shared, caller::Params, openapi::WithLogin},
    id::{AccountId, CameraId, ChildId, GroupId, GuestRequestId, KindergartenId, PauseId},
    model::{Account, ConsentRule, Pause, Role, Scope, Site},
    policy::{self, Mandate, Standing},
    sessions::{Watcher, Watching},
};
use alarms::TodayAlarm;
use appeals::TodayAppeals;
use axum::{Json, extract::State, http::header, response::IntoResponse};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Whoever has not looked at anything for so long has gone.
const LOOKING: SignedDuration = SignedDuration::from_mins(10);
/// No visit is longer.
const VISIT: SignedDuration = SignedDuration::from_hours(12);

/// Of which kindergarten.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Wanted {
    /// The kindergarten.
    pub(in crate::http) kindergarten: KindergartenId,
}

/// How the kindergarten stands, and who watches: for its director.
#[utoipa::path(
    get, path = "/api/v1/today", tag = "console", params(Wanted), security(("log-in" = [])),
    responses(
        (status = 200, body = Today),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`: whoever does not manage this kindergarten learns nothing of it", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn today(
    State(app): State<Shared>,
    person: Person,
    Params(Wanted { kindergarten }): Params<Wanted>,
) -> Result<impl IntoResponse, Problem> {
    let mandate = person.mandate(Some(kindergarten))?;
    let watching = app.sessions.watching().borrow().clone();
    let today = of(&app, mandate, &watching, person.now).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(today)))
}

/// How the kindergarten that `mandate` is for stands at `now`.
pub(in crate::http) async fn of(app: &App, mandate: Mandate<'_>, watching: &Watching, now: Timestamp) -> Result<Today, DbError> {
    let site = mandate.site();
    let requests = guests::waiting(&app.db, mandate.kindergarten(), site.date(now)).await?;
    let watchers = site.cameras.iter().flat_map(|camera| watching.of(camera.id)).map(|watcher| watcher.account);
    let people = watchers.chain(site.pauses.iter().filter_map(|pause| pause.by));
    let people = people.chain(requests.iter().map(|request| request.asked_by)).collect();
    let people = app.facts.accounts(people, now).await?;
    let requests = requests.iter().filter_map(|request| TodayRequest::of(request, site, &people)).collect();
    let inspecting = inspecting(&app.db, mandate.kindergarten(), now).await?;
    let missing = first_steps::missing(&app.db, site).await?;
    let appeals = appeals::waiting(&app.db, mandate.kindergarten()).await?;
    let alarms = alarms::rung(&app.db, mandate.kindergarten(), now).await?;
    let mut today = Today { missing, inspecting, requests, appeals, alarms, ..build(site, watching, &people, now) };
    for camera in &mut today.cameras {
        camera.defects = ShownDefect::all(app, camera.id);
    }
    Ok(today)
}

/// The inspectors whose last look was not long ago, and since when they look: longer holes make it two visits.
async fn inspecting(db: &impl Queries, kindergarten: KindergartenId, now: Timestamp) -> Result<Vec<TodayInspector>, DbError> {
    let since = now.saturating_sub(VISIT).unwrap_or(Timestamp::MIN);
    let mut inspecting: Vec<TodayInspector> = Vec::new();
    for look in audit::list::looks(db, kindergarten, since).await? {
        match inspecting.iter_mut().find(|inspector| inspector.account == look.account) {
            // The newest comes first.
            Some(inspector) if look.at.duration_until(inspector.since) <= LOOKING => inspector.since = look.at,
            Some(_) => {}
            None => {
                let until = look.at.saturating_add(LOOKING).unwrap_or(Timestamp::MAX);
                inspecting.push(TodayInspector { account: look.account, name: look.name, since: look.at, until });
            }
        }
    }
    inspecting.retain(|inspector| now < inspector.until);
    Ok(inspecting)
}

/// A kindergarten at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(in crate::http) struct Today {
    /// The kindergarten.
    kindergarten: KindergartenId,
    /// What it still lacks before the first parent sees a picture; nothing, once it is set up.
    missing: Vec<FirstStep>,
    /// Its groups.
    groups: Vec<TodayGroup>,
    /// The pauses that are in force or to come.
    pauses: Vec<TodayPause>,
    /// Its cameras, with who watches them.
    cameras: Vec<TodayCamera>,
    /// The inspectors who look at how it is run, live pictures or not.
    inspecting: Vec<TodayInspector>,
    /// What parents ask for, and waits for the director.
    requests: Vec<TodayRequest>,
    /// What they reported, and waits as well.
    appeals: TodayAppeals,
    /// The alarms of the last day, as long as nothing that they keep was released.
    alarms: Vec<TodayAlarm>,
}

/// An inspector who looks at how the kindergarten is run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct TodayInspector {
    /// The account.
    account: AccountId,
    /// The name.
    name: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When it is taken to be over, if no other look follows.
    #[serde(skip)]
    until: Timestamp,
}

/// A parent asks that somebody else may look for some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct TodayRequest {
    /// The wish.
    id: GuestRequestId,
    /// The child's name.
    child_name: String,
    /// The parent's name.
    asked_by: String,
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
}

impl TodayRequest {
    /// The wish as its director sees it; nothing of it where the child or the parent is gone.
    fn of(request: &GuestRequest, site: &Site, people: &BTreeMap<AccountId, Account>) -> Option<Self> {
        let GuestRequest { id, name, login, from, to, .. } = request.clone();
        let (child_name, asked_by) = (site.child(request.child)?.name.clone(), people.get(&request.asked_by)?.name.clone());
        Some(Self { id, child_name, asked_by, name, login, from, to })
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct TodayGroup {
    /// The group.
    id: GroupId,
    /// Its name.
    name: String,
    /// How it stands for its parents.
    state: TodayState,
    /// The group in whose room its children are today, where that is not its own.
    host: Option<GroupId>,
    /// How many children are in it today, those who stay away included.
    children: usize,
    /// The children who stay away today.
    absent: Vec<TodayChild>,
    /// How many of the children who are in its room today keep it closed, because no consent of their family is good.
    without_consent: usize,
}

/// A child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct TodayChild {
    /// The child.
    id: ChildId,
    /// Its name.
    name: String,
}

/// How a group stands for its parents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct TodayState {
    /// `open`, `closed` (outside the hours), `paused`, or `group_consent` (not every family has agreed to the camera).
    #[schema(example = "open")]
    code: &'static str,
    /// Open: when it closes. Paused: when the pause ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// When it opens next.
    #[schema(value_type = Option<String>, format = DateTime)]
    opens_at: Option<Timestamp>,
    /// Why it is paused; or closed, when this date has other hours than the week.
    reason: Option<String>,
}

/// A pause that is in force or to come. Neither a group nor a camera means everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(in crate::http) struct TodayPause {
    /// The pause.
    id: PauseId,
    /// The group that it closes.
    group: Option<GroupId>,
    /// The camera that it closes.
    camera: Option<CameraId>,
    /// The first moment.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The first moment after.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Why.
    reason: String,
    /// Who ordered it; none when `site.toml` did, or the account is gone.
    by: Option<String>,
}

/// A camera, with who watches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct TodayCamera {
    /// The camera.
    id: CameraId,
    /// Its name.
    name: String,
    /// The group whose room it shows, or none for the yard and the like.
    group: Option<GroupId>,
    /// What is wrong with it although its pictures arrive.
    defects: Vec<ShownDefect>,
    /// Who watches it now, the first to come first.
    watching: Vec<TodayWatcher>,
}

/// Somebody who watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct TodayWatcher {
    /// The account.
    account: AccountId,
    /// The name.
    name: String,
    /// The role.
    role: Role,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

impl Today {
    /// Every moment at which it looks different by itself.
    pub(in crate::http) fn moments(&self) -> impl Iterator<Item = Timestamp> {
        let looks = self.inspecting.iter().map(|inspector| inspector.until);
        let states = self.groups.iter().flat_map(|group| [group.state.until, group.state.opens_at]).flatten();
        looks
            .chain(self.alarms.iter().map(TodayAlarm::until))
            .chain(states)
            .chain(self.pauses.iter().flat_map(|pause| [pause.from, pause.until]))
    }
}

impl TodayPause {
    /// The pause as its director sees it; `by` is the name of who ordered it.
    pub(in crate::http) fn of(pause: &Pause, by: Option<String>) -> Self {
        let (group, camera) = match pause.scope {
            Scope::All => (None, None),
            Scope::Group(group) => (Some(group), None),
            Scope::Camera(camera) => (None, Some(camera)),
        };
        Self { id: pause.id, group, camera, from: pause.from, until: pause.until, reason: pause.reason.clone(), by }
    }
}

fn build(site: &Site, watching: &Watching, people: &BTreeMap<AccountId, Account>, now: Timestamp) -> Today {
    let name = |id| people.get(&id).map(|account| account.name.clone());
    let groups = site.groups.iter();
    let today = site.date(now);
    let away = away(site, today);
    let groups = groups.map(|group| {
        let here = site.enrolments.iter().filter(|stay| stay.group == group.id && stay.covers(today));
        let children: BTreeSet<ChildId> = here.map(|stay| stay.child).collect();
        TodayGroup {
            id: group.id,
            name: group.name.clone(),
            state: state(site, group.id, now),
            host: Some(policy::room(site, group.id, now).0).filter(|room| *room != group.id),
            absent: away.iter().filter(|child| children.contains(&child.id)).cloned().collect(),
            children: children.len(),
            without_consent: without_consent(site, group.id, today),
        }
    });
    // A pause may outlive the group or camera that it closed, and be over since the facts were read.
    let pauses = site.pauses.iter().filter(|pause| site.has(pause.scope) && now < pause.until);
    let cameras = site.cameras.iter().map(|camera| TodayCamera {
        id: camera.id,
        name: camera.name.clone(),
        group: camera.group,
        defects: Vec::new(),
        watching: watchers(watching.of(camera.id), people),
    });
    Today {
        kindergarten: site.kindergarten.id,
        missing: Vec::new(),
        groups: groups.collect(),
        pauses: pauses.map(|pause| TodayPause::of(pause, pause.by.and_then(name))).collect(),
        cameras: cameras.collect(),
        inspecting: Vec::new(),
        requests: Vec::new(),
        appeals: TodayAppeals::default(),
        alarms: Vec::new(),
    }
}

/// How many children keep the room of `group` closed today for want of consent.
fn without_consent(site: &Site, group: GroupId, today: Date) -> usize {
    if site.consents.rule == ConsentRule::Group { policy::without_consent(site, group, today).len() } else { 0 }
}

/// The children who stay away today, by name.
fn away(site: &Site, today: Date) -> Vec<TodayChild> {
    let away = site.absences.iter().filter(|absence| absence.from <= today && today <= absence.to);
    let away: BTreeSet<ChildId> = away.map(|absence| absence.child).collect();
    let children = away.into_iter().filter_map(|id| site.child(id));
    let mut children: Vec<TodayChild> = children.map(|child| TodayChild { id: child.id, name: child.name.clone() }).collect();
    children.sort_by(|one, other| one.name.cmp(&other.name));
    children
}

fn state(site: &Site, group: GroupId, now: Timestamp) -> TodayState {
    match policy::standing(site, group, now) {
        Standing::Open { until } => TodayState { code: "open", until: Some(until), opens_at: None, reason: None },
        Standing::Closed { opens_at, reason } => {
            TodayState { code: "closed", until: None, opens_at, reason: reason.map(str::to_owned) }
        }
        Standing::NotAgreed { opens_at } => TodayState { code: "group_consent", until: None, opens_at, reason: None },
        Standing::Paused { pause, opens_at } => {
            TodayState { code: "paused", until: Some(pause.until), opens_at, reason: Some(pause.reason.clone()) }
        }
    }
}

/// Each account once, whose streams may be several.
fn watchers(watchers: &[Watcher], people: &BTreeMap<AccountId, Account>) -> Vec<TodayWatcher> {
    let mut seen = BTreeSet::new();
    let first = watchers.iter().filter(|watcher| seen.insert(watcher.account));
    let known = first.filter_map(|watcher| Some((watcher, people.get(&watcher.account)?)));
    let shown = |(watcher, account): (&Watcher, &Account)| TodayWatcher {
        account: account.id,
        name: account.name.clone(),
        role: account.role,
        since: watcher.since,
    };
    known.map(shown).collect()
}
