//! Who somebody is: passwords, second factors, log-ins that last, and the tokens that open streams.
//!
//! ```text
//! login + password ─▶ LogIns ─▶ second factor, where there is one ─▶ cookie (opaque; its hash at rest) ─▶ caller of the API
//!                                                                     └─▶ TokenKeys::issue ─▶ view token (EdDSA, ten minutes) ─▶ WHEP
//! ```
//!
//! A cookie opens no stream, and a view token opens no page: each is checked in one place, here, and nowhere else.

mod caller;
pub mod cookie;
pub mod device;
mod invitation;
pub mod login;
pub mod login_name;
pub mod password;
mod recovery;
mod throttle;
pub mod token;
mod totp;

pub use caller::{Caller, Entry, FactorRule, FactorState, HalfLogin, LogInRefused, NewLogin, NotChanged, Origin};
pub use invitation::{LinkSecret, NotLetIn};
pub use login::LogIns;
pub use login_name::{LoginName, NotALogin};
pub use token::{TokenError, TokenKeys};
