//! Who may add kindergartens, and say who manages and who inspects them.

use super::Refusal;
use crate::{
    id::AccountId,
    model::{Account, Role},
};

/// A yes: this account may add kindergartens and appoint their directors and inspectors. Only [`administer`] makes one. It opens
/// nothing of what happens in them: no picture, no child, no audit record.
#[derive(Debug, Clone, Copy)]
pub struct Charter {
    account: AccountId,
}

/// Decides whether `account` administers the gateway: an operator does, and nobody else. A director does not choose who inspects.
pub fn administer(account: &Account) -> Result<Charter, Refusal> {
    match account.role {
        Role::Operator if account.blocked => Err(Refusal::AccountBlocked),
        Role::Operator => Ok(Charter { account: account.id }),
        _ => Err(Refusal::NotYours),
    }
}

impl Charter {
    /// Who may.
    pub fn account(self) -> AccountId {
        self.account
    }
}
