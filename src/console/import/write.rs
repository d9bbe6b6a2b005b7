//! A plan becomes rows, each with its audit record, and one record more for the list as a whole.

use super::plan::Plan;
use crate::{
    audit::{self, Action, Record},
    console::{children::record, children::stays, own_key},
    db::{DbError, Tx, Value, children, groups},
    id::GuardianshipId,
    model::{Child, Group, Language, Role},
    policy::Mandate,
};
use jiff::Timestamp;
use serde_json::json;

/// Writes down the whole plan, made of a list of `rows` rows.
pub(super) async fn write(
    tx: &Tx,
    mandate: Mandate<'_>,
    plan: &Plan,
    rows: usize,
    language: Language,
    now: Timestamp,
) -> Result<(), DbError> {
    let kindergarten = mandate.kindergarten();
    let mut records = Vec::new();
    let mut add = |subject, details| records.push(record(mandate, Action::FactAdded, subject, details, now));

    let new_groups: Vec<(Group, String)> = plan.groups.iter().map(|group| (group.clone(), own_key(group.id))).collect();
    groups::create(tx, kindergarten, &new_groups, now).await?;
    plan.groups.iter().for_each(|group| add(format!("group:{}", group.id), json!({ "name": group.name })));

    let new_children: Vec<(Child, String)> = plan.children.iter().map(|child| (child.clone(), own_key(child.id))).collect();
    children::create(tx, kindergarten, &new_children, now).await?;
    plan.children.iter().for_each(|child| add(format!("child:{}", child.id), json!({ "name": child.name })));
    children::begin_stays(tx, kindergarten, &plan.stays, now).await?;

    let mut accounts: Vec<Vec<Value>> = Vec::new();
    for parent in &plan.parents {
        let (id, key) = (parent.id, own_key(parent.id));
        let (login, name) = (&parent.login, &parent.name);
        accounts.push(vec![
            id.into(),
            kindergarten.into(),
            key.into(),
            login.into(),
            name.into(),
            Role::Parent.into(),
            language.into(),
            now.into(),
        ]);
        add(format!("account:{id}"), json!({ "login": login, "name": name, "role": Role::Parent, "language": language }));
    }
    tx.insert("accounts (id, kindergarten_id, key, login, name, role, language, created_at)", accounts).await?;

    let mut ties: Vec<Vec<Value>> = Vec::new();
    for (account, child) in &plan.ties {
        let id = GuardianshipId::new(now);
        ties.push(vec![id.into(), kindergarten.into(), (*account).into(), (*child).into(), false.into(), now.into()]);
        let details = json!({ "account": account, "child": child, "from": null, "to": null, "restricted": false });
        add(format!("guardianship:{id}"), details);
    }
    tx.insert("guardianships (id, kindergarten_id, account_id, child_id, restricted, since)", ties).await?;

    records.extend(plan.stays.iter().map(|stay| stays::added(mandate, stay, now)));
    records.push(whole(mandate, plan, rows, now));
    audit::append_all(tx, records).await.map(drop)
}

fn whole(mandate: Mandate<'_>, plan: &Plan, rows: usize, now: Timestamp) -> Record {
    let made = plan.made();
    let details = json!({
        "rows": rows,
        "groups": made.groups.len(),
        "children": made.children,
        "accounts": plan.parents.len(),
        "guardianships": made.guardians,
    });
    record(mandate, Action::Imported, format!("kindergarten:{}", mandate.kindergarten()), details, now)
}
