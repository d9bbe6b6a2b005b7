import assert from "node:assert/strict";
import { test } from "node:test";
import { orders } from "../../web/console/orders.js";

/**
 * @param {Partial<import("../../web/console/orders.js").Hold>} change
 * @returns {import("../../web/console/orders.js").Hold}
 */
const hold = (change) => ({
  id: "1",
  camera: "a",
  camera_name: "Yard",
  from: "2026-11-23T05:00:00Z",
  to: "2026-11-23T05:20:00Z",
  origin: "person",
  subject: null,
  reason: "A fall",
  by: "Gulnar",
  role: "director",
  since: "2026-11-23T05:31:00Z",
  until: null,
  released_by: null,
  release_reason: null,
  may_release: true,
  ...change,
});

test("the_cameras_of_one_order_are_one_line", () => {
  const [one, ...more] = orders([hold({}), hold({ id: "2", camera: "b", camera_name: "Hall" })]);
  assert.deepEqual(more, []);
  assert.deepEqual(one.cameras, [
    { hold: "1", name: "Yard" },
    { hold: "2", name: "Hall" },
  ]);
});

test("what_was_kept_for_another_reason_or_released_already_is_another_line", () => {
  const all = [hold({}), hold({ id: "2", reason: "A fight" }), hold({ id: "3", until: "2026-11-23T06:00:00Z", may_release: false })];
  assert.equal(orders(all).length, 3);
});
