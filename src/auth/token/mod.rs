//! View tokens: JWTs (RFC 7519, RFC 8725) signed with Ed25519, which open streams for ten minutes at most.
//!
//! A token is necessary and not sufficient: the policy is asked as well. It says who asks, from which log-in, and for which groups and
//! windows; what it says is believed only after the signature of the key that it names has been found good.

mod claims;
mod jwk;
mod trusted;

pub use jwk::JwksError;
pub use trusted::TrustedIssuer;

use crate::{
    audit::{self, Action, Record},
    db::{Db, DbError},
    id::{AccountId, LoginId},
    keyring::{self, KeyError, Purpose, StoredKey},
    model::Account,
    policy::{TokenGrant, TokenScope},
    random,
    secret::Secrets,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use claims::{AUDIENCE, Claims, Header, Line, MAX_LENGTH, MAX_LIFE, TYPE};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation};
use serde_json::{Value, json};
use std::sync::{Arc, PoisonError, RwLock};

/// A new key is known for so long before it signs, so that every node has seen it by then.
const LEAD: SignedDuration = SignedDuration::from_secs(2);

/// Why a token opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// There is none.
    #[error("there is no token")]
    Missing,
    /// It is not a view token for us, signed by a key that is trusted, and unaltered.
    #[error("the token is not valid")]
    Invalid,
    /// It was good once.
    #[error("the token has expired")]
    Expired,
    /// It will be good.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl TokenError {
    /// The stable code; `None` for a failure of ours.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::Missing => Some("token_missing"),
            Self::Invalid => Some("token_invalid"),
            Self::Expired => Some("token_expired"),
            Self::NotYetValid => Some("token_not_yet_valid"),
            Self::Db(_) => None,
        }
    }
}

/// Why a token could not be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// Nothing is granted, or nothing that lasts for another second.
    #[error("there is nothing to grant")]
    Nothing,
    /// So many groups or kindergartens do not fit into one token.
    #[error("more is granted than fits into one token")]
    TooLong,
    /// No key signs at this moment, or it failed.
    #[error("no key can sign")]
    NoKey,
}

/// A token just made.
#[derive(Clone)]
pub struct Issued {
    /// The token: whoever has it may use it, so it is shown to nobody but its owner.
    pub token: String,
    /// The first moment at which it is no longer good.
    pub expires_at: Timestamp,
}

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Who asks.
    pub account: AccountId,
    /// What the token covers, for the policy.
    pub scope: TokenScope,
    /// The token's own id, for the audit log.
    pub jti: String,
    /// The log-in that it was given to; `None` when another issuer gave it.
    pub login: Option<LoginId>,
}

/// The keys that view tokens are signed with and believed by. Cheap to clone.
#[derive(Clone)]
pub struct TokenKeys(Arc<Inner>);

struct Inner {
    db: Db,
    secrets: Secrets,
    issuer: String,
    trusted: Vec<TrustedIssuer>,
    own: RwLock<Arc<Vec<OwnKey>>>,
}

struct OwnKey {
    stored: StoredKey,
    verifies: DecodingKey,
    /// Absent when it signs no more.
    signs: Option<EncodingKey>,
}

impl OwnKey {
    fn signs_at(&self, now: Timestamp) -> Option<&EncodingKey> {
        let StoredKey { not_before, retired_at, .. } = &self.stored;
        self.signs.as_ref().filter(|_| *not_before <= now && retired_at.is_none_or(|retired| now < retired))
    }

    /// Until the last token that it can have signed has expired.
    fn verifies_at(&self, now: Timestamp) -> bool {
        self.stored.retired_at.is_none_or(|retired| now.duration_since(retired) < MAX_LIFE)
    }
}

impl TokenKeys {
    /// The keys in `db`; the first is made when there is none. `issuer` is our `iss`, the public address; `trusted` are the others'.
    pub async fn load(
        db: &Db,
        secrets: &Secrets,
        issuer: &str,
        trusted: Vec<TrustedIssuer>,
        now: Timestamp,
    ) -> Result<Self, KeyError> {
        keyring::newest(db, secrets, Purpose::ViewToken, jwk::thumbprint, now).await?;
        let own = RwLock::default();
        let keys = Self(Arc::new(Inner { db: db.clone(), secrets: secrets.clone(), issuer: issuer.to_owned(), trusted, own }));
        keys.reload(now).await?;
        Ok(keys)
    }

    /// Reads the keys again: to be called when the revision has changed, since another process may have rotated them.
    pub async fn reload(&self, now: Timestamp) -> Result<(), KeyError> {
        let mut own = Vec::new();
        for stored in keyring::all(&self.0.db, Purpose::ViewToken).await? {
            let done = stored.retired_at.is_some_and(|retired| retired <= now);
            let signs = if done { None } else { Some(EncodingKey::from_ed_der(&stored.private(&self.0.secrets)?)) };
            own.push(OwnKey { verifies: DecodingKey::from_ed_der(&stored.public), signs, stored });
        }
        own.retain(|key| key.verifies_at(now));
        *self.0.own.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(own);
        Ok(())
    }

