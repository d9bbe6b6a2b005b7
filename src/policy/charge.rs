//! Over whom a director's word goes: the people of the own kindergarten, and how far where another kindergarten has a part in them.

use super::{Mandate, Refusal};
use crate::{
    id::AccountId,
    model::{Account, Role},
};

/// How an account stands to the kindergarten of a mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ties {
    /// It is a guardian here, or was made here and is a guardian nowhere.
    pub here: bool,
    /// It is a guardian in another kindergarten, too.
    pub elsewhere: bool,
}

/// A yes: the director may look after this account. Only [`charge`] makes one.
#[derive(Debug, Clone)]
pub struct Charge<'a> {
    mandate: Mandate<'a>,
    account: Account,
    shared: bool,
}

/// Decides whether whoever has `mandate` looks after `account`: a guardian or a staff member of the kindergarten. Another's people and
/// nobody at all look the same, and so do directors, inspectors and operators, whom no director looks after.
pub fn charge(mandate: Mandate<'_>, account: Option<Account>, ties: Ties) -> Result<Charge<'_>, Refusal> {
    let account = account.ok_or(Refusal::NotYours)?;
    let (theirs, shared) = match account.role {
        Role::Parent => (ties.here, ties.elsewhere),
        Role::Staff => (account.kindergarten == Some(mandate.kindergarten()), false),
        Role::Director | Role::Inspector | Role::Operator => (false, false),
    };
    if theirs { Ok(Charge { mandate, account, shared }) } else { Err(Refusal::NotYours) }
}

impl<'a> Charge<'a> {
    /// Under which mandate.
    pub fn mandate(&self) -> Mandate<'a> {
        self.mandate
    }

    /// Whose account it is.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Its id.
    pub fn id(&self) -> AccountId {
        self.account.id
    }

    /// Whether another kindergarten has a part in it. Then this director may neither hold a link that logs in as the person, which would
    /// show the other kindergarten's rooms, nor shut the person out of them.
    pub fn is_shared(&self) -> bool {
        self.shared
    }
}
