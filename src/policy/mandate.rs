//! Who may change what holds in a kindergarten.

use super::Refusal;
use crate::{
    id::{AccountId, KindergartenId},
    model::{Account, Role, Site},
};

/// A yes: this account may change what holds in this kindergarten. Only [`manage`] makes one, and no change by a person is written
/// without.
#[derive(Debug, Clone, Copy)]
pub struct Mandate<'a> {
    account: AccountId,
    site: &'a Site,
}

/// Decides whether `account` manages the kindergarten of `site`: its director does, and nobody else. `None` stands for a kindergarten
/// that the account has nothing to do with, or that does not exist: they look the same.
pub fn manage<'a>(account: &Account, site: Option<&'a Site>) -> Result<Mandate<'a>, Refusal> {
    let site = site.filter(|site| account.role == Role::Director && account.kindergarten == Some(site.kindergarten.id));
    let site = site.ok_or(Refusal::NotYours)?;
    if account.blocked {
        return Err(Refusal::AccountBlocked);
    }
    Ok(Mandate { account: account.id, site })
}

impl<'a> Mandate<'a> {
    /// Who may.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Where.
    pub fn kindergarten(&self) -> KindergartenId {
        self.site.kindergarten.id
    }

    /// The kindergarten as it stands.
    pub fn site(&self) -> &'a Site {
        self.site
    }
}
