// What a page shows beside `me`: fetched once, and again whenever the gateway says that something changed.

import * as api from "./api.js";

/**
 * @template T
 * @typedef {object} Resource
 * @property {T | null} value The last answer; it stays while a newer one is on its way.
 * @property {api.Problem | null} problem Why there is no newer one.
 * @property {boolean} busy
 */

/** @type {Map<string, Resource<any> & {revision: number | null}>} */
const kept = new Map();

/** @type {() => void} */
let redraw = () => {};

/** @param {() => void} draw Draws the page anew. */
export function drawWith(draw) {
  redraw = draw;
}

/** Draws the page anew, because something that a part keeps by itself has changed. */
export const drawAnew = () => redraw();

/** Forgets everything: another account, another language. */
export function forgetAll() {
  kept.clear();
}

/**
 * What is at `path` below /api/v1/, as of `revision` or newer.
 * @template T
 * @param {string} path
 * @param {number | null} revision `me.revision`; null for what does not change by itself.
 * @returns {Resource<T>}
 */
export function resource(path, revision) {
  const known = kept.get(path);
  if (known && known.revision === revision) return known;
  const next = { value: known?.value ?? null, problem: null, busy: true, revision };
  kept.set(path, next);
  void load(path, next);
  return next;
}

/**
 * Fetches `path` again.
 * @param {string} path
 */
export function refresh(path) {
  const known = kept.get(path);
  if (known) void load(path, known);
}

/**
 * @param {string} path
 * @param {Resource<any>} entry
 */
async function load(path, entry) {
  entry.busy = true;
  try {
    entry.value = await api.get(path);
    entry.problem = null;
  } catch (error) {
    entry.problem = api.asProblem(error);
  }
  entry.busy = false;
  redraw();
}
