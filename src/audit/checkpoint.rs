//! Checkpoints (<https://c2sp.org/tlog-checkpoint>): the size and root of the log, signed. Whoever keeps one can later be shown that
//! everything under it is still there, unchanged.

use super::{
    Head, column,
    note::{self, NoteError, NoteKey, NoteSigner},
    tree::Hash,
};
use crate::{
    args,
    clock::Clock,
    db::{Db, DbError, Moment, Queries},
    keyring::{self, KeyError, Purpose},
    secret::Secrets,
};
use jiff::Timestamp;
use std::{fmt, str::FromStr, time::Duration};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether the log has grown: a checkpoint follows an append within a second.
const LOOK: Duration = Duration::from_millis(500);

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log it is about.
    pub origin: String,
    /// How many records the log has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

/// The text under the signature.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)
    }
}

impl FromStr for Checkpoint {
    type Err = NoteError;

    /// Lines after the third are extensions; they are allowed and mean nothing here.
    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.strip_suffix('\n').ok_or(NoteError::Malformed)?.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty()).ok_or(NoteError::Malformed);
        let (origin, size, root) = (line()?.to_owned(), line()?, line()?);
        // One number has one spelling: no sign, no leading zero.
        let number: u64 = size.parse().map_err(|_| NoteError::Malformed)?;
        if number.to_string() != size || lines.any(str::is_empty) {
            return Err(NoteError::Malformed);
        }
        Ok(Self { origin, size: number, root: root.parse().map_err(|_| NoteError::Malformed)? })
    }
}

impl Checkpoint {
    /// Reads a signed checkpoint, if one of `keys` signed it and the key is that of the log it is about.
    pub fn open(note: &str, keys: &[NoteKey]) -> Result<Self, NoteError> {
        let checkpoint: Self = note::open(note, keys)?.parse()?;
        if keys.iter().any(|key| key.name() == checkpoint.origin) { Ok(checkpoint) } else { Err(NoteError::UnknownKey) }
    }
}

/// The public keys that checkpoints in `db` are believed by.
pub async fn keys(db: &impl Queries) -> Result<Vec<NoteKey>, KeyError> {
    let stored = keyring::all(db, Purpose::Checkpoint).await?;
    stored.into_iter().map(|key| NoteKey::new(&key.id, key.public).map_err(|_| KeyError::NoKey(key.id))).collect()
}

/// The newest signed checkpoint, as it is stored, and when it was signed; `None` while the log is empty.
pub async fn newest(db: &impl Queries) -> Result<Option<(String, Timestamp)>, DbError> {
    let sql = "select note, at from audit_checkpoints order by size desc limit 1";
    let row: Option<(String, Moment)> = db.row(sql, args![]).await?;
    Ok(row.map(|(note, at)| (note, at.into())))
}

/// What signs for the log of `db`: checkpoints, and what is taken out of the gateway. At the first start its key is made, with the name
/// `origin`.
pub async fn signer(db: &Db, secrets: &Secrets, origin: &str, clock: &Clock) -> Result<NoteSigner, KeyError> {
    let stored = keyring::newest(db, secrets, Purpose::Checkpoint, |_| origin.to_owned(), clock.now()).await?;
    let private = stored.private(secrets)?;
    NoteSigner::new(&stored.id, &private).map_err(|_| KeyError::NoKey(stored.id.clone()))
}

/// Signs the checkpoints of one log.
pub struct Checkpoints {
    db: Db,
    clock: Clock,
    signer: NoteSigner,
}

impl Checkpoints {
    /// The log of `db`. At the first start its key is made, and it gets `origin` (by custom an address without a scheme, like
    /// `tereze.example/audit`) for good: a log does not change its name when the gateway moves.
    pub async fn load(db: &Db, secrets: &Secrets, origin: &str, clock: &Clock) -> Result<Self, KeyError> {
        let signer = signer(db, secrets, origin, clock).await?;
        Ok(Self { db: db.clone(), clock: clock.clone(), signer })
    }

    /// The public key, which an inspector keeps beside a checkpoint.
    pub fn key(&self) -> &NoteKey {
        self.signer.key()
    }

    /// Signs and stores a checkpoint if the log has grown since the last one; returns it as it is stored.
    pub async fn sign(&self) -> Result<Option<String>, DbError> {
        let grown: Option<Head> = self
            .db
            .row(
                "select size, frontier from audit_head
                 where id = 1 and size > (select coalesce(max(size), 0) from audit_checkpoints)",
                args![],
            )
            .await?;
        let Some(head) = grown else { return Ok(None) };
        let frontier = head.frontier()?;
        let checkpoint = Checkpoint { origin: self.key().name().to_owned(), size: frontier.size(), root: frontier.root() };
        let note = self.signer.sign(&checkpoint.to_string());
        // Another server may have signed the same size meanwhile: Ed25519 makes the same note of it.
        let store = "insert into audit_checkpoints (size, at, note) values ($1, $2, $3) on conflict (size) do nothing";
        self.db.execute(store, args![column(checkpoint.size), self.clock.now(), &note]).await?;
        Ok(Some(note))
    }

    /// Signs until `stop` is cancelled, and once more then. A database that fails is tried again at the next look.
    pub async fn run(self, stop: CancellationToken) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(look.tick()).await.is_some() {
            self.sign_or_say().await;
        }
        self.sign_or_say().await;
    }

    async fn sign_or_say(&self) {
        if let Err(error) = self.sign().await {
            tracing::error!(%error, "no checkpoint of the audit log could be signed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_reads_back_from_its_own_text() {
        let checkpoint = Checkpoint { origin: "tereze.example/audit".to_owned(), size: 20_852_163, root: Hash::of(&[b"root"]) };
        assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint.clone()));
        assert_eq!(format!("{checkpoint}an extension\n").parse(), Ok(checkpoint));
    }

    #[test]
    fn what_is_not_a_checkpoint_is_not_read() {
        let root = Hash::of(&[b"root"]);
        let texts = [
            String::new(),
            format!("o\n1\n{root}"),
            format!("\n1\n{root}\n"),
            format!("o\n01\n{root}\n"),
            format!("o\n+1\n{root}\n"),
            format!("o\n-1\n{root}\n"),
            "o\n1\n\n".to_owned(),
            "o\n1\nAAAA\n".to_owned(),
            format!("o\n1\n{root}\n\nx\n"),
        ];
        for text in texts {
            assert_eq!(text.parse::<Checkpoint>(), Err(NoteError::Malformed), "{text:?}");
        }
    }
}
