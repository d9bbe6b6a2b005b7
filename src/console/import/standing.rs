//! What of a kindergarten an import must know.

use crate::{
    args,
    console::groups::spelling,
    db::{DbError, Queries, groups},
    id::{AccountId, ChildId, GroupId, KindergartenId},
    model::Role,
};
use std::collections::{HashMap, HashSet};

/// The kindergarten as it stands; names are kept by their [`spelling`].
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    pub(super) groups: HashMap<String, GroupId>,
    /// The children of each name. There may be several.
    pub(super) children: HashMap<String, Vec<ChildId>>,
    /// Who is, was or will be in which group.
    pub(super) stays: HashSet<(ChildId, GroupId)>,
    /// Who is or was a guardian of whom. A tie that was ended or restricted is not made anew by a list: somebody had a reason.
    pub(super) ties: HashSet<(AccountId, ChildId)>,
    /// Everybody who logs in somewhere, by login.
    pub(super) accounts: HashMap<String, (AccountId, Role)>,
}

impl Standing {
    pub(super) async fn load(db: &impl Queries, kindergarten: KindergartenId) -> Result<Self, DbError> {
        let groups = groups::of(db, kindergarten).await?.into_iter().map(|group| (spelling(&group.name), group.id));
        let mut standing = Self { groups: groups.collect(), ..Self::default() };
        let sql = "select id, name from children where kindergarten_id = $1 and removed_at is null order by id";
        for (id, name) in db.rows::<(ChildId, String)>(sql, args![kindergarten]).await? {
            standing.children.entry(spelling(&name)).or_default().push(id);
        }
        let sql = "select child_id, group_id from enrolments where kindergarten_id = $1 and until is null";
        standing.stays.extend(db.rows::<(ChildId, GroupId)>(sql, args![kindergarten]).await?);
        let sql = "select account_id, child_id from guardianships where kindergarten_id = $1";
        standing.ties.extend(db.rows::<(AccountId, ChildId)>(sql, args![kindergarten]).await?);
        let sql = "select login, id, role from accounts where removed_at is null";
        let accounts = db.rows::<(String, AccountId, Role)>(sql, args![]).await?;
        standing.accounts.extend(accounts.into_iter().map(|(login, id, role)| (login, (id, role))));
        Ok(standing)
    }
}
