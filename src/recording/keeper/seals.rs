//! Forgets the rows of what is long gone, a whole seal at a time: until then what is left of a seal can still be proved.

use super::Keeper;
use crate::{
    audit::{self, Action, Record},
    db::{
        DbError,
        kept::{self, Forgotten},
        recording_rules,
    },
    id::{KindergartenId, SealId},
    recording::retention::days,
};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeMap;

/// How many seals of a camera are let go of in one transaction.
const TOGETHER: u32 = 128;

impl Keeper {
    /// Lets go of every seal of which nothing is kept and whose days are over.
    pub(super) async fn expire_seals(&self) -> Result<(), DbError> {
        loop {
            let (db, now) = (&self.parts.db, self.parts.clock.now());
            let mut spent: BTreeMap<KindergartenId, Vec<SealId>> = BTreeMap::new();
            for ruled in recording_rules::all(db).await? {
                let before = now.saturating_sub(days(ruled.rule.days)).unwrap_or(Timestamp::MIN);
                let seals = kept::spent_seals(db, ruled.camera, before, TOGETHER).await?;
                spent.entry(ruled.kindergarten).or_default().extend(seals);
            }
            spent.retain(|_, seals| !seals.is_empty());
            if spent.is_empty() {
                return Ok(());
            }
            for (kindergarten, seals) in spent {
                self.expire(kindergarten, &seals, now).await?;
            }
        }
    }

    async fn expire(&self, kindergarten: KindergartenId, seals: &[SealId], now: Timestamp) -> Result<(), DbError> {
        let tx = self.parts.db.begin().await?;
        let mut gone = Forgotten::default();
        for seal in seals {
            let Forgotten { segments, gaps } = kept::forget(&tx, *seal).await?;
            gone = Forgotten { segments: gone.segments + segments, gaps: gone.gaps + gaps };
        }
        let record = Record {
            at: now,
            actor: None,
            kindergarten: Some(kindergarten),
            action: Action::RecordingExpired,
            subject: format!("kindergarten:{kindergarten}"),
            details: json!({ "seals": seals, "segments": gone.segments, "gaps": gone.gaps }),
        };
        let position = audit::append(&tx, record).await?;
        for seal in seals {
            kept::expire(&tx, *seal, now, position).await?;
        }
        tx.commit().await
    }
}
