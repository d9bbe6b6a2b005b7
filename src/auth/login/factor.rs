//! Setting up the second factor, changing it, and taking its codes.

use super::{Known, LogIns, half::factor_key, lock, record};
use crate::{
    audit::{self, Action, Record},
    auth::{
        caller::{Caller, FactorRule, FactorState, NotChanged, Origin},
        recovery,
        totp::{self, Key},
    },
    db::{DbError, Tx, logins, second_factors},
    id::{AccountId, SecondFactorId},
    model::{Account, Role},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use zeroize::Zeroizing;

/// So long ago a factor may have been begun when it is confirmed.
const SET_UP_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// What somebody takes into the authenticator app: shown to nobody else.
pub struct SetUp {
    /// The key in groups of four, to be typed.
    pub key: Zeroizing<String>,
    /// The same as an address, to be scanned.
    pub uri: Zeroizing<String>,
}

/// What was shown as the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// A code of the app.
    Code,
    /// A recovery code.
    RecoveryCode {
        /// How many are left.
        left: u32,
    },
}

impl Proof {
    /// The word in audit records.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::RecoveryCode { .. } => "recovery_code",
        }
    }

    /// How many recovery codes are left, where one was used.
    pub(super) const fn codes_left(self) -> Option<u32> {
        match self {
            Self::Code => None,
            Self::RecoveryCode { left } => Some(left),
        }
    }
}

impl LogIns {
    /// How it stands with the second factor of an account of `role`.
    pub(super) fn factor_state(&self, role: Role, has_factor: bool) -> Option<FactorState> {
        match (role.has_second_factor(), has_factor, self.rule) {
            (false, ..) => None,
            (true, true, _) => Some(FactorState::Set),
            (true, false, FactorRule::Required) => Some(FactorState::Needed),
            (true, false, FactorRule::Offered) => Some(FactorState::Offered),
        }
    }

    /// How it stands with the second factor of `account` now, and how many recovery codes are left; `None` when its role has none.
    pub async fn factor(&self, account: &Account) -> Result<Option<(FactorState, u32)>, DbError> {
        if !account.role.has_second_factor() {
            return Ok(None);
        }
        let factor = second_factors::of(&self.db, account.id).await?;
        let left = match &factor {
            Some(factor) => second_factors::codes_left(&self.db, factor.id).await?,
            None => 0,
        };
        Ok(self.factor_state(account.role, factor.is_some()).map(|state| (state, left)))
    }

    /// Begins to set up a second factor, or another one instead of the present one; nothing changes before it is confirmed. Whoever has
    /// one shows a code of it. Whoever has none shows the password, unless this log-in can do nothing else yet: then it has just been
    /// shown.
    pub async fn set_up(&self, caller: &Caller, proof: &str, origin: &Origin) -> Result<SetUp, NotChanged> {
        let known = Known::of(&self.db, caller.account.id).await?;
        let tx = match caller.factor.ok_or(NotChanged::NoFactor)? {
            FactorState::Set => self.show_code(&known, proof, origin).await?,
            FactorState::Offered => {
                self.show_password(&known, &caller.account, proof, origin).await?;
                self.db.begin().await?
            }
            FactorState::Needed => self.db.begin().await?,
        };
        let (key, now) = (Key::new(), self.clock.now());
        let sealed = self.secrets.seal(&purpose(known.id), key.bytes()).map_err(DbError::from)?;
        second_factors::begin(&tx, SecondFactorId::new(now), known.id, &sealed, now).await?;
        tx.commit().await?;
        let uri = key.uri(&caller.account.login).map_err(|error| DbError::Unreadable(error.to_string()))?;
        Ok(SetUp { key: Zeroizing::new(key.text()), uri: Zeroizing::new(uri) })
    }

    /// Puts the factor in force that was begun, when `code` shows that the app has it. Every other log-in of the account ends: it was
    /// made without. Returns the recovery codes, which nobody can see again.
    pub async fn confirm(&self, caller: &Caller, code: &str, origin: &Origin) -> Result<Vec<Zeroizing<String>>, NotChanged> {
        let (known, now) = (Known::of(&self.db, caller.account.id).await?, self.clock.now());
        let key = factor_key(known.id);
        self.count(&key, origin)?;
        let tx = self.db.begin().await?;
        tx.touch().await?;
        lock(&tx, &known).await?;
        let since = now.saturating_sub(SET_UP_WITHIN).unwrap_or(Timestamp::MIN);
        let begun = second_factors::being_set_up(&tx, known.id, since).await?.ok_or(NotChanged::NothingBegun)?;
        let secret = self.open(known.id, &begun.sealed)?;
        let Some(step) = totp::read(code).and_then(|code| secret.step_of(&code, now, begun.last_step)) else {
            drop(tx);
            return self.not_changed(NotChanged::WrongCode, &known, origin).await;
        };
        let replaced = second_factors::remove(&tx, known.id, now).await?;
        second_factors::confirm(&tx, begun.id, step, now).await?;
        let codes = give_codes(&tx, begun.id).await?;
        logins::end_others(&tx, known.id, Some(caller.login), "second_factor_set", now).await?;
        audit::append(&tx, record(now, Action::SecondFactorSet, &known, json!({ "replaced": replaced }))).await?;
        tx.commit().await?;
        self.throttle().succeeded(&key, origin.address);
        Ok(codes)
    }

