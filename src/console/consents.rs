//! Consent to the camera, child by child: what families answer on their page, and what came on paper.

mod texts;

pub use texts::{NewText, PROPOSAL, Proposal, publish, set_rule};

use super::text;
use crate::{
    audit::{self, Action, Record},
    db::{
        Db, DbError, Tx, children,
        consents::{self, Paper},
    },
    id::{AccountId, ChildId, ConsentId, KindergartenId},
    model::{Consent, ConsentAnswer, ConsentStanding, Language, Site},
    policy::{self, Mandate, Speaker},
};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::json;

/// In characters.
const LONGEST_DOCUMENT: usize = 200;
/// No child is in a kindergarten for longer.
const OLDEST_PAPER_YEARS: i32 = 10;

/// Why nothing was written down.
#[derive(Debug, thiserror::Error)]
pub enum NotRecorded {
    /// It is not one of this kindergarten's children.
    #[error("not one of the kindergarten's children")]
    NotTheirs,
    /// This field of what was asked for cannot be so.
    #[error("the field {0} cannot be so")]
    Field(&'static str),
    /// Nobody has published a text, so there is nothing to agree to.
    #[error("no text is published")]
    NoText,
    /// The text that was read is not the newest.
    #[error("a newer text is published")]
    TextChanged,
    /// Another guardian said no, and only they or the director can take that back.
    #[error("another guardian said no")]
    OtherSaidNo,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Yes or no to a version of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Yes.
    pub agrees: bool,
    /// To which version.
    pub version: u32,
    /// In which language it was read.
    pub language: Language,
}

/// A yes or no that came on paper.
#[derive(Debug, Clone)]
pub struct OnPaper {
    /// What it says.
    pub word: Word,
    /// The day on which it was signed.
    pub day: Date,
    /// Its number, or where it is kept.
    pub document: String,
}

/// A guardian answers for the own child. A yes is to the newest text, which the page has shown; a no needs none. The same answer again
/// changes nothing. Streams that are no longer allowed end within a second.
pub async fn answer(db: &Db, speaker: Speaker<'_>, word: Word, now: Timestamp) -> Result<(), NotRecorded> {
    let (site, child) = (speaker.site(), speaker.child());
    let tx = db.begin().await?;
    // Locks, so that of two who press at once the second sees what the first said.
    tx.touch().await?;
    let newest = read(&tx, site.kindergarten.id, word).await?;
    if word.agrees && word.version != newest {
        return Err(NotRecorded::TextChanged);
    }
    let before = consents::in_force(&tx, child).await?;
    if word.agrees && before.as_ref().and_then(|before| refused_by(site, before, now)).is_some_and(|who| who != speaker.account()) {
        return Err(NotRecorded::OtherSaidNo);
    }
    let said = Said { child, word, day: site.date(now), by: Some(speaker.account()), paper: None };
    record(tx, site, speaker.account(), before, said, now).await
}

/// A director writes down what a family signed on paper: a yes to a version of the text, or a no.
pub async fn on_paper(db: &Db, mandate: Mandate<'_>, child: ChildId, paper: OnPaper, now: Timestamp) -> Result<(), NotRecorded> {
    let OnPaper { word, day, document } = paper;
    let today = mandate.site().date(now);
    if day > today || today.checked_sub(OLDEST_PAPER_YEARS.years()).is_ok_and(|oldest| day < oldest) {
        return Err(NotRecorded::Field("day"));
    }
    let document = text::line(&document, LONGEST_DOCUMENT).ok_or(NotRecorded::Field("document"))?;
    let tx = db.begin().await?;
    tx.touch().await?;
    children::name(&tx, mandate.kindergarten(), child).await?.ok_or(NotRecorded::NotTheirs)?;
    read(&tx, mandate.kindergarten(), word).await?;
    let before = consents::in_force(&tx, child).await?;
    let paper = Paper { document, by: mandate.account() };
    record(tx, mandate.site(), mandate.account(), before, Said { child, word, day, by: None, paper: Some(paper) }, now).await
}

/// The guardian whose no stands on the page, while that guardian speaks for the child.
pub fn refused_by(site: &Site, consent: &Consent, now: Timestamp) -> Option<AccountId> {
    let no = consent.answer != ConsentAnswer::Agreed;
    consent.by.filter(|by| no && policy::speaks(*by, site, consent.child, now))
}

/// The number of the newest text, if `word` is about one that there is, in a language that it has.
async fn read(tx: &Tx, kindergarten: KindergartenId, word: Word) -> Result<u32, NotRecorded> {
    let texts = consents::texts(tx, kindergarten).await?;
    let newest = texts.first().ok_or(NotRecorded::NoText)?.version;
    let text = texts.iter().find(|text| text.version == word.version).ok_or(NotRecorded::Field("version"))?;
    if text.speaks(word.language) { Ok(newest) } else { Err(NotRecorded::Field("language")) }
}

/// An answer, before it is known whether it takes an earlier one back.
struct Said {
    child: ChildId,
    word: Word,
    day: Date,
    by: Option<AccountId>,
    paper: Option<Paper>,
}

async fn record(
    tx: Tx,
    site: &Site,
    actor: AccountId,
    before: Option<Consent>,
    said: Said,
    now: Timestamp,
) -> Result<(), NotRecorded> {
    let Said { child, word: Word { agrees, version, language }, day, by, paper } = said;
    let standing = site.consents.standing_of(before.as_ref(), site.date(now));
    let answer = match (agrees, standing) {
        (true, _) => ConsentAnswer::Agreed,
        (false, ConsentStanding::Given | ConsentStanding::Withdrawn) => ConsentAnswer::Withdrawn,
        (false, _) => ConsentAnswer::Declined,
    };
    let same = before.as_ref().is_some_and(|before| before.answer == answer && (!agrees || before.version == version));
    if same && paper.is_none() {
        return Ok(());
    }
    let consent = Consent { id: ConsentId::new(now), child, answer, version, language, day, by };
    consents::answer(&tx, site.kindergarten.id, &consent, paper.as_ref(), now).await?;
    let kindergarten = Some(site.kindergarten.id);
    let about = |action, consent: &Consent, document: Option<&str>| Record {
        at: now,
        actor: Some(actor),
        kindergarten,
        action,
        subject: format!("consent:{}", consent.id),
        details: json!({
            "child": consent.child, "answer": consent.answer, "version": consent.version, "language": consent.language,
            "day": consent.day, "document": document,
        }),
    };
    let ended = before.iter().map(|before| about(Action::FactEnded, before, None));
    let document = paper.as_ref().map(|paper| paper.document.as_str());
    let records = ended.chain([about(Action::FactAdded, &consent, document)]).collect();
    audit::append_all(&tx, records).await?;
    Ok(tx.commit().await?)
}
