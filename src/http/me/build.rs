//! Pure: from what is known, and how cameras and viewers are, to the document.

use super::{
    Me, MyAppeals, MyCamera, MyChild, MyConsent, MyGroup, MyKindergarten, Outlook, Span, System, Today, account, mask::mask, news,
    shortfall,
};
use crate::{
    auth::FactorState,
    facts::Known,
    id::{CameraId, ChildId, GroupId, KindergartenId},
    media::{CameraState, Health},
    model::{Camera, ConsentStanding, Recent, Role, Site, Window, merge},
    policy::{self, Refusal},
    recording::{calendar::Doubt, forecast::Forecast},
    sessions::Watching,
};
use jiff::{Timestamp, civil::Date};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// How things are at the moment for which a document is made.
pub(in crate::http) struct View<'a> {
    /// What was changed lately in the kindergartens of a parent.
    pub(in crate::http) recent: &'a HashMap<KindergartenId, Arc<Recent>>,
    /// The moment.
    pub(in crate::http) now: Timestamp,
    /// The log-in's word against forged requests.
    pub(in crate::http) csrf: &'a str,
    /// How the cameras are.
    pub(in crate::http) cameras: &'a BTreeMap<CameraId, CameraState>,
    /// Who watches what.
    pub(in crate::http) watching: &'a Watching,
    /// How it stands with what the account reported.
    pub(in crate::http) appeals: Option<MyAppeals>,
    /// How the kindergartens stand that the account manages.
    pub(in crate::http) today: Vec<Today>,
    /// How it stands with the second factor.
    pub(in crate::http) factor: Option<FactorState>,
    /// How the machine does, where the account may know.
    pub(in crate::http) system: Option<System>,
    /// Whether recordings will fit.
    pub(in crate::http) forecast: &'a Forecast,
    /// Why the clock is not believed, if it is not.
    pub(in crate::http) doubt: Option<Doubt>,
}

/// The document for the account of `known`.
pub(in crate::http) fn build(known: &Known, view: View<'_>) -> Me {
    let mut me = Me {
        now: view.now,
        csrf: view.csrf.to_owned(),
        account: account(&known.account),
        kindergartens: Vec::new(),
        children: Vec::new(),
        groups: Vec::new(),
        cameras: Vec::new(),
        revision: matches!(known.account.role, Role::Director | Role::Inspector | Role::Operator).then_some(known.revision),
        second_factor: view.factor,
        appeals: view.appeals,
        today: Vec::new(),
        system: None,
    };
    for site in &known.sites {
        let groups = own_groups(known, site, view.now);
        me.kindergartens.push(kindergarten(known, site, &view));
        let news =
            |child| view.recent.get(&site.kindergarten.id).map(|recent| news::of(&known.account, site, recent, child, view.now));
        let children = children(known, site, view.now).into_iter();
        me.children.extend(children.map(|child| MyChild { news: news(child.id).unwrap_or_default(), ..child }));
        me.cameras.extend(site.cameras.iter().filter_map(|camera| self::camera(known, site, camera, &groups, &view)));
        me.groups.extend(site.groups.iter().filter(|group| groups.contains(&group.id)).map(|group| MyGroup {
            id: group.id,
            name: group.name.clone(),
            kindergarten: site.kindergarten.id,
            viewers:
                view.watching.of_any(site.cameras.iter().filter(|camera| camera.group == Some(group.id)).map(|camera| camera.id)),
        }));
    }
    me.today = view.today;
    me.system = view.system;
    me
}

/// The first moment after `me.now` at which the document could look different although nothing was changed.
pub(in crate::http) fn next_change(me: &Me, known: &Known) -> Option<Timestamp> {
    let states = me.cameras.iter().flat_map(|camera| [camera.state.until, camera.state.opens_at]).flatten();
    let hours = me.cameras.iter().flat_map(|camera| &camera.today).flat_map(|span| [span.start, span.end]);
    let midnights = known.sites.iter().filter_map(|site| midnight_after(site, me.now));
    let today = me.today.iter().flat_map(Today::moments);
    // A pause that is over is news.
    let pauses = known.sites.iter().flat_map(|site| &site.pauses).map(|pause| pause.until).filter(|_| !me.children.is_empty());
    states.chain(pauses).chain(hours).chain(today).chain(midnights).filter(|moment| *moment > me.now).min()
}

fn midnight_after(site: &Site, now: Timestamp) -> Option<Timestamp> {
    let zone = &site.kindergarten.zone;
    let tomorrow = date(site, now).tomorrow().ok()?;
    Some(tomorrow.to_zoned(zone.clone()).ok()?.timestamp())
}

/// The date by the kindergarten's own clock.
fn date(site: &Site, now: Timestamp) -> Date {
    site.kindergarten.zone.to_datetime(now).date()
}

fn kindergarten(known: &Known, site: &Site, view: &View<'_>) -> MyKindergarten {
    let today = date(site, view.now);
    let mine = site.assignments.iter().filter(|assignment| assignment.account == known.account.id);
    // The assignment of today, else the next one, else the last that was.
    let assignment = mine.min_by_key(|assignment| (assignment.to < today, assignment.from));
    MyKindergarten {
        id: site.kindergarten.id,
        name: site.kindergarten.name.clone(),
        zone: site.kindergarten.zone.iana_name().unwrap_or("UTC").to_owned(),
        district: site.kindergarten.district.clone().unwrap_or_default(),
        languages: site.kindergarten.languages.clone(),
        watermark: mask(&known.account, site.kindergarten.watermark),
        shortfalls: shortfall::of(known, site, view.forecast, view.now),
        clock: shortfall::doubt(known, site, view.doubt, view.now),
        from: assignment.map(|assignment| assignment.from),
        to: assignment.map(|assignment| assignment.to),
    }
}

