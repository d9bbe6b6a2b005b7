//! Checks a bundle without the gateway: `tereze verify BUNDLE`.

mod report;

pub use report::{Report, Wrong};

use super::{
    Included,
    bundle::signed_text,
    manifest::{FORM, Manifest, Masked, Piece, Proved},
    subject, words,
};
use crate::{
    audit::{
        Action,
        checkpoint::Checkpoint,
        evidence,
        note::{self, NoteKey},
        proof,
        seal::{self, Sealed},
        tree::{Frontier, Hash},
    },
    id::{CameraId, SealId},
};
use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Deserialize;
use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    io::{self, Read, Seek},
};
use zip::ZipArchive;

/// A longer manifest is none of ours: a day has some hundred segments.
const LONGEST_MANIFEST: u64 = 64 << 20;
/// A longer piece is none of ours: it is a second of pictures.
const LONGEST_PIECE: u64 = 256 << 20;
/// What is hashed at once.
const AT_ONCE: usize = 1 << 16;

/// Checks the bundle in `file`. Its manifest must be signed by `key`, where one is given.
pub fn check(file: impl Read + Seek, key: Option<&NoteKey>) -> Report {
    let mut report = Report {
        manifest: None,
        key_brought: key.is_some(),
        segments: 0,
        bytes: 0,
        gaps: 0,
        missing: Vec::new(),
        faults: Vec::new(),
    };
    let mut zip = match ZipArchive::new(file) {
        Ok(zip) => zip,
        Err(error) => {
            report.faults.push(Wrong::Unreadable(error.to_string()));
            return report;
        }
    };
    match believed(&mut zip, key) {
        Ok((manifest, key)) => {
            Check { manifest: &manifest, key, camera: manifest.camera.id, leaves: BTreeMap::new() }.run(&mut zip, &mut report);
            report.manifest = Some(manifest);
        }
        Err(wrong) => report.faults.push(wrong),
    }
    report
}

/// The manifest, if it is signed by `key` or, where none is given, by the key that it names.
fn believed<F: Read + Seek>(zip: &mut ZipArchive<F>, key: Option<&NoteKey>) -> Result<(Manifest, NoteKey), Wrong> {
    let (text, signed) = (text(zip, "manifest.json")?, text(zip, "manifest.note")?);
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| Wrong::Unreadable(error.to_string()))?;
    let key = match key {
        Some(key) => key.clone(),
        None => manifest.key.parse().map_err(|_| Wrong::Manifest)?,
    };
    let opened = note::open(&signed, std::slice::from_ref(&key)).map_err(|_| Wrong::Manifest)?;
    if opened != signed_text(&text) || manifest.form != FORM {
        return Err(Wrong::Manifest);
    }
    Ok((manifest, key))
}

fn text<F: Read + Seek>(zip: &mut ZipArchive<F>, name: &str) -> Result<String, Wrong> {
    let unreadable = |error: &dyn fmt::Display| Wrong::Unreadable(format!("{name}: {error}"));
    let entry = zip.by_name(name).map_err(|error| unreadable(&error))?;
    let mut text = String::new();
    entry.take(LONGEST_MANIFEST).read_to_string(&mut text).map_err(|error| unreadable(&error))?;
    Ok(text)
}

/// What the text of a record says.
#[derive(Deserialize)]
struct Text<D> {
    actor: Option<String>,
    subject: String,
    details: D,
}

#[derive(Deserialize)]
struct Exported {
    camera: CameraId,
    from: Timestamp,
    to: Timestamp,
    reason: String,
    #[serde(default)]
    masks: Vec<String>,
}

struct Check<'a> {
    manifest: &'a Manifest,
    key: NoteKey,
    camera: CameraId,
    /// The leaves of each seal that is as its record tells.
    leaves: BTreeMap<SealId, Vec<String>>,
}