    /// Makes new recovery codes for who shows a code; the old ones are void.
    pub async fn renew_codes(&self, caller: &Caller, code: &str, origin: &Origin) -> Result<Vec<Zeroizing<String>>, NotChanged> {
        if caller.factor != Some(FactorState::Set) {
            return Err(NotChanged::NoFactor);
        }
        let known = Known::of(&self.db, caller.account.id).await?;
        let tx = self.show_code(&known, code, origin).await?;
        let factor = second_factors::of(&tx, known.id).await?.ok_or(NotChanged::NoFactor)?;
        let codes = give_codes(&tx, factor.id).await?;
        audit::append(&tx, record(self.clock.now(), Action::RecoveryCodesRenewed, &known, json!({}))).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Takes `code` as the second factor of `account`: one of the app around now that was not taken yet, or a recovery code that was not
    /// used. `None` when it is neither.
    pub(super) async fn take(&self, tx: &Tx, account: AccountId, code: &str) -> Result<Option<Proof>, DbError> {
        let Some(factor) = second_factors::of(tx, account).await? else { return Ok(None) };
        let now = self.clock.now();
        if let Some(code) = totp::read(code) {
            let step = self.open(account, &factor.sealed)?.step_of(&code, now, factor.last_step);
            let Some(step) = step else { return Ok(None) };
            return Ok(second_factors::take_step(tx, factor.id, step).await?.then_some(Proof::Code));
        }
        let Some(hash) = recovery::hash(code) else { return Ok(None) };
        if !second_factors::take_code(tx, factor.id, &hash, now).await? {
            return Ok(None);
        }
        Ok(Some(Proof::RecoveryCode { left: second_factors::codes_left(tx, factor.id).await? }))
    }

    /// Takes `code` for a change of the own account; what is changed goes into the transaction that this returns.
    async fn show_code(&self, known: &Known, code: &str, origin: &Origin) -> Result<Tx, NotChanged> {
        let key = factor_key(known.id);
        self.count(&key, origin)?;
        let tx = self.db.begin().await?;
        lock(&tx, known).await?;
        let Some(proof) = self.take(&tx, known.id, code).await? else {
            drop(tx);
            return self.not_changed(NotChanged::WrongCode, known, origin).await;
        };
        if let Some(left) = proof.codes_left() {
            audit::append(&tx, record(self.clock.now(), Action::RecoveryCodeUsed, known, json!({ "left": left }))).await?;
        }
        self.throttle().succeeded(&key, origin.address);
        Ok(tx)
    }

    fn open(&self, account: AccountId, sealed: &str) -> Result<Key, DbError> {
        let bytes = self.secrets.open(&purpose(account), sealed)?;
        Key::from_bytes(&bytes).ok_or_else(|| DbError::Unreadable("a second factor".to_owned()))
    }
}

/// Takes the second factor of `account` out of force, for who has lost both the app and the recovery codes, ends its log-ins, and
/// appends `record`. `false` when it has none.
pub async fn reset_factor(tx: &Tx, account: AccountId, record: Record) -> Result<bool, DbError> {
    tx.touch().await?;
    if !second_factors::remove(tx, account, record.at).await? {
        return Ok(false);
    }
    logins::end_others(tx, account, None, "second_factor_reset", record.at).await?;
    audit::append(tx, record).await?;
    Ok(true)
}

/// New recovery codes; what the database keeps of them are hashes.
async fn give_codes(tx: &Tx, factor: SecondFactorId) -> Result<Vec<Zeroizing<String>>, DbError> {
    let codes = recovery::new();
    let hashes = codes.iter().filter_map(|code| recovery::hash(code)).collect();
    second_factors::set_codes(tx, factor, hashes).await?;
    Ok(codes)
}

/// What the secret of an account is sealed for.
fn purpose(account: AccountId) -> String {
    format!("second factor {account}")
}
