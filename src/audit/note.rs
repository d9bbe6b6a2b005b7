//! Signed notes (<https://c2sp.org/signed-note>): a text, and under it lines that each carry one signature.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::{fmt, str::FromStr};

use super::tree::Hash;

/// What stands for Ed25519 before the bytes of a key.
const ED25519_TYPE: u8 = 0x01;
/// What a signature line begins with: an em dash and a space.
const SIGNATURE: &str = "\u{2014} ";
/// No note of ours comes near these; a file that does is not read.
const MOST_BYTES: usize = 64 * 1024;
const MOST_SIGNATURES: usize = 100;

/// Why a note is not to be believed, or a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not in the form of a signed note.
    #[error("not a signed note")]
    Malformed,
    /// None of the signatures is by a key that is trusted here.
    #[error("not signed by a known key")]
    UnknownKey,
    /// A known key's signature does not fit the text.
    #[error("the signature does not fit the text")]
    BadSignature,
    /// Not a key, or a name that no key may have.
    #[error("not a key for notes")]
    BadKey,
}

/// A public key that notes are believed by: name, and 32 bytes of Ed25519 (RFC 8032 §5.1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    public: [u8; 32],
}

impl NoteKey {
    /// A key of this name. A name is not empty and has neither white space nor a plus sign.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, NoteError> {
        let fit = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+');
        if fit { Ok(Self { name: name.to_owned(), public }) } else { Err(NoteError::BadKey) }
    }

    /// The name, which for a log's key is the log's origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256 over name, newline, type and key: tells which key a signature line means.
    fn id(&self) -> [u8; 4] {
        let hash = Hash::of(&[self.name.as_bytes(), b"\n", &[ED25519_TYPE], &self.public]);
        let [a, b, c, d, ..] = *hash.bytes();
        [a, b, c, d]
    }
}

/// The encoded form `name+id+key`, in which an inspector keeps it.
impl fmt::Display for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519_TYPE], self.public.as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), BASE64_STANDARD.encode(key))
    }
}

impl FromStr for NoteKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(NoteError::BadKey) };
        let key = BASE64_STANDARD.decode(key).map_err(|_| NoteError::BadKey)?;
        let [ED25519_TYPE, public @ ..] = key.as_slice() else { return Err(NoteError::BadKey) };
        let key = Self::new(name, public.try_into().map_err(|_| NoteError::BadKey)?)?;
        if format!("{:08x}", u32::from_be_bytes(key.id())) == id { Ok(key) } else { Err(NoteError::BadKey) }
    }
}

/// A private key that signs notes.
pub struct NoteSigner {
    key: NoteKey,
    pair: Ed25519KeyPair,
}

impl NoteSigner {
    /// A signer of this name with the private key in `pkcs8` (RFC 8410 §7).
    pub fn new(name: &str, pkcs8: &[u8]) -> Result<Self, NoteError> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| NoteError::BadKey)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| NoteError::BadKey)?;
        Ok(Self { key: NoteKey::new(name, public)?, pair })
    }

    /// The public key.
    pub fn key(&self) -> &NoteKey {
        &self.key
    }

    /// `text`, which ends with a newline, signed.
    pub fn sign(&self, text: &str) -> String {
        let signature = self.pair.sign(text.as_bytes());
        let line = [&self.key.id(), signature.as_ref()].concat();
        format!("{text}\n{SIGNATURE}{} {}\n", self.key.name, BASE64_STANDARD.encode(line))
    }
}

/// The text of `note`, if a key of `keys` signed it. Signatures by other keys are passed over, as the specification has it; a
/// known key's signature that does not fit spoils the note whatever else is under it.
pub fn open<'n>(note: &'n str, keys: &[NoteKey]) -> Result<&'n str, NoteError> {
    if note.len() > MOST_BYTES || note.contains(|c: char| c.is_control() && c != '\n') {
        return Err(NoteError::Malformed);
    }
    let end = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, signatures) = (&note[..=end], &note[end + 2..]);
    let signatures = signatures.strip_suffix('\n').ok_or(NoteError::Malformed)?;
    if signatures.lines().count() > MOST_SIGNATURES {
        return Err(NoteError::Malformed);
    }
    let mut believed = false;
    for line in signatures.split('\n') {
        let (name, signature) = line.strip_prefix(SIGNATURE).and_then(|line| line.split_once(' ')).ok_or(NoteError::Malformed)?;
        let bytes = BASE64_STANDARD.decode(signature).map_err(|_| NoteError::Malformed)?;
        let (id, signature) = bytes.split_at_checked(4).filter(|_| !name.is_empty()).ok_or(NoteError::Malformed)?;
        for key in keys.iter().filter(|key| key.name == name && key.id() == id) {
            let public = UnparsedPublicKey::new(&ED25519, &key.public);
            public.verify(text.as_bytes(), signature).map_err(|_| NoteError::BadSignature)?;
            believed = true;
        }
    }
    if believed { Ok(text) } else { Err(NoteError::UnknownKey) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(name: &str) -> NoteSigner {
        let pkcs8 = Ed25519KeyPair::generate().unwrap().to_pkcs8().unwrap();
        NoteSigner::new(name, pkcs8.as_ref()).unwrap()
    }

    /// The example of <https://pkg.go.dev/golang.org/x/mod/sumdb/note>: made by other people's code.
    const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const QUOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn a_note_made_by_the_reference_implementation_opens() {
        let peter: NoteKey = PETER.parse().unwrap();
        assert_eq!(peter.to_string(), PETER);
        let text = open(QUOTE, &[peter]).unwrap();
        assert!(text.ends_with("problem is.\n"));
    }

    #[test]
    fn a_signed_note_opens_with_its_key_and_fails_when_one_byte_is_changed() {
        let signer = signer("tereze.example/audit");
        let note = signer.sign("first\nsecond\n");
        assert_eq!(open(&note, &[signer.key().clone()]), Ok("first\nsecond\n"));
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            let opened = String::from_utf8(bytes).is_ok_and(|note| open(&note, &[signer.key().clone()]).is_ok());
            assert!(!opened, "byte {at}");
        }
    }

    #[test]
    fn a_note_is_not_believed_by_another_key_of_the_same_name_nor_by_the_same_key_under_another_name() {
        let signer = signer("log");
        let note = signer.sign("text\n");
        let stranger = self::signer("log").key().clone();
        assert_eq!(open(&note, &[stranger]), Err(NoteError::UnknownKey));
        let renamed = NoteKey::new("gol", signer.key().public).unwrap();
        assert_eq!(open(&note.replace("log", "gol"), &[renamed]), Err(NoteError::UnknownKey));
    }

    #[test]
    fn signatures_of_strangers_beside_ours_do_not_matter() {
        let (ours, theirs) = (signer("ours"), signer("theirs"));
        let both = format!("{}{}", ours.sign("text\n"), theirs.sign("text\n").rsplit_once("\n\n").unwrap().1);
        assert_eq!(open(&both, &[ours.key().clone()]), Ok("text\n"));
        assert_eq!(open(&both, &[theirs.key().clone()]), Ok("text\n"));
    }

    #[test]
    fn a_key_reads_back_from_its_own_text_and_from_no_other() {
        let key = signer("log").key().clone();
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        assert_eq!(key.to_string().replace("log", "gol").parse::<NoteKey>(), Err(NoteError::BadKey));
        for name in ["", "a b", "a+b", "a\n"] {
            assert_eq!(NoteKey::new(name, [0; 32]), Err(NoteError::BadKey), "{name:?}");
        }
    }
}
