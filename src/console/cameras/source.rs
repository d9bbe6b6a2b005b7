//! Where a camera's streams are to come from, as a form says it: what is left empty stays as it is.

use crate::{
    id::CameraId,
    media::{Address, CameraSource, Credentials, Transport},
};
use std::fmt;
use url::Url;

/// In characters.
const LONGEST_CREDENTIAL: usize = 200;

/// What a form says of a source. Neither addresses nor passwords can be looked at again, so that nothing said means nothing changed.
#[derive(Clone, Default)]
pub struct SourceWish {
    /// The address of the main stream. Where it is given, that of the sub stream is what `sub` says, or none.
    pub main: Option<String>,
    /// The address of the sub stream.
    pub sub: Option<String>,
    /// The user name.
    pub username: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// How packets travel.
    pub transport: Option<Transport>,
}

/// Shows nothing: it holds addresses and passwords.
impl fmt::Debug for SourceWish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceWish(..)")
    }
}

/// Why a wish is no source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSource {
    /// A field is missing, or cannot be.
    #[error("'{0}' is missing or cannot be")]
    Field(&'static str),
    /// The password that is kept goes to the device that it was given for and to no other.
    #[error("another device, or another user: the password has to be given again")]
    PasswordNeeded,
}

impl SourceWish {
    /// The source of `camera` that was `before`, as it is to be.
    pub fn onto(self, camera: CameraId, before: Option<&CameraSource>) -> Result<CameraSource, BadSource> {
        let (main, in_main) = address("main", filled(self.main.as_deref()))?;
        let (sub, in_sub) = address("sub", filled(self.sub.as_deref()))?;
        let sub = if main.is_some() { sub } else { sub.or_else(|| before?.sub.clone()) };
        let main = main.or_else(|| Some(before?.main.clone())).ok_or(BadSource::Field("main"))?;

        let username = credential("username", filled(self.username.as_deref()))?;
        // A space may be part of a password.
        let password = credential("password", self.password.as_deref().filter(|password| !password.is_empty()))?;
        if in_sub.is_some() && in_sub != in_main {
            return Err(BadSource::Field("sub"));
        }
        let given = match (in_main, username, password) {
            (None, username, password) => (username, password),
            (Some(inside), None, None) => (Some(inside.username), Some(inside.password)),
            (Some(_), ..) => return Err(BadSource::Field("username")),
        };
        let same_device =
            before.is_some_and(|before| [Some(&main), sub.as_ref()].into_iter().flatten().all(|url| knows(before, url)));
        let credentials = credentials(given, before.and_then(|before| before.credentials.as_ref()), same_device)?;
        let transport = self.transport.or_else(|| Some(before?.transport)).unwrap_or_default();
        Ok(CameraSource { camera, main, sub, credentials, transport })
    }
}

/// What is given, completed by what is kept: the password of a device stays with it and its user.
fn credentials(
    given: (Option<String>, Option<String>),
    kept: Option<&Credentials>,
    same_device: bool,
) -> Result<Option<Credentials>, BadSource> {
    match (given, kept) {
        ((Some(username), Some(password)), _) => Ok(Some(Credentials { username, password })),
        ((None, None), None) => Ok(None),
        ((Some(username), None), None) => Ok(Some(Credentials { username, password: String::new() })),
        ((None, Some(_)), None) => Err(BadSource::Field("username")),
        ((username, password), Some(kept)) => {
            let same_user = username.as_ref().is_none_or(|username| *username == kept.username);
            if password.is_none() && !(same_device && same_user) {
                return Err(BadSource::PasswordNeeded);
            }
            let username = username.unwrap_or_else(|| kept.username.clone());
            Ok(Some(Credentials { username, password: password.unwrap_or_else(|| kept.password.clone()) }))
        }
    }
}

