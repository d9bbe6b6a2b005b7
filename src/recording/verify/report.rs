//! What a verification of recordings found.

use crate::{
    audit::seal::Piece,
    id::{GapId, SealId, SegmentId},
};
use std::{fmt, path::PathBuf};

/// More faults than these are counted, not listed.
const MOST_FAULTS: usize = 1_000;

/// What was checked, and everything that is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Seals that are as the records tell.
    pub seals: u64,
    /// How many of them had all their pieces let go of when their time was over.
    pub expired: u64,
    /// Segments that are as they were sealed.
    pub segments: u64,
    /// Gaps that are as they were sealed.
    pub gaps: u64,
    /// Pieces that no seal covers yet.
    pub unsealed: u64,
    /// Files that are as they were written; `None` when they were not looked at.
    pub files: Option<u64>,
    /// How many bytes were read of them.
    pub bytes: u64,
    /// Encrypted files that were decrypted, and hold what was sealed.
    pub decrypted: u64,
    /// Encrypted files of which only the bytes as they lie were looked at.
    pub locked: u64,
    /// Segments in an object storage that was not there, whose bytes were not read.
    pub elsewhere: u64,
    /// What is wrong, as far as it is listed.
    pub faults: Vec<Fault>,
    /// How much more is wrong.
    pub more: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn passed(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn add(&mut self, place: Place, wrong: Wrong) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault { place, wrong });
        } else {
            self.more += 1;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seals, expired, segments, gaps, unsealed, files, bytes, decrypted, locked, elsewhere, faults, more } = self;
        writeln!(f, "seals        {seals} as the records tell, of which {expired} are over")?;
        writeln!(
            f,
            "recordings   {segments} segments and {gaps} gaps as they were sealed; {unsealed} are newer than the last seal"
        )?;
        match files {
            Some(files) => writeln!(f, "files        {files} as they were written, {bytes} bytes")?,
            None => writeln!(f, "files        not looked at")?,
        }
        if *decrypted > 0 || *locked > 0 {
            writeln!(f, "encrypted    {decrypted} of the files decrypted, with what was sealed in them; {locked} not")?;
        }
        if *elsewhere > 0 {
            writeln!(
                f,
                "objects      {elsewhere} files in an object storage that is not configured here: their bytes were not read"
            )?;
        }
        for fault in faults {
            writeln!(f, "! {fault}")?;
        }
        if *more > 0 {
            writeln!(f, "! and {more} more")?;
        }
        match faults.first() {
            None => write!(f, "PASSED"),
            Some(_) => write!(f, "FAILED: {} faults", faults.len() as u64 + more),
        }
    }
}

/// Something that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {wrong}")]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub wrong: Wrong,
}

/// Where something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The audit record at this position.
    Record(u64),
    /// A seal.
    Seal(SealId),
    /// A segment, its row or its file.
    Segment(SegmentId),
    /// The row of a gap.
    Gap(GapId),
    /// A file, below the folder of recordings.
    File(PathBuf),
}

impl From<&Piece> for Place {
    fn from(piece: &Piece) -> Self {
        match piece {
            Piece::Segment(row) => Self::Segment(row.id),
            Piece::Gap(row) => Self::Gap(row.id),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(position) => write!(f, "record {position}"),
            Self::Seal(id) => write!(f, "seal {id}"),
            Self::Segment(id) => write!(f, "segment {id}"),
            Self::Gap(id) => write!(f, "gap {id}"),
            Self::File(path) => write!(f, "file {}", path.display()),
        }
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A seal and its record differ.
    #[error("is not what record {0} tells")]
    Seal(i64),
    /// A record tells of a seal that is not there.
    #[error("tells of a seal that has been removed")]
    NoSeal,
    /// A row is none of those that its seal covers.
    #[error("is not as it was sealed: it was changed, or put in")]
    Changed,
    /// A row that a seal covers is gone.
    #[error("its piece {0} of {1} has been taken out, or is not as it was")]
    TakenOut(usize, usize),
    /// It is whole, and later seals of its camera do not cover it.
    #[error("was put in, or taken out of its seal: later seals of the camera do not have it")]
    Unsealed,
    /// It was sealed long after its time, for which there is something else.
    #[error("was put in after its time: something else was recorded for the same time")]
    Late,
    /// It was let go of before its time.
    #[error("was let go of before its time, and no record tells of it")]
    Early,
    /// The pieces of a seal are gone.
    #[error("its pieces were let go of, and no record tells of it")]
    Expired,
    /// The file is not there.
    #[error("its file is missing")]
    NoFile,
    /// The file has other bytes.
    #[error("its file is not as it was written: its bytes have another SHA-256")]
    Bytes,
    /// The file is encrypted, and something else is in it.
    #[error("its file, decrypted, is not what was sealed")]
    Decrypted,
    /// The file has more or fewer bytes.
    #[error("its file is not as it was written: it has {is} bytes, and had {was}")]
    Length {
        /// How many there are.
        is: u64,
        /// How many were written.
        was: i64,
    },
    /// A file that no segment has.
    #[error("was put in from elsewhere: it is no segment's file")]
    Foreign,
    /// The disk says no.
    #[error("its file cannot be read: {0}")]
    Unreadable(String),
}
