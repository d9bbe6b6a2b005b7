//! Whether a camera's password keeps anybody out.

use crate::media::Credentials;

/// What cameras and recorders leave the factory with, and what people set first; without upper case.
const WELL_KNOWN: [&str; 24] = [
    "admin",
    "password",
    "12345678",
    "123456789",
    "1234567890",
    "admin123",
    "admin1234",
    "admin12345",
    "admin123456",
    "qwerty123",
    "qwertyuiop",
    "11111111",
    "88888888",
    "00000000",
    "66666666",
    "jvbzd123",
    "hikvision",
    "hik12345",
    "hik12345+",
    "dahua123",
    "password1",
    "kindergarten",
    "balabaqsha",
    "detsad123",
];

/// In characters: shorter ones are tried through in a day.
const SHORT: usize = 8;

/// Whether somebody in the network finds the password out soon. Nothing is tried at the camera: it would lock its user.
pub(super) fn is_weak(Credentials { username, password }: &Credentials) -> bool {
    let plain = password.to_lowercase();
    let digits = password.chars().all(|c| c.is_ascii_digit()) && password.chars().count() < 12;
    let mut characters = password.chars();
    let first = characters.next();
    let same = characters.all(|c| Some(c) == first);
    let named = !username.is_empty() && plain.trim_end_matches(|c: char| c.is_ascii_digit()) == username.to_lowercase();
    password.chars().count() < SHORT || digits || same || named || WELL_KNOWN.contains(&plain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_the_factory_and_short_ones_are_weak() {
        let weak = |password: &str| is_weak(&Credentials { username: "operator".into(), password: password.into() });
        for password in
            ["", "admin", "12345", "Admin123", "HIKVISION", "20240901", "aaaaaaaaaaaa", "operator", "Operator2024", "window"]
        {
            assert!(weak(password), "{password}");
        }
        for password in ["p@ss/w%rd", "сирень-у-окна", "Tulip7!green", "845120937714"] {
            assert!(!weak(password), "{password}");
        }
    }
}