/// Whether the device at `url` is one that the password of `source` was given for.
fn knows(source: &CameraSource, url: &Url) -> bool {
    [Some(&source.main), source.sub.as_ref()].into_iter().flatten().any(|known| known.host_str() == url.host_str())
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn address(field: &'static str, text: Option<&str>) -> Result<(Option<Url>, Option<Credentials>), BadSource> {
    let Some(text) = text else { return Ok((None, None)) };
    let Address { url, credentials } = text.parse().map_err(|_| BadSource::Field(field))?;
    Ok((Some(url), credentials))
}

fn credential(field: &'static str, text: Option<&str>) -> Result<Option<String>, BadSource> {
    let bad = text.is_some_and(|text| text.chars().count() > LONGEST_CREDENTIAL || text.chars().any(char::is_control));
    if bad { Err(BadSource::Field(field)) } else { Ok(text.map(str::to_owned)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn wish(main: &str, sub: &str, username: &str, password: &str) -> SourceWish {
        let some = |text: &str| Some(text.to_owned());
        SourceWish { main: some(main), sub: some(sub), username: some(username), password: some(password), transport: None }
    }

    fn onto(wish: SourceWish, before: Option<&CameraSource>) -> Result<CameraSource, BadSource> {
        wish.onto(CameraId::new(Timestamp::UNIX_EPOCH), before)
    }

    /// Addresses, user name and password of a source.
    fn told(source: &CameraSource) -> (&str, Option<&str>, Option<(&str, &str)>) {
        let credentials = source.credentials.as_ref().map(|known| (known.username.as_str(), known.password.as_str()));
        (source.main.as_str(), source.sub.as_ref().map(Url::as_str), credentials)
    }

    #[test]
    fn what_is_left_empty_stays() {
        let before = onto(wish(" rtsp://10.0.0.7/1 ", "rtsp://10.0.0.7/2", "viewer", " p "), None).unwrap();
        assert_eq!(told(&before), ("rtsp://10.0.0.7/1", Some("rtsp://10.0.0.7/2"), Some(("viewer", " p "))));
        assert_eq!(told(&onto(SourceWish::default(), Some(&before)).unwrap()), told(&before));
        let password = onto(wish("", "", "", "new"), Some(&before)).unwrap();
        assert_eq!(told(&password), ("rtsp://10.0.0.7/1", Some("rtsp://10.0.0.7/2"), Some(("viewer", "new"))));
        let sub = onto(wish("", "rtsp://10.0.0.7/3", "", ""), Some(&before)).unwrap();
        assert_eq!(told(&sub), ("rtsp://10.0.0.7/1", Some("rtsp://10.0.0.7/3"), Some(("viewer", " p "))));
        let main = onto(wish("rtsp://10.0.0.7:8554/4", "", "viewer", ""), Some(&before)).unwrap();
        assert_eq!(told(&main), ("rtsp://10.0.0.7:8554/4", None, Some(("viewer", " p "))));
    }

    #[test]
    fn a_kept_password_goes_to_no_other_device_and_to_no_other_user() {
        let before = onto(wish("rtsp://10.0.0.7/1", "", "viewer", "p"), None).unwrap();
        for other in [
            wish("rtsp://10.0.0.8/1", "", "", ""),
            wish("rtsp://10.0.0.8/1", "", "viewer", ""),
            wish("", "rtsp://10.0.0.8/2", "", ""),
            wish("", "", "admin", ""),
        ] {
            assert_eq!(onto(other, Some(&before)).unwrap_err(), BadSource::PasswordNeeded);
        }
        let given = onto(wish("rtsp://10.0.0.8/1", "", "", "q"), Some(&before)).unwrap();
        assert_eq!(told(&given).2, Some(("viewer", "q")));
    }

    #[test]
    fn what_cannot_be_is_named_by_its_field() {
        let long = "x".repeat(201);
        for (wish, field) in [
            (wish("", "", "", ""), "main"),
            (wish("http://10.0.0.7/", "", "", ""), "main"),
            (wish("rtsp://10.0.0.7/", "10.0.0.7", "", ""), "sub"),
            (wish("rtsp://a:b@10.0.0.7/", "rtsp://a:c@10.0.0.7/", "", ""), "sub"),
            (wish("rtsp://a:b@10.0.0.7/", "", "c", ""), "username"),
            (wish("rtsp://10.0.0.7/", "", "", "p"), "username"),
            (wish("rtsp://10.0.0.7/", "", "a\nb", "p"), "username"),
            (wish("rtsp://10.0.0.7/", "", "a", &long), "password"),
        ] {
            assert_eq!(onto(wish, None).unwrap_err(), BadSource::Field(field));
        }
        let inside = onto(wish("rtsp://a:b%40@10.0.0.7/", "rtsp://a:b%40@10.0.0.7/2", "", ""), None).unwrap();
        assert_eq!(told(&inside), ("rtsp://10.0.0.7/", Some("rtsp://10.0.0.7/2"), Some(("a", "b@"))));
        assert_eq!(format!("{:?}", SourceWish::default()), "SourceWish(..)");
    }
}
