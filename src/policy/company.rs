//! Who may know how many others looked into a group's room.

use super::{Refusal, guardian_ties};
use crate::{
    id::GroupId,
    model::{Account, Role, Site},
};
use jiff::Timestamp;

/// Decides whether `account` may know at `now` how many looked into the room of `group`: a parent of a child that is in it today, whom
/// nothing keeps from looking. It tells numbers, never names; the director has the names elsewhere. `None` stands for a kindergarten
/// that the account has nothing to do with, or that does not exist.
pub fn company(account: &Account, site: Option<&Site>, group: GroupId, now: Timestamp) -> Result<(), Refusal> {
    let site = site.filter(|_| account.role == Role::Parent).ok_or(Refusal::NotYours)?;
    let ties = guardian_ties(account, site, Some(group), now);
    if ties.is_empty() {
        Err(Refusal::NotYours)
    } else if account.blocked {
        Err(Refusal::AccountBlocked)
    } else if ties.iter().all(|tie| tie.restricted) {
        Err(Refusal::Restricted)
    } else {
        Ok(())
    }
}
