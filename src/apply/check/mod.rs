//! From tables to what they declare, with every fault of the file named at once.

mod camera;
mod hours;
mod people;
mod recording;
mod values;

use super::{
    fact::Fact,
    file::{KindergartenTable, SiteFile},
    merge::Declared,
    thing::{Key, Kindergarten, Thing},
};
use crate::{
    model::{Language, Limits, Role},
    toml_file::{Faults, TomlFile},
};
use jiff::{Timestamp, tz::TimeZone};
use people::{Roles, Taken};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};
use values::Checker;

/// A password as the file gives it.
#[derive(Clone)]
pub(super) enum Password {
    /// In plain, and where: a fault found on hashing is named there.
    Plain {
        /// The password.
        text: String,
        /// Its place in the file.
        place: Range<usize>,
    },
    /// Its argon2id hash.
    Hash(String),
}

impl Password {
    /// What the file says.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Plain { text, .. } | Self::Hash(text) => text,
        }
    }
}

/// The accounts of the database that this file does not declare.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    pub(super) accounts: Vec<OtherAccount>,
}

#[derive(Debug)]
pub(super) struct OtherAccount {
    pub(super) key: Option<Key>,
    pub(super) login: String,
    pub(super) role: Role,
}

/// What a whole file declares.
pub(super) struct Checked {
    pub(super) kindergartens: Vec<Declared>,
    pub(super) passwords: BTreeMap<Key, Password>,
}

/// Checks `tables`. Pauses that are over at `now` are left out.
pub(super) fn check(file: &TomlFile, tables: &SiteFile, elsewhere: &Elsewhere, now: Timestamp) -> Result<Checked, Faults> {
    let mut checker = Checker { file, faults: Vec::new() };
    let mut checked = Checked { kindergartens: Vec::new(), passwords: BTreeMap::new() };
    if tables.kindergarten.is_empty() {
        checker.faults.push(file.fault(None, "declares no [[kindergarten]]"));
    }
    let roles = roles(&mut checker, tables, elsewhere);
    let mut taken = Taken::default();
    for table in &tables.kindergarten {
        let key = checker.new_key(&table.key, checked.kindergartens.iter().any(|earlier| earlier.key == *table.key.get_ref()));
        let (languages, zone, thing) = kindergarten(&mut checker, table);
        let mut declared = Declared { key: key.clone(), things: vec![(key, thing)], facts: BTreeSet::new() };
        rooms(&mut checker, table, &zone, now, &roles, &mut declared);
        for table in &table.account {
            let key = table.key.get_ref().clone();
            let (account, password) = people::account(&mut checker, table, languages[0], elsewhere, &mut taken);
            declared.things.push((key.clone(), Thing::Account(account)));
            checked.passwords.extend(password.map(|password| (key, password)));
        }
        for table in &table.inspector {
            let fact = people::inspector(&mut checker, table, &roles);
            declared.facts.insert(fact);
        }
        checked.kindergartens.push(declared);
    }
    if checker.faults.is_empty() { Ok(checked) } else { Err(Faults(checker.faults)) }
}

/// Every account that may be spoken of: those of the whole file, and those that the database knows from elsewhere.
fn roles(checker: &mut Checker<'_>, tables: &SiteFile, elsewhere: &Elsewhere) -> Roles {
    let mut roles = Roles::new();
    for table in tables.kindergarten.iter().flat_map(|kindergarten| &kindergarten.account) {
        let key = checker.new_key(&table.key, roles.contains_key(table.key.get_ref()));
        roles.insert(key, table.role);
    }
    for account in &elsewhere.accounts {
        if let Some(key) = &account.key {
            roles.entry(key.clone()).or_insert(account.role);
        }
    }
    roles
}

