//! What a verification found.

use crate::{
    audit::tree::Hash,
    id::{AppealId, ViewingId},
};
use std::fmt;

/// What was checked, and the first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Records that are as they were appended.
    pub records: u64,
    /// How many of them have had their personal data erased.
    pub erased: u64,
    /// Checkpoints that are well signed and fit the records.
    pub checkpoints: u64,
    /// Records that no checkpoint covers yet.
    pub unsigned: u64,
    /// Viewings that are as the records tell.
    pub viewings: u64,
    /// Steps of appeals that are as the records tell, their words included.
    pub steps: u64,
    /// The size of the kept checkpoint, if one was given and it fits.
    pub kept: Option<u64>,
    /// The root of the tree over the records.
    pub root: Hash,
    /// The first thing that is wrong; nothing is checked after it.
    pub fault: Option<Fault>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn passed(&self) -> bool {
        self.fault.is_none()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { records, erased, checkpoints, unsigned, viewings, steps, kept, root, fault } = self;
        writeln!(f, "records      {records} in order, of which {erased} had their personal data erased")?;
        writeln!(f, "checkpoints  {checkpoints} well signed; {unsigned} records are newer than the last")?;
        if let Some(size) = kept {
            writeln!(f, "kept         the checkpoint over {size} records that you brought fits")?;
        }
        writeln!(f, "viewings     {viewings} as the records tell")?;
        writeln!(f, "appeals      {steps} steps in the words that the records tell")?;
        writeln!(f, "root         {root}")?;
        match fault {
            None => write!(f, "PASSED"),
            Some(fault) => write!(f, "FAILED: {fault}"),
        }
    }
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {wrong}")]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub wrong: Wrong,
}

/// Where something is wrong. Records are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// This record.
    Record(u64),
    /// One or more of the records from the first number up to, but not including, the second.
    Between(u64, u64),
    /// The row that says how large the tree is.
    Head,
    /// The stored checkpoint over so many records.
    Checkpoint(u64),
    /// The checkpoint that was brought.
    Kept,
    /// The row of this viewing.
    Viewing(ViewingId),
    /// A step of this appeal.
    Appeal(AppealId),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(position) => write!(f, "record {position}"),
            Self::Between(from, to) if *to == from + 1 => write!(f, "record {from}"),
            Self::Between(from, to) => write!(f, "one of the records {from} to {}", to - 1),
            Self::Head => f.write_str("the head of the tree"),
            Self::Checkpoint(size) => write!(f, "the checkpoint over {size} records"),
            Self::Kept => f.write_str("the checkpoint that you brought"),
            Self::Viewing(id) => write!(f, "viewing {id}"),
            Self::Appeal(id) => write!(f, "a step of appeal {id}"),
        }
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A position that should be there is not.
    #[error("is missing")]
    Missing,
    /// A checkpoint covers more records than there are.
    #[error("is missing, and so is all after it: a checkpoint over {0} records was signed")]
    CutOff(u64),
    /// Beyond what the head counts.
    #[error("was not appended by the gateway: it is beyond the head")]
    BeyondHead,
    /// Something is no number, hash or record.
    #[error("cannot be read: its {0} is not one")]
    Unreadable(&'static str),
    /// The text or the salt was changed.
    #[error("was changed: its text and salt do not fit the commitment")]
    Text,
    /// A column says something else than the text.
    #[error("was changed: its {0} is not what its text says")]
    Column(&'static str),
    /// The tree's root after the record is not the one in its row.
    #[error("was changed: its position, time, action, kindergarten, commitment or root is not the one that was appended")]
    Root,
    /// Emptied, and no record tells of it.
    #[error("was emptied, and no record tells that it was erased")]
    Emptied,
    /// The records are not those that a checkpoint was signed over.
    #[error("was changed, and the tree made anew over it: the signed checkpoint over {0} records has another root")]
    Rewritten(u64),
    /// The signature, form or log of a checkpoint is wrong.
    #[error("{0}")]
    Note(#[from] crate::audit::note::NoteError),
    /// A checkpoint stands in the row of another size.
    #[error("is not the checkpoint of that size")]
    Size,
    /// The head is not that of the records.
    #[error("does not fit the records")]
    Head,
    /// A viewing and its record differ, or one of them is missing.
    #[error("is not what record {0} tells")]
    Viewing(u64),
    /// A record tells of a viewing that is not there.
    #[error("tells of a viewing that has been removed")]
    NoViewing,
    /// A step of an appeal and its record differ, or one of them is missing.
    #[error("is not what record {0} tells")]
    Step(u64),
    /// A record tells of a step that is not there.
    #[error("tells of a step of an appeal that has been removed")]
    NoStep,
}

impl Wrong {
    /// This, at `place`.
    pub(super) fn at(self, place: Place) -> Stop {
        Stop::Fault(Fault { place, wrong: self })
    }
}

/// Why a verification goes no further.
pub(super) enum Stop {
    Fault(Fault),
    Db(crate::db::DbError),
}

impl From<crate::db::DbError> for Stop {
    fn from(error: crate::db::DbError) -> Self {
        Self::Db(error)
    }
}
