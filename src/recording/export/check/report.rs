//! What a check of a bundle found.

use crate::{id::SealId, recording::export::Manifest};
use jiff::Timestamp;
use std::fmt;

/// What was checked, and everything that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What the bundle says of itself; nothing else is checked when it has no manifest that can be believed.
    pub manifest: Option<Manifest>,
    /// Whether the key is one that was brought, and not the bundle's own.
    pub key_brought: bool,
    /// Segments whose parts are as they were recorded, or as they were made of what was recorded.
    pub segments: u64,
    /// Bytes of video that are.
    pub bytes: u64,
    /// Gaps that are as they were recorded.
    pub gaps: u64,
    /// Spans of which the bundle has neither a recording nor a gap.
    pub missing: Vec<(Timestamp, Timestamp)>,
    /// What is wrong.
    pub faults: Vec<Wrong>,
}

/// Something that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The file is no bundle, or lacks what one has.
    #[error("the file is not a bundle, or is broken: {0}")]
    Unreadable(String),
    /// The manifest, or its signature, was changed; or another key signed it.
    #[error("manifest.json is not as it was signed, or the key is another")]
    Manifest,
    /// The checkpoint in it is not one, or by another key.
    #[error("the checkpoint is not one of the key")]
    Checkpoint,
    /// A record is not in the log that the checkpoint is over.
    #[error("record {0} is not in the log that was signed")]
    Record(u64),
    /// The record of the export says something else than the manifest.
    #[error("record {0} does not tell of this export")]
    Export(u64),
    /// A seal is not what its record tells.
    #[error("record {0} does not tell of seal {1}")]
    Seal(u64, SealId),
    /// A part is not what was recorded.
    #[error("{0} is not as it was recorded")]
    Part(String),
    /// A part is not what was made of the recording.
    #[error("{0} is not as it was made, with areas covered")]
    Masked(String),
    /// A part is not there.
    #[error("{0} is missing")]
    NoPart(String),
    /// A gap is not what was recorded.
    #[error("the gap from {0} is not as it was recorded")]
    Gap(Timestamp),
    /// A file that the manifest does not name.
    #[error("{0} was put in: the manifest does not have it")]
    Foreign(String),
}

impl Report {
    /// Whether nothing is wrong.
    pub fn passed(&self) -> bool {
        self.faults.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { manifest, key_brought, segments, bytes, gaps, missing, faults } = self;
        if let Some(manifest) = manifest {
            let Manifest { kindergarten, camera, from, to, by, reason, at, key, .. } = manifest;
            writeln!(f, "recording    {}, {}: {from} to {to}", kindergarten.name, camera.name)?;
            writeln!(f, "taken out    {at} by {} ({}): {reason}", by.name, by.role)?;
            if manifest.masked {
                writeln!(
                    f,
                    "video        {segments} files, {bytes} bytes as the gateway made them; {gaps} gaps as they were recorded"
                )?;
                writeln!(
                    f,
                    "             The pictures were coded anew with areas covered: they are not byte for byte what was recorded."
                )?;
                writeln!(f, "             What was recorded is not in the bundle; its hashes are, and they are in the log.")?;
                for area in &manifest.areas {
                    writeln!(f, "covered      {area}")?;
                }
            } else {
                writeln!(
                    f,
                    "video        {segments} files, {bytes} bytes as they were recorded; {gaps} gaps as they were recorded"
                )?;
            }
            for gap in &manifest.gaps {
                writeln!(f, "             {} to {}: {}", gap.from, gap.to, gap.cause)?;
            }
            for (from, to) in missing {
                writeln!(f, "             {from} to {to}: the bundle has nothing of it")?;
            }
            writeln!(f, "key          {key}")?;
            if !key_brought {
                writeln!(f, "             is the bundle's own: compare it with the one that was kept, or give it with --key")?;
            }
        }
        for fault in faults {
            writeln!(f, "! {fault}")?;
        }
        match faults.len() {
            0 => write!(f, "PASSED"),
            count => write!(f, "FAILED: {count} faults"),
        }
    }
}
