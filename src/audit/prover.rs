//! Makes proofs about the log in the database. Whoever gets one needs no trust in us: it is checked against a signed checkpoint.
//!
//! A proof needs hashes of large parts of the tree. The roots of full blocks never change, so they are remembered: a proof then reads
//! the one block that it is about and the last one, whatever the size of the log.

use super::{column, proof, record::Entry, tree::Hash};
use crate::{
    args,
    db::{Db, DbError, Moment, Queries},
};
use std::sync::{Mutex, PoisonError};

/// Leaves a block: a power of two, so that a full block is a full subtree.
const BLOCK: u64 = 1_024;

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum NoProof {
    /// The log has not so many records, or what is asked for is not within them.
    #[error("the log has no such records")]
    OutOfRange,
    /// A record that the log must have is not there, or cannot be read: the log is damaged.
    #[error("record {0} is missing or cannot be read")]
    Damaged(u64),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Makes proofs about one log.
pub struct Prover {
    db: Db,
    /// The roots of the full blocks from the first on, as far as they were needed.
    blocks: Mutex<Vec<Hash>>,
}

impl Prover {
    /// About the log in `db`.
    pub fn new(db: &Db) -> Self {
        Self { db: db.clone(), blocks: Mutex::default() }
    }

    /// The audit path (RFC 6962 §2.1.1) of the record at `position` in the tree over the first `size` records.
    pub async fn inclusion(&self, position: u64, size: u64) -> Result<Vec<Hash>, NoProof> {
        if position >= size {
            return Err(NoProof::OutOfRange);
        }
        let (nodes, block) = (self.nodes(size).await?, position / BLOCK);
        let leaves = self.leaves(block * BLOCK, size.min((block + 1) * BLOCK)).await?;
        let within = proof::inclusion(&leaves, index(position % BLOCK)).ok_or(NoProof::OutOfRange)?;
        let above = proof::inclusion(&nodes, index(block)).ok_or(NoProof::OutOfRange)?;
        Ok([within, above].concat())
    }

    /// The proof that the tree over the first `to` records continues the one over the first `from` (RFC 6962 §2.1.2).
    pub async fn consistency(&self, from: u64, to: u64) -> Result<Vec<Hash>, NoProof> {
        if from > to {
            return Err(NoProof::OutOfRange);
        }
        // For none and for all of them the proof is empty; but there must be so many.
        let nodes = self.nodes(to).await?;
        if from == 0 || from == to {
            return Ok(Vec::new());
        }
        let (block, rest) = (from / BLOCK, from % BLOCK);
        if rest == 0 {
            return proof::consistency(&nodes, index(block)).ok_or(NoProof::OutOfRange);
        }
        // The earlier tree ends inside a block. Its own root helps only where that block is the first: everywhere else the way up
        // comes from the right of a node that the earlier tree did not have.
        let leaves = self.leaves(block * BLOCK, to.min((block + 1) * BLOCK)).await?;
        let within = proof::subproof(&leaves, index(rest), block == 0);
        let above = proof::inclusion(&nodes, index(block)).ok_or(NoProof::OutOfRange)?;
        Ok([within, above].concat())
    }

    /// The roots of the blocks over the first `size` records, the last of which may not be full. The tree over them is the tree over
    /// the records, since every block but the last is a full subtree of the same height.
    async fn nodes(&self, size: u64) -> Result<Vec<Hash>, NoProof> {
        let full = index(size / BLOCK);
        let mut nodes: Vec<Hash> = self.kept().iter().take(full).copied().collect();
        for block in nodes.len()..full {
            let from = block as u64 * BLOCK;
            let root = proof::root(&self.leaves(from, from + BLOCK).await?);
            nodes.push(root);
            let mut kept = self.kept();
            // Somebody else may have been faster.
            if kept.len() == block {
                kept.push(root);
            }
        }
        if !size.is_multiple_of(BLOCK) {
            nodes.push(proof::root(&self.leaves(size / BLOCK * BLOCK, size).await?));
        }
        Ok(nodes)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Hash>> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hashes of the records from the position `from` up to and not including `to`.
    async fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, NoProof> {
        let sql = "select position, at, action, kindergarten_id, commitment from audit_records \
                   where position >= $1 and position < $2 order by position";
        let rows: Vec<LeafRow> = self.db.rows(sql, args![column(from), column(to)]).await?;
        let mut leaves = Vec::with_capacity(rows.len());
        for (position, row) in (from..).zip(rows) {
            leaves.push(row.leaf().filter(|_| row.position == column(position)).ok_or(NoProof::Damaged(position))?);
        }
        let end = from + leaves.len() as u64;
        match self.head().await? {
            _ if end == to => Ok(leaves),
            head if head < to => Err(NoProof::OutOfRange),
            _ => Err(NoProof::Damaged(end)),
        }
    }

    async fn head(&self) -> Result<u64, DbError> {
        Ok(super::state(&self.db).await?.size)
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[derive(sqlx::FromRow)]
struct LeafRow {
    position: i64,
    at: Moment,
    action: String,
    kindergarten_id: Option<String>,
    commitment: String,
}

impl LeafRow {
    fn leaf(&self) -> Option<Hash> {
        let (at, commitment) = (self.at.into(), self.commitment.parse().ok()?);
        let kindergarten = self.kindergarten_id.as_deref();
        Some(Entry { position: self.position.unsigned_abs(), at, action: &self.action, kindergarten, commitment }.leaf())
    }
}