    fn own(&self) -> Arc<Vec<OwnKey>> {
        Arc::clone(&self.0.own.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes a token for `account` from its log-in. It ends in ten minutes, or with the last of its windows.
    pub fn issue(&self, account: &Account, login: LoginId, grants: &[TokenGrant], now: Timestamp) -> Result<Issued, IssueError> {
        let last = grants.iter().flat_map(|grant| &grant.windows).map(|window| window.end).max().ok_or(IssueError::Nothing)?;
        let (iat, exp) = (now.as_second(), last.as_second().min(now.as_second() + MAX_LIFE.as_secs()));
        let expires_at = Timestamp::from_second(exp).ok().filter(|at| *at > now).ok_or(IssueError::Nothing)?;
        let claims = Claims {
            iss: self.0.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: account.id.to_string(),
            jti: BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>()),
            iat,
            nbf: iat,
            exp,
            sid: Some(login),
            grants: grants.iter().map(Line::write).collect(),
        };
        let own = self.own();
        let (id, key) = own.iter().find_map(|key| Some((&key.stored.id, key.signs_at(now)?))).ok_or(IssueError::NoKey)?;
        let mut header = jsonwebtoken::Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(id.clone());
        let token = jsonwebtoken::encode(&header, &claims, key).map_err(|_| IssueError::NoKey)?;
        if token.len() > MAX_LENGTH { Err(IssueError::TooLong) } else { Ok(Issued { token, expires_at }) }
    }

    /// What `token` says, if it is a view token that is good at `now`.
    ///
    /// Who asks must still be asked for: the account may be blocked, and the log-in may have ended.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Verified, TokenError> {
        let header = Header::read(token)?;
        let own = self.own();
        if let Some(key) = own.iter().find(|key| key.stored.id == header.kid && key.verifies_at(now))
            && let Some(claims) = signed(token, &key.verifies, &self.0.issuer)
        {
            let expires_at = claims.expires_at(now)?;
            let account = claims.sub.parse().map_err(|_| TokenError::Invalid)?;
            let login = Some(claims.sid.ok_or(TokenError::Invalid)?);
            let scope = TokenScope { expires_at, grants: claims.grants()? };
            return Ok(Verified { account, scope, jti: claims.jti, login });
        }
        for issuer in &self.0.trusted {
            let Some(key) = issuer.key(&header.kid) else { continue };
            let Some(claims) = signed(token, key, issuer.name()) else { continue };
            let expires_at = claims.expires_at(now)?;
            // Log-ins are ours to name.
            if claims.sid.is_some() {
                return Err(TokenError::Invalid);
            }
            let account = issuer.account(&self.0.db, &claims, now).await?;
            let grants = issuer.narrow(&self.0.db, claims.grants()?).await?;
            return Ok(Verified { account, scope: TokenScope { expires_at, grants }, jti: claims.jti, login: None });
        }
        Err(TokenError::Invalid)
    }

    /// The public keys, as `/.well-known/jwks.json` gives them (RFC 7517 §5).
    pub fn jwks(&self, now: Timestamp) -> Value {
        let keys: Vec<Value> = self
            .own()
            .iter()
            .filter(|key| key.verifies_at(now))
            .map(|key| jwk::write(&key.stored.id, &key.stored.public))
            .collect();
        json!({ "keys": keys })
    }

    /// Makes a new key, which signs from [two seconds](LEAD) on. The old one stops then, and is believed until its tokens have expired;
    /// the private halves of those before it are destroyed. Servers that run see it by the revision. Returns the new key's id.
    pub async fn rotate(db: &Db, secrets: &Secrets, actor: Option<AccountId>, now: Timestamp) -> Result<String, KeyError> {
        let from = now.saturating_add(LEAD).unwrap_or(now);
        let tx = db.begin().await?;
        tx.touch().await?;
        keyring::retire(&tx, Purpose::ViewToken, now, from).await?;
        let key = keyring::add(&tx, secrets, Purpose::ViewToken, jwk::thumbprint, now, from).await?;
        let (subject, details) = (format!("key:{}", key.id), json!({ "signs_from": from }));
        audit::append(&tx, Record { at: now, actor, kindergarten: None, action: Action::KeysRotated, subject, details }).await?;
        tx.commit().await?;
        Ok(key.id)
    }
}

/// The claims of `token`, if `key` signed them and they are of `issuer` for us.
fn signed(token: &str, key: &DecodingKey, issuer: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
    // The library asks the machine for the time; we ask the clock, in `Claims::expires_at`.
    validation.validate_exp = false;
    jsonwebtoken::decode::<Claims>(token, key, &validation).ok().map(|token| token.claims)
}
