//! Randomness for secrets and salts.

/// `N` bytes that nobody can foresee.
///
/// # Panics
/// When the machine has no randomness to give: such a machine can keep no secret, so the process must not go on.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let filled = aws_lc_rs::rand::fill(&mut bytes);
    assert!(filled.is_ok(), "this machine has no randomness to give");
    bytes
}
