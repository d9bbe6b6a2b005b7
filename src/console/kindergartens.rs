//! Founding a kindergarten, and appointing its directors: what an operator does, and nobody inside.

use super::{
    links::{self, Made, Maker},
    own_key, text,
};
use crate::{
    audit::{self, Action, Record},
    auth::LoginName,
    db::{
        self, Db, DbError, Tx,
        accounts::end_logins,
        invitations::{Ended, Way},
        kindergartens::{self, Founded},
        people,
    },
    id::{AccountId, KindergartenId},
    model::{Account, Language, Limits, Ownership, Role},
    policy::Charter,
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

/// The longest name of a kindergarten or a person, in characters.
const LONGEST_NAME: usize = 100;
/// Digits of a business identification number.
const BIN: usize = 12;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// There is no such kindergarten, director or assignment.
    #[error("no such thing")]
    Unknown,
    /// A field cannot be what it is.
    #[error("the field {0} cannot be so")]
    Field(&'static str),
    /// Somebody logs in with this already, in another role or place.
    #[error("the login is another's")]
    LoginTaken,
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A kindergarten that is to be.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Its name.
    pub name: String,
    /// Its business identification number, if it has one.
    pub bin: Option<String>,
    /// Where it lies.
    pub district: Option<String>,
    /// Who owns it.
    pub ownership: Option<Ownership>,
    /// The zone of its hours (IANA name).
    pub zone: String,
}

/// Somebody who is to be a director or an inspector.
#[derive(Debug, Clone)]
pub struct Appointee {
    /// The name.
    pub name: String,
    /// Phone number or e-mail address.
    pub login: String,
    /// The language of the pages.
    pub language: Language,
}

/// Adds a kindergarten, empty but for its director, who is let in by the link that is returned.
pub async fn found(
    db: &Db,
    charter: Charter,
    founding: Founding,
    director: Appointee,
    now: Timestamp,
) -> Result<(KindergartenId, Made), NotDone> {
    let it = checked(founding, now)?;
    let tx = db.begin().await?;
    kindergartens::found(&tx, &it, &own_key(it.id), Limits::DEFAULT, now).await?;
    let attributes = json!({
        "name": it.name, "bin": it.bin, "district": it.district, "ownership": it.ownership, "zone": it.zone, "languages": it.languages,
    });
    let subject = format!("kindergarten:{}", it.id);
    audit::append(&tx, record(charter, it.id, Action::FactAdded, subject, json!({ "attributes": attributes }), now)).await?;
    let made = appointed(&tx, charter, it.id, director, now).await?;
    tx.commit().await?;
    Ok((it.id, made))
}

/// Gives a kindergarten a director more, who is let in by the link that is returned.
pub async fn appoint(
    db: &Db,
    charter: Charter,
    kindergarten: KindergartenId,
    director: Appointee,
    now: Timestamp,
) -> Result<Made, NotDone> {
    if !kindergartens::exists(db, kindergarten).await? {
        return Err(NotDone::Unknown);
    }
    let tx = db.begin().await?;
    let made = appointed(&tx, charter, kindergarten, director, now).await?;
    tx.commit().await?;
    Ok(made)
}

/// Takes a kindergarten's director back: the account is gone, and what it had open ends within a second.
pub async fn dismiss(
    db: &Db,
    charter: Charter,
    kindergarten: KindergartenId,
    director: AccountId,
    now: Timestamp,
) -> Result<(), NotDone> {
    let tx = db.begin().await?;
    if !kindergartens::dismiss(&tx, kindergarten, director, now).await? {
        return Err(NotDone::Unknown);
    }
    end_logins(&tx, director, "removed", now).await?;
    let maker = Maker { by: charter.account(), kindergarten };
    links::end(&tx, maker, director, Ended::Withdrawn, now).await?;
    let subject = format!("account:{director}");
    audit::append(&tx, record(charter, kindergarten, Action::FactEnded, subject, json!({ "role": Role::Director }), now)).await?;
    tx.commit().await?;
    Ok(())
}

/// A new link for a director who never came in, or has lost the password. The old one no longer works.
pub async fn link(
    db: &Db,
    charter: Charter,
    kindergarten: KindergartenId,
    director: AccountId,
    now: Timestamp,
) -> Result<Made, NotDone> {
    let account = db::accounts::by_id(db, director, now).await?;
    let theirs = account.filter(|account| account.role == Role::Director && account.kindergarten == Some(kindergarten));
    let account = theirs.ok_or(NotDone::Unknown)?;
    let tx = db.begin().await?;
    let made = links::make(&tx, Maker { by: charter.account(), kindergarten }, account.id, Way::Print, now).await?;
    tx.commit().await?;
    Ok(made)
}

async fn appointed(
    tx: &Tx,
    charter: Charter,
    kindergarten: KindergartenId,
    director: Appointee,
    now: Timestamp,
) -> Result<Made, NotDone> {
    let account = account(tx, director, Role::Director, Some(kindergarten), now).await?;
    people::create(tx, &account, kindergarten, &own_key(account.id), now).await?;
    audit::append(tx, added(charter, kindergarten, &account, now)).await?;
    Ok(links::make(tx, Maker { by: charter.account(), kindergarten }, account.id, Way::Print, now).await?)
}

/// The account that `person` will have, whose login nobody may have.
pub(super) async fn account(
    tx: &Tx,
    person: Appointee,
    role: Role,
    kindergarten: Option<KindergartenId>,
    now: Timestamp,
) -> Result<Account, NotDone> {
    let name = text::line(&person.name, LONGEST_NAME).ok_or(NotDone::Field("person"))?;
    let login: LoginName = person.login.parse().map_err(|_| NotDone::Field("login"))?;
    if db::accounts::by_login(tx, login.as_str(), now).await?.is_some() {
        return Err(NotDone::LoginTaken);
    }
    let (id, login, language) = (AccountId::new(now), login.to_string(), person.language);
    Ok(Account { id, login, name, role, kindergarten, language, blocked: false })
}

/// The record of an account that was made.
pub(super) fn added(charter: Charter, kindergarten: KindergartenId, account: &Account, at: Timestamp) -> Record {
    let Account { id, login, name, role, language, .. } = account;
    let details = json!({ "attributes": { "login": login, "name": name, "role": role, "language": language } });
    record(charter, kindergarten, Action::FactAdded, format!("account:{id}"), details, at)
}

/// A record of what an operator did to `kindergarten`.
pub(super) fn record(
    charter: Charter,
    kindergarten: KindergartenId,
    action: Action,
    subject: String,
    details: Value,
    at: Timestamp,
) -> Record {
    Record { at, actor: Some(charter.account()), kindergarten: Some(kindergarten), action, subject, details }
}

fn checked(founding: Founding, now: Timestamp) -> Result<Founded, NotDone> {
    let Founding { name, bin, district, ownership, zone } = founding;
    let name = text::line(&name, LONGEST_NAME).ok_or(NotDone::Field("name"))?;
    let bin = bin.filter(|bin| !bin.trim().is_empty()).map(|bin| bin.trim().to_owned());
    if bin.as_ref().is_some_and(|bin| bin.len() != BIN || !bin.bytes().all(|digit| digit.is_ascii_digit())) {
        return Err(NotDone::Field("bin"));
    }
    let district = district.filter(|district| !district.trim().is_empty());
    let district = district.map(|district| text::line(&district, LONGEST_NAME).ok_or(NotDone::Field("district"))).transpose()?;
    if TimeZone::get(&zone).is_err() {
        return Err(NotDone::Field("zone"));
    }
    let languages = vec![Language::Kazakh, Language::Russian];
    Ok(Founded { id: KindergartenId::new(now), name, bin, district, ownership, zone, languages })
}
