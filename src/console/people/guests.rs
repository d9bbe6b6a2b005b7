//! A parent asks that somebody else may look for some days, and the director says yes or no.

use super::{
    LONGEST_NAME, LONGEST_WORDS, NotDone,
    guardianships::{self, Days, Newcomer},
};
use crate::{
    audit::{self, Action, Record},
    auth::LoginName,
    console::text,
    db::{
        self, Db,
        guests::{self, GuestRequest, Outcome},
    },
    id::{AccountId, GuestRequestId},
    model::Language,
    policy::{Host, Mandate},
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use serde_json::json;

/// A guest's right is for weeks; for longer somebody is made a guardian.
const LONGEST_DAYS: i64 = 92;
/// Wishes of one parent that wait at a time.
const MOST_WAITING: i64 = 5;
/// How long a parent is shown what became of a wish.
const SHOWN: SignedDuration = SignedDuration::from_hours(24 * 92);

/// Who is to be a guest, and when.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The name.
    pub name: String,
    /// A phone number or an e-mail address.
    pub login: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// Asks the director for a guest. Nothing is allowed by it yet.
pub async fn ask(db: &Db, host: Host<'_>, guest: Guest, now: Timestamp) -> Result<GuestRequest, NotDone> {
    let name = text::line(&guest.name, LONGEST_NAME).ok_or(NotDone::Field("name"))?;
    let login: LoginName = guest.login.parse().map_err(|_| NotDone::Field("login"))?;
    let today = host.site().kindergarten.zone.to_datetime(now).date();
    let latest = guest.from.saturating_add(LONGEST_DAYS.days());
    if guest.to < guest.from || guest.to < today || guest.to > latest {
        return Err(NotDone::Field("to"));
    }
    let tx = db.begin().await?;
    // Locks, so that nobody asks more often at once than one after the other.
    tx.touch().await?;
    if guests::count_waiting(&tx, host.account(), today).await? >= MOST_WAITING {
        return Err(NotDone::TooManyWaiting);
    }
    let request = GuestRequest {
        id: GuestRequestId::new(now),
        kindergarten: host.kindergarten(),
        child: host.child(),
        asked_by: host.account(),
        name,
        login: login.to_string(),
        from: guest.from,
        to: guest.to,
        asked_at: now,
        outcome: None,
        word: None,
    };
    guests::ask(&tx, &request).await?;
    audit::append(&tx, record(&request, request.asked_by, Action::FactAdded, now)).await?;
    tx.commit().await?;
    Ok(request)
}

/// Takes the parent's own wish back. One that waits no more stays as it is.
pub async fn withdraw(db: &Db, account: AccountId, id: GuestRequestId, now: Timestamp) -> Result<(), NotDone> {
    let tx = db.begin().await?;
    let Some(request) = guests::end(&tx, id, Outcome::Withdrawn, account, None, now).await? else { return Ok(()) };
    if request.asked_by != account {
        return Err(NotDone::NotTheirs);
    }
    audit::append(&tx, record(&request, account, Action::FactEnded, now)).await?;
    Ok(tx.commit().await?)
}

/// What `account` asked for in the last months, the newest first.
pub async fn own(db: &Db, account: AccountId, now: Timestamp) -> Result<Vec<GuestRequest>, db::DbError> {
    guests::asked_by(db, account, now.saturating_sub(SHOWN).unwrap_or(Timestamp::MIN)).await
}

/// The director's word on a wish.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Yes or no.
    pub approve: bool,
    /// In the director's words; a no has some.
    pub word: Option<String>,
}

/// Decides a wish that waits: one whose last day has passed does not. With a yes the guest has an account, if need be a new one, and a right for those days; an invitation is
/// the next step. Returns whose account it is.
pub async fn decide(
    db: &Db,
    mandate: Mandate<'_>,
    id: GuestRequestId,
    decision: Decision,
    now: Timestamp,
) -> Result<Option<AccountId>, NotDone> {
    let word = decision.word.filter(|word| !word.trim().is_empty());
    let word = word.map(|word| text::line(&word, LONGEST_WORDS).ok_or(NotDone::Field("word"))).transpose()?;
    if !decision.approve && word.is_none() {
        return Err(NotDone::Field("word"));
    }
    let outcome = if decision.approve { Outcome::Approved } else { Outcome::Refused };
    let tx = db.begin().await?;
    let request = guests::end(&tx, id, outcome, mandate.account(), word.as_deref(), now).await?;
    let today = mandate.site().date(now);
    let waits = |request: &GuestRequest| request.kindergarten == mandate.kindergarten() && today <= request.to;
    let request = request.filter(waits).ok_or(NotDone::NotTheirs)?;
    audit::append(&tx, record(&request, mandate.account(), Action::FactEnded, now)).await?;
    let account = if decision.approve { Some(let_in(&tx, mandate, &request, now).await?) } else { None };
    tx.commit().await?;
    Ok(account)
}

async fn let_in(tx: &db::Tx, mandate: Mandate<'_>, request: &GuestRequest, now: Timestamp) -> Result<AccountId, NotDone> {
    mandate.site().child(request.child).ok_or(NotDone::NotTheirs)?;
    let days = Days { from: Some(request.from), to: Some(request.to) };
    guardianships::check(mandate, days, now)?;
    // A family reads one language, as long as the guest says nothing else.
    let parent = db::accounts::by_id(tx, request.asked_by, now).await?;
    let language = parent.map_or(Language::Kazakh, |parent| parent.language);
    let newcomer = Newcomer { name: request.name.clone(), login: request.login.clone(), language };
    let guest = guardianships::parent(tx, mandate, newcomer, now).await?;
    if db::guardianships::exists(tx, guest.id, request.child).await? {
        return Err(NotDone::Already);
    }
    guardianships::begin(tx, mandate, guest.id, request.child, days, now).await?;
    Ok(guest.id)
}

fn record(request: &GuestRequest, actor: AccountId, action: Action, at: Timestamp) -> Record {
    let GuestRequest { id, kindergarten, child, asked_by, name, login, from, to, outcome, word, .. } = request;
    let details = json!({
        "child": child, "asked_by": asked_by, "name": name, "login": login, "from": from, "to": to, "outcome": outcome, "word": word,
    });
    let subject = format!("guest_request:{id}");
    Record { at, actor: Some(actor), kindergarten: Some(*kindergarten), action, subject, details }
}
