//! Who may watch what, and until when: one pure function. No I/O, no clock, no async.
//!
//! A [`Grant`] has private fields and only this module makes one. No stream opens without one, so the compiler enforces what the
//! project exists for. A [`Mandate`] is the same for what a director changes, an [`Insight`] for what
//! directors and inspectors may know of a kindergarten, a [`Replay`] for what was recorded.

mod appellant;
mod charge;
mod charter;
mod company;
mod consent;
mod custody;
mod day;
mod explain;
mod grant;
mod host;
mod mandate;
mod news;
mod opening;
mod posting;
mod refusal;
mod replay;
mod room;
mod speaker;
mod standing;

pub use appellant::{Appellant, appellant};
pub use charge::{Charge, Ties, charge};
pub use charter::{Charter, administer};
pub use company::company;
pub use consent::without_consent;
pub use custody::{Custody, Ground, keep};
pub use day::{Stretch, Why, day};
pub use explain::{Explanation, Step, explain};
pub use grant::Grant;
pub use host::{Host, host};
pub use mandate::{Insight, Mandate, manage, oversee};
pub use news::{News, What, news};
pub use opening::{group_windows, open_windows, today};
pub use posting::own_room;
pub use refusal::Refusal;
pub use replay::{Replay, replay};
pub use room::{room, room_on};
pub use speaker::{Speaker, speaker, speaks};
pub use standing::{Standing, standing};

use crate::{
    id::{CameraId, ChildId, GroupId, KindergartenId},
    model::{Account, Camera, Interruption, Role, Site, Window},
};
use explain::Trail;
use jiff::Timestamp;

/// What the policy is given: who asks, for what, and how things stand.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// Who asks.
    pub account: &'a Account,
    /// The kindergarten of the camera as it stands; `None` when there is no such camera.
    pub site: Option<&'a Site>,
    /// The camera asked for; `None` when what was asked for is not even an id.
    pub camera: Option<CameraId>,
    /// What it is wanted for.
    pub purpose: Purpose,
    /// How many others watch this camera now.
    pub viewers: u32,
}

/// What a camera is wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// The picture of now.
    Live,
    /// What was recorded, and the reason that was stated for looking.
    Recording {
        /// The stated reason; a director must give one.
        reason: String,
    },
}

impl Purpose {
    /// The camera of `site` that can be asked for: of one that was removed, what it recorded.
    fn camera<'a>(&self, site: &'a Site, id: CameraId) -> Option<&'a Camera> {
        match self {
            Self::Live => site.camera(id),
            Self::Recording { .. } => site.recorded_camera(id),
        }
    }
}

/// What a verified view token covers (see `auth::token`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenScope {
    /// The first moment at which the token is no longer good.
    pub expires_at: Timestamp,
    /// What it names.
    pub grants: Vec<TokenGrant>,
}

/// One line of a token's `grants`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenGrant {
    /// The group, or the whole kindergarten, that it names.
    pub subject: TokenSubject,
    /// The windows in which it does.
    pub windows: Vec<Window>,
}

/// What a line of a token names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenSubject {
    /// A parent's: one group.
    Group(GroupId),
    /// A director's or an inspector's: a kindergarten.
    Kindergarten(KindergartenId),
}

/// Decides whether the account of `facts` may watch at `now` under `token`. Both must say yes: the token and the facts.
///
/// The grant carries `until`, the first moment at which the answer could become no; whoever holds it asks again there.
pub fn decide(facts: &Facts<'_>, token: &TokenScope, now: Timestamp) -> Result<Grant, Refusal> {
    let verdict = judge(facts, now, &mut Trail::silent())?;
    let covered = verdict.ties.iter().filter_map(|tie| Some(tie.until.min(token_until(token, tie.subject, now)?))).max();
    let until = match covered {
        Some(until) => until,
        None if token.expires_at <= now => return Err(Refusal::TokenExpired),
        None => return Err(Refusal::TokenDoesNotCover),
    };
    Ok(Grant::new(facts, &verdict, until))
}

/// Whether the account of `facts` could watch at `now` with a fresh token: what a screen shows before anybody presses play.
///
/// Returns the first moment at which the answer could become no; `None` where nothing in the facts ends it.
pub fn outlook(facts: &Facts<'_>, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let verdict = judge(facts, now, &mut Trail::silent())?;
    Ok(verdict.ties.iter().map(|tie| tie.until).max().filter(|until| *until < Timestamp::MAX))
}

