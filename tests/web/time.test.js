import assert from "node:assert/strict";
import { test } from "node:test";
import { local } from "../../web/time.js";

test("almaty_is_five_hours_ahead_since_march_2024_whatever_the_device_believes", () => {
  assert.equal(local("2026-11-22T04:00:00Z", "Asia/Almaty").time, "09:00");
  assert.equal(local("2024-02-29T18:59:00Z", "Asia/Qyzylorda").time, "23:59");
});

test("a_moment_belongs_to_the_day_of_the_kindergarten", () => {
  const late = local("2026-11-22T19:30:00Z", "Asia/Almaty");
  assert.deepEqual([late.day, late.month, late.weekday, late.minutes], [23, 11, 1, 30]);
  assert.equal(late.date - local("2026-11-22T18:30:00Z", "Asia/Almaty").date, 1);
});
