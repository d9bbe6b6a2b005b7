//! What reaches people outside of the pages: a link or a warning by SMS or e-mail, through what the configuration names. Without it links are
//! printed.
//!
//! A message holds a secret, and so do the ways to send it: neither is in any log line, error or metric.

mod email;
mod sms;
mod text;
mod warning;

pub use text::Message;
pub use warning::Warning;

use crate::{auth::LoginName, config, db::invitations::Way};
use email::Email;
use sms::Sms;
use std::time::Duration;

/// How long a gateway may take: somebody waits for the answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Everything that messages can be sent through.
#[derive(Debug)]
pub struct Messages {
    sms: Option<Sms>,
    email: Option<Email>,
}

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// A secret's file cannot be read.
    #[error("the secret's file {file}: {error}")]
    Secret {
        /// The file.
        file: String,
        /// Why.
        error: std::io::Error,
    },
    /// The secret cannot stand in a header.
    #[error("the header or the secret of [messages.sms] cannot be sent over HTTP")]
    Header,
    /// The HTTP client cannot be made.
    #[error("the HTTP client: {0}")]
    Http(#[from] reqwest::Error),
    /// The sender is no address.
    #[error("'from' of [messages.email] is no address: {0}")]
    From(#[from] lettre::address::AddressError),
    /// The SMTP client cannot be made.
    #[error("the SMTP client: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
}

/// Why a message was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Nothing is configured for this way, or the person has no telephone or no address for it.
    #[error("there is no such way to this person")]
    NoWay,
    /// The gateway cannot be reached, or takes too long.
    #[error("the gateway does not answer")]
    Unreachable,
    /// The gateway says no.
    #[error("the gateway refuses the message")]
    Refused,
}

impl NotSent {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoWay => "message_no_way",
            Self::Unreachable => "message_unreachable",
            Self::Refused => "message_refused",
        }
    }
}

impl Messages {
    /// What `config` names. Nothing is asked of any gateway yet.
    pub fn new(config: &config::Messages) -> Result<Self, Unusable> {
        Ok(Self { sms: config.sms.as_ref().map(Sms::new).transpose()?, email: config.email.as_ref().map(Email::new).transpose()? })
    }

    /// The ways in which a link can reach whoever logs in with `login`; it can always be printed.
    pub fn ways(&self, login: &str) -> Vec<Way> {
        let mut ways = vec![Way::Print];
        match login.parse::<LoginName>() {
            Ok(login) if login.is_email() => ways.extend(self.email.as_ref().map(|_| Way::Email)),
            Ok(_) => ways.extend(self.sms.as_ref().map(|_| Way::Sms)),
            Err(_) => {}
        }
        ways
    }

    /// The way in which a message reaches whoever logs in with `login`, if there is one.
    pub fn way_to(&self, login: &str) -> Option<Way> {
        self.ways(login).into_iter().find(|way| *way != Way::Print)
    }

    /// Sends `message` to whoever logs in with `login`. What the gateway said is in the log, the message is not.
    pub async fn send(&self, way: Way, login: &str, message: &Message) -> Result<(), NotSent> {
        if !self.ways(login).contains(&way) {
            return Err(NotSent::NoWay);
        }
        let sent = async {
            match (way, &self.sms, &self.email) {
                (Way::Sms, Some(sms), _) => sms.send(login, message).await,
                (Way::Email, _, Some(email)) => email.send(login, message).await,
                _ => Err(NotSent::NoWay),
            }
        };
        tokio::time::timeout(PATIENCE, sent).await.unwrap_or_else(|_| {
            tracing::warn!(%way, "the gateway for messages takes too long");
            Err(NotSent::Unreachable)
        })
    }
}

/// The first line of the file.
fn secret(file: &std::path::Path) -> Result<zeroize::Zeroizing<String>, Unusable> {
    let text = std::fs::read_to_string(file).map(zeroize::Zeroizing::new);
    let text = text.map_err(|error| Unusable::Secret { file: file.display().to_string(), error })?;
    Ok(zeroize::Zeroizing::new(text.lines().next().unwrap_or_default().trim().to_owned()))
}
