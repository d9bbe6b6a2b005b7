//! Accounts, children and inspectors.

use super::{
    Elsewhere, Password,
    values::{Checker, SecretFields},
};
use crate::{
    apply::{
        fact::Fact,
        file::{AccountTable, ChildTable, InspectorTable, Text},
        thing::{Account, Key},
    },
    auth::LoginName,
    model::{Language, Role},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

/// The accounts that a file may speak of, by key, with their roles.
pub(super) type Roles = BTreeMap<Key, Role>;

/// What no two accounts of a file may share.
#[derive(Default)]
pub(super) struct Taken {
    logins: BTreeSet<String>,
    external_ids: BTreeSet<String>,
}

/// An account, and the password that the file gives it.
pub(super) fn account(
    checker: &mut Checker<'_>,
    table: &AccountTable,
    language: Language,
    elsewhere: &Elsewhere,
    taken: &mut Taken,
) -> (Account, Option<Password>) {
    let login = table.login.get_ref().parse().map_or_else(
        |error: <LoginName as FromStr>::Err| {
            checker.fault(table.login.span(), error.to_string());
            table.login.get_ref().clone()
        },
        |login: LoginName| login.to_string(),
    );
    if !taken.logins.insert(login.clone()) || elsewhere.accounts.iter().any(|account| account.login == login) {
        checker.fault(table.login.span(), "another account has this login");
    }
    if elsewhere.accounts.iter().any(|account| account.key.as_ref() == Some(table.key.get_ref())) {
        checker.fault(table.key.span(), "an account that is declared elsewhere has this key");
    }
    let name = checker.name(&table.name);
    let external_id = table.external_id.as_ref().map(|id| checker.name(id));
    if let (Some(id), Some(place)) = (&external_id, &table.external_id)
        && !taken.external_ids.insert(id.clone())
    {
        checker.fault(place.span(), "another account has this external id");
    }
    let account = Account { login, name, role: table.role, language: table.language.unwrap_or(language), external_id };
    (account, password(checker, table))
}

fn password(checker: &mut Checker<'_>, table: &AccountTable) -> Option<Password> {
    let fields =
        SecretFields { plain: table.password.as_ref(), file: table.password_file.as_ref(), variable: table.password_env.as_ref() };
    let plain = checker.secret(&fields).map(|(text, place)| Password::Plain { text, place });
    let Some(hash) = &table.password_hash else { return plain };
    if plain.is_some() {
        checker.fault(hash.span(), "the password is given twice");
    }
    if !hash.get_ref().starts_with("$argon2id$") {
        checker.fault(hash.span(), "must be an argon2id hash like $argon2id$v=19$…");
    }
    Some(Password::Hash(hash.get_ref().clone()))
}

/// Where a child is, and who its guardians are.
pub(super) fn child(checker: &mut Checker<'_>, table: &ChildTable, key: &Key, groups: &[Key], roles: &Roles) -> Vec<Fact> {
    let group = checker.reference("group", &table.group, groups.contains(table.group.get_ref()));
    let (from, to) = checker.days(Some(&table.from), table.to.as_ref());
    let mut facts = vec![Fact::Enrolment { child: key.clone(), group, from: from.unwrap_or_default(), to }];
    let mut named = BTreeSet::new();
    for guardian in &table.guardians {
        let account = with_role(checker, &guardian.account, roles, Role::Parent);
        if !named.insert(account.clone()) {
            checker.fault(guardian.account.span(), "named twice as this child's guardian");
        }
        let (from, to) = checker.days(guardian.from.as_ref(), guardian.to.as_ref());
        let reference = guardian.reference.as_ref().map(|reference| checker.name(reference));
        let (child, restricted) = (key.clone(), guardian.restricted);
        facts.push(Fact::Guardianship { account, child, from, to, restricted, reference });
    }
    facts
}

/// An inspector's assignment.
pub(super) fn inspector(checker: &mut Checker<'_>, table: &InspectorTable, roles: &Roles) -> Fact {
    let account = with_role(checker, &table.account, roles, Role::Inspector);
    let (from, to) = checker.days(Some(&table.from), Some(&table.to));
    Fact::Assignment { account, from: from.unwrap_or_default(), to: to.unwrap_or_default() }
}

fn with_role(checker: &mut Checker<'_>, text: &Text, roles: &Roles, role: Role) -> Key {
    let account = checker.reference("account", text, roles.contains_key(text.get_ref()));
    if roles.get(&account).is_some_and(|its| *its != role) {
        checker.fault(text.span(), format!("the account '{account}' has not the role '{role}'"));
    }
    account
}
