import assert from "node:assert/strict";
import { test } from "node:test";
import { between, Draft, moved, resized, withNumber } from "../../web/console/areas.js";

test("an_area_never_leaves_the_picture_however_it_is_pushed", () => {
  assert.deepEqual(moved([900, 10, 100, 100], 50, -50), [900, 0, 100, 100]);
  assert.deepEqual(resized([900, 10, 50, 100], 500, -500), [900, 10, 100, 10]);
  assert.deepEqual(withNumber([100, 100, 300, 300], 0, 950), [700, 100, 300, 300]);
  assert.deepEqual(withNumber([100, 100, 300, 300], 3, 12.4), [100, 100, 300, 12]);
});

test("an_area_is_drawn_from_any_corner_and_a_tap_draws_none", () => {
  assert.deepEqual(between([400, 300], [100.4, 1200]), [100, 300, 300, 700]);
  assert.equal(between([400, 300], [404, 600]), null);
});

test("one_step_back_undoes_all_that_was_done_with_one_grip", () => {
  /** @type {import("../../web/types.js").Area} */
  const first = [0, 0, 100, 100];
  const draft = new Draft([first]);
  assert.ok(!draft.mayUndo);
  for (let step = 0; step < 3; step++) draft.put(0, moved(draft.areas[0], 10, 0), "keys");
  draft.remove(0);
  assert.deepEqual(draft.areas, []);
  draft.undo();
  assert.deepEqual(draft.areas, [[30, 0, 100, 100]]);
  draft.put(0, moved(draft.areas[0], 10, 0), "keys");
  draft.undo();
  draft.undo();
  assert.deepEqual(draft.areas, [first]);
  draft.undo();
  assert.deepEqual(draft.areas, [first]);
});

test("a_camera_has_eight_areas_and_no_more", () => {
  const draft = new Draft([]);
  for (let n = 0; n < 8; n++) draft.change([...draft.areas, [n, 0, 10, 10]]);
  assert.ok(draft.full);
});
