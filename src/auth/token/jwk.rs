//! Keys as JSON: what others read at `/.well-known/jwks.json`, and what we read of other issuers (RFC 7517, RFC 8037).

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};

/// What is wrong with another issuer's keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// Not a key set.
    #[error("not a JSON Web Key Set: {0}")]
    Malformed(String),
    /// A private key was given where a public one belongs.
    #[error("the key set holds a private key: whoever has it can sign, so it must be replaced")]
    Private,
    /// Two keys of one id: which of them is meant cannot be told.
    #[error("two keys have the id '{0}'")]
    Double(String),
    /// None of the keys can be used.
    #[error("the key set has no Ed25519 key for signatures")]
    NoKey,
}

/// The id of a key of ours: its thumbprint (RFC 7638), so that an id means one key for ever.
pub(super) fn thumbprint(public: &[u8; 32]) -> String {
    let x = BASE64_URL_SAFE_NO_PAD.encode(public);
    // The required members alone, in the order of their names (RFC 8037 §2).
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
}

/// A public key of ours.
pub(super) fn write(id: &str, public: &[u8; 32]) -> Value {
    let x = BASE64_URL_SAFE_NO_PAD.encode(public);
    json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": id, "alg": super::claims::ALGORITHM, "use": "sig" })
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    d: Option<serde::de::IgnoredAny>,
}

/// The Ed25519 keys for signatures in a key set, by their ids; keys of other kinds are passed over (RFC 7517 §5). A key without an id
/// gets its thumbprint for one.
pub(super) fn read(jwks: &str) -> Result<Vec<(String, [u8; 32])>, JwksError> {
    let set: Set = serde_json::from_str(jwks).map_err(|error| JwksError::Malformed(error.to_string()))?;
    let mut keys: Vec<(String, [u8; 32])> = Vec::new();
    for jwk in set.keys {
        if jwk.d.is_some() {
            return Err(JwksError::Private);
        }
        let signs = jwk.alg.is_none_or(|alg| alg == super::claims::ALGORITHM) && jwk.usage.is_none_or(|usage| usage == "sig");
        if jwk.kty != "OKP" || jwk.crv.as_deref() != Some("Ed25519") || !signs {
            continue;
        }
        let x = jwk.x.and_then(|x| BASE64_URL_SAFE_NO_PAD.decode(x).ok()).and_then(|x| x.try_into().ok());
        let public: [u8; 32] = x.ok_or_else(|| JwksError::Malformed("an 'x' is not 32 bytes in base64url".to_owned()))?;
        let id = jwk.kid.unwrap_or_else(|| thumbprint(&public));
        if keys.iter().any(|(other, _)| *other == id) {
            return Err(JwksError::Double(id));
        }
        keys.push((id, public));
    }
    if keys.is_empty() { Err(JwksError::NoKey) } else { Ok(keys) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example key of RFC 8037 Appendix A.2, and its thumbprint (A.3).
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn set(keys: &str) -> String {
        format!(r#"{{"keys":[{keys}]}}"#)
    }

    #[test]
    fn a_thumbprint_is_the_one_in_the_rfc() {
        let public = BASE64_URL_SAFE_NO_PAD.decode(X).unwrap().try_into().unwrap();
        assert_eq!(thumbprint(&public), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn what_is_written_reads_back() {
        let public = [7; 32];
        let written = json!({ "keys": [write("one", &public)] }).to_string();
        assert_eq!(read(&written), Ok(vec![("one".to_owned(), public)]));
    }

    #[test]
    fn only_ed25519_keys_for_signatures_are_taken() {
        let rsa = r#"{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"r"}"#;
        let secret = r#"{"kty":"oct","k":"AQAB","kid":"o"}"#;
        let other_curve = format!(r#"{{"kty":"OKP","crv":"X25519","x":"{X}"}}"#);
        let other_use = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","use":"enc"}}"#);
        let other_alg = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","alg":"HS256"}}"#);
        for key in [rsa, secret, &other_curve, &other_use, &other_alg] {
            assert_eq!(read(&set(key)), Err(JwksError::NoKey), "{key}");
        }
        let good = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}"}}"#);
        assert_eq!(read(&set(&format!("{rsa},{good}"))).unwrap()[0].0, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(read(&set(&format!("{good},{good}"))).unwrap_err().to_string().split('\'').count(), 3);
    }

    #[test]
    fn a_private_key_among_the_public_ones_is_not_passed_over() {
        let private = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}}"#);
        assert_eq!(read(&set(&private)), Err(JwksError::Private));
        assert!(matches!(read("[]"), Err(JwksError::Malformed(_))));
    }
}
