//! Who may order that a recording is kept, and who may let it go again.

use super::{Insight, Refusal, oversee};
use crate::{
    id::{AccountId, KindergartenId},
    model::{Account, HoldOrigin, Role, Site},
};
use jiff::Timestamp;

/// A yes: this account may order that recordings of this kindergarten are kept. Only [`keep`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Custody<'a>(Insight<'a>);

/// What an order to keep a recording rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// What made it.
    pub origin: HoldOrigin,
    /// The role of the person who gave it.
    pub by: Option<Role>,
    /// Whether the complaint that made it still waits for an answer, or may: nobody has called it fixed or closed.
    pub open: bool,
}

/// Decides whether `account` may order that recordings of the kindergarten of `site` are kept: its director may, and an inspector between
/// the dates of an assignment.
pub fn keep<'a>(account: &'a Account, site: Option<&'a Site>, now: Timestamp) -> Result<Custody<'a>, Refusal> {
    oversee(account, site, now).map(Custody)
}

impl<'a> Custody<'a> {
    /// Who may.
    pub fn account(&self) -> AccountId {
        self.0.account().id
    }

    /// Where.
    pub fn kindergarten(&self) -> KindergartenId {
        self.0.kindergarten()
    }

    /// The kindergarten as it stands.
    pub fn site(&self) -> &'a Site {
        self.0.site()
    }

    /// Whether they may let go of what is kept on this ground. An inspector may. A director may not where an inspector wants it kept, nor
    /// while a parent complains: both may be about the director.
    pub fn may_release(&self, ground: Ground) -> bool {
        match (self.0.account().role, ground) {
            (Role::Inspector, _) => true,
            (_, Ground { by: Some(Role::Inspector), .. }) => false,
            (_, Ground { origin: HoldOrigin::Appeal, open, .. }) => !open,
            _ => true,
        }
    }
}
