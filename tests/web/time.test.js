import assert from "node:assert/strict";
import { test } from "node:test";
import { endOfDay, instant, local, wallText } from "../../web/time.js";

test("almaty_is_five_hours_ahead_since_march_2024_whatever_the_device_believes", () => {
  assert.equal(local("2026-11-22T04:00:00Z", "Asia/Almaty").time, "09:00");
  assert.equal(local("2024-02-29T18:59:00Z", "Asia/Qyzylorda").time, "23:59");
});

test("a_moment_belongs_to_the_day_of_the_kindergarten", () => {
  const late = local("2026-11-22T19:30:00Z", "Asia/Almaty");
  assert.deepEqual([late.day, late.month, late.weekday, late.minutes], [23, 11, 1, 30]);
  assert.equal(late.date - local("2026-11-22T18:30:00Z", "Asia/Almaty").date, 1);
});

test("a_clock_on_the_wall_is_read_back_as_the_moment_that_it_showed", () => {
  const moment = Date.parse("2026-11-23T05:46:00Z");
  assert.equal(wallText(moment, "Asia/Almaty"), "2026-11-23T10:46");
  assert.equal(instant("2026-11-23T10:46", "Asia/Almaty"), moment);
  for (const text of ["2026-03-29T01:59", "2026-03-29T03:00", "2026-10-25T12:00"]) {
    assert.equal(wallText(instant(text, "Europe/Berlin"), "Europe/Berlin"), text);
  }
  assert.ok(Number.isNaN(instant("", "Asia/Almaty")));
});

test("a_day_ends_at_midnight_by_the_clock_of_the_kindergarten", () => {
  const end = Date.parse("2026-11-23T19:00:00Z");
  for (const moment of ["2026-11-22T19:00:00Z", "2026-11-23T05:31:00Z", "2026-11-23T18:59:59Z"]) {
    assert.equal(endOfDay(Date.parse(moment), "Asia/Almaty"), end);
  }
});
