//! What somebody logs in with: a phone number or an e-mail address, in one spelling.

use std::{fmt, str::FromStr};

/// The longest address (RFC 5321 §4.5.3.1.3, less the brackets).
const MAX_LENGTH: usize = 254;

/// A phone number (E.164, like `+77011234567`) or an e-mail address in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LoginName(String);

/// The text is neither a phone number nor an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a phone number nor an e-mail address")]
pub struct NotALogin;

impl LoginName {
    /// The one spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an e-mail address; else it is a phone number.
    pub fn is_email(&self) -> bool {
        self.0.contains('@')
    }
}

impl fmt::Display for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for LoginName {
    type Err = NotALogin;

    /// Takes what people type: `8 (701) 123-45-67` and `+7 701 123 45 67` are one number, and capitals in an address do not count.
    fn from_str(text: &str) -> Result<Self, NotALogin> {
        let text = text.trim();
        if text.len() > MAX_LENGTH {
            return Err(NotALogin);
        }
        if text.contains('@') { email(text) } else { phone(text) }.map(Self).ok_or(NotALogin)
    }
}

fn email(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let strange = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | ',' | ';' | '<' | '>' | '"');
    let labels = domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    let fit =
        !local.is_empty() && domain.contains('.') && labels && !text[..local.len()].contains(strange) && !domain.contains(strange);
    fit.then(|| text.to_lowercase())
}

fn phone(text: &str) -> Option<String> {
    let international = text.starts_with('+');
    let mut digits = String::with_capacity(15);
    for c in text.chars().skip(usize::from(international)) {
        match c {
            '0'..='9' => digits.push(c),
            // What people and address books put between the digits; phones write spaces that do not break, and long dashes.
            ' ' | '(' | ')' | '-' | '.' | '\u{a0}' | '\u{202f}' | '\u{2010}'..='\u{2014}' => {}
            _ => return None,
        }
    }
    match (international, digits.len(), digits.as_bytes().first()) {
        (true, 8..=15, Some(b'1'..=b'9')) => Some(format!("+{digits}")),
        // Within Kazakhstan 8 is dialled for +7, and a number may be given without either.
        (false, 11, Some(b'7' | b'8')) => Some(format!("+7{}", &digits[1..])),
        (false, 10, Some(b'7')) => Some(format!("+7{digits}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_to_write_a_number_is_the_same_number() {
        let spellings = [
            "+77011234567",
            "87011234567",
            "77011234567",
            "7011234567",
            "8 (701) 123-45-67",
            " +7 701 123 45 67 ",
            "+7\u{a0}701\u{a0}123–45–67",
        ];
        for spelling in spellings {
            assert_eq!(spelling.parse::<LoginName>().map(|name| name.0), Ok("+77011234567".to_owned()), "{spelling:?}");
        }
        assert_eq!("+996 555 123456".parse::<LoginName>().unwrap().as_str(), "+996555123456");
    }

    #[test]
    fn capitals_in_an_address_do_not_count() {
        assert_eq!(" Director@Balapan.KZ".parse::<LoginName>().unwrap().as_str(), "director@balapan.kz");
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in [
            "",
            "parent",
            "123",
            "+7701",
            "8701123456",
            "a@",
            "@b.kz",
            "a@b",
            "a b@c.kz",
            "a@b..kz",
            "a@b@c.kz",
            "+7701x234567",
            "+07011234567",
        ] {
            assert_eq!(text.parse::<LoginName>(), Err(NotALogin), "{text:?}");
        }
        assert_eq!(format!("{}@b.kz", "a".repeat(300)).parse::<LoginName>(), Err(NotALogin));
    }

    proptest! {
        #[test]
        fn the_one_spelling_reads_back_as_itself(text in "[+0-9 ()-]{7,16}|[a-zA-Zа-я.]{1,9}@[a-z]{1,5}\\.kz") {
            if let Ok(name) = text.parse::<LoginName>() {
                prop_assert_eq!(name.as_str().parse::<LoginName>(), Ok(name.clone()));
            }
        }
    }
}
