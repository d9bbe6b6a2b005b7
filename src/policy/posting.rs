//! What a staff member may know: how many look into the own room. No picture, no names.

use crate::{
    id::GroupId,
    model::{Account, Role, Site},
};

/// The group in whose room `account` works, if it is a staff member of the kindergarten of `site` and placed there.
pub fn own_room(account: &Account, site: &Site) -> Option<GroupId> {
    let works_here = account.role == Role::Staff && account.kindergarten == Some(site.kindergarten.id) && !account.blocked;
    let posting = site.postings.iter().filter(|_| works_here).find(|posting| posting.account == account.id)?;
    site.group(posting.group).map(|group| group.id)
}
