//! An authenticator app by other people: what it makes of our key is what a director's telephone would.

use jiff::Timestamp;
use totp_rs::Totp;

/// An app that has scanned one key.
pub struct Authenticator(Totp);

impl Authenticator {
    /// Takes the address in the QR code.
    pub fn scan(uri: &str) -> Self {
        Self(Totp::from_url(uri).expect("an app takes the address"))
    }

    /// What it shows at `at`.
    pub fn code(&self, at: Timestamp) -> String {
        self.0.generate(u64::try_from(at.as_second()).unwrap()).to_string()
    }
}