/// What a view token for `account` may name at `now`: a parent's groups with today's windows, or a whole kindergarten.
///
/// `sites` are the kindergartens that the account has to do with. Pauses, and the consent of other families, are left to the policy,
/// which is asked all the way: a pause that is lifted early must not need a new token.
pub fn token_grants<'a>(account: &Account, sites: impl IntoIterator<Item = &'a Site>, now: Timestamp) -> Vec<TokenGrant> {
    let mut grants = Vec::new();
    for site in sites {
        match account.role {
            Role::Parent => {
                for group in &site.groups {
                    let ties = guardian_ties(account, site, Some(group.id), now);
                    let until = ties.iter().filter(|tie| !tie.restricted && tie.agreed).map(|tie| tie.until).max();
                    let Some(until) = until else { continue };
                    let windows = today(site, group.id, now)
                        .into_iter()
                        .filter(|window| window.end > now && window.start < until)
                        .map(|window| Window { end: window.end.min(until), ..window });
                    grants.push(TokenGrant { subject: TokenSubject::Group(group.id), windows: windows.collect() });
                }
            }
            Role::Director | Role::Inspector => {
                if let Some(until) = oversight(account, site, now) {
                    let windows = vec![Window { start: now, end: until }];
                    grants.push(TokenGrant { subject: TokenSubject::Kindergarten(site.kindergarten.id), windows });
                }
            }
            Role::Staff | Role::Operator => {}
        }
    }
    grants.retain(|grant| !grant.windows.is_empty() && !account.blocked);
    grants
}

/// One way in which an account belongs to a camera.
#[derive(Debug, Clone, Copy)]
struct Tie {
    subject: TokenSubject,
    /// The child for whose sake a guardian looks.
    child: Option<ChildId>,
    restricted: bool,
    /// Whether the family's own consent, or the rule, lets it look.
    agreed: bool,
    until: Timestamp,
}

/// A yes, before the token is looked at.
struct Verdict<'a> {
    site: &'a Site,
    camera: &'a Camera,
    ties: Vec<Tie>,
}

/// The rules, in the order in which they speak. Belonging comes before everything else, so that a stranger learns nothing.
fn judge<'a>(facts: &Facts<'a>, now: Timestamp, trail: &mut Trail) -> Result<Verdict<'a>, Refusal> {
    let account = facts.account;
    let sees_video = matches!(account.role, Role::Parent | Role::Director | Role::Inspector);
    trail.step("role", sees_video, || vec![("role", account.role.to_string())]);
    if !sees_video {
        return Err(Refusal::RoleSeesNoVideo);
    }

    let known = facts.site.and_then(|site| Some((site, facts.purpose.camera(site, facts.camera?)?)));
    let mut ties = known.map(|(site, camera)| belonging(account, site, camera, now)).unwrap_or_default();
    trail.step("belonging", !ties.is_empty(), || ties.iter().map(|tie| tie.subject.named()).collect());
    let Some((site, camera)) = known.filter(|_| !ties.is_empty()) else {
        return Err(Refusal::NotYours);
    };

    trail.step("account", !account.blocked, Vec::new);
    if account.blocked {
        return Err(Refusal::AccountBlocked);
    }

    if account.role == Role::Parent {
        let before = ties.len();
        ties.retain(|tie| !tie.restricted);
        trail.step("restriction", !ties.is_empty(), || vec![("restricted", (before - ties.len()).to_string())]);
        if ties.is_empty() {
            return Err(Refusal::Restricted);
        }
    }

    let interrupted = interruption(account, site, now);
    trail.step("interruption", interrupted.is_none(), || {
        interrupted.map(|by| [("reason", by.reason.clone()), ("until", by.until.to_string())]).into_iter().flatten().collect()
    });
    if let Some(Interruption { until, reason, .. }) = interrupted {
        return Err(Refusal::EndedByDirector { until: *until, reason: reason.clone() });
    }

    let purpose = match (&facts.purpose, account.role) {
        (Purpose::Live, _) => Ok(()),
        (Purpose::Recording { .. }, Role::Parent) => Err(Refusal::LiveOnly),
        (Purpose::Recording { reason }, Role::Director) if reason.trim().is_empty() => Err(Refusal::ReasonMissing),
        (Purpose::Recording { .. }, _) => Ok(()),
    };
    trail.step("purpose", purpose.is_ok(), Vec::new);
    purpose?;

    // Consent, hours, pauses and the viewers' limit bind parents only: those who answer for the children, or inspect, look at any time.
    if account.role == Role::Parent {
        consent::narrow_to_agreed(&mut ties, site, trail)?;
        opening::narrow_to_open(account, &mut ties, site, camera, now, trail)?;
        let limit = site.kindergarten.limits.viewers_per_camera;
        trail.step("viewers", facts.viewers < limit, || vec![("viewers", facts.viewers.to_string()), ("limit", limit.to_string())]);
        if facts.viewers >= limit {
            return Err(Refusal::TooManyViewers { limit });
        }
    }
    Ok(Verdict { site, camera, ties })
}

