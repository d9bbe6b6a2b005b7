//! Who may ask that somebody else looks at a child's group for some days.

use super::{Refusal, opening::day_range};
use crate::{
    id::{AccountId, ChildId, KindergartenId},
    model::{Account, Role, Site},
};
use jiff::Timestamp;

/// A yes: this parent may ask for a guest of this child. Only [`host`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    account: AccountId,
    child: ChildId,
    site: &'a Site,
}

/// Decides whether `account` may ask for guests of `child` at `now`: a guardian without an end and without a restriction may. A guest has
/// no guests. `None` stands for a kindergarten that the account has nothing to do with.
pub fn host<'a>(account: &Account, site: Option<&'a Site>, child: ChildId, now: Timestamp) -> Result<Host<'a>, Refusal> {
    let site = site.filter(|site| account.role == Role::Parent && site.child(child).is_some()).ok_or(Refusal::NotYours)?;
    let ties = site.guardianships.iter().filter(|tie| tie.account == account.id && tie.child == child && tie.to.is_none());
    let mut now_tied = ties.filter(|tie| day_range(site, tie.from, tie.to, now).is_some()).peekable();
    now_tied.peek().ok_or(Refusal::NotYours)?;
    if account.blocked {
        return Err(Refusal::AccountBlocked);
    }
    if now_tied.any(|tie| tie.restricted) {
        return Err(Refusal::Restricted);
    }
    Ok(Host { account: account.id, child, site })
}

impl<'a> Host<'a> {
    /// Who asks.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// For which child.
    pub fn child(&self) -> ChildId {
        self.child
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
