//! The second step of a log-in: the password was right, and now the second factor is shown.

use super::{Known, LogIns, after, hash, lock, record};
use crate::{
    audit::{self, Action},
    auth::{
        caller::{HalfLogin, LogInRefused, NewLogin, Origin},
        cookie::CookieSecret,
    },
    db::{
        self, DbError, Tx,
        logins::{self, Half},
    },
    id::{AccountId, HalfLoginId},
    random,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use serde_json::json;

/// Long enough to look for the telephone.
const HALF_LASTS: SignedDuration = SignedDuration::from_mins(5);

impl LogIns {
    /// Writes down that `account` waits for the second factor.
    pub(super) async fn begin_half(&self, tx: &Tx, account: AccountId) -> Result<HalfLogin, DbError> {
        let now = self.clock.now();
        let secret = BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>());
        let half = Half { id: HalfLoginId::new(now), account };
        logins::wait(tx, half, &hash(&secret), after(now, HALF_LASTS)).await?;
        Ok(HalfLogin { secret: CookieSecret(secret), lasts: HALF_LASTS.unsigned_abs() })
    }

    /// Logs in who holds the `cookie` of a half log-in and shows a code of the app, or a recovery code. Every answer is audited, save
    /// that of many refusals for too many tries one is.
    pub async fn second_step(&self, cookie: &str, code: &str, origin: Origin) -> Result<NewLogin, LogInRefused> {
        let half = logins::waiting(&self.db, &hash(cookie), self.clock.now()).await?.ok_or(LogInRefused::TooLate)?;
        let known = Known::of(&self.db, half.account).await?;
        let key = factor_key(half.account);
        self.attempt(&key, Some(&known), &origin).await?;
        let tx = self.db.begin().await?;
        if !lock(&tx, &known).await? || !logins::stop_waiting(&tx, half.id).await? {
            return Err(LogInRefused::TooLate);
        }
        let now = self.clock.now();
        let account = db::accounts::by_id(&tx, half.account, now).await?.filter(|account| !account.blocked);
        let account = account.ok_or(LogInRefused::TooLate)?;
        let Some(proof) = self.take(&tx, half.account, code).await? else {
            // Nothing of this try remains but its record: the half log-in waits on.
            drop(tx);
            return self.refused(LogInRefused::WrongCode, Some(&known), &origin).await;
        };
        let new = self.begin(&tx, account, known.kindergarten_id, &origin, proof.word()).await?;
        if let Some(left) = proof.codes_left() {
            audit::append(&tx, record(now, Action::RecoveryCodeUsed, &known, json!({ "left": left }))).await?;
        }
        tx.commit().await?;
        self.throttle().succeeded(&key, origin.address);
        Ok(new)
    }
}

/// Under which tries at an account's second factor are counted: no login has such a name.
pub(super) fn factor_key(account: AccountId) -> String {
    format!("second factor {account}")
}