/// What keeps a parent out whose viewing the director ended. An inspector's right to look is not the director's to interrupt.
fn interruption<'a>(account: &Account, site: &'a Site, now: Timestamp) -> Option<&'a Interruption> {
    let own = site.interruptions.iter().filter(|interruption| account.role == Role::Parent && interruption.account == account.id);
    own.filter(|interruption| interruption.from <= now && now < interruption.until).max_by_key(|interruption| interruption.until)
}

/// Every way in which `account` belongs to `camera` at `now`; none for a stranger.
fn belonging(account: &Account, site: &Site, camera: &Camera, now: Timestamp) -> Vec<Tie> {
    match account.role {
        Role::Parent => guardian_ties(account, site, camera.group, now),
        Role::Director | Role::Inspector => {
            let subject = TokenSubject::Kindergarten(site.kindergarten.id);
            let tie = |until| Tie { subject, child: None, restricted: false, agreed: true, until };
            oversight(account, site, now).map(tie).into_iter().collect()
        }
        Role::Staff | Role::Operator => Vec::new(),
    }
}

/// Until when a director or inspector has to do with the kindergarten of `site`; `None` when not at all.
fn oversight(account: &Account, site: &Site, now: Timestamp) -> Option<Timestamp> {
    match account.role {
        Role::Director => (account.kindergarten == Some(site.kindergarten.id)).then_some(Timestamp::MAX),
        Role::Inspector => {
            let theirs = site.assignments.iter().filter(|assignment| assignment.account == account.id);
            theirs.filter_map(|assignment| opening::day_range(site, Some(assignment.from), Some(assignment.to), now)).max()
        }
        _ => None,
    }
}

/// The ties of a guardian to the room of `group`, or to every room when `group` is `None`: one for each child that is in it today.
fn guardian_ties(account: &Account, site: &Site, group: Option<GroupId>, now: Timestamp) -> Vec<Tie> {
    let mut ties = Vec::new();
    for guardianship in site.guardianships.iter().filter(|guardianship| guardianship.account == account.id) {
        let Some(tie_ends) = opening::day_range(site, guardianship.from, guardianship.to, now) else { continue };
        let agreed_until = consent::agreed_until(site, guardianship.child, now);
        let stays = site.enrolments.iter().filter(|stay| stay.child == guardianship.child);
        for stay in stays {
            let Some(stay_ends) = opening::day_range(site, Some(stay.from), stay.to, now) else { continue };
            // Where the child is counts, not where it belongs: on a day in another room that is the one to look into.
            let (room, room_until) = room(site, stay.group, now);
            if group.is_some_and(|group| group != room) {
                continue;
            }
            let until = tie_ends.min(stay_ends).min(room_until).min(agreed_until.unwrap_or(Timestamp::MAX));
            let (subject, child) = (TokenSubject::Group(room), Some(stay.child));
            ties.push(Tie { subject, child, restricted: guardianship.restricted, agreed: agreed_until.is_some(), until });
        }
    }
    ties
}

/// Until when `token` names `subject` at `now`; `None` when it does not.
fn token_until(token: &TokenScope, subject: TokenSubject, now: Timestamp) -> Option<Timestamp> {
    let lines = token.grants.iter().filter(|line| line.subject == subject);
    let window = lines.flat_map(|line| &line.windows).filter(|window| window.contains(now)).map(|window| window.end).max()?;
    Some(window.min(token.expires_at)).filter(|until| *until > now)
}

impl Tie {
    /// The room that it opens, where it is a parent's.
    fn room(&self) -> Option<GroupId> {
        match self.subject {
            TokenSubject::Group(group) => Some(group),
            TokenSubject::Kindergarten(_) => None,
        }
    }
}

impl TokenSubject {
    fn named(self) -> (&'static str, String) {
        match self {
            Self::Group(group) => ("group", group.to_string()),
            Self::Kindergarten(kindergarten) => ("kindergarten", kindergarten.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