impl Check<'_> {
    fn run<F: Read + Seek>(mut self, zip: &mut ZipArchive<F>, report: &mut Report) {
        let Ok(checkpoint) = Checkpoint::open(&self.manifest.checkpoint, std::slice::from_ref(&self.key)) else {
            report.faults.push(Wrong::Checkpoint);
            return;
        };
        self.records(&checkpoint, report);
        for included in &self.manifest.segments {
            match self.part(zip, included) {
                Ok(bytes) => {
                    report.segments += 1;
                    report.bytes += bytes;
                }
                Err(wrong) => report.faults.push(wrong),
            }
        }
        for gap in &self.manifest.gaps {
            match gap.leaf(self.camera).filter(|leaf| self.sealed(gap.seal, *leaf)) {
                Some(_) => report.gaps += 1,
                None => report.faults.push(Wrong::Gap(gap.from)),
            }
        }
        let known = |name: &str| {
            ["README.txt", "manifest.json", "manifest.note"].contains(&name)
                || self.manifest.segments.iter().any(|included| included.file == name)
        };
        let names = zip.file_names().map(|name| name.map_or_else(|error| error.to_string(), Cow::into_owned));
        report.faults.extend(names.filter(|name| !known(name)).map(Wrong::Foreign));
        report.missing = self.missing();
    }

    /// The record of the export, and those of the seals.
    fn records(&mut self, checkpoint: &Checkpoint, report: &mut Report) {
        let manifest = self.manifest;
        let record = &manifest.record;
        match told::<Exported>(record, manifest, checkpoint, Action::RecordingExported) {
            None => report.faults.push(Wrong::Record(record.position)),
            Some(Text { actor, subject: of, details }) => {
                let Exported { camera, from, to, reason, masks } = details;
                let same = (camera, from, to, &reason) == (self.camera, manifest.from, manifest.to, &manifest.reason);
                let covered = masks == words(&manifest.areas) && manifest.masked != masks.is_empty();
                if !same || !covered || of != subject(manifest.export) || actor.is_none() || record.at != manifest.at {
                    report.faults.push(Wrong::Export(record.position));
                }
            }
        }
        for proof in &manifest.seals {
            let record = &proof.record;
            match told::<Sealed>(record, manifest, checkpoint, Action::RecordingSealed) {
                None => report.faults.push(Wrong::Record(record.position)),
                Some(Text { subject: of, details, .. }) if of == seal::subject(proof.id) && details.camera == self.camera => {
                    self.leaves.insert(proof.id, details.leaves);
                }
                Some(_) => report.faults.push(Wrong::Seal(record.position, proof.id)),
            }
        }
    }

    /// Reads a part; says how many bytes it has.
    fn part<F: Read + Seek>(&self, zip: &mut ZipArchive<F>, included: &Included) -> Result<u64, Wrong> {
        let entry = zip.by_name(&included.file).map_err(|_| Wrong::NoPart(included.file.clone()))?;
        match (&included.masked, self.manifest.masked) {
            (None, false) => self.recorded(entry, included),
            (Some(masked), true) => {
                let same = is_as_made(masked, entry).unwrap_or(false);
                // Nothing of what was recorded may be in it, and that it was recorded is proved by hashes alone.
                self.recorded(io::empty(), included)?;
                if same { Ok(masked.bytes) } else { Err(Wrong::Masked(included.file.clone())) }
            }
            _ => Err(Wrong::Part(included.file.clone())),
        }
    }

    /// Reads the pieces of a recording that are here; says how many bytes they have.
    fn recorded(&self, mut entry: impl Read, included: &Included) -> Result<u64, Wrong> {
        let wrong = || Wrong::Part(included.file.clone());
        let (mut tree, mut read, mut bytes) = (Frontier::new(), 0, Vec::new());
        for piece in &included.pieces {
            let leaf = match piece {
                Piece::LeftOut(leaf) => leaf.parse().map_err(|_| wrong())?,
                Piece::Here(length) if *length > LONGEST_PIECE => return Err(wrong()),
                Piece::Here(length) => {
                    bytes.clear();
                    entry.by_ref().take(*length).read_to_end(&mut bytes).map_err(|_| wrong())?;
                    if bytes.len() as u64 != *length {
                        return Err(wrong());
                    }
                    read += length;
                    Hash::of_leaf(&bytes)
                }
            };
            tree.push(leaf);
        }
        // Nothing may follow.
        let rest = entry.read(&mut [0]).map_err(|_| wrong())?;
        let leaf = included.leaf(self.camera, &tree).filter(|leaf| self.sealed(included.seal, *leaf));
        if rest == 0 && leaf.is_some() { Ok(read) } else { Err(wrong()) }
    }

    fn sealed(&self, seal: SealId, leaf: Hash) -> bool {
        self.leaves.get(&seal).is_some_and(|leaves| leaves.contains(&leaf.to_string()))
    }

    /// What of the span is neither recorded nor a gap. Two seconds are left between two.
    fn missing(&self) -> Vec<(Timestamp, Timestamp)> {
        let segments = self.manifest.segments.iter().map(|included| (included.from, included.to));
        let mut spans: Vec<(Timestamp, Timestamp)> =
            segments.chain(self.manifest.gaps.iter().map(|gap| (gap.from, gap.to))).collect();
        spans.sort_unstable();
        spans.push((self.manifest.to, self.manifest.to));
        let (mut missing, mut at) = (Vec::new(), self.manifest.from);
        for (from, to) in spans {
            if from.duration_since(at).as_millis() > 2_000 {
                missing.push((at, from));
            }
            at = at.max(to);
        }
        missing
    }
}

/// Whether `entry` is what was made with areas covered.
fn is_as_made(masked: &Masked, entry: impl Read) -> io::Result<bool> {
    let (mut hash, mut read, mut piece) = (Context::new(&SHA256), 0, vec![0; AT_ONCE]);
    let mut entry = entry.take(masked.bytes.saturating_add(1));
    loop {
        match entry.read(&mut piece)? {
            0 => return Ok(read == masked.bytes && HEXLOWER.encode(hash.finish().as_ref()) == masked.sha256),
            more => {
                hash.update(&piece[..more]);
                read += more as u64;
            }
        }
    }
}

/// What a record tells, if it is of this kindergarten and kind, and in the log that the checkpoint is over.
fn told<D: for<'de> Deserialize<'de>>(
    record: &Proved,
    manifest: &Manifest,
    checkpoint: &Checkpoint,
    action: Action,
) -> Option<Text<D>> {
    let Proved { position, at, action: word, kindergarten, text, salt, path } = record;
    let leaf = evidence::leaf(*position, *at, word, *kindergarten, text, salt)?;
    let path: Vec<Hash> = path.iter().map(|hash| hash.parse()).collect::<Result<_, _>>().ok()?;
    let included = proof::includes(leaf, *position, checkpoint.size, &path, checkpoint.root);
    let ours = word == action.word() && *kindergarten == manifest.kindergarten.id;
    if included && ours { serde_json::from_str(text).ok() } else { None }
}
