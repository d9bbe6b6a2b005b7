//! The file of a segment while it is written. Everything here waits for the disk: call it where waiting is allowed.

use super::{
    Fragment, Head, Layout,
    mp4::{Access, FragmentPlace},
};
use crate::audit::tree::{Frontier, Hash};
use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// A file that grows. Children are in it: nobody but the own user may read it.
pub struct SegmentFile {
    file: File,
    hash: Context,
    pieces: Frontier,
    length: u64,
    fragments: Vec<FragmentPlace>,
}

/// What is known of a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// How many bytes it has.
    pub length: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
    /// The root of the tree over its pieces: what it begins with, each fragment, and what random access needs. So a part of it can be
    /// proved without the rest.
    pub tree: Hash,
}

/// What is known of the whole file `path`, by its bytes.
///
/// # Errors
/// What the disk says, or that the file is no segment.
pub(super) fn whole_of(path: &Path) -> io::Result<Whole> {
    let mut file = File::open(path)?;
    let layout = Layout::read(&mut file).map_err(io::Error::other)?;
    let length = file.metadata()?.len();
    let (mut hash, mut pieces) = (Context::new(&SHA256), Frontier::new());
    file.rewind()?;
    let (mut at, mut piece) = (0, Vec::new());
    let ends = layout.fragments.iter().map(|place| place.offset + place.length);
    for end in [layout.head].into_iter().chain(ends).chain([length]) {
        piece.clear();
        (&mut file).take(end - at).read_to_end(&mut piece)?;
        hash.update(&piece);
        pieces.push(Hash::of_leaf(&piece));
        at = end;
    }
    Ok(Whole { length, sha256: HEXLOWER.encode(hash.finish().as_ref()), tree: pieces.root() })
}

impl SegmentFile {
    /// Makes the file `path`, which must not be there yet, with the folders that it needs.
    ///
    /// # Errors
    /// What the disk says, or that the parameter sets make no sense.
    pub fn create(path: &Path, head: &Head) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new(""));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let mut segment = Self { file, hash: Context::new(&SHA256), pieces: Frontier::new(), length: 0, fragments: Vec::new() };
        segment.write(&head.encode().map_err(io::Error::other)?)?;
        // The name, too, must outlast a power cut.
        File::open(folder)?.sync_all()?;
        Ok(segment)
    }

    /// Adds a fragment. When this returns, it is safe on the disk.
    ///
    /// # Errors
    /// What the disk says. What was written of the fragment is of no use then, as when the program dies: it is taken off by the repair.
    pub fn append(&mut self, fragment: &Fragment) -> io::Result<()> {
        let number = u32::try_from(self.fragments.len() + 1).unwrap_or(u32::MAX);
        let bytes = fragment.encode(number).map_err(io::Error::other)?;
        let (offset, length) = (self.length, bytes.len() as u64);
        self.write(&bytes)?;
        self.file.sync_data()?;
        self.fragments.push(FragmentPlace {
            offset,
            length,
            decode_time: fragment.decode_time,
            duration: fragment.duration(),
            key: fragment.is_key(),
        });
        Ok(())
    }

    /// How many bytes are in it.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Adds what random access needs. When this returns, the whole file is safe on the disk.
    ///
    /// # Errors
    /// What the disk says.
    pub fn finish(mut self) -> io::Result<Whole> {
        let access = Access::of(&self.fragments).encode().map_err(io::Error::other)?;
        self.write(&access)?;
        self.file.sync_all()?;
        Ok(Whole { length: self.length, sha256: HEXLOWER.encode(self.hash.finish().as_ref()), tree: self.pieces.root() })
    }

    /// Writes a piece.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.pieces.push(Hash::of_leaf(bytes));
        self.length += bytes.len() as u64;
        Ok(())
    }
}
