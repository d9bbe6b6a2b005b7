//! Who may change what holds in a kindergarten, and who may look at how it is run.

use super::{Refusal, oversight};
use crate::{
    id::{AccountId, KindergartenId},
    model::{Account, Role, Site},
};
use jiff::Timestamp;

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

/// A yes: this account may look at how this kindergarten is run: its rules, its people, its audit records. Only [`oversee`] makes
/// one; it opens no picture and changes nothing.
#[derive(Debug, Clone, Copy)]
pub struct Insight<'a> {
    account: &'a Account,
    site: &'a Site,
}

/// Decides whether `account` may look at how the kindergarten of `site` is run at `now`: its director may, and an inspector between the
/// dates of an assignment. `None` stands for a kindergarten that the account has nothing to do with, or that does not exist.
pub fn oversee<'a>(account: &'a Account, site: Option<&'a Site>, now: Timestamp) -> Result<Insight<'a>, Refusal> {
    let site = site.filter(|site| oversight(account, site, now).is_some()).ok_or(Refusal::NotYours)?;
    if account.blocked {
        return Err(Refusal::AccountBlocked);
    }
    Ok(Insight { account, site })
}

impl<'a> Insight<'a> {
    /// Who looks.
    pub fn account(&self) -> &'a Account {
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

    /// Whether the director is told of the look: an inspector's is on record.
    pub fn is_recorded(&self) -> bool {
        self.account.role == Role::Inspector
    }
}
