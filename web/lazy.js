// Code that is loaded when it is first wanted, so that nobody's telephone carries the pages of others.

const RETRY_MS = 2_000;

/** @type {Map<() => Promise<unknown>, unknown>} */
const modules = new Map();

/**
 * The module of `load`, or null while it is on its way; then the page is drawn anew. Without a connection it is tried again and again.
 * @template T
 * @param {() => Promise<T>} load The same function each time.
 * @param {() => void} redraw
 * @returns {T | null}
 */
export function lazy(load, redraw) {
  if (!modules.has(load)) {
    modules.set(load, null);
    void fetched(load).then(redraw);
  }
  return /** @type {T | null} */ (modules.get(load));
}

/** @param {() => Promise<unknown>} load */
async function fetched(load) {
  for (;;) {
    try {
      return modules.set(load, await load());
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
