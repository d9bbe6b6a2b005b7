// Which page the address names. What is chosen on a page (a child, a camera) stands in its query, so that a reload keeps it.

/** The addresses; the gateway knows the same. */
const PAGES = ["help", "invite", "guests", "appeals", "account", "kindergartens", "cameras", "children", "people", "hours", "overview", "viewings", "recordings", "records", "settings"];

/** The name of the page that the address is of: `home`, one of the above, or `missing`. */
export function page() {
  const name = location.pathname.slice(1);
  return name === "" ? "home" : PAGES.includes(name) ? name : "missing";
}

/** @param {string} name */
export const chosen = (name) => new URLSearchParams(location.search).get(name);

/** @type {() => void} */
let moved = () => {};

/**
 * Calls `onMove` whenever the address changes, and follows the page's own links without loading anything.
 * @param {() => void} onMove
 */
export function route(onMove) {
  moved = onMove;
  addEventListener("popstate", onMove);
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || link?.hasAttribute("download");
    if (!link || elsewhere || link.origin !== location.origin || link.hash) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

/** @param {string} path */
export function go(path) {
  if (path !== location.pathname) history.pushState(null, "", path);
  moved();
  document.getElementById("main")?.focus();
  scrollTo(0, 0);
}

/**
 * Notes choices in the address.
 * @param {Record<string, string | null>} choices
 */
export function choose(choices) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(choices)) value ? query.set(name, value) : query.delete(name);
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  moved();
}
