// Which times stand beneath a strip of the day.

/** Minutes from one time to the next beneath the strip; over a long day they would run into each other on a telephone. */
const TICK = 3 * 60;
const LONG_TICK = 6 * 60;
const LONG = 15 * 60;

/**
 * The times to write beneath a strip of the day; all in minutes since midnight.
 * @param {number} from
 * @param {number} to
 */
export function ticksBetween(from, to) {
  const step = to - from > LONG ? LONG_TICK : TICK;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, place) => (first + place) * step);
}
