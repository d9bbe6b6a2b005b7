//! Proofs about the tree that fit in a few hashes: that a record is in it, and that it only grew.
//!
//! Pure functions over the hashes of leaves. Making a proof needs the leaves; checking one needs only the roots, which signed
//! checkpoints carry, so that whoever checks need not have the log nor trust who keeps it.

use super::tree::Hash;

/// The root over `leaves` (RFC 6962 §2.1).
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of_empty_tree(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            Hash::of_node(root(left), root(right))
        }
    }
}

/// The largest power of two below `size`, which is at least two: how many leaves the left subtree has.
fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

/// The audit path of the leaf at `index` in the tree over `leaves` (RFC 6962 §2.1.1), from the leaf upwards; `None` when there is
/// no such leaf.
pub fn inclusion(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, sibling) = match index.checked_sub(left.len()) {
        None => (inclusion(left, index)?, right),
        Some(index) => (inclusion(right, index)?, left),
    };
    path.push(root(sibling));
    Some(path)
}

/// Whether `path` proves that `leaf` is the leaf at `index` of the tree that has `size` leaves and this `root`
/// (RFC 9162 §2.1.3.2, for the same tree).
pub fn includes(leaf: Hash, index: u64, size: u64, path: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let mut climb = Climb { node: index, last: size - 1 };
    let mut hash = leaf;
    for sibling in path {
        match climb.step() {
            None => return false,
            Some(Side::Left) => hash = Hash::of_node(*sibling, hash),
            Some(Side::Right) => hash = Hash::of_node(hash, *sibling),
        }
    }
    climb.last == 0 && hash == root
}

/// The proof that the tree over `leaves` continues the tree over the first `size` of them (RFC 6962 §2.1.2); `None` when it does
/// not have so many. For none and for all of them the proof is empty.
pub fn consistency(leaves: &[Hash], size: usize) -> Option<Vec<Hash>> {
    match size {
        0 => Some(Vec::new()),
        _ if size > leaves.len() => None,
        _ => Some(subproof(leaves, size, true)),
    }
}

/// `SUBPROOF` of RFC 6962 §2.1.2; `known` while the subtree is one that the earlier tree's holder has the root of.
pub(super) fn subproof(leaves: &[Hash], size: usize, known: bool) -> Vec<Hash> {
    if size == leaves.len() {
        return if known { Vec::new() } else { vec![root(leaves)] };
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, sibling) = match size.checked_sub(left.len()) {
        None | Some(0) => (subproof(left, size, known), right),
        Some(size) => (subproof(right, size, false), left),
    };
    path.push(root(sibling));
    path
}

/// Whether `path` proves that the tree `second` (size and root) continues the tree `first` (RFC 9162 §2.1.4.2, for the same tree).
pub fn continues(first: (u64, Hash), second: (u64, Hash), path: &[Hash]) -> bool {
    let ((first_size, first_root), (second_size, second_root)) = (first, second);
    if first_size == 0 {
        return path.is_empty() && first_root == Hash::of_empty_tree();
    }
    if first_size >= second_size {
        return path.is_empty() && first == second;
    }
    let mut climb = Climb { node: first_size - 1, last: second_size - 1 };
    climb.skip_right_edges();
    // Where the first tree is one full subtree, its root is where the climb begins; the proof does not repeat it.
    let (start, path) = match path.split_first() {
        _ if first_size.is_power_of_two() => (first_root, path),
        Some((start, path)) => (*start, path),
        None => return false,
    };
    let (mut old, mut new) = (start, start);
    for sibling in path {
        match climb.step() {
            None => return false,
            Some(Side::Left) => (old, new) = (Hash::of_node(*sibling, old), Hash::of_node(*sibling, new)),
            Some(Side::Right) => new = Hash::of_node(new, *sibling),
        }
    }
    climb.last == 0 && old == first_root && new == second_root
}

/// The way from a node up to the root, a level a step: the position of the node, and of the last node, at its level.
struct Climb {
    node: u64,
    last: u64,
}

