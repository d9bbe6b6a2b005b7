// How much picture somebody wants: what the line carries, or little. It is remembered on this device.

/** @typedef {"auto" | "low"} Quality */

const REMEMBERED = "tereze.quality";

/** Lines on which a large picture stutters, as the browser knows them (Network Information API). */
const SLOW = new Set(["slow-2g", "2g", "3g"]);

/** @returns {Quality} */
export const quality = () => (localStorage.getItem(REMEMBERED) === "low" ? "low" : "auto");

/** @param {Quality} wanted */
export function wantQuality(wanted) {
  localStorage.setItem(REMEMBERED, wanted);
}

/** Whether the small picture is the right one now. */
export function wantsSmall() {
  const line = connection();
  return quality() === "low" || Boolean(line?.saveData) || SLOW.has(line?.effectiveType ?? "");
}

/** What the browser knows of the line; Safari and Firefox do not tell. */
export const connection = () =>
  /** @type {(EventTarget & {saveData?: boolean, effectiveType?: string}) | undefined} */ (/** @type {any} */ (navigator).connection);
