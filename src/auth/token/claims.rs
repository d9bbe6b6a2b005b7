//! The wire form of a view token (RFC 7519) and its strict reading: what is not written here is refused, doubles included.

use super::TokenError;
use crate::{
    id::{GroupId, KindergartenId, LoginId},
    model::Window,
    policy::{TokenGrant, TokenSubject},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What tokens are for: one made for something else is refused.
pub(super) const AUDIENCE: &str = "tereze:view";
/// Their type (RFC 8725 §3.11), so that no other token of ours can be taken for one.
pub(super) const TYPE: &str = "tereze-view+jwt";
/// The one algorithm (RFC 8037 §3.1).
pub(super) const ALGORITHM: &str = "EdDSA";
/// The longest token, in bytes: what servers and proxies let pass as one header.
pub(super) const MAX_LENGTH: usize = 8 * 1024;
/// The longest life of a token.
pub(super) const MAX_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// By how much the clocks of two machines may differ. It makes no token live longer.
const LEEWAY: SignedDuration = SignedDuration::from_secs(5);

/// The header (RFC 7515 §4). Nothing else may be in it: no key of the sender's, no address to fetch one from, nothing critical.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    alg: String,
    typ: String,
    pub(super) kid: String,
}

impl Header {
    /// Reads the header of `token`, which is not to be believed yet; it only tells which key to ask.
    pub(super) fn read(token: &str) -> Result<Self, TokenError> {
        if token.is_empty() {
            return Err(TokenError::Missing);
        }
        let first = token.split('.').next().filter(|_| token.len() <= MAX_LENGTH).ok_or(TokenError::Invalid)?;
        let json = BASE64_URL_SAFE_NO_PAD.decode(first).map_err(|_| TokenError::Invalid)?;
        let header: Self = serde_json::from_slice(&json).map_err(|_| TokenError::Invalid)?;
        // The key says how it signs. A header that says otherwise is an attempt to have it used in another way (RFC 8725 §2.1).
        if header.alg == ALGORITHM && header.typ == TYPE { Ok(header) } else { Err(TokenError::Invalid) }
    }
}

/// The claims (RFC 7519 §4). Times are seconds since the epoch.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: String,
    pub(super) jti: String,
    pub(super) iat: i64,
    pub(super) nbf: i64,
    pub(super) exp: i64,
    /// The log-in that it was given to; other issuers have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<LoginId>,
    pub(super) grants: Vec<Line>,
}

/// One line of `grants`: a group or a kindergarten, and windows.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<GroupId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kindergarten: Option<KindergartenId>,
    windows: Vec<(i64, i64)>,
}

impl Claims {
    /// Whether the token is good at `now`, and until when.
    pub(super) fn expires_at(&self, now: Timestamp) -> Result<Timestamp, TokenError> {
        let [issued, begins, expires] = [self.iat, self.nbf, self.exp].map(moment);
        let (issued, begins, expires) = (issued?, begins?, expires?);
        let life = expires.duration_since(issued);
        if life <= SignedDuration::ZERO || life > MAX_LIFE {
            return Err(TokenError::Invalid);
        }
        if expires <= now {
            return Err(TokenError::Expired);
        }
        if issued.max(begins).duration_since(now) > LEEWAY {
            return Err(TokenError::NotYetValid);
        }
        Ok(expires)
    }

    /// The lines as the policy takes them.
    pub(super) fn grants(&self) -> Result<Vec<TokenGrant>, TokenError> {
        self.grants.iter().map(Line::read).collect()
    }
}

impl Line {
    /// Windows are cut to whole seconds, inwards at their end: a token never covers more than the hours.
    pub(super) fn write(grant: &TokenGrant) -> Self {
        let (group, kindergarten) = match grant.subject {
            TokenSubject::Group(group) => (Some(group), None),
            TokenSubject::Kindergarten(kindergarten) => (None, Some(kindergarten)),
        };
        let windows = grant.windows.iter().map(|window| (window.start.as_second(), window.end.as_second())).collect();
        Self { group, kindergarten, windows }
    }

    fn read(&self) -> Result<TokenGrant, TokenError> {
        let subject = match (self.group, self.kindergarten) {
            (Some(group), None) => TokenSubject::Group(group),
            (None, Some(kindergarten)) => TokenSubject::Kindergarten(kindergarten),
            _ => return Err(TokenError::Invalid),
        };
        let window = |&(start, end)| Ok(Window { start: moment(start)?, end: moment(end)? });
        let windows = self.windows.iter().map(window).collect::<Result<_, TokenError>>()?;
        Ok(TokenGrant { subject, windows })
    }
}

fn moment(second: i64) -> Result<Timestamp, TokenError> {
    Timestamp::from_second(second).map_err(|_| TokenError::Invalid)
}
