// Shows a page of our own where there is no network. That page is all it keeps: no code that could grow old, no answer of the API, no
// picture. Whatever else is asked for, it leaves to the browser.

/** @typedef {Event & {waitUntil: (work: Promise<unknown>) => void}} Lasting */
/** @typedef {Event & {request: Request, respondWith: (answer: Promise<Response>) => void}} Asked */

/** What is kept, by what is in it: a test says when it has to change. */
const CACHE = "tereze-offline-e74ac02266d887a5";

const PAGE = "/offline.html";
const KEPT = [PAGE, "/offline.js", "/css/offline.css", "/icon.svg"];

self.addEventListener("install", (event) => /** @type {Lasting} */ (event).waitUntil(keep()));
self.addEventListener("activate", (event) => /** @type {Lasting} */ (event).waitUntil(tidyUp()));
self.addEventListener("fetch", (event) => answer(/** @type {Asked} */ (event)));

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT.map((path) => new Request(path, { cache: "reload" })));
}

/** Lets go of what an earlier version kept. */
async function tidyUp() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/** @param {Asked} event */
function answer(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(PAGE)));
  else if (KEPT.includes(pathname)) event.respondWith(fetch(request).catch(() => kept(pathname)));
}

/** @param {string} path */
async function kept(path) {
  return (await caches.match(path)) ?? Response.error();
}
