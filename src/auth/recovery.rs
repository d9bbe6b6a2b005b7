//! Recovery codes: for who has lost the telephone. Each works once.

use super::totp::in_groups;
use crate::random;
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

/// How many somebody is given.
pub(super) const COUNT: usize = 10;
/// In letters: 80 bits, which nobody tries out, so that the plain hash tells nothing.
const LENGTH: usize = 16;

/// New ones, as a person keeps them: `ABCD-EFGH-IJKL-MNOP`.
pub(super) fn new() -> Vec<Zeroizing<String>> {
    let code = || BASE32_NOPAD.encode(&Zeroizing::new(random::bytes::<10>())[..]);
    (0..COUNT).map(|_| Zeroizing::new(in_groups(&code(), '-'))).collect()
}

/// What is kept of a code, however it is typed; `None` when it cannot be one.
pub(super) fn hash(typed: &str) -> Option<String> {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    let code: Zeroizing<String> = Zeroizing::new(letters.map(|letter| letter.to_ascii_uppercase()).collect());
    (code.len() == LENGTH).then(|| BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, format!("recovery code {}", *code).as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_all_different_and_may_be_typed_in_any_manner() {
        let codes = new();
        assert_eq!(codes.iter().map(|code| hash(code)).collect::<BTreeSet<_>>().len(), COUNT);
        let code = &codes[0];
        assert_eq!(code.len(), 19);
        let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
        assert!(hash(code).is_some() && hash(&typed) == hash(code));
        assert!(!hash(code).unwrap().contains(&code[..4]));
    }

    #[test]
    fn what_has_another_length_is_none() {
        for typed in ["", "123456", "ABCD-EFGH-IJKL-MNO", "ABCD-EFGH-IJKL-MNOP-Q"] {
            assert_eq!(hash(typed), None, "{typed}");
        }
    }
}
