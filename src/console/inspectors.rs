//! Saying who inspects which kindergarten, from which day to which: an operator's work, for whoever is inspected does not choose.

use super::{
    kindergartens::{Appointee, NotDone, account, added, record},
    links::{self, Made, Maker},
    own_key,
};
use crate::{
    audit::{self, Action},
    auth::LoginName,
    db::{self, Db, invitations::Way, kindergartens, people},
    id::{AssignmentId, KindergartenId},
    model::Role,
    policy::Charter,
};
use jiff::{Timestamp, civil::Date};
use serde_json::json;

/// An assignment that was made.
#[derive(Debug)]
pub struct Assigned {
    /// Its id.
    pub id: AssignmentId,
    /// The link for an inspector who has none and no password yet.
    pub made: Option<Made>,
}

/// Lets an inspector look at `kindergarten` on the days `from` to `to`. Whoever logs in with this already and inspects is taken, else
/// an account is made, and let in by the link that is returned.
pub async fn assign(
    db: &Db,
    charter: Charter,
    kindergarten: KindergartenId,
    inspector: Appointee,
    (from, to): (Date, Date),
    now: Timestamp,
) -> Result<Assigned, NotDone> {
    if to < from {
        return Err(NotDone::Field("to"));
    }
    if !kindergartens::exists(db, kindergarten).await? {
        return Err(NotDone::Unknown);
    }
    let login: LoginName = inspector.login.parse().map_err(|_| NotDone::Field("login"))?;
    let tx = db.begin().await?;
    let (account, made) = match db::accounts::by_login(&tx, login.as_str(), now).await? {
        Some(known) if known.role == Role::Inspector => (known.id, None),
        Some(_) => return Err(NotDone::LoginTaken),
        None => {
            let account = account(&tx, inspector, Role::Inspector, None, now).await?;
            people::create(&tx, &account, kindergarten, &own_key(account.id), now).await?;
            audit::append(&tx, added(charter, kindergarten, &account, now)).await?;
            let maker = Maker { by: charter.account(), kindergarten };
            (account.id, Some(links::make(&tx, maker, account.id, Way::Print, now).await?))
        }
    };
    let id = AssignmentId::new(now);
    kindergartens::assign(&tx, id, kindergarten, account, (from, to), now).await?;
    let details = json!({ "account": account, "from": from, "to": to });
    audit::append(&tx, record(charter, kindergarten, Action::FactAdded, format!("assignment:{id}"), details, now)).await?;
    tx.commit().await?;
    Ok(Assigned { id, made })
}

/// Takes an assignment back: what the inspector has open there ends within a second.
pub async fn unassign(db: &Db, charter: Charter, id: AssignmentId, now: Timestamp) -> Result<(), NotDone> {
    let kindergarten = kindergartens::of_assignment(db, id).await?.ok_or(NotDone::Unknown)?;
    let tx = db.begin().await?;
    if !kindergartens::unassign(&tx, id, now).await? {
        return Err(NotDone::Unknown);
    }
    audit::append(&tx, record(charter, kindergarten, Action::FactEnded, format!("assignment:{id}"), json!({}), now)).await?;
    tx.commit().await?;
    Ok(())
}
