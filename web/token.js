// The right to watch, for ten minutes at most: kept in memory only, renewed before it ends.

import * as api from "./api.js";
import { now } from "./time.js";

/** @typedef {{text: string, expiresAt: number}} ViewToken `expiresAt` in ms since the epoch. */

/** A token with less than this left is not worth starting with. */
const MARGIN_MS = 60_000;

/** @type {ViewToken | null} */
let held = null;

/**
 * The held token, or a new one.
 * @returns {Promise<ViewToken>}
 */
export async function viewToken() {
  if (held && held.expiresAt - now() > MARGIN_MS) return held;
  const { token, expires_at } = await api.viewToken();
  held = { text: token, expiresAt: Date.parse(expires_at) };
  return held;
}

/** Forgets the held token: it is another account's now, or the gateway no longer takes it. */
export function dropViewToken() {
  held = null;
}
