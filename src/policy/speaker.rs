//! Who says for a child whether the camera may show it.

use super::{Host, Refusal, host};
use crate::{
    id::{AccountId, ChildId},
    model::{Account, Site},
};
use jiff::Timestamp;

/// A yes: this guardian speaks for this child. Only [`speaker`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a>(Host<'a>);

/// Decides whether `account` speaks for `child` at `now`: whoever may ask for guests of it does, a guardian without an end and without a
/// restriction. `None` stands for a kindergarten that the account has nothing to do with.
pub fn speaker<'a>(account: &Account, site: Option<&'a Site>, child: ChildId, now: Timestamp) -> Result<Speaker<'a>, Refusal> {
    host(account, site, child, now).map(Speaker)
}

impl<'a> Speaker<'a> {
    /// Who speaks.
    pub fn account(&self) -> AccountId {
        self.0.account()
    }

    /// For which child.
    pub fn child(&self) -> ChildId {
        self.0.child()
    }

    /// The kindergarten as it stands.
    pub fn site(&self) -> &'a Site {
        self.0.site()
    }
}

/// Whether `account` is a guardian who speaks for `child` at `now`, for who knows no more of it than the id.
pub fn speaks(account: AccountId, site: &Site, child: ChildId, now: Timestamp) -> bool {
    let date = site.date(now);
    let ties = site.guardianships.iter().filter(|tie| tie.account == account && tie.child == child && tie.to.is_none());
    let mut ties = ties.filter(|tie| tie.from.is_none_or(|from| from <= date)).peekable();
    ties.peek().is_some() && ties.all(|tie| !tie.restricted)
}
