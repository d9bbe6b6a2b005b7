import assert from "node:assert/strict";
import { test } from "node:test";
import { inCase } from "../../web/kazakh.js";

test("a_clock_time_takes_the_ending_of_its_last_spoken_word", () => {
  const said = {
    locative: ["09:00-де", "09:01-де", "09:03-те", "09:05-те", "09:06-да", "09:09-да", "09:10-да", "09:30-да", "09:40-та", "09:50-де"],
    dative: ["09:00-ге", "09:01-ге", "09:03-ке", "09:05-ке", "09:06-ға", "09:09-ға", "09:10-ға", "09:30-ға", "09:40-қа", "09:50-ге"],
    ablative: ["09:00-ден", "09:01-ден", "09:03-тен", "09:05-тен", "09:06-дан", "09:09-дан", "09:10-нан", "09:30-дан", "09:40-тан", "09:50-ден"],
  };
  for (const [wanted, times] of Object.entries(said)) {
    for (const time of times) assert.equal(inCase(time.slice(0, 5), wanted), time);
  }
});

test("a_day_before_the_time_changes_nothing", () => {
  assert.equal(inCase("ертең 14:30", "dative"), "ертең 14:30-ға");
});