/// The kindergarten itself; its first language is that of accounts which name none.
fn kindergarten(checker: &mut Checker<'_>, table: &KindergartenTable) -> (Vec<Language>, TimeZone, Thing) {
    let zone = TimeZone::get(table.zone.get_ref()).unwrap_or_else(|_| {
        checker.fault(table.zone.span(), "no time zone of this name; write it like Asia/Almaty");
        TimeZone::UTC
    });
    if let Some(bin) =
        table.bin.as_ref().filter(|bin| bin.get_ref().len() != 12 || !bin.get_ref().bytes().all(|b| b.is_ascii_digit()))
    {
        checker.fault(bin.span(), "a BIN has 12 digits");
    }
    let mut languages =
        table.languages.as_ref().map_or(vec![Language::Kazakh, Language::Russian], |languages| languages.get_ref().clone());
    if let (true, Some(place)) = (languages.is_empty(), &table.languages) {
        checker.fault(place.span(), "name at least one");
        languages.push(Language::Kazakh);
    }
    let mut limit = |given: &Option<serde_spanned::Spanned<u32>>, default: u32, most: u32| {
        let Some(given) = given else { return default };
        if !(1..=most).contains(given.get_ref()) {
            checker.fault(given.span(), format!("must be 1 to {most}"));
        }
        *given.get_ref()
    };
    let streams_per_account = limit(&table.limits.streams_per_account, Limits::DEFAULT.streams_per_account, 16);
    let viewers_per_camera = limit(&table.limits.viewers_per_camera, Limits::DEFAULT.viewers_per_camera, 10_000);
    let thing = Kindergarten {
        name: checker.name(&table.name),
        bin: table.bin.as_ref().map(|bin| bin.get_ref().clone()),
        district: table.district.as_ref().map(|district| checker.name(district)),
        ownership: table.ownership,
        zone: table.zone.get_ref().clone(),
        languages: languages.clone(),
        streams_per_account,
        viewers_per_camera,
        watermark: table.watermark,
    };
    (languages, zone, Thing::Kindergarten(thing))
}

/// Groups, cameras, children, and when viewing is open.
fn rooms(
    checker: &mut Checker<'_>,
    table: &KindergartenTable,
    zone: &TimeZone,
    now: Timestamp,
    roles: &Roles,
    declared: &mut Declared,
) {
    let mut groups = Vec::new();
    declared.facts.extend(hours::week(checker, &table.hours, None));
    declared.facts.extend(table.recording.as_ref().map(|table| recording::rule(checker, table, None)));
    for group in &table.group {
        let key = checker.new_key(&group.key, groups.contains(group.key.get_ref()));
        if let Some(week) = &group.hours {
            let facts = hours::week(checker, week.get_ref(), Some(&key));
            if facts.is_empty() {
                checker.fault(week.span(), "has no hours at all; leave it out for the kindergarten's hours");
            }
            declared.facts.extend(facts);
        }
        declared.things.push((key.clone(), Thing::Group { name: checker.name(&group.name) }));
        groups.push(key);
    }
    let mut cameras = Vec::new();
    for camera in &table.camera {
        let key = checker.new_key(&camera.key, cameras.contains(camera.key.get_ref()));
        let (thing, facts) = camera::camera(checker, camera, &groups, &key);
        declared.things.push((key.clone(), thing));
        declared.facts.extend(facts);
        declared.facts.extend(camera.recording.as_ref().map(|table| recording::rule(checker, table, Some(&key))));
        cameras.push(key);
    }
    let mut children: BTreeSet<Key> = BTreeSet::new();
    for child in &table.child {
        let key = checker.new_key(&child.key, children.contains(child.key.get_ref()));
        declared.things.push((key.clone(), Thing::Child { name: checker.name(&child.name) }));
        declared.facts.extend(people::child(checker, child, &key, &groups, roles));
        children.insert(key);
    }
    let mut dates = BTreeSet::new();
    for exception in &table.exception {
        let fact: Fact = hours::exception(checker, exception, &groups, &mut dates);
        declared.facts.insert(fact);
    }
    for pause in &table.pause {
        declared.facts.extend(hours::pause(checker, pause, (&groups, &cameras), zone, now));
    }
}
