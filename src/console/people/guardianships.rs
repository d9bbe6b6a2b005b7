//! Who is a guardian of which child, from which day to which.

use super::{LONGEST_NAME, LONGEST_WORDS, NotDone, in_charge, record};
use crate::{
    audit::{self, Action, Record},
    auth::LoginName,
    console::{own_key, text},
    db::{
        self, Db, DbError, Tx,
        guardianships::{self, Kept},
    },
    id::{AccountId, ChildId, GuardianshipId},
    model::{Account, Guardianship, Language, Role},
    policy::Mandate,
};
use jiff::{Timestamp, civil::Date};
use serde_json::json;

/// Who is to be a guardian.
#[derive(Debug, Clone)]
pub enum Who {
    /// One of the kindergarten's parents.
    Known(AccountId),
    /// Whoever logs in with this: a parent who is known by it, here or elsewhere, or a new one.
    Login(Newcomer),
}

/// Somebody who may be new.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The name, for a new account.
    pub name: String,
    /// A phone number or an e-mail address.
    pub login: String,
    /// The language of the pages, for a new account.
    pub language: Language,
}

/// The first and the last day, both included; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Option<Date>,
    /// The last.
    pub to: Option<Date>,
}

/// What of a guardianship is to be otherwise.
#[derive(Debug, Clone)]
pub enum Change {
    /// It holds on other days.
    Days(Days),
    /// An order closes it: its document's reference.
    Restrict(String),
    /// The order no longer does.
    Lift,
}

/// Ties a guardian to a child. A login that a parent has already is that parent's: the account is reused, and keeps its name.
pub async fn add(db: &Db, mandate: Mandate<'_>, child: ChildId, who: Who, days: Days, now: Timestamp) -> Result<Kept, NotDone> {
    mandate.site().child(child).ok_or(NotDone::NotTheirs)?;
    check(mandate, days, now)?;
    let tx = db.begin().await?;
    // Locks, so that two who add the same person at once come one after the other.
    tx.touch().await?;
    let account = match who {
        Who::Known(id) => in_charge(&tx, mandate, id, now).await?.account().clone(),
        Who::Login(newcomer) => parent(&tx, mandate, newcomer, now).await?,
    };
    if account.role != Role::Parent {
        return Err(NotDone::NotTheirs);
    }
    // One tie each: a second one beside a restricted one would undo the restriction.
    if guardianships::exists(&tx, account.id, child).await? {
        return Err(NotDone::Already);
    }
    let kept = begin(&tx, mandate, account.id, child, days, now).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Writes down that `account` is a guardian of `child`, with its audit record.
pub(super) async fn begin(
    tx: &Tx,
    mandate: Mandate<'_>,
    account: AccountId,
    child: ChildId,
    Days { from, to }: Days,
    now: Timestamp,
) -> Result<Kept, DbError> {
    let tie = Guardianship { id: GuardianshipId::new(now), account, child, from, to, restricted: false };
    let kept = Kept { tie, reference: None };
    guardianships::begin(tx, mandate.kindergarten(), &kept, now).await?;
    audit::append(tx, of(mandate, Action::FactAdded, &kept, now)).await?;
    Ok(kept)
}

/// The parent who logs in with the newcomer's login; a new account when nobody does.
pub(super) async fn parent(tx: &Tx, mandate: Mandate<'_>, newcomer: Newcomer, now: Timestamp) -> Result<Account, NotDone> {
    let name = text::line(&newcomer.name, LONGEST_NAME).ok_or(NotDone::Field("name"))?;
    let login: LoginName = newcomer.login.parse().map_err(|_| NotDone::Field("login"))?;
    match db::accounts::by_login(tx, login.as_str(), now).await? {
        Some(account) if account.role == Role::Parent => Ok(account),
        Some(_) => Err(NotDone::LoginTaken),
        None => Ok(new_account(tx, mandate, Role::Parent, name, &login, newcomer.language, now).await?),
    }
}

/// A new account without a password, with its audit record.
pub(super) async fn new_account(
    tx: &Tx,
    mandate: Mandate<'_>,
    role: Role,
    name: String,
    login: &LoginName,
    language: Language,
    now: Timestamp,
) -> Result<Account, DbError> {
    let works_there = (role == Role::Staff).then(|| mandate.kindergarten());
    let (id, login) = (AccountId::new(now), login.to_string());
    let account = Account { id, login, name, role, kindergarten: works_there, language, blocked: false };
    db::people::create(tx, &account, mandate.kindergarten(), &own_key(id), now).await?;
    let attributes = json!({ "login": account.login, "name": account.name, "role": role, "language": language });
    let details = json!({ "attributes": attributes });
    audit::append(tx, record(mandate, Action::FactAdded, format!("account:{id}"), details, now)).await?;
    Ok(account)
}

/// Ends a guardianship. `false` when it is over already: then there is nothing to do, nor to write down.
pub async fn end(db: &Db, mandate: Mandate<'_>, id: GuardianshipId, now: Timestamp) -> Result<bool, DbError> {
    let tx = db.begin().await?;
    let Some(kept) = guardianships::end(&tx, mandate.kindergarten(), id, now).await? else { return Ok(false) };
    audit::append(&tx, of(mandate, Action::FactEnded, &kept, now)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends a guardianship and begins another that is as it was but for `change`. What is so already stays as it is.
pub async fn change(db: &Db, mandate: Mandate<'_>, id: GuardianshipId, change: Change, now: Timestamp) -> Result<Kept, NotDone> {
    let tx = db.begin().await?;
    let before = guardianships::end(&tx, mandate.kindergarten(), id, now).await?.ok_or(NotDone::NotTheirs)?;
    let mut after = before.clone();
    match change {
        Change::Days(days) => {
            check(mandate, days, now)?;
            (after.tie.from, after.tie.to) = (days.from, days.to);
        }
        Change::Restrict(reference) => {
            after.reference = Some(text::line(&reference, LONGEST_WORDS).ok_or(NotDone::Field("reference"))?);
            after.tie.restricted = true;
        }
        Change::Lift => (after.tie.restricted, after.reference) = (false, None),
    }
    if after == before {
        return Ok(before);
    }
    after.tie.id = GuardianshipId::new(now);
    guardianships::begin(&tx, mandate.kindergarten(), &after, now).await?;
    audit::append(&tx, of(mandate, Action::FactEnded, &before, now)).await?;
    audit::append(&tx, of(mandate, Action::FactAdded, &after, now)).await?;
    tx.commit().await?;
    Ok(after)
}

/// Days of which at least one is still to come.
pub(super) fn check(mandate: Mandate<'_>, Days { from, to }: Days, now: Timestamp) -> Result<(), NotDone> {
    let today = mandate.site().kindergarten.zone.to_datetime(now).date();
    let backwards = matches!((from, to), (Some(from), Some(to)) if to < from);
    if backwards || to.is_some_and(|to| to < today) { Err(NotDone::Field("to")) } else { Ok(()) }
}

fn of(mandate: Mandate<'_>, action: Action, Kept { tie, reference }: &Kept, at: Timestamp) -> Record {
    let details = json!({
        "account": tie.account, "child": tie.child, "from": tie.from, "to": tie.to,
        "restricted": tie.restricted, "reference": reference,
    });
    record(mandate, action, format!("guardianship:{}", tie.id), details, at)
}
