//! Who may write to the director about what a child's group is shown.

use super::{Refusal, guardian_ties, opening::day_range};
use crate::{
    id::{AccountId, CameraId, ChildId, GroupId, KindergartenId},
    model::{Account, Role, Site},
};
use jiff::{Timestamp, civil::Date};

/// A yes: this parent may complain about what concerns this child. Only [`appellant`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Appellant<'a> {
    account: &'a Account,
    child: ChildId,
    site: &'a Site,
}

/// Decides whether `account` may complain at `now` about what concerns `child`: whoever is tied to it today may, a guest and a
/// guardian whom an order keeps from looking included. `None` stands for a kindergarten that the account has nothing to do with.
pub fn appellant<'a>(
    account: &'a Account,
    site: Option<&'a Site>,
    child: ChildId,
    now: Timestamp,
) -> Result<Appellant<'a>, Refusal> {
    let site = site.filter(|site| account.role == Role::Parent && site.child(child).is_some()).ok_or(Refusal::NotYours)?;
    let mut ties = site.guardianships.iter().filter(|tie| tie.account == account.id && tie.child == child);
    if !ties.any(|tie| day_range(site, tie.from, tie.to, now).is_some()) {
        return Err(Refusal::NotYours);
    }
    if account.blocked {
        return Err(Refusal::AccountBlocked);
    }
    Ok(Appellant { account, child, site })
}

impl<'a> Appellant<'a> {
    /// Who complains.
    pub fn account(&self) -> AccountId {
        self.account.id
    }

    /// About what concerns which child.
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

    /// The group in which the child is on `date`.
    pub fn group(&self, date: Date) -> Option<GroupId> {
        self.site.enrolments.iter().find(|stay| stay.child == self.child && stay.covers(date)).map(|stay| stay.group)
    }

    /// Whether a camera may be named at `now`: one of those that the account may look through. Another's camera and none at all are
    /// the same, so nobody finds out here what cameras there are.
    pub fn may_name(&self, camera: CameraId, now: Timestamp) -> Result<(), Refusal> {
        let camera = self.site.camera(camera).ok_or(Refusal::NotYours)?;
        let ties = guardian_ties(self.account, self.site, camera.group, now);
        if ties.iter().any(|tie| !tie.restricted) { Ok(()) } else { Err(Refusal::NotYours) }
    }
}
