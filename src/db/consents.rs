//! Consents to the camera: the versions of the text, what families answered, and what the kindergarten makes of it.

use super::{Day, DbError, Moment, Queries, Tx, known::known};
use crate::{
    args,
    id::{AccountId, ChildId, ConsentId, ConsentRuleId, ConsentTextId, KindergartenId},
    model::{Consent, ConsentAnswer, ConsentRule, ConsentText, Consents, Language},
};
use jiff::{Timestamp, civil::Date};

/// Everything that was known of the consents of `kindergarten` at `at`.
pub(super) async fn known(db: &impl Queries, kindergarten: KindergartenId, at: Timestamp) -> Result<Consents, DbError> {
    let when = args![kindergarten, at];
    let rule: Option<(ConsentRule,)> = db.row(known!("select rule from consent_rules where kindergarten_id = $1"), when).await?;
    let sql = "select version, asks_again_from from consent_texts where kindergarten_id = $1 and since <= $2 order by version";
    let texts: Vec<(i64, Option<Day>)> = db.rows(sql, when).await?;
    let texts = texts
        .into_iter()
        .map(|(version, from)| Ok::<_, DbError>(ConsentText { version: number(version)?, asks_again_from: from.map(|day| day.0) }));
    let answers: Vec<ConsentRow> = db.rows(known!("select * from consents where kindergarten_id = $1"), when).await?;
    Ok(Consents {
        rule: rule.map_or(ConsentRule::Recorded, |(rule,)| rule),
        texts: texts.collect::<Result<_, _>>()?,
        answers: answers.into_iter().map(Consent::try_from).collect::<Result<_, _>>()?,
    })
}

/// From `now` on `rule` holds; `false` when it does already. Whoever calls this writes the audit record.
pub async fn set_rule(
    tx: &Tx,
    kindergarten: KindergartenId,
    rule: ConsentRule,
    by: AccountId,
    now: Timestamp,
) -> Result<bool, DbError> {
    tx.touch().await?;
    let sql = "select rule from consent_rules where kindergarten_id = $1 and until is null";
    let before: Option<(ConsentRule,)> = tx.row(sql, args![kindergarten]).await?;
    if before.map_or(ConsentRule::Recorded, |(rule,)| rule) == rule {
        return Ok(false);
    }
    tx.execute("update consent_rules set until = $2 where kindergarten_id = $1 and until is null", args![kindergarten, now])
        .await?;
    let sql = "insert into consent_rules (id, kindergarten_id, rule, ordered_by, since) values ($1, $2, $3, $4, $5)";
    tx.execute(sql, args![ConsentRuleId::new(now), kindergarten, rule, by, now]).await?;
    Ok(true)
}

/// A version of the text with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its number, from 1.
    pub version: u32,
    /// In Kazakh.
    pub kk: String,
    /// In Russian.
    pub ru: String,
    /// In English, where there is one.
    pub en: Option<String>,
    /// The first day on which answers to earlier versions are no longer good; `None` when they stay good.
    pub asks_again_from: Option<Date>,
    /// When it was published.
    pub at: Timestamp,
}

impl Text {
    /// Whether it can be read in `language`.
    pub fn speaks(&self, language: Language) -> bool {
        language != Language::English || self.en.is_some()
    }
}

/// The versions of the text of `kindergarten`, the newest first.
pub async fn texts(db: &impl Queries, kindergarten: KindergartenId) -> Result<Vec<Text>, DbError> {
    let sql =
        "select version, kk, ru, en, asks_again_from, since from consent_texts where kindergarten_id = $1 order by version desc";
    let rows: Vec<TextRow> = db.rows(sql, args![kindergarten]).await?;
    rows.into_iter().map(Text::try_from).collect()
}

/// Publishes `text` under its number. Whoever calls this writes the audit record.
pub async fn publish(tx: &Tx, kindergarten: KindergartenId, id: ConsentTextId, text: &Text, by: AccountId) -> Result<(), DbError> {
    tx.touch().await?;
    let Text { version, kk, ru, en, asks_again_from, at } = text;
    let sql = "insert into consent_texts (id, kindergarten_id, version, kk, ru, en, asks_again_from, published_by, since) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    tx.execute(sql, args![id, kindergarten, *version, kk, ru, en.clone(), *asks_again_from, by, *at]).await.map(drop)
}

