//! What the log keeps of the words that people write to each other.

use super::tree::Hash;
use crate::db::appeals::Step;

/// Enough of a step's words to see whether they are still those that were written, and nothing of them once the step is gone: its id,
/// which nobody can guess, is in it.
pub fn digest(step: &Step) -> Hash {
    Hash::of(&[b"tereze appeal 1\n", step.id.to_string().as_bytes(), b"\n", step.words.as_bytes()])
}
