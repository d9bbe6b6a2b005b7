import assert from "node:assert/strict";
import { test } from "node:test";
import { around, keyFrame, lastRecorded, mediaTime, momentOf, nextRecorded } from "../../web/console/moments.js";

/** Four seconds from 1000 s on, two from 1010 s on: six seconds lie between. */
const ENTRIES = [
  { at: 1_000_000, start: 0, duration: 2 },
  { at: 1_002_000, start: 2, duration: 2 },
  { at: 1_010_000, start: 4, duration: 2 },
];

test("a_moment_has_a_media_time_and_the_other_way_round", () => {
  for (const [at, time] of [[1_000_000, 0], [1_003_500, 3.5], [1_011_250, 5.25]]) {
    assert.equal(mediaTime(ENTRIES, at), time);
    assert.equal(momentOf(ENTRIES, time), at);
  }
});

test("a_moment_in_a_seam_shows_what_follows_and_one_in_a_gap_shows_nothing", () => {
  assert.equal(mediaTime(ENTRIES, 1_009_000), 4);
  assert.equal(mediaTime(ENTRIES, 1_006_000), null);
  assert.equal(mediaTime(ENTRIES, 997_000), null);
  assert.equal(mediaTime(ENTRIES, 1_012_000), null);
  assert.equal(momentOf(ENTRIES, 7), 1_012_000);
  assert.equal(momentOf([], 0), null);
});

test("a_step_goes_from_key_frame_to_key_frame", () => {
  assert.equal(keyFrame(ENTRIES, 1_000_000, 1), 1_002_000);
  assert.equal(keyFrame(ENTRIES, 1_001_999, 1), 1_010_000, "a rounded moment is the key frame itself");
  assert.equal(keyFrame(ENTRIES, 1_003_000, -1), 1_002_000);
  assert.equal(keyFrame(ENTRIES, 1_002_000, -1), 1_000_000);
  assert.equal(keyFrame(ENTRIES, 1_000_000, -1), null);
});

test("where_nothing_was_recorded_it_goes_on_where_any_camera_has_something", () => {
  const cameras = [[{ start: 10, end: 20 }], [{ start: 15, end: 30 }, { start: 40, end: 50 }]];
  assert.equal(nextRecorded(cameras, 0), 10);
  assert.equal(nextRecorded(cameras, 17), 17);
  assert.equal(nextRecorded(cameras, 30), 40);
  assert.equal(nextRecorded(cameras, 50), null);
  assert.equal(lastRecorded(cameras, 35), 29);
  assert.equal(lastRecorded(cameras, 10), null);
  assert.equal(around(cameras[0], 19)?.start, 10);
  assert.equal(around(cameras[0], 20), null);
});
