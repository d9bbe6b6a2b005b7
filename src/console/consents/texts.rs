//! What families are asked to agree to, and what follows when they do not.

use super::NotRecorded;
use crate::{
    audit::{self, Action, Record},
    console::text,
    db::{
        Db,
        consents::{self, Text},
    },
    id::ConsentTextId,
    model::ConsentRule,
    policy::Mandate,
};
use aws_lc_rs::digest::{SHA256, digest};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::{Value, json};
use std::fmt::Write;

/// In characters, of one language: more than anybody reads on a telephone.
const LONGEST_TEXT: usize = 6_000;

/// A text to begin with, in every language: what the camera shows, who looks, what is kept, and how to take a consent back. It says of
/// the gateway what the gateway does, and nothing that a kindergarten would first have to do.
pub const PROPOSAL: Proposal =
    Proposal { kk: include_str!("proposal/kk.txt"), ru: include_str!("proposal/ru.txt"), en: include_str!("proposal/en.txt") };

/// See [`PROPOSAL`].
#[derive(Debug, Clone, Copy)]
pub struct Proposal {
    /// In Kazakh.
    pub kk: &'static str,
    /// In Russian.
    pub ru: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A text to be published.
#[derive(Debug, Clone)]
pub struct NewText {
    /// In Kazakh.
    pub kk: String,
    /// In Russian.
    pub ru: String,
    /// In English, if wanted.
    pub en: Option<String>,
    /// From which day on families that answered to an earlier text are asked again; never when nothing is said.
    pub asks_again_from: Option<Date>,
}

/// Publishes `text` as the next version, and returns its number. A text that is published stays as it is: its digest is on record.
pub async fn publish(db: &Db, mandate: Mandate<'_>, text: NewText, now: Timestamp) -> Result<u32, NotRecorded> {
    let today = mandate.site().date(now);
    let body = |text: &str, field| text::lines(text, LONGEST_TEXT).ok_or(NotRecorded::Field(field));
    let (kk, ru) = (body(&text.kk, "kk")?, body(&text.ru, "ru")?);
    let en = text.en.filter(|en| !en.trim().is_empty()).map(|en| body(&en, "en")).transpose()?;
    let asks_again_from = text.asks_again_from;
    if asks_again_from.is_some_and(|day| day < today || today.checked_add(1.year()).is_ok_and(|last| last < day)) {
        return Err(NotRecorded::Field("asks_again_from"));
    }
    let tx = db.begin().await?;
    tx.touch().await?;
    let version = consents::texts(&tx, mandate.kindergarten()).await?.first().map_or(1, |newest| newest.version + 1);
    let text = Text { version, kk, ru, en, asks_again_from: asks_again_from.filter(|_| version > 1), at: now };
    let id = ConsentTextId::new(now);
    consents::publish(&tx, mandate.kindergarten(), id, &text, mandate.account()).await?;
    let digests = json!({ "kk": sha256(&text.kk), "ru": sha256(&text.ru), "en": text.en.as_deref().map(sha256) });
    let details = json!({ "version": version, "asks_again_from": text.asks_again_from, "sha256": digests });
    audit::append(&tx, about(mandate, Action::FactAdded, format!("consent_text:{id}"), details, now)).await?;
    tx.commit().await?;
    Ok(version)
}

/// From now on `rule` says what follows from missing consent. Streams that are no longer allowed end within a second. Without a text
/// nobody could agree: then there is only the rule from which nothing follows.
pub async fn set_rule(db: &Db, mandate: Mandate<'_>, rule: ConsentRule, now: Timestamp) -> Result<(), NotRecorded> {
    let before = mandate.site().consents.rule;
    let tx = db.begin().await?;
    tx.touch().await?;
    if rule != ConsentRule::Recorded && consents::texts(&tx, mandate.kindergarten()).await?.is_empty() {
        return Err(NotRecorded::NoText);
    }
    if !consents::set_rule(&tx, mandate.kindergarten(), rule, mandate.account(), now).await? {
        return Ok(());
    }
    let details = json!({ "before": { "consent_rule": before }, "after": { "consent_rule": rule } });
    audit::append(&tx, about(mandate, Action::FactChanged, format!("kindergarten:{}", mandate.kindergarten()), details, now))
        .await?;
    Ok(tx.commit().await?)
}

fn about(mandate: Mandate<'_>, action: Action, subject: String, details: Value, at: Timestamp) -> Record {
    Record { at, actor: Some(mandate.account()), kindergarten: Some(mandate.kindergarten()), action, subject, details }
}

/// In hexadecimal digits.
fn sha256(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_proposed_can_be_published_as_it_is() {
        for text in [PROPOSAL.kk, PROPOSAL.ru, PROPOSAL.en] {
            assert_eq!(text::lines(text, LONGEST_TEXT).as_deref(), Some(text.trim()));
        }
    }
}
