//! What a viewing leaves behind: a row, and an audit record for its start and for its end.

use super::{Opening, Session, Sessions};
use crate::{
    audit::{self, Action, Record},
    db::{
        DbError,
        viewings::{self, Start},
    },
    id::{AccountId, KindergartenId, ViewingId},
    policy::Grant,
};
use jiff::Timestamp;
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// How often the end of a viewing is tried to be written down, and how long is waited after the first time that failed.
const TRIES: u32 = 6;
const FIRST_WAIT: Duration = Duration::from_millis(100);

impl Sessions {
    pub(super) async fn record_start(
        &self,
        viewing: ViewingId,
        grant: &Grant,
        opening: &Opening,
        at: Timestamp,
    ) -> Result<(), DbError> {
        let (account, kindergarten) = (grant.account(), grant.kindergarten());
        let address = opening.address.to_canonical().to_string();
        let details =
            json!({ "camera": grant.camera(), "login": opening.login, "address": address, "quality": opening.quality.word() });
        let tx = self.0.parts.db.begin().await?;
        let record = audit::append(&tx, about(viewing, account, kindergarten, Action::ViewingStarted, at, details)).await?;
        let start = Start {
            id: viewing,
            run: self.0.run,
            account,
            kindergarten,
            camera: grant.camera(),
            login: opening.login,
            quality: opening.quality.word(),
            address,
            at,
            record,
        };
        viewings::start(&tx, start).await?;
        tx.commit().await
    }

    /// Writes down the end of a viewing that has been cut already; a database that is away for a moment is waited for.
    pub(super) async fn record_end(self, session: Arc<Session>, code: &'static str, at: Timestamp) {
        let mut wait = FIRST_WAIT;
        for _ in 0..TRIES {
            let ended = viewings::Running {
                id: session.viewing,
                account: session.account,
                kindergarten: session.kindergarten,
                camera: session.camera,
            };
            match self.end_row(&ended, code, at).await {
                Ok(()) => return,
                Err(error) => tracing::error!(%error, viewing = %session.viewing, "the end of a viewing is not written down yet"),
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
    }

    /// Ends the row of a viewing, with its audit record.
    pub(super) async fn end_row(&self, viewing: &viewings::Running, code: &str, at: Timestamp) -> Result<(), DbError> {
        let tx = self.0.parts.db.begin().await?;
        if !viewings::is_open(&tx, viewing.id).await? {
            return Ok(());
        }
        let details = json!({ "camera": viewing.camera, "code": code });
        let record = about(viewing.id, viewing.account, viewing.kindergarten, Action::ViewingEnded, at, details);
        let record = audit::append(&tx, record).await?;
        viewings::end(&tx, viewing.id, code, at, record).await?;
        tx.commit().await
    }
}

fn about(
    viewing: ViewingId,
    account: AccountId,
    kindergarten: KindergartenId,
    action: Action,
    at: Timestamp,
    details: serde_json::Value,
) -> Record {
    Record { at, actor: Some(account), kindergarten: Some(kindergarten), action, subject: format!("viewing:{viewing}"), details }
}
