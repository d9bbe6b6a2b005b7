//! The keys that the configuration names.

use super::{FileKey, Refused};
use crate::{config, id::SegmentId};
use aws_lc_rs::{
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
    rand,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use data_encoding::HEXLOWER;
use std::{
    env, fmt,
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
};
use zeroize::Zeroizing;

const KEY_LEN: usize = 32;
/// Eight bytes, written as 16 letters: enough to tell the keys of one gateway apart.
const ID_LEN: usize = 8;

/// Why there are no keys. Nothing here holds one.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// A line is no key.
    #[error("line {0} is not 32 bytes in base64")]
    NotAKey(usize),
    /// No line is one.
    #[error("there is no key in it")]
    Empty,
    /// The cryptography refused.
    #[error("no key can be made of it")]
    Refused,
}

/// All keys for recordings; none where nothing is to be encrypted. Cheap to clone.
#[derive(Clone, Default)]
pub struct Keys(Arc<[Key]>);

/// One of them.
pub struct Key {
    id: String,
    derives: Prk,
}

/// Shows which keys there are, and none.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.ids()).finish()
    }
}

impl Keys {
    /// Those that `config` names: in the environment, else in its file; none where it names none.
    ///
    /// # Errors
    /// They cannot be read, or are none. Nothing is made here: a key that is made by mistake looks like the one that is missing.
    pub fn open(config: &config::Recordings) -> Result<Self, KeysError> {
        match (env::var(config::RECORDING_KEYS), &config.key_file) {
            (Ok(text), _) => Self::parse(&Zeroizing::new(text)),
            (Err(_), Some(path)) => Self::parse(&Zeroizing::new(fs::read_to_string(path)?)),
            (Err(_), None) => Ok(Self::default()),
        }
    }

    /// One key a line, the newest last: 32 bytes in base64.
    pub fn parse(text: &str) -> Result<Self, KeysError> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let keys: Arc<[Key]> = lines.map(|(at, line)| Key::parse(at + 1, line)).collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(KeysError::Empty) } else { Ok(Self(keys)) }
    }

    /// Makes a key and adds it to the file `path`, which only its owner can read if it is made here. Returns the key's id. What is in the file
    /// stays: older recordings need it.
    pub fn add(path: &Path) -> Result<String, KeysError> {
        let before = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Zeroizing::default(),
            Err(error) => return Err(error.into()),
        };
        if !before.trim().is_empty() {
            Self::parse(&before)?;
        }
        let mut key = Zeroizing::new([0; KEY_LEN]);
        rand::fill(&mut *key).map_err(|_| KeysError::Refused)?;
        let line = Zeroizing::new(BASE64_STANDARD.encode(*key) + "\n");
        // An editor may have left the last line without its end.
        let break_before = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        let text = Zeroizing::new(format!("{break_before}{}", *line));
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(Key::parse(1, &line)?.id)
    }

    /// The one that new files are encrypted with.
    pub fn newest(&self) -> Option<&Key> {
        self.0.last()
    }

    /// The one with this id.
    pub fn by_id(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id)
    }

    /// The ids of all, the oldest first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Key::id)
    }
}

impl Key {
    fn parse(line: usize, text: &str) -> Result<Self, KeysError> {
        let secret = Zeroizing::new(BASE64_STANDARD.decode(text.trim()).map_err(|_| KeysError::NotAKey(line))?);
        if secret.len() != KEY_LEN {
            return Err(KeysError::NotAKey(line));
        }
        let derives = Salt::new(HKDF_SHA256, b"tereze recordings 1").extract(&secret);
        let mut id = [0; ID_LEN];
        fill(&derives, &[b"id"], &mut id).map_err(|Refused| KeysError::Refused)?;
        Ok(Self { id: HEXLOWER.encode(&id), derives })
    }

    /// By what it is known. It tells nothing of the key.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key of the file of a segment.
    pub fn of_file(&self, segment: SegmentId) -> Result<FileKey, Refused> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        fill(&self.derives, &[b"segment", segment.to_string().as_bytes()], &mut *key)?;
        FileKey::new(&self.id, &*key)
    }
}

/// How much is derived.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn fill(from: &Prk, info: &[&[u8]], into: &mut [u8]) -> Result<(), Refused> {
    from.expand(info, Length(into.len())).and_then(|derived| derived.fill(into)).map_err(|_| Refused)
}
