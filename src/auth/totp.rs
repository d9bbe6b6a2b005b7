//! One-time codes of an authenticator app: TOTP (RFC 6238) over HMAC-SHA-1, six digits, 30 seconds. It is what every app can do, and
//! the collisions of SHA-1 do not matter inside an HMAC.

use crate::random;
use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use subtle::ConstantTimeEq;
use url::Url;
use zeroize::Zeroizing;

/// As long as the hash (RFC 4226 §4, R6).
const LENGTH: usize = 20;
/// In seconds.
const PERIOD: i64 = 30;
/// How many steps a telephone's clock may be off, either way.
const DRIFT: i64 = 1;
const DIGITS: usize = 6;
const MODULUS: u32 = 1_000_000;
/// What the app calls us.
const ISSUER: &str = "Tereze";

/// The secret that an account shares with its app. It is shown to nobody but its owner: there is no `Debug`.
pub(super) struct Key(Zeroizing<[u8; LENGTH]>);

impl Key {
    /// A new one.
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    /// The one that these bytes are; `None` when they are none.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// To be sealed.
    pub(super) fn bytes(&self) -> &[u8] {
        &*self.0
    }

    /// To be typed into an app that cannot scan: base32 in groups of four.
    pub(super) fn text(&self) -> String {
        in_groups(&BASE32_NOPAD.encode(&*self.0), ' ')
    }

    /// To be scanned: the address that authenticator apps take (Key Uri Format); `login` is what the app lists it under.
    pub(super) fn uri(&self, login: &str) -> Result<String, url::ParseError> {
        let mut uri = Url::parse("otpauth://totp")?;
        if let Ok(mut path) = uri.path_segments_mut() {
            path.push(&format!("{ISSUER}:{login}"));
        }
        let secret = BASE32_NOPAD.encode(&*self.0);
        uri.query_pairs_mut().extend_pairs([("secret", secret.as_str()), ("issuer", ISSUER), ("digits", "6"), ("period", "30")]);
        Ok(uri.into())
    }

    /// The step after `last` whose code `code` is, around `now`: a code is taken once, and none that is older than one taken.
    pub(super) fn step_of(&self, code: &str, now: Timestamp, last: i64) -> Option<i64> {
        let present = now.as_second().div_euclid(PERIOD);
        let mut steps = (present - DRIFT..=present + DRIFT).filter(|step| *step > last);
        steps.find(|step| self.code(*step).as_bytes().ct_eq(code.as_bytes()).into())
    }

    /// The code of a step (RFC 4226 §5.3: dynamic truncation).
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &*self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag[tag.len() - 1] & 0xF);
        let number = tag[offset..offset + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7FFF_FFFF;
        format!("{:0DIGITS$}", number % MODULUS)
    }
}

/// `text` with `between` after every fourth character, so that a person can copy it.
pub(super) fn in_groups(text: &str, between: char) -> String {
    let letters = text.chars().enumerate();
    letters.flat_map(|(at, letter)| (at > 0 && at % 4 == 0).then_some(between).into_iter().chain([letter])).collect()
}

/// The code as the app makes it, of what somebody typed; `None` when it cannot be one.
pub(super) fn read(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    (code.len() == DIGITS && code.bytes().all(|digit| digit.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    /// RFC 6238, Appendix B: the last six digits of each.
    #[test]
    fn codes_are_those_of_the_standard() {
        let key = Key::from_bytes(b"12345678901234567890").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(key.code(seconds / PERIOD), code);
            assert_eq!(key.step_of(code, at(seconds), 0), Some(seconds / PERIOD));
        }
    }

    #[test]
    fn a_clock_may_be_half_a_minute_off_and_no_more() {
        let (key, now) = (Key::new(), at(3_000));
        for (step, taken) in [(98, false), (99, true), (100, true), (101, true), (102, false)] {
            assert_eq!(key.step_of(&key.code(step), now, 0), taken.then_some(step), "{step}");
        }
    }

    #[test]
    fn a_code_is_taken_once_and_no_older_one_after() {
        let (key, now) = (Key::new(), at(3_000));
        assert_eq!(key.step_of(&key.code(100), now, 100), None);
        assert_eq!(key.step_of(&key.code(99), now, 100), None);
        assert_eq!(key.step_of(&key.code(101), now, 100), Some(101));
    }

    #[test]
    fn an_app_is_given_the_key_to_scan_or_to_type() {
        let key = Key::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(key.text(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let uri = "otpauth://totp/Tereze:+77010000010?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tereze&digits=6&period=30";
        assert_eq!(key.uri("+77010000010").unwrap(), uri);
    }

    #[test]
    fn a_code_may_be_typed_with_spaces() {
        assert_eq!(read(" 123 456 "), Some("123456".to_owned()));
        for typed in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
