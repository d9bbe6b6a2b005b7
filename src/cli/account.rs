//! `tereze account …`: accounts by hand, each change with its audit record.

use super::{AccountCommand, ConfigPath, print, read};
use crate::{
    audit::{self, Action, Record},
    auth::{LoginName, login::reset_factor, password},
    clock::Clock,
    console::people::access::{self, By},
    db::{Db, Tx, accounts},
    id::AccountId,
    model::{Account, Role},
};
use anyhow::{Context, bail};
use jiff::Timestamp;
use serde_json::json;
use std::io::Read;
use zeroize::Zeroizing;

/// The longest password that is read, in bytes, with its line's end.
const LONGEST: u64 = 1026;

pub(super) async fn account(command: AccountCommand, clock: &Clock) -> anyhow::Result<()> {
    match command {
        AccountCommand::Create { login, name, role, language, config } => {
            if !matches!(role, Role::Operator | Role::Inspector) {
                bail!("a {role} belongs to a kindergarten: declare the account in site.toml");
            }
            let db = open(&config).await?;
            let login: LoginName = login.parse()?;
            if accounts::by_login(&db, login.as_str(), clock.now()).await?.is_some() {
                bail!("there is an account with this login already");
            }
            let hash = password::hash(&password_from_stdin()?).await?;
            let (tx, now) = (db.begin().await?, clock.now());
            let (id, login) = (AccountId::new(now), login.to_string());
            let account = Account { id, login, name, role, kindergarten: None, language, blocked: false };
            accounts::create(&tx, &account, &hash, now).await?;
            let attributes = json!({ "login": account.login, "name": account.name, "role": role, "language": language });
            record(&tx, &account, Action::FactAdded, json!({ "attributes": attributes }), now).await?;
            tx.commit().await?;
            print(&format!("made the {role} {}", account.login));
        }
        AccountCommand::Password { login, config } => {
            let db = open(&config).await?;
            let account = find(&db, &login, clock.now()).await?;
            let hash = password::hash(&password_from_stdin()?).await?;
            let (tx, now) = (db.begin().await?, clock.now());
            accounts::set_password(&tx, account.id, &hash, now).await?;
            record(&tx, &account, Action::PasswordChanged, json!({}), now).await?;
            tx.commit().await?;
            print(&format!("set the password of {}", account.login));
        }
        AccountCommand::Block { login, reason, config } => {
            let db = open(&config).await?;
            let account = find(&db, &login, clock.now()).await?;
            let (tx, now) = (db.begin().await?, clock.now());
            let news = access::keep_out(&tx, by(&account), account.id, &reason, now).await?;
            tx.commit().await?;
            print(&format!("{} {}", account.login, if news { "is blocked" } else { "was blocked already" }));
        }
        AccountCommand::ResetFactor { login, config } => {
            let db = open(&config).await?;
            let account = find(&db, &login, clock.now()).await?;
            let (tx, now) = (db.begin().await?, clock.now());
            let news = reset_factor(&tx, account.id, of(&account, Action::SecondFactorReset, json!({}), now)).await?;
            tx.commit().await?;
            print(&format!("{} {}", account.login, if news { "has no second factor any more" } else { "had no second factor" }));
        }
        AccountCommand::Unblock { login, config } => {
            let db = open(&config).await?;
            let account = find(&db, &login, clock.now()).await?;
            let (tx, now) = (db.begin().await?, clock.now());
            let news = access::let_in_again(&tx, by(&account), account.id, now).await?;
            tx.commit().await?;
            print(&format!("{} {}", account.login, if news { "is let in again" } else { "was not blocked" }));
        }
    }
    Ok(())
}

/// Nobody is known at the command line; the director of the account's kindergarten may see what was done.
fn by(account: &Account) -> By {
    By { actor: None, kindergarten: account.kindergarten }
}

async fn open(config: &ConfigPath) -> anyhow::Result<Db> {
    Ok(Db::open(&read(config)?.database.url).await?)
}

async fn find(db: &Db, login: &str, now: Timestamp) -> anyhow::Result<Account> {
    let login: LoginName = login.parse()?;
    accounts::by_login(db, login.as_str(), now).await?.context("there is no account with this login")
}

/// The first line of standard input: arguments are seen by everybody on the machine.
fn password_from_stdin() -> anyhow::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().lock().take(LONGEST).read_to_string(&mut text)?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        bail!("no password on standard input");
    }
    Ok(Zeroizing::new(line.to_owned()))
}

async fn record(tx: &Tx, account: &Account, action: Action, details: serde_json::Value, now: Timestamp) -> anyhow::Result<()> {
    audit::append(tx, of(account, action, details, now)).await?;
    Ok(())
}

/// What somebody at the machine did to `account`.
fn of(account: &Account, action: Action, details: serde_json::Value, at: Timestamp) -> Record {
    let subject = format!("account:{}", account.id);
    Record { at, actor: None, kindergarten: account.kindergarten, action, subject, details }
}
