//! The cookie that a log-in lasts by (RFC 6265bis).
//!
//! Over TLS its name begins with `__Host-`, so that browsers take it from this host alone, for all paths, and only when it is secure.
//! Plain HTTP, which is for the demo on loopback, cannot have that prefix.

use std::{fmt, time::Duration};

/// Room for `__Host-tereze=` and the secret is far below this; what is longer was not made here.
const MAX_LENGTH: usize = 128;

/// The secret in a cookie. It is shown to nobody but the browser: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct CookieSecret(pub(super) String);

impl fmt::Debug for CookieSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CookieSecret(..)")
    }
}

/// How cookies are written here: over TLS or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookies {
    /// Whether the pages are served over TLS.
    pub secure: bool,
}

impl Cookies {
    const fn name(self) -> &'static str {
        if self.secure { "__Host-tereze" } else { "tereze" }
    }

    const fn half_name(self) -> &'static str {
        if self.secure { "__Host-tereze-half" } else { "tereze-half" }
    }

    const fn attributes(self) -> &'static str {
        if self.secure { "; Path=/; HttpOnly; SameSite=Lax; Secure" } else { "; Path=/; HttpOnly; SameSite=Lax" }
    }

    /// The value of a `Set-Cookie` header that gives the browser `secret` for `lasts`.
    pub fn set(self, secret: &CookieSecret, lasts: Duration) -> String {
        self.written(self.name(), &secret.0, lasts)
    }

    /// The value of a `Set-Cookie` header that takes it away.
    pub fn clear(self) -> String {
        self.written(self.name(), "", Duration::ZERO)
    }

    /// The same for a log-in that waits for the second factor: it has a cookie of its own, that nothing else reads.
    pub fn set_half(self, secret: &CookieSecret, lasts: Duration) -> String {
        self.written(self.half_name(), &secret.0, lasts)
    }

    /// Takes that one away.
    pub fn clear_half(self) -> String {
        self.written(self.half_name(), "", Duration::ZERO)
    }

    fn written(self, name: &str, value: &str, lasts: Duration) -> String {
        format!("{name}={value}; Max-Age={}{}", lasts.as_secs(), self.attributes())
    }

    /// The secret in the values of a request's `Cookie` lines: over HTTP/2 there may be one for each cookie (RFC 9113 §8.2.3).
    pub fn find<'a>(self, lines: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        only(self.name(), lines)
    }

    /// The secret of a log-in that waits for the second factor.
    pub fn find_half<'a>(self, lines: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        only(self.half_name(), lines)
    }
}

/// The value of the one cookie called `name`.
fn only<'a>(name: &str, lines: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let pairs = lines.into_iter().flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut ours = pairs.filter(|(found, _)| *found == name).map(|(_, value)| value);
    // Two of them means that somebody slipped one in beside ours, and which is ours cannot be told.
    ours.next().filter(|value| ours.next().is_none() && !value.is_empty() && value.len() <= MAX_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TLS: Cookies = Cookies { secure: true };
    const PLAIN: Cookies = Cookies { secure: false };

    #[test]
    fn what_is_set_is_found() {
        let secret = CookieSecret("s3cret_-".to_owned());
        let set = TLS.set(&secret, Duration::from_mins(1));
        assert_eq!(set, "__Host-tereze=s3cret_-; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(TLS.find(["a=b; __Host-tereze=s3cret_-; c=d"]), Some("s3cret_-"));
        assert_eq!(PLAIN.find(["tereze=s3cret_-"]), Some("s3cret_-"));
        assert_eq!(TLS.find(["a=b", "__Host-tereze=s3cret_-", "c=d"]), Some("s3cret_-"));
        assert!(!format!("{secret:?}").contains("s3cret"));
        let half = TLS.set_half(&secret, Duration::from_mins(1));
        assert_eq!(half, "__Host-tereze-half=s3cret_-; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!((TLS.find([half.as_str()]), TLS.find_half([half.split(';').next().unwrap()])), (None, Some("s3cret_-")));
    }

    #[test]
    fn no_other_cookie_and_no_double_is_taken() {
        assert_eq!(TLS.find(["tereze=x"]), None, "a plain cookie must not pass for a secure one");
        assert_eq!(PLAIN.find(["xtereze=x; tereze="]), None);
        assert_eq!(PLAIN.find(["tereze=a; tereze=b"]), None);
        assert_eq!(PLAIN.find(["tereze=a", "c=d", "tereze=b"]), None);
        assert_eq!(PLAIN.find([format!("tereze={}", "x".repeat(129)).as_str()]), None);
    }
}