/// On which side of the node its sibling is.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// One sibling further up; `None` when the root has been reached.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let left = self.node % 2 == 1 || self.node == self.last;
        if left {
            // The last node of a level may have no sibling there: it stands for its parent too.
            while self.node.is_multiple_of(2) && self.node != 0 {
                self.up();
            }
        }
        self.up();
        Some(if left { Side::Left } else { Side::Right })
    }

    /// Up to the largest full subtree that ends with this node.
    fn skip_right_edges(&mut self) {
        while self.node % 2 == 1 {
            self.up();
        }
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| Hash::of_leaf(&n.to_be_bytes())).collect()
    }

    /// `path` with one thing wrong: a bit flipped, a hash too few, a hash too many.
    fn spoiled(path: &[Hash], at: usize) -> Vec<Vec<Hash>> {
        let mut spoiled = vec![[path, &[Hash::of_leaf(b"more")]].concat()];
        if let Some(at) = at.checked_rem(path.len()) {
            let mut bytes = *path[at].bytes();
            bytes[at % 32] ^= 1 << (at % 8);
            let mut altered = path.to_vec();
            altered[at] = bytes.into();
            let mut shortened = path.to_vec();
            shortened.remove(at);
            spoiled.extend([altered, shortened]);
        }
        spoiled
    }

    #[test]
    fn the_proofs_of_small_trees_are_those_written_in_the_rfc() {
        // RFC 6962 §2.1.3 calls the leaves a, b, c, d, e, f, j and the nodes over them g (ab), h (cd), i (ef), k (gh), l (ij).
        let leaves = leaves(7);
        let over = |from: usize, to: usize| root(&leaves[from..to]);
        let [ab, cd, ef, gh, ij] = [over(0, 2), over(2, 4), over(4, 6), over(0, 4), over(4, 7)];
        assert_eq!(inclusion(&leaves, 0), Some(vec![leaves[1], cd, ij]));
        assert_eq!(inclusion(&leaves, 3), Some(vec![leaves[2], ab, ij]));
        assert_eq!(inclusion(&leaves, 4), Some(vec![leaves[5], leaves[6], gh]));
        assert_eq!(inclusion(&leaves, 6), Some(vec![ef, gh]));
        assert_eq!(consistency(&leaves, 3), Some(vec![leaves[2], leaves[3], ab, ij]));
        assert_eq!(consistency(&leaves, 4), Some(vec![ij]));
        assert_eq!(consistency(&leaves, 6), Some(vec![ef, leaves[6], gh]));
    }

    #[test]
    fn what_is_not_in_the_tree_has_no_proof() {
        let leaves = leaves(5);
        assert_eq!(inclusion(&leaves, 5), None);
        assert_eq!(consistency(&leaves, 6), None);
        assert!(!includes(leaves[4], 5, 5, &[], leaves[4]));
        assert!(!continues((6, root(&leaves)), (5, root(&leaves)), &[]));
    }

    proptest! {
        #[test]
        fn every_inclusion_proof_holds_and_every_altered_one_fails(size in 1_usize..200, seed: usize, at: usize) {
            let (leaves, index) = (leaves(size), seed % size);
            let (root, path) = (root(&leaves), inclusion(&leaves, index).unwrap());
            let holds = |leaf, index: usize, path: &[Hash], root| includes(leaf, index as u64, size as u64, path, root);
            prop_assert!(holds(leaves[index], index, &path, root));
            prop_assert!(!holds(Hash::of_leaf(b"other"), index, &path, root));
            prop_assert!(!holds(leaves[index], index, &path, Hash::of_leaf(b"other")));
            prop_assert!(size == 1 || !holds(leaves[index], (index + 1) % size, &path, root));
            for path in spoiled(&path, at) {
                prop_assert!(!holds(leaves[index], index, &path, root));
            }
        }

        #[test]
        fn every_consistency_proof_holds_and_every_altered_one_fails(size in 1_usize..200, seed: usize, at: usize) {
            let (leaves, first) = (leaves(size), seed % (size + 1));
            let before = (first as u64, root(&leaves[..first]));
            let after = (size as u64, root(&leaves));
            let path = consistency(&leaves, first).unwrap();
            prop_assert!(continues(before, after, &path));
            prop_assert!(!continues((before.0, Hash::of_leaf(b"other")), after, &path));
            prop_assert!(first == 0 || !continues(before, (after.0, Hash::of_leaf(b"other")), &path));
            for path in spoiled(&path, at) {
                prop_assert!(!continues(before, after, &path));
            }
        }

        #[test]
        fn a_tree_whose_past_was_changed_has_no_consistency_proof(size in 2_usize..100, seed: usize, changed: usize) {
            let first = 1 + seed % (size - 1);
            let mut leaves = leaves(size);
            let before = (first as u64, root(&leaves[..first]));
            leaves[changed % first] = Hash::of_leaf(b"changed");
            let path = consistency(&leaves, first).unwrap();
            prop_assert!(!continues(before, (size as u64, root(&leaves)), &path));
        }
    }
}
