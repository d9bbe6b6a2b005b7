//! Other issuers whose view tokens are taken: a city's portal, a parents' app.

use super::{
    TokenError,
    claims::Claims,
    jwk::{self, JwksError},
};
use crate::{
    args,
    db::{Db, DbError, Queries, accounts},
    id::{AccountId, GroupId},
    model::Role,
    policy::{TokenGrant, TokenSubject},
};
use jiff::Timestamp;
use jsonwebtoken::DecodingKey;

/// An issuer that the configuration trusts.
#[derive(Debug, Clone)]
pub struct TrustedIssuer {
    name: String,
    kindergartens: Vec<String>,
    keys: Vec<(String, DecodingKey)>,
}

impl TrustedIssuer {
    /// The issuer whose tokens carry `name` as `iss` and are signed by a key of `jwks`, for the kindergartens with these keys (of
    /// `site.toml`). It knows a person by a `sub` of its own; the account's external id is `name/sub`.
    pub fn new(name: &str, jwks: &str, kindergartens: Vec<String>) -> Result<Self, JwksError> {
        let keys = jwk::read(jwks)?.into_iter().map(|(id, public)| (id, DecodingKey::from_ed_der(&public))).collect();
        Ok(Self { name: name.to_owned(), kindergartens, keys })
    }

    /// What its tokens carry as `iss`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its key of this id.
    pub(super) fn key(&self, id: &str) -> Option<&DecodingKey> {
        self.keys.iter().find(|(other, _)| other == id).map(|(_, key)| key)
    }

    /// The account that it means. Whom we do not know cannot watch, and it may speak for parents only.
    pub(super) async fn account(&self, db: &Db, claims: &Claims, now: Timestamp) -> Result<AccountId, TokenError> {
        let account = accounts::by_external_id(db, &format!("{}/{}", self.name, claims.sub), now).await?;
        account.filter(|account| account.role == Role::Parent).map(|account| account.id).ok_or(TokenError::Invalid)
    }

    /// The lines that it may write: groups of the kindergartens that it is trusted for. Others are as if they were not there.
    pub(super) async fn narrow(&self, db: &Db, grants: Vec<TokenGrant>) -> Result<Vec<TokenGrant>, DbError> {
        let mut kept = Vec::with_capacity(grants.len());
        for grant in grants {
            if let TokenSubject::Group(group) = grant.subject
                && self.speaks_for(db, group).await?
            {
                kept.push(grant);
            }
        }
        Ok(kept)
    }

    async fn speaks_for(&self, db: &Db, group: GroupId) -> Result<bool, DbError> {
        let of_group = "select k.key from groups g join kindergartens k on k.id = g.kindergarten_id
             where g.id = $1 and g.removed_at is null and k.removed_at is null";
        let row: Option<(String,)> = db.row(of_group, args![group]).await?;
        Ok(row.is_some_and(|(key,)| self.kindergartens.contains(&key)))
    }
}