/// The answer in force for `child`.
pub async fn in_force(db: &impl Queries, child: ChildId) -> Result<Option<Consent>, DbError> {
    let row: Option<ConsentRow> = db.row("select * from consents where child_id = $1 and until is null", args![child]).await?;
    row.map(Consent::try_from).transpose()
}

/// Where an answer that came on paper is kept, and who wrote it down here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The number of the document, or where it lies.
    pub document: String,
    /// The director.
    pub by: AccountId,
}

/// From `now` on `consent` is the child's answer, in place of the one before. Whoever calls this writes the audit records.
pub async fn answer(
    tx: &Tx,
    kindergarten: KindergartenId,
    consent: &Consent,
    paper: Option<&Paper>,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.touch().await?;
    let Consent { id, child, answer, version, language, day, by } = *consent;
    tx.execute("update consents set until = $2 where child_id = $1 and until is null", args![child, now]).await?;
    let sql = "insert into consents (id, kindergarten_id, child_id, answer, version, language, day, account_id, document, recorded_by, since) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let (document, recorded_by) = (paper.map(|paper| paper.document.clone()), paper.map(|paper| paper.by));
    tx.execute(sql, args![id, kindergarten, child, answer, version, language, day, by, document, recorded_by, now]).await.map(drop)
}

/// An answer with the names that belong to it, in force or not.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Written {
    /// For which child.
    #[sqlx(rename = "child_id")]
    pub child: ChildId,
    /// The child's name.
    pub child_name: String,
    /// What was said.
    pub answer: ConsentAnswer,
    version: i64,
    /// In which language the text was read.
    pub language: Language,
    day: Day,
    /// The name of the guardian who answered on the page, or of who wrote down what came on paper.
    pub by: Option<String>,
    /// The document, for what came on paper.
    pub document: Option<String>,
    /// When it became known here.
    #[sqlx(try_from = "Moment")]
    pub since: Timestamp,
    until: Option<Moment>,
}

impl Written {
    /// To which version of the text.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// On which day.
    pub fn day(&self) -> Date {
        self.day.0
    }

    /// When another took its place.
    pub fn until(&self) -> Option<Timestamp> {
        self.until.map(Timestamp::from)
    }
}

/// Every answer of `kindergarten`, by child and the latest first; only those in force for `now_only`.
pub async fn written(db: &impl Queries, kindergarten: KindergartenId, now_only: bool) -> Result<Vec<Written>, DbError> {
    let sql = "select c.child_id, k.name as child_name, c.answer, c.version, c.language, c.day, a.name as by, c.document, c.since, c.until \
               from consents c join children k on k.id = c.child_id left join accounts a on a.id = coalesce(c.account_id, c.recorded_by) \
               where c.kindergarten_id = $1 and k.removed_at is null and (c.until is null or not $2) \
               order by k.name, c.child_id, case when c.until is null then 0 else 1 end, c.since desc, c.id desc";
    db.rows(sql, args![kindergarten, now_only]).await
}

fn number(version: i64) -> Result<u32, DbError> {
    u32::try_from(version).map_err(|error| DbError::Unreadable(error.to_string()))
}

#[derive(sqlx::FromRow)]
struct ConsentRow {
    id: ConsentId,
    child_id: ChildId,
    answer: ConsentAnswer,
    version: i64,
    language: Language,
    day: Day,
    account_id: Option<AccountId>,
}

impl TryFrom<ConsentRow> for Consent {
    type Error = DbError;

    fn try_from(row: ConsentRow) -> Result<Self, DbError> {
        let ConsentRow { id, child_id: child, answer, language, day: Day(day), account_id: by, .. } = row;
        Ok(Self { id, child, answer, version: number(row.version)?, language, day, by })
    }
}

#[derive(sqlx::FromRow)]
struct TextRow {
    version: i64,
    kk: String,
    ru: String,
    en: Option<String>,
    asks_again_from: Option<Day>,
    since: Moment,
}

impl TryFrom<TextRow> for Text {
    type Error = DbError;

    fn try_from(row: TextRow) -> Result<Self, DbError> {
        let TextRow { kk, ru, en, asks_again_from, since: Moment(at), .. } = row;
        Ok(Self { version: number(row.version)?, kk, ru, en, asks_again_from: asks_again_from.map(|day| day.0), at })
    }
}
