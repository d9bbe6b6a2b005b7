// Reads signed checkpoints: C2SP tlog-checkpoint in a signed note, Ed25519 (https://c2sp.org/signed-note).

/** @import { Tree } from "./proof.js" */

import { bytes, hash } from "./proof.js";

/** @typedef {Tree & {origin: string, signature: "good" | "bad" | "unknown"}} Checkpoint `unknown`: this browser cannot check it. */

const ED25519 = 1;
/** An em dash and a space. */
const SIGNATURE = "— ";

/**
 * The checkpoint in `note`, and whether `key` signed it; null when it is no checkpoint, or not of the log whose key it is.
 * @param {string} note
 * @param {string} key `name+id+key`.
 * @returns {Promise<Checkpoint | null>}
 */
export async function open(note, key) {
  // A note that was pasted or kept by a text editor may have other line ends, and none at its end.
  const whole = `${note.replace(/\r\n/g, "\n").trim()}\n`;
  const end = whole.lastIndexOf("\n\n");
  const parts = key.trim().match(/^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/);
  if (end < 0 || !parts) return null;
  const [signed, lines] = [whole.slice(0, end + 1), whole.slice(end + 2, -1).split("\n")];
  const [origin, size, root, ...more] = signed.slice(0, -1).split("\n");
  const [, name, id, encoded] = parts;
  const isCheckpoint = /^(0|[1-9]\d{0,15})$/.test(size) && /^[A-Za-z0-9+/]{43}=$/.test(root) && !more.includes("");
  if (!isCheckpoint || origin !== name) return null;
  const signature = lines.find((line) => line.startsWith(`${SIGNATURE}${name} `))?.slice(SIGNATURE.length + name.length + 1);
  const checkpoint = { origin, size: Number(size), root };
  if (!signature) return null;
  return { ...checkpoint, signature: await verified(signed, signature, { name, id, encoded }) };
}

/**
 * @param {string} signed
 * @param {string} signature
 * @param {{name: string, id: string, encoded: string}} key
 * @returns {Promise<Checkpoint["signature"]>}
 */
async function verified(signed, signature, { name, id, encoded }) {
  const public_ = bytes(encoded);
  const expected = (await hash(name, "\n", public_)).slice(0, 4);
  const line = bytes(signature);
  const isKey = public_[0] === ED25519 && public_.length === 33 && hex(expected) === id;
  if (!isKey || hex(line.slice(0, 4)) !== id) return "bad";
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", public_.slice(1), "Ed25519", false, ["verify"]);
  } catch {
    return "unknown";
  }
  const good = await crypto.subtle.verify("Ed25519", imported, line.slice(4), new TextEncoder().encode(signed));
  return good ? "good" : "bad";
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
