//! Cameras: addresses, user names and passwords.

use super::values::{Checker, SecretFields};
use crate::{
    apply::{
        fact::Fact,
        file::{CameraTable, Text, TransportWord},
        thing::{Key, Source, Thing},
    },
    media::{Address, Credentials, Transport},
    model::{Area, Mask},
};
use std::collections::BTreeSet;
use url::Url;

/// A camera, where it hangs, and what is covered of its picture.
pub(super) fn camera(checker: &mut Checker<'_>, table: &CameraTable, groups: &[Key], key: &Key) -> (Thing, Vec<Fact>) {
    let group = table.group.as_ref().map(|group| checker.reference("group", group, groups.contains(group.get_ref())));
    let (main, in_main) = address(checker, &table.main);
    let sub = table.sub.as_ref().map(|sub| (sub, address(checker, sub)));
    if let Some((place, (_, in_sub @ Some(_)))) = &sub
        && *in_sub != in_main
    {
        checker.fault(place.span(), "has another user name or password than 'main'");
    }
    let fields =
        SecretFields { plain: table.password.as_ref(), file: table.password_file.as_ref(), variable: table.password_env.as_ref() };
    let password = checker.secret(&fields);
    let credentials = match (in_main, &table.username, password) {
        (None, Some(username), password) => {
            let password = password.map(|(password, _)| password).unwrap_or_default();
            Some(Credentials { username: username.get_ref().clone(), password })
        }
        (None, None, Some((_, place))) => {
            checker.fault(place, "a password without a user name");
            None
        }
        (Some(_), Some(username), _) => {
            checker.fault(username.span(), "the address has a user name already");
            None
        }
        (Some(_), None, Some((_, place))) => {
            checker.fault(place, "the address has a user name and password already");
            None
        }
        (in_main, None, None) => in_main,
    };
    let transport = match table.transport {
        TransportWord::Tcp => Transport::Tcp,
        TransportWord::Udp => Transport::Udp,
    };
    let source = Source { main, sub: sub.map(|(_, (url, _))| url), credentials, transport };
    let thing = Thing::Camera { name: checker.name(&table.name), source: Box::new(source) };
    let mut facts = vec![Fact::Placement { camera: key.clone(), group, sound: table.sound }];
    facts.extend(masks(checker, table).into_iter().map(|area| Fact::Mask { camera: key.clone(), area }));
    (thing, facts)
}

/// What is covered of its picture.
fn masks(checker: &mut Checker<'_>, table: &CameraTable) -> BTreeSet<Area> {
    if let Some(extra) = table.masks.get(Mask::MOST) {
        checker.fault(extra.span(), format!("a camera has at most {} masks", Mask::MOST));
    }
    let mut areas = BTreeSet::new();
    for given in &table.masks {
        match Area::new(*given.get_ref()) {
            Some(area) => drop(areas.insert(area)),
            None => checker.fault(
                given.span(),
                "must be left, top, width and height within the picture, in thousandths; at least 10 wide and high",
            ),
        }
    }
    areas
}

/// An RTSP address, and the user name and password that were written into it.
fn address(checker: &mut Checker<'_>, text: &Text) -> (Url, Option<Credentials>) {
    if let Ok(Address { url, credentials }) = text.get_ref().parse() {
        (url, credentials)
    } else {
        checker.fault(text.span(), "must be an address like rtsp://10.0.0.7/stream1");
        (nowhere(), None)
    }
}

/// Stands where an address could not be read; a fault keeps it from ever being used.
fn nowhere() -> Url {
    Url::parse("rtsp://invalid/").unwrap_or_else(|_| unreachable!("a constant that parses"))
}
