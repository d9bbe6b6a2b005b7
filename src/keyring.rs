//! The Ed25519 keys (RFC 8032) that this gateway signs with, sealed at rest: those of the view tokens and that of the audit log.

use crate::{
    args,
    db::{Db, DbError, Moment, Queries, Tx},
    secret::Secrets,
};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use zeroize::Zeroizing;

/// What a key signs: a key for one thing is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// View tokens.
    ViewToken,
    /// Checkpoints of the audit log.
    Checkpoint,
}

impl Purpose {
    /// The word in the database.
    const fn word(self) -> &'static str {
        match self {
            Self::ViewToken => "view_token",
            Self::Checkpoint => "checkpoint",
        }
    }
}

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The master key does not open it: it was sealed by another.
    #[error("the key '{0}' cannot be opened: another master key sealed it")]
    Sealed(String),
    /// What is stored is no key.
    #[error("what is stored as the key '{0}' is no Ed25519 key")]
    NoKey(String),
}

/// A key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// What tokens and notes call it.
    pub id: String,
    /// The public half.
    pub public: [u8; 32],
    /// From when it signs.
    pub not_before: Timestamp,
    /// When it stops to sign, if that is known.
    pub retired_at: Option<Timestamp>,
    sealed: String,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    public: String,
    sealed: String,
    not_before: Moment,
    retired_at: Option<Moment>,
}

impl StoredKey {
    /// The private half as PKCS #8 (RFC 8410 §7).
    pub fn private(&self, secrets: &Secrets) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let opened = secrets.open(&sealed_as(&self.id), &self.sealed);
        opened.map_err(|_| KeyError::Sealed(self.id.clone()))
    }
}

impl TryFrom<KeyRow> for StoredKey {
    type Error = KeyError;

    fn try_from(row: KeyRow) -> Result<Self, KeyError> {
        let public = BASE64_URL_SAFE_NO_PAD.decode(&row.public).ok().and_then(|bytes| bytes.try_into().ok());
        let Some(public) = public else { return Err(KeyError::NoKey(row.id)) };
        let (not_before, retired_at) = (row.not_before.into(), row.retired_at.map(Timestamp::from));
        Ok(Self { id: row.id, public, not_before, retired_at, sealed: row.sealed })
    }
}

/// Every key for `purpose`, the newest first.
pub async fn all(db: &impl Queries, purpose: Purpose) -> Result<Vec<StoredKey>, KeyError> {
    let rows: Vec<KeyRow> = db
        .rows(
            "select id, public, sealed, not_before, retired_at from signing_keys where purpose = $1
             order by not_before desc, created_at desc, id desc",
            args![purpose.word()],
        )
        .await?;
    rows.into_iter().map(StoredKey::try_from).collect()
}

/// The newest key for `purpose`; when there is none yet, it is made, and named by `name` from its public half.
pub async fn newest(
    db: &Db,
    secrets: &Secrets,
    purpose: Purpose,
    name: impl FnOnce(&[u8; 32]) -> String,
    now: Timestamp,
) -> Result<StoredKey, KeyError> {
    if let Some(key) = all(db, purpose).await?.into_iter().next() {
        return Ok(key);
    }
    let tx = db.begin().await?;
    // Of two servers that start at once, the second waits here and then finds the first one's key.
    tx.touch().await?;
    if let Some(key) = all(&tx, purpose).await?.into_iter().next() {
        return Ok(key);
    }
    let key = add(&tx, secrets, purpose, name, now, now).await?;
    tx.commit().await?;
    Ok(key)
}

/// Makes a key and stores it. `name` gives it its id from its public half; it signs from `not_before` on.
pub async fn add(
    tx: &Tx,
    secrets: &Secrets,
    purpose: Purpose,
    name: impl FnOnce(&[u8; 32]) -> String,
    now: Timestamp,
    not_before: Timestamp,
) -> Result<StoredKey, KeyError> {
    let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::NoKey("new".to_owned()))?;
    let public: Option<[u8; 32]> = pair.public_key().as_ref().try_into().ok();
    let (Some(public), Ok(private)) = (public, pair.to_pkcs8()) else { return Err(KeyError::NoKey("new".to_owned())) };
    let id = name(&public);
    let sealed = secrets.seal(&sealed_as(&id), private.as_ref()).map_err(|_| KeyError::Sealed(id.clone()))?;
    tx.execute(
        "insert into signing_keys (id, purpose, public, sealed, created_at, not_before) values ($1, $2, $3, $4, $5, $6)",
        args![&id, purpose.word(), BASE64_URL_SAFE_NO_PAD.encode(public), &sealed, now, not_before],
    )
    .await?;
    Ok(StoredKey { id, public, not_before, retired_at: None, sealed })
}

/// Lets the keys for `purpose` that sign now do so up to `until`, and destroys the private halves of those that have stopped by `now`.
pub async fn retire(tx: &Tx, purpose: Purpose, now: Timestamp, until: Timestamp) -> Result<(), DbError> {
    let destroy = "update signing_keys set sealed = '' where purpose = $1 and retired_at <= $2";
    tx.execute(destroy, args![purpose.word(), now]).await?;
    let retire = "update signing_keys set retired_at = $2 where purpose = $1 and (retired_at is null or retired_at > $2)";
    tx.execute(retire, args![purpose.word(), until]).await?;
    Ok(())
}

/// What a key is sealed for: one that was moved to another row does not open.
fn sealed_as(id: &str) -> String {
    format!("signing key {id}")
}
