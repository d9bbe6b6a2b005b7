use super::*;
use crate::{config, id::SegmentId};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use std::{
    fs::{self, File},
    io::Read,
    os::unix::fs::PermissionsExt,
};

fn line(byte: u8) -> String {
    BASE64_STANDARD.encode([byte; 32]) + "\n"
}

fn key(byte: u8) -> FileKey {
    let segment = SegmentId::new(Timestamp::UNIX_EPOCH);
    Keys::parse(&line(byte)).unwrap().newest().unwrap().of_file(segment).unwrap()
}

#[test]
fn the_newest_key_is_the_last_and_every_key_is_known_by_its_id() {
    let keys = Keys::parse(&format!("{}\n{}", line(1), line(2))).unwrap();
    let ids: Vec<&str> = keys.ids().collect();
    assert_eq!((ids.len(), keys.newest().unwrap().id()), (2, ids[1]));
    assert_eq!(keys.by_id(ids[0]).unwrap().id(), ids[0]);
    assert!(keys.by_id("").is_none());
    // Recordings are found by it for months: it must not change with the program.
    assert_eq!(ids[0], ID_OF_ONES);
}

/// HKDF-SHA-256 of 32 bytes 0x01 with the salt 'tereze recordings 1' and the info 'id', as Python's `hmac` reckons it.
const ID_OF_ONES: &str = "caf2031a5271af89";

#[test]
fn what_is_no_key_is_named_by_its_line_and_not_repeated() {
    for (text, expected) in [
        (format!("{}hunter2\n", line(1)), "line 2 is not 32 bytes in base64"),
        ("c2hvcnQ=".to_owned(), "line 1 is not 32 bytes in base64"),
        ("\n \n".to_owned(), "there is no key in it"),
    ] {
        assert_eq!(Keys::parse(&text).unwrap_err().to_string(), expected);
    }
    let shown = format!("{:?} {:?}", Keys::parse(&line(1)).unwrap(), key(1));
    assert!(shown.contains(ID_OF_ONES) && !shown.contains(line(1).trim()), "{shown}");
}

#[test]
fn a_key_is_added_behind_the_others_to_a_file_that_only_its_owner_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recordings.key");
    let config = config::Recordings { key_file: Some(path.clone()), ..config::Recordings::default() };
    assert!(matches!(Keys::open(&config), Err(KeysError::File(_))), "none is made by itself");
    let first = Keys::add(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    // As an editor may leave it.
    fs::write(&path, fs::read_to_string(&path).unwrap().trim_end()).unwrap();
    let second = Keys::add(&path).unwrap();
    let keys = Keys::open(&config).unwrap();
    assert_eq!(keys.ids().collect::<Vec<_>>(), [first, second]);
    fs::write(&path, "not a key\n").unwrap();
    assert!(matches!(Keys::add(&path), Err(KeysError::NotAKey(1))));
    assert_eq!(fs::read_to_string(&path).unwrap(), "not a key\n", "what is there may be needed, whatever it is");
}

/// Encrypted pieces of 100 000 bytes, each of one number.
fn lies(key: &FileKey, pieces: u8) -> Vec<u8> {
    let (mut encryptor, mut lies) = Encryptor::begin(key.clone());
    (0..pieces).for_each(|piece| lies.extend(encryptor.add(&vec![piece; 100_000]).unwrap()));
    lies.extend(encryptor.finish().unwrap());
    lies
}

fn opened(lies: &[u8], key: &FileKey) -> Decrypted {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), lies).unwrap();
    Decrypted::open(File::options().read(true).write(true).open(file.path()).unwrap(), key.clone()).unwrap()
}

fn read(file: &mut Decrypted) -> Vec<u8> {
    let mut plain = Vec::new();
    file.read_to_end(&mut plain).unwrap();
    plain
}

#[test]
fn nothing_of_what_was_added_lies_there_and_two_times_the_same_are_different() {
    let key = key(1);
    let (one, other) = (lies(&key, 2), lies(&key, 2));
    assert_ne!(one, other);
    assert!(one.windows(16).all(|bytes| bytes != [0; 16] && bytes != [1; 16]));
    assert!(one.starts_with(format!("tereze encrypted 1\n{}\n", key.id()).as_bytes()));
    assert_eq!(one.len() as u64 - 200_000, HEADER + 4 * 32 + 36 + 4 * 4, "four records, and an index of them");
}

#[test]
fn a_file_that_is_cut_off_anywhere_keeps_its_whole_records_and_can_be_ended() {
    let key = key(1);
    let all = lies(&key, 3);
    let records = [65_536, 34_464].repeat(3);
    for cut in (0..all.len()).step_by(1_231) {
        let mut file = opened(&all[..cut], &key);
        let mut left = (cut as u64).saturating_sub(HEADER);
        let whole = records.iter().take_while(|plain| {
            let fits = left >= *plain + 32;
            left = left.saturating_sub(*plain + 32);
            fits
        });
        let safe: u64 = whole.sum();
        assert_eq!(read(&mut file).len() as u64, safe, "cut at {cut}");
        assert!(!file.is_whole().unwrap());
        if safe >= 100_000 {
            file.end(100_000, b"the end").unwrap();
            std::io::Seek::rewind(&mut file).unwrap();
            assert!(
                read(&mut file) == [vec![0; 100_000], b"the end".to_vec()].concat() && file.is_whole().unwrap(),
                "cut at {cut}"
            );
        }
    }
    assert!(opened(&all, &key).is_whole().unwrap());
}

#[test]
fn what_a_power_cut_left_is_forgotten_but_for_what_was_safe() {
    let key = key(1);
    let all = lies(&key, 3);
    // The second piece has reached the disk as zeros.
    let torn = |at: usize| {
        let mut torn = all.clone();
        torn[at..at + 1_000].fill(0);
        torn
    };
    let mut file = opened(&torn(150_000), &key);
    file.doubt(100_000).unwrap();
    assert_eq!(read(&mut file), vec![0; 100_000]);
    let mut file = opened(&torn(50_000), &key);
    file.doubt(100_000).unwrap();
    assert_eq!(file.read(&mut [0; 10]).unwrap_err().kind(), std::io::ErrorKind::InvalidData, "that was safe: it is altered");
    // Where the second piece should be, there is none.
    let mut file = opened(&all[..120_000], &key);
    file.doubt(200_000).unwrap_err();
}

#[test]
fn no_altered_byte_goes_unseen() {
    let key = key(1);
    let (mut encryptor, mut whole) = Encryptor::begin(key.clone());
    whole.extend(encryptor.add(b"a short piece").unwrap());
    whole.extend(encryptor.finish().unwrap());
    for at in 36..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        let mut file = opened(&altered, &key);
        let plain = {
            let mut plain = Vec::new();
            file.read_to_end(&mut plain).map(|_| plain)
        };
        let same = plain.is_ok_and(|plain| plain == b"a short piece") && file.is_whole().unwrap();
        assert!(!same, "byte {at}");
    }
}
