//! Who comes, from where, and as whom we then know them.

use super::{cookie::CookieSecret, password::PasswordError};
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

/// How far somebody who knows the password has come.
#[derive(Debug)]
pub enum Entry {
    /// In.
    In(NewLogin),
    /// The account has a second factor, which is to be shown now.
    Half(HalfLogin),
}

/// A log-in that waits for the second factor. It opens nothing else.
#[derive(Debug)]
pub struct HalfLogin {
    /// What goes into a cookie of its own.
    pub secret: CookieSecret,
    /// How long it waits.
    pub lasts: Duration,
}

/// Whether those whose role has a second factor must have one. Whoever has one must show it in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactorRule {
    /// Without one, nothing opens but the way to set it up.
    #[default]
    Required,
    /// They may have one: for a demo, and for tests.
    Offered,
}

/// How it stands with the second factor of somebody whose role has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorState {
    /// It is set up.
    Set,
    /// It may be set up.
    Offered,
    /// It must be set up before anything else opens.
    Needed,
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
    /// How it stands with the second factor; `None` for roles that have none.
    pub factor: Option<FactorState>,
}

impl Caller {
    /// Whether nothing opens but the way to set up the second factor.
    pub fn needs_factor(&self) -> bool {
        self.factor == Some(FactorState::Needed)
    }

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
    /// The code of the second factor is wrong, or was taken before.
    #[error("the code is wrong, or was taken before")]
    WrongCode,
    /// The second factor was shown too late, or for a log-in that never was.
    #[error("the log-in no longer waits for the second factor")]
    TooLate,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Why an own account was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// The role has no second factor.
    #[error("the role has no second factor")]
    NoFactor,
    /// The present password was not given, or is another.
    #[error("the password is wrong")]
    WrongPassword,
    /// The code is wrong, or was taken before.
    #[error("the code is wrong, or was taken before")]
    WrongCode,
    /// Too many tries.
    #[error("too many attempts")]
    TooMany {
        /// When to try again.
        retry_after: Duration,
    },
    /// What is to be confirmed was never begun, or too long ago.
    #[error("nothing is being set up")]
    NothingBegun,
    /// The new password cannot be one.
    #[error(transparent)]
    NewPassword(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl NotChanged {
    /// The stable code; `None` for a failure of ours.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::NoFactor => Some("not_allowed"),
            Self::WrongPassword => Some("wrong_password"),
            Self::WrongCode => Some("wrong_code"),
            Self::TooMany { .. } => Some("too_many_attempts"),
            Self::NothingBegun => Some("set_up_again"),
            Self::NewPassword(PasswordError::TooShort) => Some("password_too_short"),
            Self::NewPassword(PasswordError::TooLong) => Some("password_too_long"),
            Self::NewPassword(PasswordError::Failed) | Self::Db(_) => None,
        }
    }
}

impl LogInRefused {
    /// The stable code; `None` for a failure of ours.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::Failed => Some("login_failed"),
            Self::TooMany { .. } => Some("too_many_attempts"),
            Self::Blocked => Some("account_blocked"),
            Self::WrongCode => Some("wrong_code"),
            Self::TooLate => Some("log_in_again"),
            Self::Db(_) => None,
        }
    }
}
