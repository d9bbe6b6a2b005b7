//! What somebody does with the own account: the password, and the devices that are logged in.

use super::{Known, LogIns, record};
use crate::{
    args,
    audit::{self, Action},
    auth::{
        caller::{Caller, NotChanged, Origin},
        password,
        throttle::TooEarly,
    },
    db::{
        DbError,
        logins::{self, Standing},
    },
    id::LoginId,
    model::Account,
};
use serde_json::json;

impl LogIns {
    /// The log-ins of `caller`'s account that stand, the last used first.
    pub async fn own(&self, caller: &Caller) -> Result<Vec<Standing>, DbError> {
        logins::standing(&self.db, caller.account.id, self.clock.now()).await
    }

    /// Ends a log-in of the own account, if it is not over yet; `false` when it is another's, or none.
    pub async fn end_own(&self, caller: &Caller, login: LoginId) -> Result<bool, DbError> {
        let (known, now) = (Known::of(&self.db, caller.account.id).await?, self.clock.now());
        let tx = self.db.begin().await?;
        if !logins::is_own(&tx, known.id, login).await? {
            return Ok(false);
        }
        if logins::end(&tx, login, "signed_out", now).await? {
            let details = json!({ "login": login, "from": caller.login });
            audit::append(&tx, record(now, Action::LogOut, &known, details)).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Ends every log-in of the own account but this one.
    pub async fn end_others(&self, caller: &Caller) -> Result<(), DbError> {
        let (known, now) = (Known::of(&self.db, caller.account.id).await?, self.clock.now());
        let tx = self.db.begin().await?;
        let ended = logins::end_others(&tx, known.id, Some(caller.login), "signed_out", now).await?;
        if ended > 0 {
            let details = json!({ "others": ended, "from": caller.login });
            audit::append(&tx, record(now, Action::LogOut, &known, details)).await?;
        }
        tx.commit().await
    }

    /// Sets a new password for who knows the old one, and ends every other log-in.
    pub async fn change_password(&self, caller: &Caller, old: &str, new: &str, origin: &Origin) -> Result<(), NotChanged> {
        let known = Known::of(&self.db, caller.account.id).await?;
        self.show_password(&known, &caller.account, old, origin).await?;
        let hash = password::hash(new).await?;
        let now = self.clock.now();
        let tx = self.db.begin().await?;
        tx.touch().await?;
        // Another device may have changed it since it was compared.
        let set = "update accounts set password_hash = $3 where id = $1 and password_hash = $2 and removed_at is null";
        if tx.execute(set, args![known.id, known.password_hash.clone(), hash]).await? == 0 {
            return Err(NotChanged::WrongPassword);
        }
        logins::end_others(&tx, known.id, Some(caller.login), "password_changed", now).await?;
        audit::append(&tx, record(now, Action::PasswordChanged, &known, json!({}))).await?;
        Ok(tx.commit().await?)
    }

    /// Compares the present password, for a change of the own account: tries count like those at a log-in.
    pub(super) async fn show_password(
        &self,
        known: &Known,
        account: &Account,
        password: &str,
        origin: &Origin,
    ) -> Result<(), NotChanged> {
        self.count(&account.login, origin)?;
        if !password::verify(password, known.password_hash.clone()).await {
            return self.not_changed(NotChanged::WrongPassword, known, origin).await;
        }
        self.throttle().succeeded(&account.login, origin.address);
        Ok(())
    }

    /// Counts a try under `key`, unless it comes too early.
    pub(super) fn count(&self, key: &str, origin: &Origin) -> Result<(), NotChanged> {
        let attempt = self.throttle().attempt(key, origin.address, self.clock.now());
        attempt.map_err(|TooEarly { wait, .. }| NotChanged::TooMany { retry_after: wait.unsigned_abs() })
    }

    /// Writes down what could not be shown.
    pub(super) async fn not_changed<T>(&self, refused: NotChanged, known: &Known, origin: &Origin) -> Result<T, NotChanged> {
        let details = json!({ "code": refused.code(), "address": origin.address });
        let tx = self.db.begin().await?;
        audit::append(&tx, record(self.clock.now(), Action::AccessRefused, known, details)).await?;
        tx.commit().await?;
        Err(refused)
    }
}
