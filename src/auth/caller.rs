//! Who comes, from where, and as whom we then know them.

use super::cookie::CookieSecret;
use crate::{db::DbError, id::LoginId, model::Account};
use std::{net::IpAddr, time::Duration};
use subtle::ConstantTimeEq;

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The address.
    pub address: IpAddr,
    /// The browser, as it says.
    pub agent: String,
}

/// A log-in just made.
#[derive(Debug)]
pub struct NewLogin {
    /// Who logged in.
    pub account: Account,
    /// The log-in.
    pub login: LoginId,
    /// What goes into the cookie.
    pub secret: CookieSecret,
    /// How long the cookie may last.
    pub lasts: Duration,
    /// What the page must send along with every change.
    pub csrf: String,
}

/// Who sends a request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account.
    pub account: Account,
    /// The log-in.
    pub login: LoginId,
    /// What the page must send along with every change.
    pub csrf: String,
}

impl Caller {
    /// Whether `sent` is this log-in's CSRF value; it takes as long whatever it is.
    pub fn csrf_fits(&self, sent: &str) -> bool {
        self.csrf.as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

/// Why somebody could not log in.
#[derive(Debug, thiserror::Error)]
pub enum LogInRefused {
    /// The login is unknown or the password wrong: which of them, nobody is told.
    #[error("login or password is wrong")]
    Failed,
    /// Too many tries.
    #[error("too many attempts")]
    TooMany {
        /// When to try again.
        retry_after: Duration,
    },
    /// The password is right, but the account is blocked.
    #[error("the account is blocked")]
    Blocked,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl LogInRefused {
    /// The stable code; `None` for a failure of ours.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::Failed => Some("login_failed"),
            Self::TooMany { .. } => Some("too_many_attempts"),
            Self::Blocked => Some("account_blocked"),
            Self::Db(_) => None,
        }
    }
}
