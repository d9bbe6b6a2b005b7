import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const WEB = join(import.meta.dirname, "../../web");

/** @param {string} path */
const read = (path) => readFileSync(join(WEB, path));

const worker = read("sw.js").toString();
const kept = ["/offline.html", ...[...worker.matchAll(/^const KEPT = \[PAGE, (.*)\];$/gm)].flatMap(([, list]) => JSON.parse(`[${list}]`))];

test("what_is_kept_for_a_time_without_a_network_is_kept_under_the_name_of_what_is_in_it", () => {
  const hash = createHash("sha256");
  for (const path of kept) hash.update(read(path));
  const name = `tereze-offline-${hash.digest("hex").slice(0, 16)}`;
  assert.ok(worker.includes(`"${name}"`), `something in ${kept.join(", ")} has changed: CACHE in sw.js is now "${name}"`);
});

test("nothing_is_kept_that_could_grow_old_beside_the_gateway", () => {
  assert.deepEqual(kept, ["/offline.html", "/offline.js", "/css/offline.css", "/icon.svg"]);
  // Everything that the page without a network asks for is kept, and that script needs no other.
  const page = read("offline.html").toString();
  for (const [, path] of page.matchAll(/(?:src|href)="(\/[^"]+)"/g)) assert.ok(kept.includes(path), path);
  assert.ok(!/\bimport\b/.test(read("offline.js").toString()));
});
