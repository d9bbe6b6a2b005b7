//! Cameras: addresses, user names and passwords.

use super::values::{Checker, SecretFields};
use crate::{
    apply::{
        file::{CameraTable, Text, TransportWord},
        thing::{Fact, Key, Source, Thing},
    },
    media::{Credentials, Transport},
};
use url::Url;

/// A camera and where it hangs.
pub(super) fn camera(checker: &mut Checker<'_>, table: &CameraTable, groups: &[Key], key: &Key) -> (Thing, Fact) {
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
    (thing, Fact::Placement { camera: key.clone(), group, sound: table.sound })
}

/// An RTSP address, and the user name and password that were written into it.
fn address(checker: &mut Checker<'_>, text: &Text) -> (Url, Option<Credentials>) {
    let parsed =
        Url::parse(text.get_ref()).ok().filter(|url| url.scheme() == "rtsp" && url.host_str().is_some_and(|host| !host.is_empty()));
    let Some(mut url) = parsed else {
        checker.fault(text.span(), "must be an address like rtsp://10.0.0.7/stream1");
        return (nowhere(), None);
    };
    let inside = !url.username().is_empty() || url.password().is_some();
    let credentials = inside.then(|| Credentials {
        username: percent_decoded(url.username()),
        password: percent_decoded(url.password().unwrap_or_default()),
    });
    // A host that is there and no 'cannot be a base': neither of these fails.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    (url, credentials)
}

/// Stands where an address could not be read; a fault keeps it from ever being used.
fn nowhere() -> Url {
    Url::parse("rtsp://invalid/").unwrap_or_else(|_| unreachable!("a constant that parses"))
}

/// Undoes what the address's syntax makes of other characters (RFC 3986 §2.1).
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let decoded = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_with_any_character_survives_the_address() {
        let url = Url::parse("rtsp://admin:p%40ss%3Aw%D3%99rd%25@10.0.0.7/1").unwrap();
        assert_eq!(percent_decoded(url.password().unwrap()), "p@ss:wәrd%");
        assert_eq!(percent_decoded("100%"), "100%");
    }
}
