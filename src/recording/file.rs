//! The file of a segment while it is written, and when it is read on the disk. Everything here waits for the disk: call it where waiting is
//! allowed.

use super::{
    Fragment, Head, Layout,
    encryption::{Decrypted, Encryptor, FileKey},
    mp4::{Access, FragmentPlace},
};
use crate::audit::tree::{Frontier, Hash};
use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use std::{
    borrow::Cow,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// What is hashed at once.
const AT_ONCE: usize = 1 << 20;

/// A file that grows. Children are in it: nobody but the own user may read it.
pub struct SegmentFile {
    file: File,
    /// `None` where the bytes lie as they are.
    encryptor: Option<Encryptor>,
    /// Of what lies there.
    hash: Context,
    pieces: Frontier,
    length: u64,
    fragments: Vec<FragmentPlace>,
}

/// What is known of a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// How many plain bytes it has.
    pub length: u64,
    /// The SHA-256 of the file as it lies there, encrypted or not, in hexadecimal: whoever has no key can tell that it was not altered.
    pub sha256: String,
    /// The root of the tree over its plain pieces: what it begins with, each fragment, and what random access needs. So a part of it can be
    /// proved without the rest, to those who have no key.
    pub tree: Hash,
}

/// What is known of the whole file `path`, by its bytes.
///
/// # Errors
/// What the disk says, or that the file is no segment, or that it does not decrypt with `key`.
pub(super) fn whole_of(path: &Path, key: Option<FileKey>) -> io::Result<Whole> {
    let (length, tree) = tree_of(path, key)?;
    Ok(Whole { length, sha256: digest(path)?.1, tree })
}

/// How many plain bytes the whole file `path` has, and the root over its plain pieces.
pub(super) fn tree_of(path: &Path, key: Option<FileKey>) -> io::Result<(u64, Hash)> {
    let mut file = Readable::open(path, key)?;
    let layout = Layout::read(&mut file).map_err(io::Error::other)?;
    let length = file.seek(SeekFrom::End(0))?;
    let mut pieces = Frontier::new();
    file.rewind()?;
    let (mut at, mut piece) = (0, Vec::new());
    let ends = layout.fragments.iter().map(|place| place.offset + place.length);
    for end in [layout.head].into_iter().chain(ends).chain([length]) {
        piece.clear();
        (&mut file).take(end - at).read_to_end(&mut piece)?;
        pieces.push(Hash::of_leaf(&piece));
        at = end;
    }
    Ok((length, pieces.root()))
}

/// How many bytes the file `path` has as it lies there, and their SHA-256 in hexadecimal.
pub(super) fn digest(path: &Path) -> io::Result<(u64, String)> {
    let (mut file, mut hash, mut piece) = (File::open(path)?, Context::new(&SHA256), vec![0; AT_ONCE]);
    let mut length = 0;
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((length, HEXLOWER.encode(hash.finish().as_ref()))),
            read => {
                hash.update(&piece[..read]);
                length += read as u64;
            }
        }
    }
}

impl SegmentFile {
    /// Makes the file `path`, which must not be there yet, with the folders that it needs; encrypted where there is a `key` for it.
    ///
    /// # Errors
    /// What the disk says, or that the parameter sets make no sense.
    pub fn create(path: &Path, head: &Head, key: Option<FileKey>) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new(""));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let (encryptor, header) = key.map(Encryptor::begin).unzip();
        let hash = Context::new(&SHA256);
        let mut segment = Self { file, encryptor, hash, pieces: Frontier::new(), length: 0, fragments: Vec::new() };
        segment.put(&header.unwrap_or_default())?;
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

    /// How many plain bytes are in it.
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
        if let Some(encryptor) = self.encryptor.take() {
            self.put(&encryptor.finish()?)?;
        }
        self.file.sync_all()?;
        Ok(Whole { length: self.length, sha256: HEXLOWER.encode(self.hash.finish().as_ref()), tree: self.pieces.root() })
    }

    /// Writes a piece.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let lies = match &mut self.encryptor {
            Some(encryptor) => Cow::Owned(encryptor.add(bytes)?),
            None => Cow::Borrowed(bytes),
        };
        self.put(&lies)?;
        self.pieces.push(Hash::of_leaf(bytes));
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Writes what is to lie there.
    fn put(&mut self, lies: &[u8]) -> io::Result<()> {
        self.file.write_all(lies)?;
        self.hash.update(lies);
        Ok(())
    }
}

/// A file on the disk, whole or broken off: its plain bytes, to be read and to seek in.
pub(super) enum Readable {
    /// They lie as they are.
    Plain(File),
    /// They are encrypted.
    Encrypted(Box<Decrypted>),
}

impl Readable {
    /// The file `path`, encrypted where there is a `key` for it.
    pub(super) fn open(path: &Path, key: Option<FileKey>) -> io::Result<Self> {
        Self::of(File::open(path)?, key)
    }

    /// The same for what was broken off, to be ended. What is no fragment any more may follow `safe` plain bytes, and nothing else.
    pub(super) fn open_to_end(path: &Path, key: Option<FileKey>, safe: u64) -> io::Result<Self> {
        let mut file = Self::of(OpenOptions::new().read(true).write(true).open(path)?, key)?;
        if let Self::Encrypted(file) = &mut file {
            file.doubt(safe)?;
        }
        Ok(file)
    }

    fn of(file: File, key: Option<FileKey>) -> io::Result<Self> {
        Ok(match key {
            None => Self::Plain(file),
            Some(key) => Self::Encrypted(Box::new(Decrypted::open(file, key)?)),
        })
    }

    /// Whether it ends as a whole file of this `layout` does.
    pub(super) fn is_whole(&mut self, layout: &Layout) -> io::Result<bool> {
        match self {
            Self::Encrypted(file) if layout.whole => file.is_whole(),
            _ => Ok(layout.whole),
        }
    }

    /// Cuts off what comes after the `end` of a fragment, and adds the bytes that a whole file ends with. When this returns, the whole file is safe
    /// on the disk.
    pub(super) fn end(&mut self, end: u64, access: &[u8]) -> io::Result<()> {
        match self {
            Self::Encrypted(file) => file.end(end, access),
            Self::Plain(file) => {
                file.set_len(end)?;
                file.seek(SeekFrom::Start(end))?;
                file.write_all(access)?;
                file.sync_all()
            }
        }
    }
}

impl Read for Readable {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(into),
            Self::Encrypted(file) => file.read(into),
        }
    }
}

impl Seek for Readable {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Plain(file) => file.seek(to),
            Self::Encrypted(file) => file.seek(to),
        }
    }
}
