// Checks what the gateway proves about its audit log, with nothing but the browser's own SHA-256: the hashes of RFC 6962 §2.1, the
// proofs of RFC 9162 §2.1.3 and §2.1.4. The forms are in src/audit/README.md; src/audit/proof.rs does the same in the gateway.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {{size: number, root: string}} Tree A tree by its size and its root, base64. */

const text = new TextEncoder();

/**
 * @param {string} base64 Padded (RFC 4648 §4).
 * @returns {Bytes}
 */
export const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** @param {Bytes} bytes */
export const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/**
 * SHA-256 over `parts`, one after the other.
 * @param {(Bytes | string | number[])[]} parts Text is UTF-8.
 * @returns {Promise<Bytes>}
 */
export async function hash(...parts) {
  const chunks = parts.map((part) => (typeof part === "string" ? text.encode(part) : Uint8Array.from(part)));
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

/**
 * The hash of a leaf, base64.
 * @param {Bytes | string} entry
 */
export const leafHash = async (entry) => base64(await hash([0], entry));

/**
 * The hash of a node over two others, base64.
 * @param {string} left
 * @param {string} right
 */
const nodeHash = async (left, right) => base64(await hash([1], bytes(left), bytes(right)));

/**
 * What the leaf of a record is made of, as it stands in the log.
 * @param {{position: number, at: number, action: string, kindergarten: string | null, commitment: string}} record
 */
export const entry = ({ position, at, action, kindergarten, commitment }) =>
  `tereze audit record 1\n${position}\n${at}\n${action}\n${kindergarten ?? "-"}\n${commitment}\n`;

/**
 * The commitment to a record's text, base64.
 * @param {string} salt Base64.
 * @param {string} record
 */
export const commitment = async (salt, record) => base64(await hash(bytes(salt), record));

/**
 * Whether `path` proves that `leaf` is the leaf at `index` of `tree` (RFC 9162 §2.1.3.2).
 * @param {string} leaf
 * @param {number} index
 * @param {Tree} tree
 * @param {string[]} path
 */
export async function includes(leaf, index, tree, path) {
  if (index >= tree.size) return false;
  const climb = { node: index, last: tree.size - 1 };
  let up = leaf;
  for (const sibling of path) {
    const side = step(climb);
    if (!side) return false;
    up = side === "left" ? await nodeHash(sibling, up) : await nodeHash(up, sibling);
  }
  return climb.last === 0 && up === tree.root;
}

/** The root of the tree without leaves. */
const EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/**
 * Whether `path` proves that the tree `second` continues the tree `first` (RFC 9162 §2.1.4.2).
 * @param {Tree} first
 * @param {Tree} second
 * @param {string[]} path
 */
export async function continues(first, second, path) {
  if (first.size === 0) return path.length === 0 && first.root === EMPTY;
  if (first.size >= second.size) return path.length === 0 && first.size === second.size && first.root === second.root;
  const climb = { node: first.size - 1, last: second.size - 1 };
  while (climb.node % 2 === 1) up(climb);
  // Where the first tree is one full subtree, its root is where the climb begins; the proof does not repeat it.
  const rest = isPowerOfTwo(first.size) ? [first.root, ...path] : path;
  if (!rest.length) return false;
  let [before, after] = [rest[0], rest[0]];
  for (const sibling of rest.slice(1)) {
    const side = step(climb);
    if (!side) return false;
    if (side === "left") {
      before = await nodeHash(sibling, before);
      after = await nodeHash(sibling, after);
    } else {
      after = await nodeHash(after, sibling);
    }
  }
  return climb.last === 0 && before === first.root && after === second.root;
}

/** @typedef {{node: number, last: number}} Climb The position of a node, and of the last node, at the level of the climb. */

/**
 * One sibling further up: on which side of the node it is; null when the root has been reached.
 * @param {Climb} climb
 */
function step(climb) {
  if (climb.last === 0) return null;
  const left = climb.node % 2 === 1 || climb.node === climb.last;
  // The last node of a level may have no sibling there: it stands for its parent too.
  if (left) while (climb.node % 2 === 0 && climb.node !== 0) up(climb);
  up(climb);
  return left ? "left" : "right";
}

/** @param {Climb} climb */
function up(climb) {
  // No shifts: they cut a number to 32 bits.
  climb.node = Math.floor(climb.node / 2);
  climb.last = Math.floor(climb.last / 2);
}

/** @param {number} size */
function isPowerOfTwo(size) {
  while (size > 1 && size % 2 === 0) size /= 2;
  return size === 1;
}
