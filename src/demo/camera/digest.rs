//! Digest authentication as cameras ask for it: RFC 7616 with MD5 and SHA-256, both with `qop=auth`.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use md5::{Digest, Md5};
use std::fmt::Write;

/// Who may see the camera.
pub(super) struct Guard {
    username: String,
    password: String,
    nonce: String,
}

const REALM: &str = "Simulated camera";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    fn hash(self, text: &str) -> String {
        match self {
            Self::Md5 => hex(&Md5::digest(text)),
            Self::Sha256 => hex(digest(&SHA256, text.as_bytes()).as_ref()),
        }
    }
}

impl Guard {
    /// Asks for this name and password; the `nonce` is unique to the camera's run.
    pub(super) fn new(username: String, password: String, nonce: String) -> Self {
        Self { username, password, nonce }
    }

    /// The values of `WWW-Authenticate`, the better first (RFC 7616 §3.7).
    pub(super) fn challenges(&self) -> [String; 2] {
        ["SHA-256", "MD5"]
            .map(|algorithm| format!("Digest realm=\"{REALM}\", qop=\"auth\", algorithm={algorithm}, nonce=\"{}\"", self.nonce))
    }

    /// Whether the value of an `Authorization` header answers the challenge for a request with `method` (RFC 7616 §3.4.1).
    pub(super) fn admits(&self, method: &str, authorization: &str) -> bool {
        let Some(fields) = authorization.strip_prefix("Digest ").map(fields) else { return false };
        let field = |name: &str| fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value);
        let algorithm = match field("algorithm") {
            "SHA-256" => Algorithm::Sha256,
            "" | "MD5" => Algorithm::Md5,
            _ => return false,
        };
        let secret = algorithm.hash(&format!("{}:{REALM}:{}", self.username, self.password));
        let request = algorithm.hash(&format!("{method}:{}", field("uri")));
        let expected = match field("qop") {
            "auth" => {
                format!("{secret}:{}:{}:{}:auth:{request}", self.nonce, field("nc"), field("cnonce"))
            }
            _ => format!("{secret}:{}:{request}", self.nonce), // RFC 2069, as old clients answer
        };
        field("nonce") == self.nonce
            && field("username") == self.username
            && verify_slices_are_equal(algorithm.hash(&expected).as_bytes(), field("response").as_bytes()).is_ok()
    }
}

/// The `name=value` fields of a header, with or without quotes.
fn fields(header: &str) -> Vec<(String, String)> {
    let mut rest = header;
    let mut fields = Vec::new();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(',').unwrap_or((after, "")),
        };
        fields.push((name.trim_matches([' ', ',']).to_owned(), value.trim().to_owned()));
        rest = after;
    }
    fields
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String does not fail
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_are_those_of_the_rfcs() {
        assert_eq!(Algorithm::Md5.hash("abc"), "900150983cd24fb0d6963f7d28e17f72"); // RFC 1321 §A.5
        assert!(Algorithm::Sha256.hash("abc").starts_with("ba7816bf8f01cfea")); // FIPS 180-2 §B.1
    }

    #[test]
    fn only_the_right_password_is_admitted() {
        let guard = Guard::new("user".into(), "p@ss%".into(), "n".into());
        let answer = |password: &str| {
            let secret = Algorithm::Md5.hash(&format!("user:{REALM}:{password}"));
            let request = Algorithm::Md5.hash("DESCRIBE:rtsp://camera/main");
            let response = Algorithm::Md5.hash(&format!("{secret}:n:00000001:c:auth:{request}"));
            format!(
                "Digest username=\"user\", realm=\"{REALM}\", uri=\"rtsp://camera/main\", nonce=\"n\", nc=00000001, cnonce=\"c\", \
                 qop=auth, response=\"{response}\", algorithm=MD5"
            )
        };
        assert!(guard.admits("DESCRIBE", &answer("p@ss%")));
        assert!(!guard.admits("PLAY", &answer("p@ss%")));
        assert!(!guard.admits("DESCRIBE", &answer("wrong")));
        assert!(!guard.admits("DESCRIBE", "Digest"));
    }
}
