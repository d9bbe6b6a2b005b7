//! The hashes of the tree (RFC 6962 §2.1), and the part of it that must be kept in order to append.

use aws_lc_rs::digest::{Context, SHA256};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::{fmt, str::FromStr};

/// A SHA-256 hash; written as padded base64 (RFC 4648 §4), 44 characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

/// The text is not 32 bytes in canonical base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hash")]
pub struct NotAHash;

impl Hash {
    /// The SHA-256 of `parts`, one after the other.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut context = Context::new(&SHA256);
        for part in parts {
            context.update(part);
        }
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.finish().as_ref());
        Self(bytes)
    }

    /// The root of the tree without leaves: the hash of nothing.
    pub fn of_empty_tree() -> Self {
        Self::of(&[])
    }

    /// The hash of a leaf: of 0x00 and the entry, so that no entry can pass for a node.
    pub fn of_leaf(entry: &[u8]) -> Self {
        Self::of(&[&[0x00], entry])
    }

    /// The hash of a node: of 0x01 and its two children.
    pub fn of_node(left: Self, right: Self) -> Self {
        Self::of(&[&[0x01], &left.0, &right.0])
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&BASE64_STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| NotAHash)?;
        bytes.try_into().map(Self).map_err(|_| NotAHash)
    }
}

/// The right edge of the tree: the roots of its full subtrees, the largest first. All that appending needs, and never more than 64
/// hashes: there is one for each bit that is set in the size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads back what [`Frontier::peaks`] wrote for a tree of `size` leaves.
    pub fn read(size: u64, peaks: &str) -> Result<Self, NotAHash> {
        let peaks = peaks.split_whitespace().map(str::parse).collect::<Result<Vec<Hash>, _>>()?;
        if peaks.len() == size.count_ones() as usize { Ok(Self { size, peaks }) } else { Err(NotAHash) }
    }

    /// The hashes as text, a space between two.
    pub fn peaks(&self) -> String {
        self.peaks.iter().map(Hash::to_string).collect::<Vec<_>>().join(" ")
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut subtree = leaf;
        // As in adding one to a binary number: each full subtree of the same height is carried into one twice as large.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                subtree = Hash::of_node(left, subtree);
            }
        }
        self.peaks.push(subtree);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let root = self.peaks.iter().rev().copied().reduce(|right, left| Hash::of_node(left, right));
        root.unwrap_or_else(Hash::of_empty_tree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::proof;

    /// The eight entries and the roots over the first n of them that the reference implementation of RFC 6962 is tested with.
    const ENTRIES: [&str; 8] = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn the_roots_are_those_of_the_reference_implementation() {
        let mut frontier = Frontier::new();
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(frontier.root().bytes().as_slice(), hex(empty));
        for (entry, root) in ENTRIES.iter().zip(ROOTS) {
            frontier.push(Hash::of_leaf(&hex(entry)));
            assert_eq!(frontier.root().bytes().as_slice(), hex(root), "size {}", frontier.size());
        }
    }

    #[test]
    fn a_frontier_reads_back_and_goes_on_as_if_it_had_never_left() {
        let mut kept = Frontier::new();
        let mut leaves = Vec::new();
        for n in 0_u32..70 {
            let leaf = Hash::of_leaf(&n.to_be_bytes());
            let mut read = Frontier::read(kept.size(), &kept.peaks()).unwrap();
            kept.push(leaf);
            read.push(leaf);
            leaves.push(leaf);
            assert_eq!(read, kept);
            assert_eq!(kept.root(), proof::root(&leaves));
        }
    }

    #[test]
    fn a_frontier_of_another_size_is_not_read() {
        let one = Hash::of_leaf(b"one").to_string();
        assert_eq!(Frontier::read(3, &one), Err(NotAHash));
        assert_eq!(Frontier::read(1, &one[1..]), Err(NotAHash));
        assert!(Frontier::read(2, &one).is_ok());
    }
}
