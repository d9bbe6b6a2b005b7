// Holds records and kept checkpoints against the log's newest signed checkpoint, in the page: the gateway sends the evidence and has
// no say in the verdict.

import * as api from "../api.js";
import { open } from "./note.js";
import { commitment, continues, entry, includes, leafHash } from "./proof.js";

/** @import { Checkpoint } from "./note.js" */
/** @import { AuditRecord } from "./records.js" */

/**
 * @typedef {object} Proof
 * @property {number} position
 * @property {number} at
 * @property {string} action
 * @property {string} kindergarten
 * @property {string | null} record
 * @property {string | null} salt
 * @property {string} commitment
 * @property {number | null} erased_by
 * @property {string[]} path
 */

/** @typedef {"good" | "erased" | "new" | "text" | "shown" | "emptied" | "tree"} Finding What was found of a record. */
/** @typedef {{checkpoint: Checkpoint, findings: Map<number, Finding>}} Checked */
/** @typedef {{note: string, key: string, at: string}} Signed */

/**
 * The newest checkpoint, as it was signed.
 * @param {string} kindergarten
 * @returns {Promise<Signed>}
 */
export const newest = (kindergarten) => api.get(`audit/checkpoint?${new URLSearchParams({ kindergarten })}`);

/**
 * Checks each of `records` against the newest checkpoint.
 * @param {string} kindergarten
 * @param {AuditRecord[]} records
 * @returns {Promise<Checked>}
 */
export async function checkRecords(kindergarten, records) {
  const { note, key } = await newest(kindergarten);
  const checkpoint = await open(note, key);
  if (!checkpoint) throw new api.Problem("unknown");
  /** @type {Map<number, Finding>} */
  const findings = new Map(records.map(({ position }) => [position, "new"]));
  const covered = records.filter(({ position }) => position < checkpoint.size);
  // As many as the gateway proves at once.
  for (let from = 0; from < covered.length; from += 100) {
    const part = covered.slice(from, from + 100);
    const positions = part.map(({ position }) => position).join(",");
    const query = new URLSearchParams({ kindergarten, positions, size: String(checkpoint.size) });
    /** @type {{proofs: Proof[]}} */
    const { proofs } = await api.get(`audit/proofs/inclusion?${query}`);
    for (const [index, record] of part.entries()) findings.set(record.position, await found(record, proofs[index], checkpoint));
  }
  return { checkpoint, findings };
}

/**
 * @param {AuditRecord} shown
 * @param {Proof} proof
 * @param {Checkpoint} checkpoint
 * @returns {Promise<Finding>}
 */
export async function found(shown, proof, checkpoint) {
  const { record, salt } = proof;
  if (record === null || salt === null) {
    if (proof.erased_by === null) return "emptied";
  } else if ((await commitment(salt, record)) !== proof.commitment) {
    return "text";
  } else if (!says(record, shown)) {
    return "shown";
  }
  const leaf = await leafHash(entry({ ...proof, position: shown.position }));
  if (!(await includes(leaf, shown.position, checkpoint, proof.path))) return "tree";
  return record === null ? "erased" : "good";
}

/**
 * Whether the page shows what the text says.
 * @param {string} record
 * @param {AuditRecord} shown
 */
function says(record, shown) {
  const told = JSON.parse(record);
  const same = Date.parse(told.at) === Date.parse(shown.at) && told.action === shown.action && told.subject === shown.subject;
  // An account that is gone has no name to be shown by.
  return same && (told.actor === shown.account || shown.account === null);
}

/** @typedef {"unchanged" | "changed" | "shorter" | "other_log" | "bad_signature" | "no_checkpoint"} Verdict */

/**
 * Whether the log of now still has everything that was under the checkpoint that somebody kept.
 * @param {string} kindergarten
 * @param {string} note The kept checkpoint.
 * @param {string} keptKey The key that was kept beside it; empty to believe the one that the gateway names.
 * @returns {Promise<{verdict: Verdict, kept: Checkpoint | null, now: Checkpoint | null}>}
 */
export async function checkKept(kindergarten, note, keptKey) {
  const current = await newest(kindergarten);
  const key = keptKey.trim() || current.key;
  const kept = await open(note, key);
  if (!kept) return { verdict: "no_checkpoint", kept, now: null };
  if (kept.signature === "bad") return { verdict: "bad_signature", kept, now: null };
  const now = await open(current.note, key);
  // The newest must be signed by the key that was kept, or it is another log's.
  if (!now || now.signature === "bad") return { verdict: "other_log", kept, now };
  if (kept.size > now.size) return { verdict: "shorter", kept, now };
  const query = new URLSearchParams({ kindergarten, from: String(kept.size), to: String(now.size) });
  /** @type {{path: string[]}} */
  const { path } = await api.get(`audit/proofs/consistency?${query}`);
  return { verdict: (await continues(kept, now, path)) ? "unchanged" : "changed", kept, now };
}
