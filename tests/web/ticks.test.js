import assert from "node:assert/strict";
import { test } from "node:test";
import { ticksBetween } from "../../web/components/ticks.js";

const hours = (/** @type {number} */ from, /** @type {number} */ to) => ticksBetween(from * 60, to * 60).map((at) => at / 60);

test("the_times_beneath_a_day_are_six_at_most_and_have_room_on_a_telephone", () => {
  assert.deepEqual(hours(8, 19), [9, 12, 15, 18]);
  assert.deepEqual(hours(7.5, 22.5), [9, 12, 15, 18, 21]);
  assert.deepEqual(hours(0, 24), [0, 6, 12, 18, 24]);
  assert.deepEqual(hours(5, 21), [6, 12, 18]);
});
