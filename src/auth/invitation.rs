//! Coming in by a link: whoever has it chooses a password once, and is logged in.

use super::{
    caller::{Entry, Origin},
    login::LogIns,
    password::{self, PasswordError},
};
use crate::{
    audit::{self, Action, Record},
    db::{
        self, DbError,
        invitations::{self, Ended, Invitation},
    },
    model::Account,
    random,
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;
use std::{fmt, str::FromStr};

/// Letters and digits that are not taken for each other when they are read from paper (Crockford's base 32).
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 120 bits: nobody guesses them, and a person can type them.
const BYTES: usize = 15;
/// Signs in a secret.
const LENGTH: usize = BYTES * 8 / 5;
/// Signs in each of its groups.
const GROUP: usize = 4;

/// The secret part of a link. `Debug` hides it; [`shown`](Self::shown) is for the one person who needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkSecret(String);

/// The text is no secret of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the secret of a link")]
pub struct NotASecret;

impl fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSecret(..)")
    }
}

impl LinkSecret {
    /// A new one.
    pub fn random() -> Self {
        let signs = random::bytes::<BYTES>().chunks(5).flat_map(signs).collect();
        Self(signs)
    }

    /// As it stands in the link: `7K3M-9QPA-…`.
    pub fn shown(&self) -> String {
        let groups: Vec<&str> = (0..LENGTH).step_by(GROUP).filter_map(|at| self.0.get(at..at + GROUP)).collect();
        groups.join("-")
    }

    /// What is kept of it. It is random and long, so that its plain hash tells nothing.
    pub fn hash(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, format!("invitation {}", self.0).as_bytes()))
    }
}

/// Eight signs of five bytes.
fn signs(five: &[u8]) -> impl Iterator<Item = char> + use<> {
    let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..8).rev().map(move |place| char::from(SIGNS[usize::try_from(bits >> (5 * place) & 31).unwrap_or_default()]))
}

impl FromStr for LinkSecret {
    type Err = NotASecret;

    /// Takes what people type from a letter: without the hyphens, in small letters, with an O for a 0.
    fn from_str(text: &str) -> Result<Self, NotASecret> {
        if text.len() > 2 * LENGTH {
            return Err(NotASecret);
        }
        let typed = text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            sign => sign,
        });
        let secret: String = typed.collect();
        let known = secret.bytes().all(|sign| SIGNS.contains(&sign));
        if known && secret.len() == LENGTH { Ok(Self(secret)) } else { Err(NotASecret) }
    }
}

/// Why somebody could not come in by a link.
#[derive(Debug, thiserror::Error)]
pub enum NotLetIn {
    /// There is no such link.
    #[error("no such link")]
    Unknown,
    /// It has expired.
    #[error("the link has expired")]
    Expired,
    /// It has been used, was taken back, or a newer one took its place.
    #[error("the link no longer works: {}", .0.word())]
    Ended(Ended),
    /// The account is blocked.
    #[error("the account is blocked")]
    Blocked,
    /// The password cannot be.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl LogIns {
    /// The link with this secret and whom it lets in, if it still works.
    pub async fn invited(&self, secret: &str) -> Result<(Invitation, Account), NotLetIn> {
        let secret: LinkSecret = secret.parse().map_err(|NotASecret| NotLetIn::Unknown)?;
        let invitation = invitations::by_hash(&self.db, &secret.hash()).await?.ok_or(NotLetIn::Unknown)?;
        let now = self.clock.now();
        if let Some(why) = invitation.ended {
            return Err(NotLetIn::Ended(why));
        }
        if invitation.expires_at <= now {
            return Err(NotLetIn::Expired);
        }
        let account = db::accounts::by_id(&self.db, invitation.account, now).await?.ok_or(NotLetIn::Unknown)?;
        if account.blocked { Err(NotLetIn::Blocked) } else { Ok((invitation, account)) }
    }

    /// Uses the link up: sets `password`, ends every log-in of the account that there was, and begins one: half a
    /// one where the account has a second factor, which a link does not stand for.
    pub async fn let_in(&self, secret: &str, password: &str, origin: &Origin) -> Result<Entry, NotLetIn> {
        let (invitation, account) = self.invited(secret).await?;
        let hash = password::hash(password).await?;
        let now = self.clock.now();
        let tx = self.db.begin().await?;
        if !invitations::use_up(&tx, invitation.id, now).await? {
            // Two pressed at once, or the director was faster.
            drop(tx);
            return Err(self.invited(secret).await.err().unwrap_or(NotLetIn::Unknown));
        }
        db::accounts::set_password(&tx, account.id, &hash, now).await?;
        let record = Record {
            at: now,
            actor: Some(account.id),
            kindergarten: Some(invitation.kindergarten),
            action: Action::PasswordChanged,
            subject: format!("account:{}", account.id),
            details: json!({ "invitation": invitation.id, "reset": invitation.reset, "address": origin.address }),
        };
        audit::append(&tx, record).await?;
        let entry = self.enter(&tx, account, Some(invitation.kindergarten), origin, "invitation").await?;
        tx.commit().await?;
        Ok(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_however_it_was_typed() {
        let secret = LinkSecret::random();
        let shown = secret.shown();
        assert_eq!((shown.len(), shown.matches('-').count()), (29, 5), "{shown}");
        for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', ""), shown.replace('-', " ").replace('0', "o")] {
            assert_eq!(typed.parse(), Ok(secret.clone()), "{typed}");
        }
        assert!(!format!("{secret:?}").contains(&shown[..4]));
        assert_ne!(LinkSecret::random().hash(), secret.hash());
    }

    #[test]
    fn what_is_no_secret_is_not_looked_up() {
        let shown = LinkSecret::random().shown();
        let cut = shown[..28].to_owned();
        for text in ["", "7K3M", &cut, &format!("{shown}0"), &shown.replacen(|c: char| c != '-', "U", 1), &"0".repeat(10_000)] {
            assert_eq!(text.parse::<LinkSecret>(), Err(NotASecret), "{text}");
        }
    }

    #[test]
    fn five_bytes_are_eight_signs() {
        assert_eq!(signs(&[0; 5]).collect::<String>(), "00000000");
        assert_eq!(signs(&[0xff; 5]).collect::<String>(), "ZZZZZZZZ");
        assert_eq!(signs(&[0x08, 0x42, 0x10, 0x84, 0x21]).collect::<String>(), "11111111");
    }
}
