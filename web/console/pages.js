// Lists that are fetched a page at a time.

/** @import { Resource } from "../resource.js" */

import { drawAnew, resource } from "../resource.js";

/**
 * @template Page
 * @typedef {object} Paged
 * @property {Resource<Page>[]} pages Those that are shown.
 * @property {(() => void) | null} more Shows one more; null where there is none.
 */

/** How many pages of each list are shown. @type {Map<string, number>} */
const wanted = new Map();

/**
 * The pages of the list at `first` that are shown.
 * @param {string} first The address of the first page; it has a query.
 * @param {string} cursor What the address of another page calls `next` of the one before.
 * @param {number | null} revision For `resource`.
 * @returns {Paged<any>}
 */
export function paged(first, cursor, revision) {
  const number = wanted.get(first) ?? 1;
  /** @type {Resource<any>[]} */
  const pages = [];
  /** @type {string | number | null} */
  let next = "";
  while (next !== null && pages.length < number) {
    /** @type {Resource<{next: string | number | null}>} */
    const page = resource(next === "" ? first : `${first}&${cursor}=${next}`, revision);
    pages.push(page);
    next = page.value?.next ?? null;
  }
  const more = () => {
    wanted.set(first, pages.length + 1);
    drawAnew();
  };
  return { pages, more: next === null ? null : more };
}