/// The children that are tied to the account today.
fn children(known: &Known, site: &Site, now: Timestamp) -> Vec<MyChild> {
    let today = date(site, now);
    let mut children: BTreeMap<_, MyChild> = BTreeMap::new();
    let ties = site.guardianships.iter().filter(|tie| tie.account == known.account.id && on(today, tie.from, tie.to));
    for tie in ties.filter(|_| known.account.role == Role::Parent) {
        let Some(child) = site.child(tie.child) else { continue };
        let stay = site.enrolments.iter().find(|stay| stay.child == child.id && on(today, Some(stay.from), stay.to));
        let listed = children.entry(child.id).or_insert_with(|| MyChild {
            id: child.id,
            name: child.name.clone(),
            kindergarten: site.kindergarten.id,
            group: stay.map(|stay| policy::room(site, stay.group, now).0),
            home: stay
                .filter(|stay| policy::room(site, stay.group, now).0 != stay.group)
                .and_then(|stay| site.group(stay.group))
                .map(|group| group.name.clone()),
            restricted: true,
            consent: consent(known, site, child.id, now),
            news: Vec::new(),
        });
        // One tie that is open is enough, as it is for the policy.
        listed.restricted &= tie.restricted;
    }
    children.into_values().collect()
}

/// How it stands with the consent for `child`, for who answers for it.
fn consent(known: &Known, site: &Site, child: ChildId, now: Timestamp) -> Option<MyConsent> {
    site.consents.newest()?;
    policy::speaker(&known.account, Some(site), child, now).ok()?;
    let standing = site.consents.standing(child, date(site, now));
    let asked = match standing {
        ConsentStanding::Missing | ConsentStanding::AskedAgain => true,
        // A later text asks again from a day on that is still to come.
        ConsentStanding::Given => site.consents.of(child).is_some_and(|it| site.consents.good_before(it.version).is_some()),
        ConsentStanding::Declined | ConsentStanding::Withdrawn => false,
    };
    Some(MyConsent { standing, asked })
}

fn on(today: Date, from: Option<Date>, to: Option<Date>) -> bool {
    from.is_none_or(|from| from <= today) && to.is_none_or(|to| today <= to)
}

/// The groups whose cameras the account may ever watch; of a staff member, the one whose viewers it may count.
fn own_groups(known: &Known, site: &Site, now: Timestamp) -> BTreeSet<GroupId> {
    match known.account.role {
        Role::Parent => {
            children(known, site, now).iter().filter(|child| !child.restricted).filter_map(|child| child.group).collect()
        }
        Role::Director | Role::Inspector => site.groups.iter().map(|group| group.id).collect(),
        Role::Staff => policy::own_room(&known.account, site).into_iter().collect(),
        Role::Operator => BTreeSet::new(),
    }
}

/// The camera as the account sees it; `None` when it may not know of it.
fn camera(known: &Known, site: &Site, camera: &Camera, groups: &BTreeSet<GroupId>, view: &View<'_>) -> Option<MyCamera> {
    let facts = known.live(Some(camera.id), view.watching.others(camera.id, known.account.id));
    let outlook = policy::outlook(&facts, view.now);
    if let Err(Refusal::NotYours | Refusal::RoleSeesNoVideo | Refusal::Restricted | Refusal::AccountBlocked) = outlook {
        return None;
    }
    let mut today: Vec<Window> = match camera.group {
        Some(group) => policy::today(site, group, view.now),
        None => groups.iter().flat_map(|group| policy::today(site, *group, view.now)).collect(),
    };
    merge(&mut today);
    Some(MyCamera {
        id: camera.id,
        name: camera.name.clone(),
        kindergarten: site.kindergarten.id,
        group: camera.group,
        sound: camera.sound,
        masks: site.masks(camera.id),
        viewers: view.watching.of_any([camera.id]),
        state: state(outlook, view.cameras.get(&camera.id)),
        today: today.into_iter().map(|window| Span { start: window.start, end: window.end }).collect(),
    })
}

/// A camera that may not be watched now shows nothing of how it is.
fn state(outlook: Result<Option<Timestamp>, Refusal>, camera: Option<&CameraState>) -> Outlook {
    let plain = |code| Outlook { code, since: None, until: None, opens_at: None, reason: None };
    match (outlook, camera) {
        (Ok(until), Some(camera)) if camera.health == Health::WrongCodec => Outlook { until, ..plain(Health::WrongCodec.code()) },
        (Ok(until), Some(camera)) if camera.health.failed() => {
            Outlook { since: Some(camera.since), until, ..plain("camera_offline") }
        }
        (Ok(until), _) => Outlook { until, ..plain("live") },
        (Err(refusal), _) => {
            let (code, opens_at) = (refusal.code(), refusal.opens_at());
            match refusal {
                Refusal::Paused { until, reason, .. } => {
                    Outlook { until: Some(until), reason: Some(reason), opens_at, ..plain(code) }
                }
                Refusal::EndedByDirector { until, reason } => Outlook { until: Some(until), reason: Some(reason), ..plain(code) },
                Refusal::OutsideHours { reason, .. } => Outlook { opens_at, reason, ..plain(code) },
                _ => Outlook { opens_at, ..plain(code) },
            }
        }
    }
}
