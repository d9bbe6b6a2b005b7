// The right to watch, for ten minutes at most: kept in memory only, renewed before it ends.

import * as api from "./api.js";
import { now } from "./time.js";

/** @typedef {{text: string, expiresAt: number}} ViewToken `expiresAt` in ms since the epoch. */

/** A token with less than this left is not worth starting with. */
const MARGIN_MS = 60_000;

/** By kindergarten: a token for all that an inspector has would be too long. @type {Map<string, ViewToken>} */
const held = new Map();

/**
 * The token held for a kindergarten, or a new one.
 * @param {string} kindergarten
 * @returns {Promise<ViewToken>}
 */
export async function viewToken(kindergarten) {
  const old = held.get(kindergarten);
  if (old && old.expiresAt - now() > MARGIN_MS) return old;
  const { token, expires_at } = await api.viewToken(kindergarten);
  const fresh = { text: token, expiresAt: Date.parse(expires_at) };
  held.set(kindergarten, fresh);
  return fresh;
}

/** Forgets what is held: it is another account's now, or the gateway no longer takes it. */
export function dropViewTokens() {
  held.clear();
}
